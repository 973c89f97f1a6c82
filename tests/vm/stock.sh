#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: stock.sh
#
# Fetch the kernel that Debian's linux-image-amd64 stands for, with its headers,
# once for each version, and print where it is:
#
#   RELEASE=  what uname -r says in it
#   KERNEL=   the kernel
#   INITRD=   a first file system that mounts the host's and goes on there
#   MODULES=  its modules
#   KDIR=     its build directory for external modules
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

# The headers are installed: they are what fixes the version.
headers=$(dpkg-query -W -f '${Depends}' linux-headers-amd64 | grep -o 'linux-headers-[^ ,]*') ||
	die "no linux-headers-amd64 here: run tests/vm/deps.sh"
release=${headers#linux-headers-}

# What the machine needs before it can see the host's files.
early_modules=(virtio_pci virtio_rng 9pnet_virtio 9p overlay)

make_initrd()
{
	local dir=$1/initrd module file

	mkdir -p "$dir"/{bin,dev,proc,sys,host,modules}
	cp /bin/busybox "$dir/bin/"
	for module in "${early_modules[@]}"; do
		modprobe -d "$1" -S "$release" --show-depends "$module" | sed -n 's/^insmod //p'
	done | awk '!seen[$1]++ { print $1 }' | while read -r file; do
		cp "$file" "$dir/modules/"
		echo "insmod /modules/$(basename "$file")"
	done >"$dir/load"
	cat >"$dir/init" <<-'END'
		#!/bin/busybox sh
		/bin/busybox --install -s /bin
		mount -t proc proc /proc
		mount -t devtmpfs devtmpfs /dev
		. /load
		mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose root /host
		guest=$(sed -n 's/.*testbed\.guest=\([^ ]*\).*/\1/p' /proc/cmdline)
		umount /proc
		exec switch_root /host "$guest"
	END
	chmod +x "$dir/init"
	(cd "$dir" && find . | cpio --quiet -o -H newc | gzip -1) >"$1/initrd.gz"
	rm -rf "$dir"
}

fetch()
{
	say "fetching Debian's kernel $release"
	mkdir "$1/download"
	chmod 777 "$1/download"
	(cd "$1/download" && logged "$1/fetch.log" apt-get download "linux-image-$release")
	dpkg -x "$1"/download/*.deb "$1"
	rm -rf "$1/download"
	depmod -b "$1" "$release"
	make_initrd "$1"
}

need_tools apt-get dpkg depmod cpio gzip busybox
name=stock-$release-$(sha256sum <"$0" | cut -c1-12)
cache_fill "$name" fetch

dir=$VM_CACHE/$name
cat <<END
RELEASE=$release
KERNEL=$dir/boot/vmlinuz-$release
INITRD=$dir/initrd.gz
MODULES=$dir/lib/modules/$release
KDIR=/lib/modules/$release/build
END
