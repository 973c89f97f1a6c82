#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/unit/coverage.sh [PERCENT]
#
# How many lines of the codec and the state machines their own unit tests run,
# file by file, with the lines that none does. Exits 1 when a file is below
# PERCENT (95).
set -euo pipefail
cd "$(dirname "$0")/../.."

least=${1:-95}
[[ $least =~ ^[0-9]+$ ]] || { echo "usage: $0 [PERCENT]" >&2; exit 2; }

build=tests/build/coverage
sources=(user/lib/wire.c user/lib/wire_text.c user/daemon/fsm/*_fsm.c)
rm -rf "$build"
mkdir -p "$build"

flags=(-std=gnu11 -O0 -g --coverage -D_GNU_SOURCE -Iuser/lib -Iuser/daemon -Iinclude/uapi)
objects=()
for source in "${sources[@]}"; do
	object=$build/$(basename "$source" .c).o
	"${CC:-cc}" "${flags[@]}" -c -o "$object" "$source"
	objects+=("$object")
done
for file in tests/unit/test_{wire,ctrl,call}*.c; do
	test=$(basename "$file" .c)
	"${CC:-cc}" "${flags[@]}" -o "$build/$test" "$file" "${objects[@]}" -lcmocka
	"$build/$test" >"$build/$test.log" 2>&1 || { tail -n 20 "$build/$test.log"; exit 1; }
done

status=0
for source in "${sources[@]}"; do
	name=$(basename "$source")
	gcov --json-format --stdout "$build/${name%.c}.gcda" |
		jq -r --arg file "$source" --argjson least "$least" '
			.files[] | select(.file == $file) | .lines as $all |
			([$all[] | select(.count > 0)] | length) as $run | ($run * 1000 / ($all | length) | floor / 10) as $percent |
			"\(if $percent < $least then "FAIL" else "ok  " end) \($percent) %  \($file)" +
			([$all[] | select(.count == 0) | .line_number] | if length > 0 then "  not run: \(map(tostring) | join(" "))" else "" end)
		' >"$build/line"
	cat "$build/line"
	grep -q '^ok' "$build/line" || status=1
done
exit "$status"
