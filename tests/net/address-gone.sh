#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The server's address is replaced by another while a call is up, so neither side hears
# from the other. Both detect this by Echo-Request, clean up, and log why. The client
# can then dial the new address.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

settings=('[timers]' 'echo-interval = 2' 'reply-timeout = 2')
server_and_client

capture server server0
step "alice dials"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"

step "the server's address changes under traffic"
ip -n server addr del 192.0.2.1/24 dev server0
ip -n server addr add 192.0.2.7/24 dev server0
in_ns client ping -q -c 20 -i 0.05 -W 1 10.0.0.1 >"$logs/ping.log" 2>&1 &&
	fail "the tunnel works without its local address"

step "both sides end the call and log it"
ends alice 16
nothing_left client server
for ns in client server; do
	wait_for 10 "the end in the log of $ns" logged "kpptpd-$ns" "call ended"
done
wait_for 10 "pppd to end" not strays_of pppd
tunnels() { ctl "$1" -j show tunnels | jq '.tunnels | length'; }
for ns in client server; do [ "$(tunnels "$ns")" = 0 ] || fail "$ns has a connection left"; done

step "alice dials the new address"
dial alice client alice kpptp-server 192.0.2.7 password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
stop alice
nothing_left client server
stop_capture server
well_formed server
done_story
