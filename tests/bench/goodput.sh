#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# TCP goodput through the tunnel relative to that of the link, when the link is slow,
# reordering, or lossy. Both directions have the delay. Time advances with instructions
# here, so a busy host causes no jitter.
. "$(dirname "$0")/lib.sh"

# link_is NETEM...: set netem, with room for 10 ms at full rate.
link_is()
{
	local end

	for end in a:a0 b:b0; do
		tc -n "${end%:*}" qdisc replace dev "${end#*:}" root netem limit 100000 "$@"
	done
}

# tcp_rate ADDRESS SECONDS: print Mbit/s from a to b's address.
tcp_rate()
{
	in_ns a iperf3 -J -t "$2" -O 2 -c "$1" >"$logs/iperf.json" 2>"$logs/iperf.log" ||
		fail "iperf3: $(jq -r .error "$logs/iperf.json")"
	jq '.end.sum_received.bits_per_second / 1e6 * 10 | floor / 10' "$logs/iperf.json"
}

# measure WAY SECONDS NETEM...: measure a new tunnel over such a link.
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
# Disable GSO: netem would delay TCP's 64 KiB packets as one, which exist neither on a
# wire nor in a tunnel.
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
