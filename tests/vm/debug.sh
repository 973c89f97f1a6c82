#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/debug.sh [--kernel KERNEL]
#
# Build the debug kernel of the tests from Debian's source, once for each source
# version and configuration, and print where things are:
#
#   RELEASE=  what uname -r says in it
#   KERNEL=   the kernel image
#   INITRD=   the initramfs that boots it on the host's root
#   MODULES=  its modules, as /lib/modules/RELEASE would have them
#   KDIR=     the build directory for external modules
#
# KERNEL is a version for which source.sh finds a source (6.1).
set -euo pipefail
# shellcheck source=kernel-build.sh source-path=SCRIPTDIR
. "$(dirname "$0")/kernel-build.sh"
# shellcheck source=initramfs.sh source-path=SCRIPTDIR
. "$(dirname "$0")/initramfs.sh"

if [ "${1:-}" = --kernel ]; then kernel=$2; shift 2; fi
arch=x86_64
find_source
fragments+=("$VM_DIR/debug.config")

build() { build_kernel "$1" bzImage arch/x86/boot/bzImage; }

name=debug-$(kernel_name)
cache_fill "$name" build
# Apart from the kernel, which takes so much longer to make.
initramfs=initramfs-$(initramfs_recipe | sha256sum | cut -c1-12)
cache_fill "$initramfs" make_initramfs

dir=$VM_CACHE/$name
release=$(cat "$dir/release")
cat <<END
RELEASE=$release
KERNEL=$dir/bzImage
INITRD=$VM_CACHE/$initramfs/initrd
MODULES=$dir/modules/lib/modules/$release
KDIR=$dir/build
END
