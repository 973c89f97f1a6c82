#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# machine: smp
#
# A PPPoE router forwards its subscriber's frames to a call. GRO on its device merges
# several into one skb: each is sent with its own sequence number, and none is lost.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
modprobe pppoe

#   [ subscriber ] sub0 -- street0 [ router ] 192.0.2.2 -- 192.0.2.1 [ server ]
#          PPPoE session 7                        call
for ns in subscriber router server; do ip netns add "$ns"; done
ip link add sub0 netns subscriber type veth peer name street0 netns router
ip link add up0 netns router type veth peer name down0 netns server
ip -n subscriber link set sub0 up
ip -n router link set street0 up
address router up0 192.0.2.2/24
address server down0 192.0.2.1/24
mac() { ip -n "$1" -j link show "$2" | jq -r '.[0].address'; }
offload() { in_ns "$1" python3 "$top/tests/net/offload.py" "${@:2}"; }
in_ns router sh -c 'echo 200000 >/sys/class/net/street0/gro_flush_timeout
	echo 10 >/sys/class/net/street0/napi_defer_hard_irqs'
# GRO everywhere: without it per-CPU backlogs would reorder packets.
for end in 'router up0' 'server down0' 'subscriber sub0' 'router street0'; do
	# shellcheck disable=SC2086 # split into words
	offload $end tso off gso off gro on
done
# Queue what a busy CPU cannot take at once: without a qdisc, veth drops beyond 256
# packets.
in_ns router tc qdisc replace dev up0 root pfifo limit 20000

there=$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)
channel=$(add_call router local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)
interface there server 10.0.0.1 10.0.0.2 interface "$there"
start bridge router python3 "$top/tests/net/pppoe.py" street0 "$(mac subscriber sub0)" 7 bridge "$channel"
wait_for 10 "the bridge" logged bridge bridged
start pppoe subscriber python3 "$top/tests/net/pppoe.py" sub0 "$(mac router street0)" 7 interface
wait_for 10 "the session" logged pppoe ppp
ip -n subscriber addr add 10.0.0.2 peer 10.0.0.1 dev ppp0
for ns in server subscriber; do ip -n "$ns" link set ppp0 mtu 1400 up; done
ip -n subscriber addr add fd00::2 peer fd00::1 nodad dev ppp0
ip -n server addr add fd00::1 peer fd00::2 nodad dev ppp0
pings subscriber 10.0.0.1 || fail "no ping"
pings subscriber fd00::1 || fail "no ping over IPv6"
start iperf server iperf3 -s --forceflush
wait_for 10 "iperf3" logged iperf listening

# Trace received frames that are larger than any packet on the wire.
trace=/sys/kernel/debug/tracing
echo 'len > 3000 && name == "street0"' >$trace/events/net/netif_receive_skb/filter
echo 1 >$trace/events/net/netif_receive_skb/enable

bulk() # ADDRESS
{
	local lost

	: >$trace/trace
	in_ns subscriber iperf3 -J -c "$1" -t 3 >"$logs/iperf.json" || fail "iperf3 failed"
	echo "  $(jq '.end.sum_received.bits_per_second / 1e6 | round' "$logs/iperf.json") Mbit/s," \
		"$(jq .end.sum_sent.retransmits "$logs/iperf.json") sent again," \
		"$(grep -c street0 $trace/trace) merged frames"
	jq -e '.end.sum_received.bits_per_second > 5e6' "$logs/iperf.json" >/dev/null ||
		fail "hardly anything arrives"
	wait_for 10 "all to arrive" all_arrived router 2 server 1
	lost=$(statistic server 1 rx-lost)
	[ "$lost" = 0 ] || fail "$lost packets were lost"
	[ "$(statistic router 2 tx-gso-errors)" = 0 ] || fail "a frame could not be split"
	[ "$(grep -c street0 $trace/trace)" -gt 10 ] || fail "GRO merged nothing"
}

step "bulk TCP over IPv4"
bulk 10.0.0.1
step "bulk TCP over IPv6"
bulk fd00::1

step "the peer's window closes within a merged frame: the rest is dropped and counted"
for name in bridge there; do stop "$name"; done
end_calls router server
channel=$(add_call router local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1 flow-control strict \
	peer-window 4 ato-min 20ms)
interface there server 10.0.0.1 10.0.0.2 interface \
	"$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)"
ip -n server link set ppp0 mtu 1400
start bridge router python3 "$top/tests/net/pppoe.py" street0 "$(mac subscriber sub0)" 7 bridge "$channel"
wait_for 10 "the bridge" logged bridge bridged
in_ns subscriber iperf3 -J -c 10.0.0.1 -t 2 >"$logs/iperf.json" || fail "iperf3 failed"
[ "$(statistic router 2 tx-window-drops)" -gt 0 ] || fail "nothing is counted as dropped"
[ "$(statistic router 2 tx-window-stalls)" = 0 ] || fail "frames freed by the bridge are counted as stalled"
wait_for 10 "all to arrive" all_arrived router 2 server 1
[ "$(statistic server 1 rx-lost)" = 0 ] || fail "dropped frames used up sequence numbers"

for name in iperf pppoe bridge there; do stop "$name"; done
end_calls router server
done_story
