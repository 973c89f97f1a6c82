#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A wrong password: the client is refused and says so, the server is none the
# worse, and the next client with the right one gets in.
. "$(dirname "$0")/lib.sh"

server_and_client

step "mallory guesses"
dial mallory client alice password 'wrong horse'
# pppd's EXIT_AUTH_TOPEER_FAILED
ends mallory 19
nothing_left server client

step "alice knows"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
stop alice
nothing_left server client
done_story
