#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# Traffic one way, to a peer that sends no data: its acknowledgments alone keep a
# strict window of 16 open. As a share of what is possible: first on a link
# without delay, beside a call that keeps to no window; then where a round trip
# takes 20 ms, beside 16 packets in each of those, which is 800 a second.
. "$(dirname "$0")/lib.sh"

# conf HOW: the words for tunnel_up that make a window strict, or off.
conf() { [ "$1" = off ] && echo flow-control off || echo flow-control strict window 16 peer-window 16; }

# udp_rate PER-SECOND: offer so many packets a second. Prints how many arrive in the
# median of the receiver's seconds. The whole run's time would be a wrong divisor:
# whenever iperf3 waits for the host's disk, this machine's time jumps ahead.
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
	# What the window held up, a queue may have dropped: what arrived counts.
	rates[$how]=$((rate * ($(arrived) - before) / 20000))
	tunnel_down kpptp
done
step "no delay: no window ${rates[off]} packets/s, strict ${rates[strict]}" >&2
result one-way-near kpptp of-no-window "$(jq -n "${rates[strict]} / ${rates[off]} * 1000 | floor / 1000")"

for end in a:a0 b:b0; do tc -n "${end%:*}" qdisc replace dev "${end#*:}" root netem limit 1000 delay 10ms; done
start iperf b iperf3 -s -J
wait_for 120 "iperf3 to listen" sh -c 'ip netns exec b ss -ltn | grep -q :5201'

# seen NAMESPACE: what its call has counted.
seen() { in_ns "$1" "$bin/kpptpctl" -j show calls | jq -c '.calls[0].stats | with_entries(select(.value != 0))'; }

# shellcheck disable=SC2046 # several words
tunnel_up kpptp $(conf strict)
rate=$(udp_rate 2000)
step "20 ms: $rate packets/s of 800; sender $(seen a), receiver $(seen b)" >&2
result one-way-far kpptp of-16-in-20-ms "$(jq -n "$rate / 800 * 1000 | floor / 1000")"
stop iperf
tunnel_down kpptp
