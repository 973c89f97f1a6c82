#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/check-all.sh [OPTION]...
#
# All that there is to check: what tests/check.sh does, with its slow tests, and
# what runs in a machine once more on each other kernel that we support. Options
# are those of check.sh. Ends in the line "N passed, N failed", of all together.
set -euo pipefail
cd "$(dirname "$0")/.."

tests/vm/deps.sh check-all
output=$(mktemp "${TMPDIR:-/tmp}/kpptp-check-all.XXXXXX")
trap 'rm -f "$output"' EXIT
passed=0 failed=0

# part ARG...: of all tests; its sum is added to the others'. A part that comes to
# no sum has failed.
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
