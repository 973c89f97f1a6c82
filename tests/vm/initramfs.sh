# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The initramfs that puts a QEMU machine on the host's root. Sourced by stock.sh
# and debug.sh, after lib.sh.

# make_initramfs DIR [MODULE]...: DIR/initrd, which loads these files in this
# order and goes on as init-stock says.
make_initramfs()
{
	local root=$1/initramfs dir=$1 module

	shift
	mkdir -p "$root"/{bin,dev,proc,sys,modules,lower,rw,root}
	cp /bin/busybox "$root/bin/busybox"
	cp "$VM_DIR/init-stock" "$root/init"
	: >"$root/modules/order"
	for module; do
		cp "$module" "$root/modules/"
		echo "/modules/${module##*/}" >>"$root/modules/order"
	done
	(cd "$root" && find . | cpio -o -H newc --quiet -R 0:0 | gzip -1) >"$dir/initrd"
	rm -rf "$root"
}

# initramfs_recipe: what it is made by, for the name in the cache.
initramfs_recipe() { cat "${BASH_SOURCE[0]}" "$VM_DIR/init-stock"; }

need_tools cpio /bin/busybox
