#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/mutate.sh [OPTION]... [AREA]...
#
# Mutation testing: inject faults into the sources, one at a time, run the tests closest
# to each, and print those that no test noticed. The tables
# tests/mutations/AREA[.PART].tsv list the faults, one per line, with four tab-separated
# fields:
#
#   FILE      the source, relative to the top of the tree; FILE@2 for the second
#             occurrence of the text
#   TEXT      the original text, within one line
#   FAULT     its replacement
#   TESTS     patterns for tests/check.sh, fastest first
#
#   --part N/M      every M-th fault, starting with the N-th; N may be "random"
#   --list          list the faults, run nothing
#   --check         check that each row matches one place in the sources, run nothing
#   --goal PERCENT  fail if fewer than PERCENT of an area's faults were noticed (90)
#
# Works on a copy of the git working tree, including uncommitted changes.
set -euo pipefail
# shellcheck source=vm/lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/vm/lib.sh"
cd "$VM_DIR/../.."

nth=1 of=1 goal=90 list='' check='' areas=()
while [ $# -gt 0 ]; do
	case $1 in
	--part) nth=${2%/*} of=${2#*/}; shift ;;
	--goal) goal=$2; shift ;;
	--list) list=yes ;;
	--check) check=yes ;;
	-*) die "unknown option $1; the head of $0 has the usage" ;;
	*) areas+=("$1") ;;
	esac
	shift
done
if [ "$nth" = random ]; then
	nth=$((RANDOM % of + 1))
	say "part $nth of $of"
fi

# faults: print AREA, FILE, TEXT, FAULT and TESTS of the selected faults, one per line.
faults()
{
	local table area number=0

	for table in tests/mutations/*.tsv; do
		area=${table##*/} area=${area%%.*}
		[ ${#areas[@]} -eq 0 ] || [[ " ${areas[*]} " == *" $area "* ]] || continue
		grep -v -e '^#' -e '^$' "$table" | sed "s/^/$area\t/"
	done | while IFS= read -r line; do
		number=$((number + 1))
		if [ $(((number - nth) % of)) -eq 0 ]; then printf '%s\n' "$line"; fi
	done
}

# apply_fault FILE TEXT FAULT: replace TEXT by FAULT. Fails if TEXT is missing, or
# ambiguous.
apply_fault()
{
	python3 - "$@" <<-'END'
		import sys

		where, text, fault = sys.argv[1:]
		path, _, place = where.partition("@")
		with open(path) as source:
		    parts = source.read().split(text)
		found = len(parts) - 1
		if found == 0 or (found > 1 and not place) or int(place or 1) > found:
		    sys.exit(f"{where}: '{text}' occurs {found} times")
		n = int(place or 1)
		with open(path, "w") as source:
		    source.write(text.join(parts[:n]) + fault + text.join(parts[n:]))
	END
}

# check_table: check the rows that faults() prints: each names a test and matches one
# place.
check_table()
{
	python3 -c '
import sys

sources, status = {}, 0
for line in sys.stdin:
    area, where, text, fault, *tests = line.rstrip("\n").split("\t")
    path, _, place = where.partition("@")
    if path not in sources:
        with open(path) as source:
            sources[path] = source.read()
    found = sources[path].count(text)
    if found == 0 or (found > 1 and not place) or int(place or 1) > found:
        print(f"{area}: {where}: \"{text}\" occurs {found} times")
        status = 1
    if not tests or not tests[0]:
        print(f"{area}: {where}: names no test")
        status = 1
sys.exit(status)'
}

if [ -n "$list" ]; then
	faults | sed -E 's/^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t/\1: \2: \3 -> \4: /'
	exit
fi
if [ -n "$check" ]; then
	faults | check_table
	exit
fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/kpptp-mutate.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
git ls-files -z --cached --others --exclude-standard | xargs -0 cp -p --parents -t "$scratch" 2>/dev/null || :
cd "$scratch"

declare -A tried=() noticed=()
failed=0
while IFS=$'\t' read -r area file text fault tests <&3; do
	source=${file%@*}
	cp -p "$source" "$scratch/.original"
	apply_fault "$file" "$text" "$fault" || { failed=$((failed + 1)); continue; }
	touch "$source" # newer than the built objects
	verdict=unnoticed
	for test in $tests; do
		if tests/check.sh "$test" >"$scratch/.log" 2>&1 </dev/null; then continue; fi
		verdict=noticed
		break
	done
	if grep -qE '^FAIL build/|no test matches' "$scratch/.log"; then verdict='not built'; fi
	cp "$scratch/.original" "$source"
	case $verdict in
	noticed) noticed[$area]=$((${noticed[$area]:-0} + 1)) ;;
	unnoticed) ;;
	*) failed=$((failed + 1)) ;;
	esac
	tried[$area]=$((${tried[$area]:-0} + 1))
	[ "$verdict" = noticed ] || printf '%s: %s: %s -> %s [%s]\n' "$verdict" "$file" "$text" "$fault" "$tests"
done 3< <(faults)

for area in "${!tried[@]}"; do
	echo "$area: ${noticed[$area]:-0} of ${tried[$area]} noticed"
done | sort
for area in "${!tried[@]}"; do
	if [ $((${noticed[$area]:-0} * 100)) -lt $((goal * ${tried[$area]})) ]; then failed=$((failed + 1)); fi
done
[ "$failed" -eq 0 ]
