#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# Instructions per packet. In this machine an instruction takes a nanosecond, so
# a rate is a count: the same in each run, whatever the host does meanwhile.
#
# What does vary is the state of the memory allocator: packet after packet can
# hit a slab whose last free object it is, at 300 instructions each time. So there
# are several rounds for each way, and the median counts.
. "$(dirname "$0")/lib.sh"

routers
for way in "${ways[@]}"; do
	tunnel_up "$way"
	pktgen 2000 >/dev/null
	rounds=()
	for _ in 1 2 3 4 5 6 7; do
		rounds+=($((1000000000 / $(rate_of "$way" 5000))))
	done
	step "$way: ${rounds[*]}" >&2
	result instructions "$way" per-packet "$(median "${rounds[@]}")"
	tunnel_down "$way"
done
