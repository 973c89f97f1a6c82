#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel uml
#
# Packets per second at native speed, in user-mode Linux. As other load on the host
# varies, every way is measured in each round, and the median counts.
. "$(dirname "$0")/lib.sh"

declare -A rates
routers
for _ in 1 2 3 4 5 6 7; do
	for way in "${ways[@]}"; do
		tunnel_up "$way"
		pktgen 20000 >/dev/null
		rates[$way]+=" $(rate_of "$way" 200000)"
		tunnel_down "$way"
	done
done
for way in "${ways[@]}"; do
	step "$way:${rates[$way]}" >&2
	# shellcheck disable=SC2086 # many words
	result packets "$way" per-second "$(median ${rates[$way]})"
done
