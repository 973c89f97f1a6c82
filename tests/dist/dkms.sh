#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/dkms.sh [SUITE]
#
# DKMS without packages in a fresh system of a Debian release (bookworm): build the
# modules for a kernel other than the running one, by 'make dkms-install' and by the
# usual commands of dkms(8).
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

fresh_root "${1:-bookworm}"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

say "what it takes"
quietly apt-get -qq update
mapfile -t needed < <(sed -n '/^build=(/,/^)/p' tests/vm/deps.sh | sed 's/#.*//; 1d; $d' | xargs -n 1)
installs "${needed[@]}" dkms kmod ppp
kernel=$(basename "$(echo "$root"/lib/modules/*)")
put_sources

modules='kpptp kpptp_mppe'

# installed: the modules are installed for that kernel and known to depmod.
installed()
{
	local field module

	for module in $modules; do
		for field in version:"$version" name:"$module"; do
			[ "$(inside modinfo -k "$kernel" -F "${field%:*}" "$module")" = "${field#*:}" ] ||
				complain "modinfo $module: ${field%:*} is not ${field#*:}"
		done
		inside modinfo -k "$kernel" -F vermagic "$module" | grep -q "^$kernel " ||
			complain "$module is for another kernel"
		inside modprobe -S "$kernel" -nv "$module" | grep -q "updates/dkms/$module.ko" ||
			complain "modprobe does not find $module"
		inside modinfo -k "$kernel" -F depends "$module" | grep -q ppp_generic ||
			complain "$module does not need ppp_generic"
	done
}

gone()
{
	local module

	for module in $modules; do
		! inside modinfo -k "$kernel" "$module" >/dev/null 2>&1 || complain "$1 left $module"
	done
	[ ! -e "$root/var/lib/dkms/kpptp" ] || complain "$1 left DKMS's files"
}

say "make dkms-install, for $kernel"
quietly make -C /src dkms-install KERNEL="$kernel"
installed
quietly make -C /src dkms-uninstall
gone "make dkms-uninstall"
[ ! -e "$root/usr/src/kpptp-$version" ] || complain "make dkms-uninstall left the sources"

say "dkms add, build, install, remove"
quietly make -C /src dkms-sources
quietly dkms add "kpptp/$version"
quietly dkms build "kpptp/$version" -k "$kernel"
! grep -i 'bad exit status' "$work/log" || complain "a step of the build failed"
inside sh -c 'cat /var/lib/dkms/kpptp/*/*/*/log/make.log' >"$work/make"
! grep -E 'warning:|error:' "$work/make" || complain "the compiler warned"
quietly dkms install "kpptp/$version" -k "$kernel"
installed
inside dkms status | grep -q "kpptp/$version, $kernel, .*: installed" || complain "dkms status: $(inside dkms status)"
quietly dkms remove "kpptp/$version" -k "$kernel"
gone "dkms remove"

say "another kernel comes, as in an upgrade: the modules are built for it"
quietly dkms add "kpptp/$version"
first=$kernel
installs "linux-headers-rt-$(dpkg --print-architecture)"
kernel=$(cd "$root/lib/modules" && find . -mindepth 1 -maxdepth 1 ! -name "$first" -printf '%f\n')
installed
quietly dkms remove "kpptp/$version" --all
gone "dkms remove"
kernel=$first

say "a kernel that lacks what we need is left out, not failed"
quietly dkms add "kpptp/$version"
sed -i '/^CONFIG_NET_IPGRE_DEMUX=/d' "$root/usr/src/linux-headers-$kernel"/{.config,include/config/auto.conf}
inside dkms build "kpptp/$version" -k "$kernel" >"$work/excluded" 2>&1 && complain "an unsupported kernel was not excluded"
grep -qi 'BUILD_EXCLUSIVE' "$work/excluded" || complain "dkms says: $(cat "$work/excluded")"
quietly dkms remove "kpptp/$version" --all
conclude "DKMS in $suite, kernel $kernel"
