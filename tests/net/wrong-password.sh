#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A wrong password: the client is refused and exits with pppd's status for it. The
# server is unaffected, and the next client with the right password connects.
. "$(dirname "$0")/lib.sh"

server_and_client

step "mallory has a wrong password"
dial mallory client alice password 'wrong horse'
# pppd's EXIT_AUTH_TOPEER_FAILED
ends mallory 19
nothing_left server client

step "alice has the right one"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
stop alice
nothing_left server client
done_story
