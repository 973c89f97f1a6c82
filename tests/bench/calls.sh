#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount --mem 2048
#
# 60,000 calls in one kernel: setup and teardown time of the last thousand relative to
# the first, the memory per call, and the cost of a packet with all other calls present.
. "$(dirname "$0")/lib.sh"

calls=${1:-60000}

# per_packet: print instructions per packet, the median of some rounds.
per_packet()
{
	local rounds=()

	pktgen 2000 >/dev/null
	for _ in {1..9}; do
		rate=$(rate_of kpptp 900)
		rounds+=($((1000000000 / rate)))
	done
	median "${rounds[@]}"
}

# slab NAME: print the bytes in its objects.
slab() { awk -v name="$1" '$1 == name { print $2 * $4 }' /proc/slabinfo; }

# memory: print unreclaimable KiB in use.
memory() { awk '/^(Slab|VmallocUsed|Percpu):/ { kib += $2 } END { print kib }' /proc/meminfo; }

# lot WHAT WHICH: print microseconds per call in one of the thousands.
lot() { grep "^$1 $2 " "$logs/calls.log" | awk '{ print $3 / 1000 }'; }

ratio() { jq -n "$1 / $2 * 1000 | floor / 1000"; }

routers
# shellcheck disable=SC2046 # many words
gcc -std=gnu11 -O2 -Wall -D_GNU_SOURCE -I"$top/user/lib" -I"$top/include/uapi" -o /run/calls \
	"$top/tests/bench/calls.c" "$bin/libkpptp.a" \
	$(pkg-config --cflags --libs libnl-3.0 libnl-genl-3.0 json-c)
tunnel_up kpptp
few=$(per_packet)
slab_before=$(slab kmalloc-1k) memory_before=$(memory)

mkfifo /run/go
sleep 1000 >/run/go &
holder=$!
ip netns exec a /run/calls 192.0.2.1 198.18.0.1 "$calls" </run/go >"$logs/calls.log" 2>&1 &
pids[calls]=$!
is_up() { grep -q '^up' "$logs/calls.log" || ! alive calls; }
wait_for 900 "all calls" is_up
grep -q '^up' "$logs/calls.log" || fail "$(tail -n 1 "$logs/calls.log")"
own=$((($(slab kmalloc-1k) - slab_before) / calls))
all=$((($(memory) - memory_before) * 1024 / calls))
many=$(per_packet)
step "setup: $(lot new 1000) us a call at first, $(lot new "$calls") at last" >&2
step "a call: $own bytes of ours, $all including PPP's" >&2
step "a packet: $few instructions beside 1 other call, $many beside $calls" >&2

echo >/run/go
gone() { ! alive calls; }
wait_for 900 "the calls to be gone" gone
kill "$holder"
unset "pids[calls]"
step "teardown: $(lot del 1000) us a call at first, $(lot del "$calls") at last" >&2
result calls-setup kpptp last-to-first-thousand "$(ratio "$(lot new "$calls")" "$(lot new 1000)")"
result calls-teardown kpptp last-to-first-thousand "$(ratio "$(lot del "$calls")" "$(lot del 1000)")"
result calls-memory kpptp octets "$own"
result calls-lookup kpptp to-few-calls "$(ratio "$many" "$few")"
tunnel_down kpptp
