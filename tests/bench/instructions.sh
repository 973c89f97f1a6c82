#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# Instructions per packet. An instruction takes a nanosecond here, so a rate is a count,
# the same in each run, whatever the host does.
#
# The state of the memory allocator does vary: packets can keep hitting a slab whose
# last free object they take, at 300 instructions each. So take the median of several
# rounds. A round is shorter than the kernel's backlog: once ksoftirqd has work, the
# generator runs ahead of it.
. "$(dirname "$0")/lib.sh"

routers
for way in "${ways[@]}"; do
	tunnel_up "$way"
	pktgen 2000 >/dev/null
	rounds=()
	for _ in {1..15}; do
		rate=$(rate_of "$way" 900)
		rounds+=($((1000000000 / rate)))
	done
	step "$way: ${rounds[*]}" >&2
	result instructions "$way" per-packet "$(median "${rounds[@]}")"
	tunnel_down "$way"
done
