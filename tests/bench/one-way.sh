#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# One-way traffic to a peer that sends no data: only standalone acks keep a strict
# window of 16 open. First on a link without delay, relative to a call without a window;
# then with a round trip of 20 ms, relative to the maximum of 16 packets per round trip,
# 800 per second.
. "$(dirname "$0")/lib.sh"

# conf HOW: print tunnel_up's arguments for a strict window, or none.
conf() { [ "$1" = off ] && echo flow-control off || echo flow-control strict window 16 peer-window 16; }

# udp_rate PER-SECOND: send packets at this rate; print the median of those received per
# second. The average over the run would be wrong: when iperf3 waits for the host's
# disk, the machine's time jumps ahead.
udp_rate()
{
	in_ns a iperf3 -J --get-server-output -u -l 1000 -b "$(($1 * 8000))" -t 10 -c 10.0.0.2 \
		>"$logs/iperf.json" 2>"$logs/iperf.log" || fail "iperf3: $(jq -r .error "$logs/iperf.json")"
	jq '[.server_output_json.intervals[].sum | select(.seconds > 0.5) | .bytes / 1000 / .seconds] |
		sort | .[length / 2 | floor] | floor' "$logs/iperf.json"
}

routers
declare -A rates
for how in off strict; do
	# shellcheck disable=SC2046 # several words
	tunnel_up kpptp $(conf "$how")
	pktgen 2000 >/dev/null
	before=$(arrived)
	rate=$(pktgen 20000)
	# Count what arrived: a queue may have dropped what the window delayed.
	rates[$how]=$((rate * ($(arrived) - before) / 20000))
	tunnel_down kpptp
done
step "no delay: no window ${rates[off]} packets/s, strict ${rates[strict]}" >&2
result one-way-near kpptp of-no-window "$(jq -n "${rates[strict]} / ${rates[off]} * 1000 | floor / 1000")"

for end in a:a0 b:b0; do tc -n "${end%:*}" qdisc replace dev "${end#*:}" root netem limit 1000 delay 10ms; done
start iperf b iperf3 -s -J
wait_for 120 "iperf3 to listen" sh -c 'ip netns exec b ss -ltn | grep -q :5201'

# seen NAMESPACE: print the counters of its call.
seen() { in_ns "$1" "$bin/kpptpctl" -j show calls | jq -c '.calls[0].stats | with_entries(select(.value != 0))'; }

# shellcheck disable=SC2046 # several words
tunnel_up kpptp $(conf strict)
rate=$(udp_rate 2000)
step "20 ms: $rate packets/s of 800; sender $(seen a), receiver $(seen b)" >&2
result one-way-far kpptp of-16-in-20-ms "$(jq -n "$rate / 800 * 1000 | floor / 1000")"
stop iperf
tunnel_down kpptp
