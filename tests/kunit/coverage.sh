#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/kunit/coverage.sh [PERCENT]
#
# How many lines of the kernel's layers the KUnit suites run, file by file, with
# the lines that none does: counted by gcov in a user-mode kernel of its own,
# which is built the first time. Exits 1 when a pure layer is below PERCENT (95).
# The other files are shown for information: stories run what suites do not.
set -euo pipefail
# shellcheck source=../vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
cd "$VM_DIR/../.."

least=${1:-95}
[[ $least =~ ^[0-9]+$ ]] || { echo "usage: $0 [PERCENT]" >&2; exit 2; }

pure='seq.h gre.h gre.c window.h window.c reorder.h reorder.c ack.h ack.c tos.c table.h table.c'

tests/vm/deps.sh check
build=$(tests/vm/module.sh uml coverage)
out=$PWD/tests/build/coverage-kunit
rm -rf "$out"
mkdir -p "$out"

options=() suites=()
module_options "$build"
for file in "$build"/tests/kunit/*_kunit.ko; do
	options+=(--module "$file")
	suites+=("$(basename "$file" .ko)")
done

# In the machine: run the suites, and take out what the kernel keeps of modules
# that are gone. debugfs says of its files that they are empty, so cat.
# shellcheck disable=SC2016 # expanded there
tests/vm/run.sh --variant coverage --timeout 600 "${options[@]}" --out "$out" -- sh -ec '
	out=$1; shift
	. tests/kunit/machine.sh
	for suite; do modprobe "$suite"; modprobe -r "$suite"; done
	dmesg -t >"$out/log"
	for file in $(find /sys/kernel/debug/gcov -name "*.gcda"); do
		cat "$file" >"$out/${file##*/}"
	done' sh "$out" "${suites[@]}"
if grep '^ *not ok' "$out/log" || ! grep -q '^ok' "$out/log"; then
	die "the suites fail: tests/check.sh kunit/ says how"
fi

# A layer is compiled into several suites: a line is run if one of them runs it.
find "$build" -name '*.gcno' -exec cp -t "$out" {} +
for file in "$out"/*.gcda; do
	(cd "$out" && gcov --json-format --stdout "$file" 2>/dev/null)
done >"$out/gcov.json"
jq -rs --argjson least "$least" --arg pure "$pure" '
	($pure | split(" ")) as $bound
	| [.[].files[] | select(.file | test("/kernel/[a-z-]+\\.[ch]$") and (test("include/|build/(kernel|lib|net)/") | not))
	   | (.file | split("/")[-1]) as $file | .lines[] | {$file, line: .line_number, count}]
	| group_by(.file) | map({file: .[0].file, lines: (group_by(.line) | map({line: .[0].line, count: (map(.count) | max)}))})
	| map(. + {pure: (.file as $file | $bound | index($file) != null)}) | sort_by(.pure | not)[]
	| .lines as $all | ([$all[] | select(.count > 0)] | length) as $run
	| ($run * 1000 / ($all | length) | floor / 10) as $percent
	| "\(if .pure | not then "info" elif $percent < $least then "FAIL" else "ok  " end) \($percent) %  kernel/\(.file)  \($run) of \($all | length)" +
	  ([$all[] | select(.count == 0) | .line] | if length > 0 then "  not run: \(map(tostring) | join(" "))" else "" end)
' "$out/gcov.json" >"$out/report"
cat "$out/report"
for file in $pure; do
	grep -q "kernel/$file " "$out/report" || { echo "FAIL kernel/$file: nothing is known of it"; exit 1; }
done
! grep -q '^FAIL' "$out/report"
