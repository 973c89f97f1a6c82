#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/uml.sh [--kernel KERNEL] [VARIANT]
#
# Build a user-mode Linux kernel for the tests from Debian's source, once for
# each source version and configuration, and print where it is:
#
#   RELEASE=  what uname -r says in it
#   KERNEL=   the executable
#   MODULES=  its modules, as /lib/modules/RELEASE would have them
#   KDIR=     the build directory for external modules (make … ARCH=um)
#
# KERNEL is a version for which source.sh finds a source (6.1). VARIANT names
# another fragment, uml-VARIANT.config, put over uml.config.
set -euo pipefail
# shellcheck source=kernel-build.sh source-path=SCRIPTDIR
. "$(dirname "$0")/kernel-build.sh"

if [ "${1:-}" = --kernel ]; then kernel=$2; shift 2; fi
variant=${1:-}
arch=um
find_source
fragments+=("$VM_DIR/uml.config")
if [ -n "$variant" ]; then fragments+=("$VM_DIR/uml-$variant.config"); fi

# Octets of FPU state that the processor has here, as ptrace wants them.
fpu_state()
{
	gcc -x c -o "$1/fpu_state" - <<-'END'
		#include <cpuid.h>
		#include <stdio.h>

		int main(void)
		{
			unsigned int a, size = 0, c, d;

			__get_cpuid_count(0xd, 0, &a, &size, &c, &d);
			printf("%u\n", size);
		}
	END
	"$1/fpu_state"
}

# Linux up to 6.12 has room for the registers of AVX-512, but not for those of
# AMX, and then no process runs. Registers are kept on the stack, so that grows
# too.
fit_fpu_state()
{
	local size

	size=$(fpu_state "$1")
	[ "$size" -gt 2696 ] || return 0
	sed -i "s/DEFINE_LONGS(HOST_FP_SIZE, 2696)/DEFINE_LONGS(HOST_FP_SIZE, $size)/" \
		"$1/build/arch/x86/um/user-offsets.c"
	sed -i 's/^CONFIG_KERNEL_STACK_ORDER=.*/CONFIG_KERNEL_STACK_ORDER=4/' "$1/build/.config"
}

# A new process walks its mappings without their lock in Linux 6.1, which the
# lock checker of the debug variant takes for a fault of the whole machine.
fix_flush()
{
	sed -i '/^void force_flush_all/,/^}/{
		s/^\tfor_each_vma/\tmmap_read_lock(mm);\n&/
		s/^}/\tmmap_read_unlock(mm);\n}/
	}' "$1/arch/um/kernel/tlb.c"
}

# What this kernel needs changed before it runs on this processor.
fixup()
{
	fit_fpu_state "$1"
	fix_flush "$1/build"
}

build() { build_kernel "$1" linux linux fixup; }

processor=$(grep -m1 '^flags' /proc/cpuinfo | sha256sum | cut -c1-6)
name=uml${variant:+_$variant}-$(kernel_name)-$processor
cache_fill "$name" build

dir=$VM_CACHE/$name
release=$(cat "$dir/release")
cat <<END
RELEASE=$release
KERNEL=$dir/linux
MODULES=$dir/modules/lib/modules/$release
KDIR=$dir/build
END
