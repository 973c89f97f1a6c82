#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/lint.sh [CHECK]...
#
# Run static checks on the sources: all of them, or those named. Exits 0 if none reports
# anything.
#
#   checkpatch   kernel coding style, by the kernel's own script
#   sparse       types and endianness of the module
#   format       clang-format with .clang-format
#   cppcheck     user-space sources
#   shell        shellcheck on all scripts
#   floors       includes point to lower floors, see tests/floors.txt
set -euo pipefail
# shellcheck source=vm/lib.sh
. "$(dirname "$0")/vm/lib.sh"
cd "$VM_DIR/../.."

# Skip generated files.
mapfile -t kernel_sources < <(git ls-files 'kernel/*.[ch]' 'tests/kunit/*.[ch]' ':!*-gen.[ch]')
mapfile -t sources < <(git ls-files '*.[ch]' ':!*-gen.[ch]' ':!include/uapi')
mapfile -t scripts < <(git ls-files | xargs -d '\n' grep -lE -m1 '^#!/bin/(ba)?sh|shellcheck shell=')

# The build tree of the user-mode kernel has the kernel's scripts.
kdir() { tests/vm/uml.sh | sed -n 's/^KDIR=//p'; }

checkpatch()
{
	# Counter tables are x-macros, which trip COMPLEX_MACRO and TRAILING_SEMICOLON.
	# Symbols are exported for the suites in a file of their own, hence
	# EXPORT_SYMBOL.
	perl "$(kdir)/scripts/checkpatch.pl" --no-tree --terse --show-types --no-summary \
		--max-line-length=100 --ignore COMPLEX_MACRO,TRAILING_SEMICOLON,EXPORT_SYMBOL \
		-f "${kernel_sources[@]}"
}

# sparse only sees what is compiled: build everything in a fresh copy.
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
