#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/kunit/sections.sh
#
# Look at the table at the head of Kbuild: each case that it names exists, is run,
# and names its section in the comment above it, or its fact in its name; each
# section of RFC 2637 that binds the data path has a case. Exits 1, with what is
# wrong, if not.
set -euo pipefail
cd "$(dirname "$0")"

sections=(4 4.1 4.2 4.2.1 4.2.2 4.2.3 4.2.4 4.2.5 4.3 4.4 4.4.1 4.4.2 'fact 5' 'fact 6' 'fact 7' 'fact 8' 'fact 9')
wrong=0
complain() { echo "$*"; wrong=1; }

# comment FILE CASE: the comment that ends in the line above the case.
comment()
{
	awk -v start="static void $2(" '
		index($0, start) == 1 { if (above) print text; exit }
		/^\/\*/ { text = "" }
		/^(\/\*| \*)/ { text = text $0 "\n"; above = /\*\/$/; next }
		{ above = 0 }' "$1"
}

table=$(sed -nE 's|^#   (4[0-9.]*\|fact [0-9]+) +.* ([a-z0-9_]+)/([a-z0-9_]+)$|\1:\2:\3|p' Kbuild)
lines=$(grep -cE '^#   [4f]' Kbuild)
[ "$(wc -l <<<"$table")" -eq "$lines" ] || complain "a line of the table is not as others are"

while IFS=: read -r section suite name; do
	file=${suite}_kunit.c
	if ! grep -qE "KUNIT_CASE(_PARAM)?\(${name}[,)]" "$file" 2>/dev/null; then
		complain "$section: $file runs no case $name"
	elif [[ $section == fact* ]]; then
		[[ $name == "fact_0${section#fact }"_* ]] || complain "$section: $suite/$name does not have it in its name"
	elif ! comment "$file" "$name" | grep -qE "(^|[^0-9.])${section//./\\.}([^0-9.]|$)"; then
		complain "$section: the comment above $name in $file does not say so"
	fi
done <<<"$table"

for section in "${sections[@]}"; do
	grep -q "^$section:" <<<"$table" || complain "$section: no case"
done
exit "$wrong"
