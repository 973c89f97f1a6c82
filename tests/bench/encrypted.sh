#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel uml
# timeout: 2400
#
# Encrypted tunnels at native speed, in user-mode Linux, where all use the kernel's code
# in C: TCP both ways, and packets a second forwarded, with 128-bit MPPE in both modes;
# and WireGuard. Every way is measured in each of $BENCH_ROUNDS rounds (7), and the
# median counts.
. "$(dirname "$0")/lib.sh"

declare -A rates

# measure WAY [MODE]: one round of one way.
measure()
{
	local way=$1 key=${2:-none}:$1

	mppe=${2:-}
	tunnel_up "$way"
	rates[up:$key]+=" $(tcp_rate a "$(end_of "$way")" 2 -O 1)"
	rates[down:$key]+=" $(tcp_rate a "$(end_of "$way")" 2 -O 1 -R)"
	# WireGuard queues packets and drops what is too much: its rate is not this.
	if [ "$way" != wireguard ]; then
		pktgen 5000 >/dev/null
		rates[packets-142:$key]+=" $(rate_of "$way" 60000)"
		rates[packets-1400:$key]+=" $(rate_of "$way" 40000 'pkt_size 1400')"
	fi
	tunnel_down "$way"
}

routers
ip -n b link set dummy0 mtu 1500
iperf_server b
for ((round = 0; round < ${BENCH_ROUNDS:-7}; round++)); do
	measure bare
	measure wireguard
	for mode in stateless stateful; do
		for way in pptp kpptp kpptp+ppp_mppe; do measure "$way" "$mode"; done
	done
done
stop iperf

# results KIND UNIT MODE: of all ways; those without encryption stand beside each mode.
results()
{
	local key way

	for way in bare wireguard pptp kpptp+ppp_mppe kpptp; do
		for key in "$1:$3:$way" "$1:none:$way"; do
			[ -n "${rates[$key]:-}" ] || continue
			step "$key:${rates[$key]}" >&2
			# shellcheck disable=SC2086 # many words
			result "encrypted-$1-$3" "$way" "$2" "$(median ${rates[$key]})"
		done
	done
}

for mode in stateless stateful; do
	for kind in up down; do results "$kind" mbit-per-second "$mode"; done
	for kind in packets-142 packets-1400; do results "$kind" per-second "$mode"; done
done
