#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: module.sh uml|stock
#
# Build kpptp.ko for a test machine's kernel, and for user-mode Linux the KUnit
# suites too. Kbuild puts its results beside the sources, so each kernel gets a
# copy of them, in tests/build/KERNEL; the module is kpptp.ko there.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: module.sh uml|stock}
case $kernel in
uml)
	description=$("$VM_DIR/uml.sh")
	variables=(ARCH=um)
	[ ! -e "$VM_DIR/../kunit/Kbuild" ] || variables+=(KPPTP_KUNIT=1)
	;;
stock)
	description=$("$VM_DIR/stock.sh")
	variables=()
	;;
*) die "unknown kernel $kernel: expected uml or stock" ;;
esac
eval "$description"

top=$(cd "$VM_DIR/../.." && pwd)
build=$top/tests/build/$kernel
mkdir -p "$build/tests"
# Times are kept, so that make rebuilds what changed and no more.
for part in Kbuild Makefile dkms.conf kernel include tests/kunit; do
	[ -e "$top/$part" ] || continue
	mkdir -p "$build/$(dirname "$part")"
	cp -au "$top/$part" "$build/$(dirname "$part")/"
done
# A copied object would be of another kernel.
[ -e "$build/.kdir" ] && [ "$(cat "$build/.kdir")" = "$KDIR" ] || {
	find "$build" \( -name '*.o' -o -name '*.ko' -o -name '.*.cmd' -o -name '*.mod*' \) -delete
	echo "$KDIR" >"$build/.kdir"
}
logged "$build/build.log" env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
	make -C "$build" module KDIR="$KDIR" "${variables[@]}"
if grep -E 'warning:' "$build/build.log" >&2; then die "kpptp.ko is built without warnings, or not at all"; fi
