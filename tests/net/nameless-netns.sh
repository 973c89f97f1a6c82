#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A call without an owner keeps its network namespace alive after its name and processes
# are gone. The initial namespace can list and delete it; other namespaces cannot.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
two_hosts
ctl0() { "$bin/kpptpctl" "$@"; }
add() { bare "$1" call add local 192.0.2.2 peer 192.0.2.1 id "$2" peer-id 1 >/dev/null; }
lost() { ctl0 -j show calls all-netns | jq -c "[.calls[] | select(.\"netns-cookie\") | .id] | sort"; }

step "calls in three namespaces, one of them with many"
ip netns add lost
for id in 1 2; do add client "$id"; done
for id in $(seq 11 50); do add lost "$id"; done
ctl0 call add local 127.0.0.1 peer 127.0.0.1 id 5 >/dev/null

step "each sees its own calls"
[ "$(ctl0 -j show calls | jq -c '[.calls[].id]')" = '[5]' ] || fail "the initial namespace sees more"
[ "$(bare lost -j show calls | jq '.calls | length')" = 40 ] || fail "not 40 calls are shown"

step "the name is deleted, the calls stay"
ip netns del lost
[ "$(ctl0 -j show calls all-netns | jq '.calls | length')" = 43 ] || fail "not all are found"
[ "$(lost | jq length)" = 42 ] || fail "not all of other namespaces have a cookie"

step "a dump lists each call once, of one namespace or of all"
genl=$top/tests/net/genl.py
[ -z "$(python3 "$genl" dump all | sort | uniq -d)" ] || fail "a call is listed twice"
[ "$(python3 "$genl" dump all | wc -l)" = 43 ] || fail "not 43 calls are listed"
expect "either netns-cookie or all-netns" python3 "$genl" dump cookie 5 all

step "only the initial namespace may list and delete"
expect "only the initial network namespace" bare client show calls all-netns
cookie=$(ctl0 -j show calls all-netns | jq '.calls[] | select(.id == 11)."netns-cookie"')
key="local 192.0.2.2 peer 192.0.2.1"
# shellcheck disable=SC2086 # split into words
expect "only the initial network namespace" bare client call del $key id 11 netns-cookie "$cookie"
# shellcheck disable=SC2086 # split into words
expect "no network namespace with calls" ctl0 call del $key id 11 netns-cookie 18446744073709551615
# shellcheck disable=SC2086 # split into words
expect "no call has" ctl0 call del $key id 1 netns-cookie "$cookie"

step "the namespace goes with its last call"
for id in $(seq 11 50); do
	# shellcheck disable=SC2086 # split into words
	ctl0 call del $key id "$id" netns-cookie "$cookie"
done
[ "$(lost)" = '[1,2]' ] || fail "calls are left: $(lost)"
# shellcheck disable=SC2086 # split into words
expect "no network namespace with calls" ctl0 call del $key id 11 netns-cookie "$cookie"

step "delete the remaining calls"
end_calls client
ctl0 call del local 127.0.0.1 peer 127.0.0.1 id 5
done_story
