#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel uml
# timeout: 2400
#
# TCP through an unencrypted tunnel at native speed, in user-mode Linux: both ways
# between its ends, and forwarded from a host before it to a host behind it. Every way is
# measured in each of $BENCH_ROUNDS rounds (7), and the median counts.
. "$(dirname "$0")/lib.sh"

declare -A rates

#   gen: g0 ---- in0 :a: a0 ------ link ------ b0 :b: out0 ---- far0 :far
far_host()
{
	ip netns add far
	ip link add far0 netns far type veth peer name out0 netns b
	address b out0 198.18.0.1/24
	address far far0 198.18.0.2/24
	ip -n far route add default via 198.18.0.1
	ip -n gen route add default via 198.51.100.1
}

# routes WAY: between the hosts on the outside.
routes()
{
	local there here

	there=$(end_of "$1") here=10.0.0.1
	[ "$1" != bare ] || here=192.0.2.1
	ip -n a route replace 198.18.0.0/24 via "$there"
	ip -n b route replace 198.51.100.0/24 via "$here"
	wait_for 20 "the far host" pings gen 198.18.0.2
}

routers
far_host
iperf_server b
# A server of their own for the hosts on the outside.
start far-iperf far iperf3 -s
for ((round = 0; round < ${BENCH_ROUNDS:-7}; round++)); do
	for way in "${ways[@]}"; do
		tunnel_up "$way"
		routes "$way"
		rates[up:$way]+=" $(tcp_rate a "$(end_of "$way")" 2 -O 1)"
		rates[down:$way]+=" $(tcp_rate a "$(end_of "$way")" 2 -O 1 -R)"
		rates[forwarded:$way]+=" $(tcp_rate gen 198.18.0.2 2 -O 1)"
		tunnel_down "$way"
	done
done
stop far-iperf
stop iperf
for kind in up down forwarded; do
	for way in "${ways[@]}"; do
		step "$kind, $way:${rates[$kind:$way]}" >&2
		# shellcheck disable=SC2086 # many words
		result "clear-$kind" "$way" mbit-per-second "$(median ${rates[$kind:$way]})"
	done
done
