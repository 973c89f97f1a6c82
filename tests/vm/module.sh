#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/module.sh MACHINE[-KERNEL] [VARIANT]
#
# Build the modules for the kernel of a test machine (uml, smp, stock or debug;
# uml-6.12), and for user-mode Linux the KUnit suites too. Kbuild puts its results
# beside the sources, so each kernel gets a copy of them. Prints the folder that the
# modules and tests/kunit/*.ko are in: tests/build/MACHINE[-KERNEL][-VARIANT].
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: module.sh MACHINE[-KERNEL] [VARIANT]} variant=${2:-}
machine=$(kernel_named "$kernel" "$variant")
kdir=$(sed -n 's/^KDIR=//p' <<<"$machine")
variables=(W=1)
case $kernel in
uml* | smp*) variables+=(ARCH=um KPPTP_KUNIT=1) ;;
esac
# What is inlined is counted where it went, and as never run where it is.
[ "$variant" != coverage ] || variables+=(GCOV_PROFILE=y
	KCFLAGS='-fno-early-inlining -fno-inline-small-functions -fno-inline-functions-called-once')

cd "$VM_DIR/../.."
build=$PWD/tests/build/$kernel${variant:+-$variant}
mkdir -p "$build"
exec {lock}>"$build/.lock"
flock "$lock"

# Objects for another kernel, and modules whose source may be gone.
if [ "$(cat "$build/.kdir" 2>/dev/null)" != "$kdir" ]; then
	find "$build" -mindepth 1 ! -name .lock -delete
	echo "$kdir" >"$build/.kdir"
fi
rm -f "$build"/*.ko "$build"/tests/kunit/*.ko

# Sources only, for what stands beside them is of another kernel. Times are
# kept, so that make rebuilds what changed and no more.
find Kbuild Makefile dkms.conf kernel include tests/kunit -type f ! -name '*.mod.c' \
	\( -name '*.[chS]' -o -name 'Kbuild*' -o -name Makefile -o -name dkms.conf \) \
	-exec cp -pu --parents -t "$build" {} +
logged "$build/build.log" env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
	make -C "$build" module KDIR="$kdir" "${variables[@]}"
# A cached kernel may be older than this machine's compiler, which is no fault of ours.
if grep 'warning:' "$build/build.log" | grep -v 'warning: the compiler differs from' >&2; then
	die "the modules are built without warnings, or not at all"
fi
echo "$build"
