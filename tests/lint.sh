#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/lint.sh [CHECK]...
#
# What tools say of the sources: all checks, or those named. Exits 0 if none
# has anything to say.
#
#   checkpatch   the kernel's style, by the kernel's own script
#   sparse       types and byte order of the module
#   format       clang-format, by .clang-format
#   cppcheck     user space
#   shell        shellcheck, of all scripts
#   floors       includes go down, by tests/floors.txt
set -euo pipefail
# shellcheck source=vm/lib.sh
. "$(dirname "$0")/vm/lib.sh"
cd "$VM_DIR/../.."

# Generated files are their generator's business.
mapfile -t kernel_sources < <(git ls-files 'kernel/*.[ch]' 'tests/kunit/*.[ch]' ':!*-gen.[ch]')
mapfile -t sources < <(git ls-files '*.[ch]' ':!*-gen.[ch]' ':!include/uapi')
mapfile -t scripts < <(git ls-files | xargs -d '\n' grep -lE -m1 '^#!/bin/(ba)?sh|shellcheck shell=')

# The user-mode kernel's build folder has the kernel's scripts.
kdir() { tests/vm/uml.sh | sed -n 's/^KDIR=//p'; }

checkpatch()
{
	# The tables of counters are lists for a macro that is given by name. What the
	# suites call is exported apart from what it is.
	perl "$(kdir)/scripts/checkpatch.pl" --no-tree --terse --show-types --no-summary \
		--max-line-length=100 --ignore COMPLEX_MACRO,TRAILING_SEMICOLON,EXPORT_SYMBOL \
		-f "${kernel_sources[@]}"
}

# Everything is built anew by sparse, in a copy of its own.
sparse()
{
	local build=tests/build/sparse status=0

	rm -rf "$build"
	mkdir -p "$build"
	cp -r --parents Kbuild kernel include tests/kunit "$build"
	make -C "$(kdir)" ARCH=um M="$PWD/$build" KPPTP_VERSION=lint KPPTP_KUNIT=1 C=2 \
		CF='-Wsparse-error -D__CHECK_ENDIAN__' modules >"$build/log" 2>&1 || status=$?
	grep -E 'warning:|error:' "$build/log" && status=1
	return "$status"
}

format() { clang-format --dry-run --Werror "${sources[@]}"; }

cppcheck_user()
{
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability,performance \
		--inline-suppr --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
		--include="/usr/include/$(gcc -print-multiarch)/sys/queue.h" \
		-Iuser/lib -Iuser/daemon -Iinclude/uapi user/lib user/daemon user/ctl user/pppd
}

floors() { tests/floors.py; }

shell() { shellcheck "${scripts[@]}"; }

tests/vm/deps.sh lint
checks=("$@")
[ $# -gt 0 ] || checks=(checkpatch sparse format cppcheck shell floors)
failed=()
for check in "${checks[@]}"; do
	case $check in
	checkpatch | sparse | format | shell | floors) run=$check ;;
	cppcheck) run=cppcheck_user ;;
	*) die "unknown check $check; the head of $0 has the usage" ;;
	esac
	if "$run"; then echo "ok   $check"; else echo "FAIL $check"; failed+=("$check"); fi
done
[ ${#failed[@]} -eq 0 ]
