#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Bridged channels (PPPIOCBRIDGECHAN): a switch forwards frames between two calls, and
# between a call and PPPoE. A frame is received from one call and sent on another in one
# call chain; none is lost, and a call can be deleted under traffic.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules

#   [ server ] 192.0.2.1 -- 192.0.2.2 [ switch ] 198.51.100.2 -- 198.51.100.1 [ client ]
for ns in server switch client; do ip netns add "$ns"; done
ip link add server0 netns server type veth peer name switch0 netns switch
ip link add client0 netns client type veth peer name switch1 netns switch
address server server0 192.0.2.1/24
address switch switch0 192.0.2.2/24
address switch switch1 198.51.100.2/24
address client client0 198.51.100.1/24

step "two calls bridged by the switch"
left=$(add_call switch local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)
right=$(add_call switch local 198.51.100.2 peer 198.51.100.1 id 3 peer-id 4)
start bridge switch python3 "$top/tests/net/unit.py" bridge "$left" "$right"
wait_for 10 "the bridge" logged bridge bridged
interface there server 10.0.0.1 10.0.0.2 interface \
	"$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)"
interface here client 10.0.0.2 10.0.0.1 interface \
	"$(add_call client local 198.51.100.1 peer 198.51.100.2 id 4 peer-id 3)"

step "traffic passes, both ways at once"
pings client 10.0.0.1 || fail "no answer through the bridge"
start flood server ping -q -f -c 2000 -s 1000 10.0.0.2
in_ns client ping -q -f -c 2000 -s 1000 10.0.0.1 >"$logs/ping.log" || fail "no answers"
ends flood 0
all_arrived client 4 server 1 || fail "frames to the server were lost"
all_arrived server 1 client 4 || fail "frames to the client were lost"
for id in 2 3; do
	[ "$(statistic switch "$id" rx-packets)" -ge 4000 ] || fail "call $id did not carry them"
	[ "$(statistic switch "$id" rx-lost)" = 0 ] || fail "call $id has lost frames"
done

step "one call is deleted under traffic, the other stays"
sent=$(statistic switch 3 tx-packets)
busy() { [ "$(statistic switch 3 tx-packets)" -gt $((sent + 100)) ]; }
start flood client ping -q -f 10.0.0.1
wait_for 10 "traffic" busy
bare switch call del local 192.0.2.2 peer 192.0.2.1 id 2
stop flood INT
[ "$(bare switch -j show calls | jq -c '[.calls[].id]')" = '[3]' ] || fail "not one call is left"
stop bridge
stop there
bare server call del local 192.0.2.1 peer 192.0.2.2 id 1

step "a call and a PPPoE session"
modprobe pppoe
start pppoe server python3 "$top/tests/net/pppoe.py" server0 \
	"$(ip -n switch -j link show switch0 | jq -r '.[0].address')" 7 interface
wait_for 10 "the session of the server" logged pppoe ppp
ip -n server addr add 10.0.0.1 peer 10.0.0.2 dev ppp0
ip -n server link set ppp0 up
start bridge switch python3 "$top/tests/net/pppoe.py" switch0 \
	"$(ip -n server -j link show server0 | jq -r '.[0].address')" 7 bridge "$right"
wait_for 10 "the bridge" logged bridge bridged
pings client 10.0.0.1 || fail "no answer through PPPoE"
in_ns client ping -q -f -c 2000 -s 1000 10.0.0.1 >"$logs/ping.log" || fail "no answers"
all_arrived client 4 switch 3 || fail "frames to the switch were lost"
all_arrived switch 3 client 4 || fail "frames to the client were lost"

for name in bridge pppoe here; do stop "$name"; done
end_calls server switch client
done_story
