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

# curve WAY BENCH: print the last rate for each tenth of a second.
curve()
{
	jq -c "{bench: \"$2\", way: \"$1\", \"mbit-per-second\":
		[.intervals[].sum.bits_per_second / 1e6 | floor]}" "$logs/iperf.json"
}

# measure WAY SECONDS NETEM...: measure a new tunnel over such a link.
measure()
{
	local way=$1 seconds=$2 link rate

	shift 2
	link=$*
	tunnel_up "$way"
	link_is "$@"
	rate=$(tcp_rate a "$(end_of "$way")" "$seconds" -O 2 -i 0.1)
	step "$way, $link: $rate Mbit/s" >&2
	result "goodput-${link// /-}" "$way" mbit-per-second "$rate"
	if [ "$link" = "delay 10ms 2ms" ]; then curve "$way" "curve-${link// /-}"; fi
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
iperf_server b
for way in "${ways[@]}"; do
	measure "$way" 6 delay 10ms
	measure "$way" 6 delay 10ms 2ms
	# Few packets, so this costs little; and losses are rare.
	measure "$way" 60 delay 10ms 0.5ms loss 0.1%
done
stop iperf
