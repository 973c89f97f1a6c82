#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/stock.sh [--kernel KERNEL]
#
# Fetch a stock kernel of Debian, unpacked into the cache and never installed,
# and make the initramfs that boots it on the host's root. Prints where things
# are:
#
#   RELEASE=  what uname -r says in it
#   KERNEL=   the kernel image
#   INITRD=   the initramfs
#   MODULES=  its modules, as /lib/modules/RELEASE would have them
#   KDIR=     the headers for external modules
#
# The installed linux-headers-amd64 says which kernel, for what is built against
# these headers must load into this image; unless KERNEL says so, a version such
# as 6.12: image and headers then come from a release that has it, once, and stay
# as they are until they are removed from the cache.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
# shellcheck source=initramfs.sh source-path=SCRIPTDIR
. "$(dirname "$0")/initramfs.sh"
# shellcheck source=debian.sh source-path=SCRIPTDIR
. "$(dirname "$0")/debian.sh"

kernel=$VM_KERNEL
if [ "${1:-}" = --kernel ]; then kernel=$2; shift 2; fi

# What the initramfs needs to reach the host's root over virtio.
boot_modules=(virtio_pci 9pnet_virtio 9p overlay)

# The release and version that the installed headers are for.
resolve()
{
	local headers

	headers=$(dpkg-query -W -f '${Depends}' linux-headers-amd64 2>/dev/null |
		grep -o 'linux-headers-[^ ,]*' | head -n 1) || true
	[ -n "$headers" ] || die "linux-headers-amd64 is missing: run tests/vm/deps.sh"
	release=${headers#linux-headers-}
	version=$(dpkg-query -W -f '${Version}' "$headers")
}

# The sandbox user of apt cannot write into a cache under /root.
download()
{
	(cd "$1" && apt-get -qq -o APT::Sandbox::User=root \
		download "linux-image-$release=$version")
}

# modules_for ROOT MODULE...: files of the modules and of what they depend on,
# in the order to load them.
modules_for()
{
	local root=$1

	shift
	modprobe -d "$root" -S "$release" -a --show-depends "$@" |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# bootable DIR: what is unpacked there can be booted. Debian 13 has modules in /usr.
bootable()
{
	local modules

	if [ -d "$1/usr/lib/modules" ]; then
		mkdir -p "$1/lib"
		cp -al "$1/usr/lib/modules" "$1/lib"
	fi
	depmod -b "$1" "$release"
	mapfile -t modules < <(modules_for "$1" "${boot_modules[@]}")
	make_initramfs "$1" "${modules[@]}"
}

fetch()
{
	say "fetching linux-image-$release $version, once"
	logged "$1/download.log" download "$1"
	dpkg -x "$1"/linux-image-*.deb "$1"
	bootable "$1"
	rm -rf "$1"/linux-image-*.deb "${1:?}/usr"
}

# What the installed headers are for: $name in the cache, $kdir.
installed()
{
	local rc

	resolve
	name=stock-$release-$version-$recipe
	# A subshell of its own with set -e: a condition would switch it off.
	set +e
	(set -e; cache_fill "$name" fetch)
	rc=$?
	set -e
	if [ "$rc" -ne 0 ]; then
		# The mirror keeps only the newest: bring the headers up to it.
		say "linux-image-$release $version is not to be had, updating the headers"
		logged "$VM_CACHE/update.log" apt-get -qq update
		logged "$VM_CACHE/update.log" env DEBIAN_FRONTEND=noninteractive \
			apt-get -qq -y --no-install-recommends install linux-headers-amd64
		resolve
		name=stock-$release-$version-$recipe
		cache_fill "$name" fetch
	fi
	kdir=/usr/src/linux-headers-$release
}

# depends PACKAGE PATTERN: those it depends on whose names match, of that release.
depends()
{
	foreign_apt cache depends --important "$1" | sed -n 's/^.*Depends: //p' | grep -xE "$2"
}

# take DIR: the image and the headers of the release that is open.
take()
{
	local headers needed

	release=$(depends linux-image-amd64 "linux-image-$kernel\\..*" | sed 's/^linux-image-//')
	headers=linux-headers-$release
	mapfile -t needed < <(depends "$headers" 'linux-(headers|kbuild)-.*')
	foreign_unpack "$1" "linux-image-$release" "$headers" "${needed[@]}"
	echo "$release" >"$1/release"
}

fetch_foreign()
{
	say "fetching the stock kernel $kernel, once"
	from_suites "$kernel" "$1" take
	release=$(cat "$1/release")
	# The headers include each other as if they were installed.
	sed -i "s|/usr/src/|$VM_CACHE/$name&|" "$1/usr/src/linux-headers-$release/Makefile"
	# Types for BTF, which modules get by another tool if this file is there.
	rm -f "$1/usr/src/linux-headers-$release/vmlinux"
	bootable "$1"
}

# That of another release: $name in the cache, $release, $kdir.
foreign()
{
	name=stock_$kernel-$recipe
	cache_fill "$name" fetch_foreign
	release=$(cat "$VM_CACHE/$name/release")
	kdir=$VM_CACHE/$name/usr/src/linux-headers-$release
}

need_tools dpkg modprobe depmod
# The initramfs is part of what is cached, and so is what it is made by.
recipe=$({ cat "$VM_DIR/stock.sh"; initramfs_recipe; } | sha256sum | cut -c1-12)
if [ "$kernel" = "$VM_KERNEL" ]; then installed; else foreign; fi

cat <<END
RELEASE=$release
KERNEL=$VM_CACHE/$name/boot/vmlinuz-$release
INITRD=$VM_CACHE/$name/initrd
MODULES=$VM_CACHE/$name/lib/modules/$release
KDIR=$kdir
END
