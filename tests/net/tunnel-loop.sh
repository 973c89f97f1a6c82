#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# machine: smp
# timeout: 120
#
# Tunnels inside tunnels. A nested one passes traffic in order. Two routed through each
# other, or one through itself, form a loop, which is detected, bounded and counted, on
# two CPUs at once and also where a qdisc breaks the call chain. Queued packets go with
# their call or namespace.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
for module in sch_netem dummy; do modprobe "$module"; done
two_hosts
# Interfaces must send nothing of their own, as packets are counted.
for ns in server client; do
	[ ! -e /proc/sys/net/ipv6 ] || in_ns "$ns" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
done

#   [ client ] tun1 ======= [ server ] tun1
#      tun0 ================== tun0         through tun1
step "a tunnel in a tunnel"
interface outer-there server 10.1.0.1 10.1.0.2 interface \
	"$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)"
interface outer-here client 10.1.0.2 10.1.0.1 interface \
	"$(add_call client local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)"
interface inner-there server 10.2.0.1 10.2.0.2 interface \
	"$(add_call server local 10.1.0.1 peer 10.1.0.2 id 3 peer-id 4)"
interface inner-here client 10.2.0.2 10.2.0.1 interface \
	"$(add_call client local 10.1.0.2 peer 10.1.0.1 id 4 peer-id 3)"
for ns in server client; do
	ip -n "$ns" link set ppp0 mtu 1460
	ip -n "$ns" link set ppp1 mtu 1400
done
pings client 10.2.0.1 || fail "no ping through the nested tunnel"
in_ns client ping -q -f -c 5000 -s 1000 10.2.0.1 >"$logs/ping.log" || fail "no answers"
wait_for 10 "all to arrive at the server" all_arrived client 4 server 3
wait_for 10 "all to arrive at the client" all_arrived server 3 client 4
for at in 'server 3' 'server 1' 'client 4' 'client 2'; do
	for name in tx-loops tx-queue-drops tx-errors rx-out-of-order; do
		# shellcheck disable=SC2086 # split into words
		[ "$(statistic $at "$name")" = 0 ] || fail "$name of call $at is not 0"
	done
done
# Pin both ends to one CPU: veth and ppp_generic queue per CPU, and packets queued on
# two CPUs are in no order.
start iperf server taskset -c 0 iperf3 -s --forceflush
wait_for 10 "iperf3" logged iperf listening
# Keep less in flight than an idle CPU's backlog takes.
in_ns client taskset -c 0 iperf3 -J -c 10.2.0.1 -t 3 -w 200K >"$logs/iperf.json" || fail "iperf3 failed"
echo "  $(jq '.end.sum_received.bits_per_second / 1e6 | round' "$logs/iperf.json") Mbit/s"
[ "$(statistic server 3 rx-out-of-order)" = 0 ] || fail "packets of the inner tunnel were out of order"
stop iperf

step "a queued packet that IP refuses is counted, and its acknowledgment is sent later"
in_ns client nft add table ip t
in_ns client nft add chain ip t out '{ type filter hook output priority 0; }'
in_ns client nft add rule ip t out ip saddr 10.1.0.2 ip protocol gre drop
in_ns client ping -q -c 1 -W 1 10.2.0.1 >"$logs/ping.log" && fail "the rule lets packets through"
[ "$(statistic client 4 tx-errors)" = 1 ] || fail "tx-errors is $(statistic client 4 tx-errors)"
in_ns client nft delete table ip t

step "a call is deleted while its packets are sent"
start flood client ping -q -f -s 1000 10.2.0.1
busy() { [ "$(statistic client 4 tx-packets)" -gt "$1" ]; }
wait_for 10 "traffic" busy $(($(statistic client 4 tx-packets) + 100))
bare client call del local 10.1.0.2 peer 10.1.0.1 id 4
stop flood INT
for name in inner-here inner-there outer-here outer-there; do stop "$name"; done
end_calls server client

#   [ client ] tun0's peer is routed through tun1, and tun1's through tun0
step "two tunnels through each other, on two CPUs"
loop() # NAME CPU PEER ID ADDRESS DEVICE
{
	interface "$1" client "$5" "${5%.*}.2" interface \
		"$(add_call client local 192.0.2.2 peer "$3" id "$4" peer-id "$4")"
}
loop tun0 0 203.0.113.1 10 10.3.0.1
loop tun1 1 203.0.113.2 11 10.4.0.1
ip -n client route add 203.0.113.1 dev ppp1
ip -n client route add 203.0.113.2 dev ppp0
both_ways() # SECONDS
{
	local cpu target flood floods=()

	for cpu in 0 1; do
		for target in 10.3.0.2 10.4.0.2; do
			flood="flood-$cpu-$target"
			start "$flood" client taskset -c "$cpu" ping -q -f -s 1000 "$target"
			floods+=("$flood")
		done
	done
	sleep "$1"
	for flood in "${floods[@]}"; do stop "$flood" INT; done
}
looped() { counted client 10 tx-loops && counted client 11 tx-loops; }
quiet() # the counter stands still
{
	local before

	before=$(statistic client 10 tx-packets) || return 1
	sleep 0.2
	[ "$(statistic client 10 tx-packets)" = "$before" ]
}
both_ways 5
looped || fail "no loop was counted"
wait_for 10 "the loop to end" quiet

step "one tunnel through itself"
ip -n client route replace 203.0.113.1 dev ppp0
before=$(statistic client 10 tx-loops)
in_ns client ping -q -f -c 100 -w 3 10.3.0.2 >"$logs/ping.log" && fail "something answered"
[ "$(statistic client 10 tx-loops)" -gt "$before" ] || fail "no loop was counted"
wait_for 10 "the loop to end" quiet
ip -n client route replace 203.0.113.1 dev ppp1

step "a qdisc on the interfaces"
for device in ppp0 ppp1; do in_ns client tc qdisc add dev "$device" root netem delay 1ms; done
before=$(statistic client 10 tx-loops)
both_ways 2
[ "$(statistic client 10 tx-loops)" -gt "$before" ] || fail "no loop was counted"
wait_for 10 "the loop to end" quiet

step "a call is deleted with packets in the queue"
for device in ppp0 ppp1; do in_ns client tc qdisc del dev "$device" root; done
start flood client ping -q -f -s 1000 10.3.0.2
before=$(statistic client 10 tx-packets)
moves() { [ "$(statistic client 10 tx-packets)" -gt $((before + 100)) ]; }
wait_for 10 "traffic" moves
bare client call del local 192.0.2.2 peer 203.0.113.2 id 11
stop flood INT
for name in tun0 tun1; do stop "$name"; done
end_calls client
done_story
