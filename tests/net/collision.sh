#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Both hosts dial each other at the same time (RFC 2637 section 3.1.3). The connection
# opened by the higher address stays and carries both calls, until the last one ends.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

load_modules
two_hosts
ppp_secrets
start_daemon server
start_daemon client

# The delay ensures that both connections are being set up before either is up.
modprobe sch_netem || fail "no netem"
ip netns exec server tc qdisc add dev server0 root netem delay 200ms
ip netns exec client tc qdisc add dev client0 root netem delay 200ms

tunnels() { ctl "$1" -j show tunnels; }
one_tunnel() { tunnels "$1" | jq -e '.tunnels | length == 1 and (.[0].calls | length == 2) and
	([.[0].calls[].state] | all(. == "established")) and .[0].originator == '"$2"; }

step "both dial at once"
capture server server0
start call-server server "$bin/kpptpctl" -S /run/server.sock dial 192.0.2.2
start call-client client "$bin/kpptpctl" -S /run/client.sock dial 192.0.2.1
wait_for 20 "one connection with two calls at the client" one_tunnel client true
wait_for 20 "one connection with two calls at the server" one_tunnel server false
logged kpptpd-client "collision won" || fail "the higher address did not win"
logged kpptpd-server "collision lost" || fail "the lower address did not lose"
calls server 2 || fail "the server does not have two calls"

step "one call hangs up, the connection stays"
stop call-server
wait_for 10 "one call to be left" calls client 1
tunnels client | jq -e '.tunnels | length == 1' >/dev/null || fail "no connection is left"

step "the other hangs up, the connection ends"
stop call-client
nothing_left server client
no_tunnel() { tunnels "$1" | jq -e '.tunnels | length == 0'; }
wait_for 10 "the connection to be closed" no_tunnel client
wait_for 10 "the connection to be closed" no_tunnel server
stop_capture server
well_formed server
done_story
