#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# Instructions per packet. In this machine an instruction takes a nanosecond, so
# a rate is a count: the same in each run, whatever the host does meanwhile.
#
# What does vary is the state of the memory allocator: packet after packet can
# hit a slab whose last free object it is, at 300 instructions each time. So there
# are several rounds for each way, and the least counts.
. "$(dirname "$0")/lib.sh"

count=${1:-5000} rounds=9

routers
for way in "${ways[@]}"; do
	tunnel_up "$way"
	pktgen 2000 >/dev/null
	best=0 all=()
	for ((round = 0; round < rounds; round++)); do
		before=$(arrived)
		rate=$(pktgen "$count")
		got=$(($(arrived) - before))
		[ "$got" -gt $((count * 99 / 100)) ] || fail "$way: only $got of $count packets arrived"
		all+=($((1000000000 / rate)))
		[ "$rate" -le "$best" ] || best=$rate
	done
	step "$way: ${all[*]}" >&2
	result instructions "$way" per-packet $((1000000000 / best))
	tunnel_down "$way"
done
