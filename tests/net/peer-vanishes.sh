#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The network between client and server is cut. Both detect it by Echo-Request (RFC 2637
# section 3.1.4) and clean up; once it is back, the client can dial again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

settings=('[timers]' 'echo-interval = 2' 'reply-timeout = 2')
server_and_client

capture server server0
step "alice dials"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1

step "the cable is cut"
ip -n client link set client0 down
ends alice 16
nothing_left client server

step "the cable is back, alice dials again"
ip -n client link set client0 up
wait_for 10 "the link" pings client 192.0.2.1
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
stop alice
nothing_left client server
stop_capture server
well_formed server
done_story
