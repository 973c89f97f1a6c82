# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# How a kernel of the tests is built from Debian's source. Sourced by uml.sh and
# debug.sh, which set
#
#   arch       as ARCH= of the kernel's make has it
#   kernel     if it is to be another than the default
#
# call find_source, add to the fragments that are put over tinyconfig, and give
# build_kernel a function for what is special about theirs.
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

kernel=$VM_KERNEL
fragments=("$VM_DIR/common.config")

# kbuild ARGS...: make, free of what the calling make exported.
kbuild()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u KBUILD_OUTPUT -u CROSS_COMPILE \
		make ARCH="${arch:?}" "$@"
}

# find_source: $tarball, and the $version of it.
find_source()
{
	local found

	found=$("$VM_DIR/source.sh" "$kernel")
	tarball=$(sed -n 's/^TARBALL=//p' <<<"$found")
	version=$(sed -n 's/^VERSION=//p' <<<"$found")
}

# kernel_name: what the cache calls the kernel that the script asks for; another
# source, configuration or recipe is another kernel.
kernel_name()
{
	local recipe

	recipe=$(cat "$0" "${BASH_SOURCE[0]}" "${fragments[@]}" | sha256sum | cut -c1-12)
	echo "$version-$recipe"
}

# Most of the source is drivers that no machine of ours has. Their Kconfig files
# must stay, for others refer to them.
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

# configured DIR LINE: whether the configuration says so. Newer kernels may have
# dropped an option altogether; the default one has them all.
configured()
{
	local option

	option=$(grep -o 'CONFIG_[A-Z0-9_]*' <<<"$2")
	case $2 in
	*' is not set') ! grep -q "^$option=" "$1/.config" ;;
	*) grep -qxF "$2" "$1/.config" ;;
	esac && return
	[ "$kernel" != "$VM_KERNEL" ] &&
		! grep -rqE "^\s*(menu)?config ${option#CONFIG_}$" --include='Kconfig*' "$1"
}

# Every line of the fragments is wanted: none may be lost, or override another.
configure()
{
	local line missing=0

	kbuild -C "$1" tinyconfig
	(cd "$1" && scripts/kconfig/merge_config.sh -m .config "${fragments[@]}")
	kbuild -C "$1" olddefconfig
	while read -r line; do
		if configured "$1" "$line"; then continue; fi
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

# build_kernel DIR TARGET FILE [FIXUP]: fill DIR with build/, modules/, the file
# release, and FILE, which make TARGET leaves in the build. FIXUP is called with
# DIR when the source is there and configured.
build_kernel()
{
	local dir=$1/build target=$2 file=$3 fixup=${4:-:} turn

	# Whatever kernels are built at the same time, each wants the whole machine.
	exec {turn}>"$VM_CACHE/.lock-build"
	flock "$turn"
	say "building Linux $kernel, once; this takes some minutes"
	mkdir "$dir"
	unpack "$dir"
	logged "$1/config.log" configure "$dir"
	"$fixup" "$1"
	logged "$1/build.log" kbuild -C "$dir" -j"$(nproc)" "$target" modules
	logged "$1/install.log" kbuild -C "$dir" modules_install \
		INSTALL_MOD_PATH="$1/modules" DEPMOD=true
	cp "$dir/$file" "$1/${file##*/}"
	cp "$dir/include/config/kernel.release" "$1/release"
	rm -f "$1/modules/lib/modules/$(cat "$1/release")"/{build,source}
	depmod -b "$1/modules" "$(cat "$1/release")"
	prune "$dir"
}

need_tools gcc make flex bison bc xz depmod
