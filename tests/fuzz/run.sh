#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/fuzz/run.sh [SECONDS]
#
# Feed each fuzz target: first its kept corpus, then, for SECONDS (10), what
# libFuzzer makes of it. Needs clang; without it, or with SECONDS 0, the corpora
# are replayed only. Exits 0 when no target fails.
#
# What is found goes to tests/build/fuzz/NAME: inputs that reach something new
# to corpus/, those that a target fails on beside it, named crash-*. A program
# there replays files: tests/build/fuzz/NAME/fuzz FILE...
#
#   MERGE=1 tests/fuzz/run.sh 60    also keep what was found, as few as will do
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-10}
[[ $seconds =~ ^[0-9]+$ ]] || { echo "usage: $0 [SECONDS]" >&2; exit 2; }

flags=(-std=gnu11 -g -O1 -Wall -Wextra -Werror -D_GNU_SOURCE -fno-omit-frame-pointer
	-Iuser/lib -Iuser/daemon -Iinclude/uapi)
if [ "$seconds" != 0 ] && echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
	clang -x c -fsanitize=fuzzer - -o /dev/null 2>/dev/null; then
	compiler=clang
	flags+=("-fsanitize=fuzzer,address,undefined")
else
	[ "$seconds" = 0 ] || echo "no clang with libFuzzer (package clang): replaying the corpora only"
	compiler=${CC:-cc} seconds=0
	flags+=("-fsanitize=address,undefined")
fi
flags+=(-fno-sanitize-recover=undefined)

wire=(user/lib/wire.c user/lib/wire_text.c user/lib/text.c)
declare -A sources=(
	[wire]="${wire[*]}"
	[fsm]="${wire[*]} $(echo user/daemon/fsm/*_fsm.c)"
	[request]="user/daemon/worker/local_request.c user/lib/addr.c user/lib/error.c user/lib/field.c user/lib/text.c"
	[worker]="$(printf '%s\n' user/daemon/*/*.c user/lib/*.c |
		grep -vxE 'user/daemon/(worker/(worker|worker_main|sandbox|syscalls)|monitor/worker_start)\.c')"
)
declare -A libraries=(
	[request]="$(pkg-config --cflags --libs json-c libnl-genl-3.0)"
	[worker]="-DKPPTP_RELEASE=\"0\" -Wl,--wrap=accept4 -Wl,--wrap=connect
		-Wl,--wrap=kpptp_priv_check_request $(pkg-config --cflags --libs json-c \
		libnl-genl-3.0 libevent_core libkmod libcap-ng libseccomp libsystemd)"
)

# build NAME
build()
{
	local name=$1 replay=()

	mkdir -p "tests/build/fuzz/$name/corpus"
	[ "$seconds" != 0 ] || replay=(tests/fuzz/replay.c)
	# shellcheck disable=SC2086 # lists of words
	"$compiler" "${flags[@]}" -o "tests/build/fuzz/$name/fuzz" "tests/fuzz/fuzz_$name.c" \
		${replay[@]+"${replay[@]}"} ${sources[$name]} ${libraries[$name]:-}
}

# feed NAME
feed()
{
	local name=$1 out=tests/build/fuzz/$1 kept=tests/fuzz/corpus-$1

	if [ "$seconds" = 0 ]; then
		"$out/fuzz" "$kept"/*
		return
	fi
	"$out/fuzz" -max_total_time="$seconds" -max_len=2048 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix="$out/" "$out/corpus" "$kept" 2>"$out/log" || { tail -n 60 "$out/log"; return 1; }
	sed -n 's/^stat::number_of_executed_units: *\(.*\)/\1 inputs/p' "$out/log"
	[ -n "${MERGE:-}" ] || return 0
	rm -rf "$out/merged"
	mkdir "$out/merged"
	"$out/fuzz" -set_cover_merge=1 -use_counters=0 -max_len=2048 "$out/merged" "$kept" "$out/corpus" 2>"$out/merge.log"
	rm -f "$kept"/*
	cp "$out/merged"/* "$kept"/
}

failed=()
for name in wire fsm request worker; do
	if ! build "$name"; then
		failed+=("$name")
	elif result=$(feed "$name"); then
		echo "ok   fuzz/$name ($result)"
	else
		failed+=("$name")
		printf 'FAIL fuzz/%s\n%s\n' "$name" "$result"
	fi
done
[ ${#failed[@]} -eq 0 ]
