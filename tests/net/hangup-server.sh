#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The server's administrator hangs up a call; the client's pppd ends and logs why.
. "$(dirname "$0")/lib.sh"

server_and_client

step "alice dials"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1

step "the server hangs up"
id=$(ctl server -j show calls | jq '.calls[0].id')
ctl server hangup local 192.0.2.1 peer 192.0.2.2 id "$id"

step "the client's pppd ends and logs the reason"
# pppd's EXIT_HANGUP
ends alice 16
logged alice "disconnected by the peer" || fail "the reason is missing"
nothing_left server client
done_story
