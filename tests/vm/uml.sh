#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/uml.sh [VARIANT]
#
# Build the user-mode Linux kernel of the tests from Debian's linux-source-6.1,
# once for each source version and configuration, and print where it is:
#
#   RELEASE=  what uname -r says in it
#   KERNEL=   the executable
#   MODULES=  its modules, as /lib/modules/RELEASE would have them
#   KDIR=     the build directory for external modules (make … ARCH=um)
#
# VARIANT names a second fragment, uml-VARIANT.config, put over uml.config.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

variant=${1:-}
source_package=linux-source-6.1
tarball=/usr/src/$source_package.tar.xz
fragments=("$VM_DIR/uml.config")
if [ -n "$variant" ]; then fragments+=("$VM_DIR/uml-$variant.config"); fi

# kbuild ARGS...: make, free of what the calling make exported.
kbuild()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u KBUILD_OUTPUT -u CROSS_COMPILE \
		make ARCH=um "$@"
}

# Most of the source is drivers that no UML kernel can have. Their Kconfig
# files must stay, for others refer to them.
unpack()
{
	tar -xJf "$tarball" -C "$1" --strip-components=1 \
		--exclude='*/Documentation/*/*' --exclude='*/sound/*.[ch]' \
		--exclude='*/drivers/gpu/*.[ch]' --exclude='*/drivers/media/*.[ch]' \
		--exclude='*/drivers/net/ethernet/*.[ch]' \
		--exclude='*/drivers/net/wireless/*.[ch]' \
		--exclude='*/drivers/staging/*.[ch]' --exclude='*/arch/[a-tv-w]*/*.[cSh]' \
		--exclude='*.dts' --exclude='*.dtsi'
}

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

# Linux 6.1 has room for the registers of AVX-512, but not for those of AMX, and
# then no process runs. Registers are kept on the stack, so that grows too.
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

configure()
{
	local line missing=0

	kbuild -C "$1" tinyconfig
	(cd "$1" && scripts/kconfig/merge_config.sh -m .config "${fragments[@]}")
	kbuild -C "$1" olddefconfig
	while read -r line; do
		grep -qxF "$line" "$1/.config" && continue
		say "the configuration lost $line"
		missing=1
	done < <(cat "${fragments[@]}" | grep -E '^CONFIG_|is not set$')
	return "$missing"
}

# An external build needs headers, scripts and Module.symvers; objects and
# driver sources would only fill the cache.
prune()
{
	find "$1" -path "$1/scripts" -prune -o -path "$1/tools" -prune -o \
		-path "$1/modules" -prune -o -type f \
		\( -name '*.o' -o -name '*.a' -o -name '*.c' -o -name '.*.cmd' \) \
		-print0 | xargs -0r rm -f
	rm -f "$1/vmlinux" "$1"/.tmp_vmlinux* "$1/vmlinux.symvers"
}

build()
{
	local dir=$1/build

	say "building the kernel, once; this takes some minutes"
	mkdir "$dir"
	unpack "$dir"
	logged "$1/config.log" configure "$dir"
	fit_fpu_state "$1"
	fix_flush "$dir"
	logged "$1/build.log" kbuild -C "$dir" -j"$(nproc)" linux modules
	logged "$1/install.log" kbuild -C "$dir" modules_install \
		INSTALL_MOD_PATH="$1/modules" DEPMOD=true
	cp "$dir/linux" "$1/linux"
	cp "$dir/include/config/kernel.release" "$1/release"
	rm -f "$1/modules/lib/modules/$(cat "$1/release")"/{build,source}
	depmod -b "$1/modules" "$(cat "$1/release")"
	prune "$dir"
}

need_tools gcc make flex bison bc xz depmod
[ -e "$tarball" ] || die "no $tarball: run tests/vm/deps.sh"
key=$(dpkg-query -W -f '${Version}' "$source_package")
config=$(cat "$VM_DIR/uml.sh" "${fragments[@]}" | sha256sum | cut -c1-12)
processor=$(grep -m1 '^flags' /proc/cpuinfo | sha256sum | cut -c1-6)
name=uml${variant:+_$variant}-$key-$config-$processor
cache_fill "$name" build

dir=$VM_CACHE/$name
release=$(cat "$dir/release")
cat <<END
RELEASE=$release
KERNEL=$dir/linux
MODULES=$dir/modules/lib/modules/$release
KDIR=$dir/build
END
