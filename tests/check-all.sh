#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/check-all.sh [OPTION]...
#
# Run everything: tests/check.sh with its slow tests, then the tests that need a machine
# on every other supported kernel. Options are passed to check.sh. The last line is "N
# passed, N failed", the total of all parts.
set -euo pipefail
cd "$(dirname "$0")/.."

tests/vm/deps.sh check-all
output=$(mktemp "${TMPDIR:-/tmp}/kpptp-check-all.XXXXXX")
trap 'rm -f "$output"' EXIT
passed=0 failed=0

# part ARG...: run tests/check.sh with these arguments and add its totals. A part that
# prints no total counts as one failure.
part()
{
	local sum

	printf '\n%s\n' "==> tests/check.sh $*"
	tests/check.sh "$@" | tee "$output" || :
	sum=$(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$output")
	[ -n "$sum" ] || sum='0 1'
	passed=$((passed + ${sum% *}))
	failed=$((failed + ${sum#* }))
}

part "$@" --slow
part "$@" --kernel 6.12 --machine uml
part "$@" --kernel 6.12 --machine stock
part "$@" --kernel 7.3 --machine uml

printf '\n%s\n' "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
