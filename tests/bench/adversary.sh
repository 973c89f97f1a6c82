#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# TCP goodput through the tunnel while an attacker who spoofs the peer's address and
# knows the Call ID sends 1,000 forged packets per second, as a share of the goodput
# without. The link's rate, not the machine, limits both.
. "$(dirname "$0")/lib.sh"

seconds=${1:-10}

# goodput: print Mbit/s from a to b, 0 if the transfer stalls.
goodput()
{
	in_ns a timeout $((seconds + 30)) iperf3 -J -t "$seconds" -O 1 -c 10.0.0.2 \
		>"$logs/iperf.json" 2>"$logs/iperf.log" || :
	jq '(.end.sum_received.bits_per_second // 0) / 1e6 * 10 | floor / 10' "$logs/iperf.json" | grep . ||
		echo 0
}

# counted: print the receiver's counters.
counted()
{
	in_ns b "$bin/kpptpctl" -j show calls | jq -c '.calls[0].stats | with_entries(select(.value != 0))'
	in_ns b "$bin/kpptpctl" -j show net | jq -c '.net | with_entries(select(.key | startswith("rx-")))'
}

routers
for end in a:a0 b:b0; do
	ip -n "${end%:*}" link set "${end#*:}" gso_max_segs 1
	tc -n "${end%:*}" qdisc replace dev "${end#*:}" root netem limit 1000 delay 10ms rate 100mbit
done
# The attacker has its own link to b, which accepts spoofed packets from it.
ip netns add evil
ip link add e0 netns evil type veth peer name e1 netns b
address evil e0 192.0.3.1/24
address b e1 192.0.3.2/24
in_ns b sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.e1.rp_filter=0
ip -n evil route add 192.0.2.0/24 via 192.0.3.2

for way in pptp kpptp; do
	tunnel_up "$way"
	iperf_server b
	alone=$(goodput)
	start forge evil python3 "$top/tests/bench/forge.py" 192.0.2.1 192.0.2.2 2 1000
	forged=$(goodput)
	stop forge
	stop iperf
	step "$way: $alone Mbit/s alone, $forged under fire" >&2
	[ "$way" != kpptp ] || counted >&2
	result adversary "$way" of-goodput-before "$(jq -n "$forged / $alone * 1000 | floor / 1000")"
	tunnel_down "$way"
done
