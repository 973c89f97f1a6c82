#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two clients on one host: two calls between the same addresses, each with a PPP address
# of its own. One call's end does not affect the other.
. "$(dirname "$0")/lib.sh"

server_and_client

peer_address() { ip -n client -o -4 addr show dev "$1" | sed -n 's/.*inet \([0-9.]*\) peer.*/\1/p'; }
both_up() { [ -n "$(peer_address ppp50)" ] && [ -n "$(peer_address ppp51)" ]; }

step "alice and bob dial at once"
dial alice client alice password 'correct horse'
dial bob client bob password 'battery staple' unit 51
wait_for 20 "both links" both_up
calls server 2 || fail "the server does not have two calls"
alice=$(peer_address ppp50)
bob=$(peer_address ppp51)
[ "$alice" != "$bob" ] || fail "both got the address $alice"

step "the server reaches each"
pings server "$alice" || fail "no ping to alice"
pings server "$bob" || fail "no ping to bob"

step "alice hangs up, bob stays"
stop alice
wait_for 10 "one call to be left" calls server 1
pings server "$bob" || fail "no ping to bob any more"

stop bob
nothing_left server client
done_story
