#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz-netlink.sh [REQUESTS [SEED]]
#
# Random netlink requests: each gets a sensible answer, no call is lost or left over,
# and the module still works and unloads.
# timeout: 900
. "$(dirname "$0")/lib.sh"

requests=${1:-100000} seed=${2:-2637}

load_modules
two_hosts
gcc -std=gnu11 -O2 -Wall -I"$top/include/uapi" -o /run/netlink-fuzz "$top/tests/fuzz/netlink-fuzz.c"

step "$requests requests, seed $seed"
start_us=${EPOCHREALTIME//[!0-9]/}
result=$(in_ns server /run/netlink-fuzz "$requests" "$seed") || fail "see above"
took_us=$((${EPOCHREALTIME//[!0-9]/} - start_us))
step "$result, $((requests * 1000000 / took_us)) a second"
for outcome in ok EINVAL ERANGE EEXIST ENOENT EOPNOTSUPP; do
	[ "$(jq ".$outcome" <<<"$result")" -gt 0 ] || fail "no request ended in $outcome: the fuzzer covers too little"
done

step "frames still pass"
bare() { local ns=$1; shift; in_ns "$ns" "$bin/kpptpctl" "$@"; }
there=$(bare server -j call add local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2 | jq .channel)
here=$(bare client -j call add local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1 | jq .channel)
start echo server python3 "$top/tests/net/channel.py" echo "$there"
in_ns client python3 "$top/tests/net/channel.py" send "$here" 200 || fail "frames were lost"
stop echo
bare server call del local 192.0.2.1 peer 192.0.2.2 id 1
bare client call del local 192.0.2.2 peer 192.0.2.1 id 2
no_calls() { [ "$(bare "$1" -j show net | jq .net.calls)" = 0 ]; }
done_story
