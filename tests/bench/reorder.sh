#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# Instructions the receiver spends on an out-of-order packet, with 16 and with 2,048
# already held, in the orders that a peer may choose. The path to the call is not
# counted; the memory allocation for a held packet is.
. "$(dirname "$0")/lib.sh"

cc -O2 -Wall -Wextra -o "$logs/reorder" "$top/tests/bench/reorder.c"
modprobe kpptp
ip netns add a
ip netns add b
ip link add a0 netns a type veth peer name b0 netns b
address a a0 192.0.2.1/24
address b b0 192.0.2.2/24
wait_for 10 "the link" pings a 192.0.2.2

for order in ascending descending random; do
	declare -A cost=()
	for held in 16 2048; do
		call_add b 192.0.2.2 2 192.0.2.1 1 reorder-time 1s ack-delay 500ms >/dev/null
		call_add b 192.0.2.2 3 192.0.2.1 1 reorder-time 1s ack-delay 500ms >/dev/null
		cost[$held]=$(in_ns a "$logs/reorder" 192.0.2.1 192.0.2.2 2 3 4 "$held" "$order")
		counts=$(in_ns b "$bin/kpptpctl" -j show calls | jq -c '.calls[] | select(.id == 2).stats | with_entries(select(.value != 0))')
		# 21 rounds, and one more packet that raised the hold time.
		[ "$(jq '."rx-out-of-order"' <<<"$counts")" = $((21 * held + 1)) ] ||
			fail "$order, $held held: not all were held: $counts"
		for id in 2 3; do in_ns b "$bin/kpptpctl" call del local 192.0.2.2 peer 192.0.2.1 id "$id"; done
	done
	step "$order: ${cost[16]} with 16 held, ${cost[2048]} with 2048" >&2
	result "reorder-$order-16" kpptp per-packet "${cost[16]}"
	result "reorder-$order-2048" kpptp per-packet "${cost[2048]}"
	result "reorder-$order" kpptp of-16-held "$(jq -n "${cost[2048]} / ${cost[16]} * 1000 | floor / 1000")"
done
