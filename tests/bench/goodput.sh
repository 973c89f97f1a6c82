#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# Goodput of TCP through the tunnel, beside that of the link it runs on, when
# the link is slow, out of order, or lossy. Both directions have the delay. In
# this machine time is instructions, so a host that is busy makes no jitter.
. "$(dirname "$0")/lib.sh"

# link_is NETEM...: packets wait in netem; 10 ms at full rate are many.
link_is()
{
	local end

	for end in a:a0 b:b0; do
		tc -n "${end%:*}" qdisc replace dev "${end#*:}" root netem limit 100000 "$@"
	done
}

# tcp_rate ADDRESS SECONDS: Mbit/s from a to b's address.
tcp_rate()
{
	in_ns a iperf3 -J -t "$2" -O 2 -c "$1" >"$logs/iperf.json" 2>"$logs/iperf.log" ||
		fail "iperf3: $(jq -r .error "$logs/iperf.json")"
	jq '.end.sum_received.bits_per_second / 1e6 * 10 | floor / 10' "$logs/iperf.json"
}

# measure WAY SECONDS NETEM...: a new tunnel, over a link that is so.
measure()
{
	local way=$1 seconds=$2 to=10.0.0.2 link rate

	shift 2
	link=$*
	tunnel_up "$way"
	[ "$way" != bare ] || to=192.0.2.2
	link_is "$@"
	rate=$(tcp_rate "$to" "$seconds")
	step "$way, $link: $rate Mbit/s" >&2
	result "goodput-${link// /-}" "$way" mbit-per-second "$rate"
	[ "$way" != kpptp ] || in_ns b "$bin/kpptpctl" -j show calls | jq -c '.calls[0].stats |
		with_entries(select(.value != 0))' >&2
	for end in a:a0 b:b0; do tc -n "${end%:*}" qdisc del dev "${end#*:}" root; done
	tunnel_down "$way"
}

routers
# netem delays whole packets of what the device is given: of TCP's 64 KiB ones,
# of which a wire has none, a tunnel over it neither.
ip -n a link set a0 gso_max_segs 1
ip -n b link set b0 gso_max_segs 1
start iperf b iperf3 -s
wait_for 120 "iperf3 to listen" sh -c 'ip netns exec b ss -ltn | grep -q :5201'
for way in "${ways[@]}"; do
	measure "$way" 6 delay 10ms
	measure "$way" 6 delay 10ms 2ms
	# Few packets, so this costs little; and losses are rare.
	measure "$way" 60 delay 10ms 0.5ms loss 0.1%
done
stop iperf
