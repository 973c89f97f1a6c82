#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/stories.sh [SUITE [KERNEL]]
#
# Run the unit tests, KUnit suites and stories in a fresh system of another Debian
# release (trixie), with its compiler, libraries, pppd and PPTP programs, on its kernel
# version (6.12). The user-mode kernel is built on the host: binaries of one release run
# on newer ones.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

fresh_root "${1:-trixie}"
kernel=${2:-6.12}

say "the kernel, and the netlink tools that a story needs"
"$VM_DIR/uml.sh" --kernel "$kernel" >"$work/machine"
"$VM_DIR/ynl.sh" >"$work/ynl"
mkdir -p "$root/root/.cache/kpptp"

say "what it takes"
quietly apt-get -qq update
mkdir "$root/src"
git ls-files -z | tar --null -T - -cf - | tar -C "$root/src" -xf -
quietly sh -c 'cd /src && tests/vm/deps.sh check'
say "pppd $(inside pppd --version 2>&1 | grep -o '[0-9.]*$'), gcc $(inside gcc -dumpfullversion)"

# passes ARG...: the selected tests pass.
passes()
{
	say "tests/check.sh $*"
	inside sh -c 'cd /src && exec tests/check.sh "$@"' sh "$@" || complain "tests failed: $*"
}

passes unit/
passes --kernel "$kernel" --machine uml --jobs 2
conclude "stories in Debian $suite"
