#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz-gre.sh [PACKETS [SEED]]
#
# Random GRE packets into live calls of every kind: the module accounts for each packet
# in a counter, and afterwards every call still carries frames in order.
# timeout: 900
. "$(dirname "$0")/lib.sh"

packets=${1:-500000} seed=${2:-2637}

load_modules
two_hosts
bare() { local ns=$1; shift; in_ns "$ns" "$bin/kpptpctl" "$@"; }
gcc -std=gnu11 -O2 -Wall -o /run/gre-fuzz "$top/tests/fuzz/gre-fuzz.c"
in_ns server sysctl -qw net.ipv4.ipfrag_time=1 net.ipv4.ipfrag_max_dist=0 \
	net.ipv4.ipfrag_high_thresh=67108864

step "calls of every kind"
kinds=('' 'flow-control off' 'flow-control strict' 'reorder-time 0us' 'reorder-packets 0'
	'reorder-packets 32767 reorder-time 1s' 'ack-delay 0us peer-window 1' 'flow-control strict window 1')
ids=()
for kind in "${kinds[@]}"; do
	id=$((${#ids[@]} + 1))
	# shellcheck disable=SC2086 # split into words
	bare server call add local 192.0.2.1 peer 192.0.2.2 id "$id" peer-id "$((id + 100))" $kind >/dev/null
	bare client call add local 192.0.2.2 peer 192.0.2.1 id "$((id + 100))" peer-id "$id" >/dev/null
	ids+=("$id")
done
channel() { bare "$1" -j show calls | jq ".calls[] | select(.id == $2).channel"; }

step "$packets packets, seed $seed"
start_us=${EPOCHREALTIME//[!0-9]/}
sent=$(in_ns client /run/gre-fuzz 192.0.2.2 192.0.2.1 "$packets" "$seed" "${ids[@]}")
took_us=$((${EPOCHREALTIME//[!0-9]/} - start_us))
due=$(jq .due <<<"$sent")
step "sent: $sent, $((packets * 1000000 / took_us)) a second"

# Where packets ended up: every receive counter that counts packets once, and what is
# held now.
# shellcheck disable=SC2016 # jq's
fates='[to_entries[] | select(.key | startswith("rx-") or . == "held") |
	select(.key | IN("rx-bytes", "rx-bad-acks", "rx-out-of-order", "rx-lost", "rx-held-limits",
		"rx-reorder-overflows", "rx-reorder-timeouts") | not)] | from_entries'
counted()
{
	{
		bare server -j show net | jq ".net | $fates"
		bare server -j show calls | jq ".calls[].stats | $fates"
	} | jq -cs 'map(to_entries[]) | group_by(.key) | map({key: .[0].key, value: map(.value) | add}) |
		from_entries'
}
accounted() { [ "$(counted | jq add)" = "$due" ]; }
if ! (wait_for 10 "all packets to be counted" accounted); then
	in_ns server nstat -a | grep -E 'Ip(In|Reasm)' || : # other drops
	fail "$due packets, but the counters add up to $(counted | jq add): $(counted)"
fi
step "all accounted for: $(counted)"

step "every call carries frames in order"
for id in "${ids[@]}"; do
	start "echo-$id" server python3 "$top/tests/fuzz/gre-carry.py" echo "$(channel server "$id")"
	in_ns client python3 "$top/tests/fuzz/gre-carry.py" send "$(channel client "$((id + 100))")" 200 ||
		fail "call $id (${kinds[id - 1]}) does not carry frames: $(bare server -j show calls |
			jq -c ".calls[] | select(.id == $id)")"
	stop "echo-$id"
done

for id in "${ids[@]}"; do
	bare server call del local 192.0.2.1 peer 192.0.2.2 id "$id"
	bare client call del local 192.0.2.2 peer 192.0.2.1 id "$((id + 100))"
done
no_calls() { [ "$(bare "$1" -j show net | jq .net.calls)" = 0 ]; }
done_story
