#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/boot.sh
#
# What README.md tells a new user to do, in a fresh Debian 12 that is then booted
# by its systemd: installed here by the commands of "Install it", used there as
# booted.sh says.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
# shellcheck source=readme.bash source-path=SCRIPTDIR
. tests/dist/readme.bash
readme=README.md

fresh_root bookworm
machine=$(kernel_named stock)
release=$(sed -n 's/^RELEASE=//p' <<<"$machine")

# boots RELEASE: the kernel that runs here is not the one that the system will
# have: programs in it are told which that is.
boots()
{
	local library=/usr/local/lib/release.so

	gcc -shared -fPIC -DRELEASE="\"$1\"" -o "$root$library" -x c - <<-'END'
		#include <string.h>
		#include <sys/syscall.h>
		#include <sys/utsname.h>
		#include <unistd.h>

		int uname(struct utsname *name)
		{
			int ret = syscall(SYS_uname, name);

			strcpy(name->release, RELEASE);
			return ret;
		}
	END
	echo "$library" >"$root/etc/ld.so.preload"
}

say "a system with systemd, and what README takes for granted"
security=$(debian_mirror Debian-Security)
echo "deb $security $suite-security main" >"$root/etc/apt/sources.list.d/security.list"
quietly apt-get -qq update
installs systemd-sysv udev dbus git make gcc
# What it will be looked at with, and the other end.
installs kmod procps iproute2 iputils-ping nftables jq freeradius
echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/90assume-yes"
mkdir -p "$root/lib/modules"
cp -a "$(sed -n 's/^MODULES=//p' <<<"$machine")" "$root/lib/modules/$release"
put_sources

say "installing, as README says"
block "Install it" 1 >"$root/install"
[ -s "$root/install" ] || die "README has no commands under 'Install it'"
boots "$release"
# Nothing runs in it yet that systemctl could speak to.
quietly env MAKEFLAGS=-j2 SYSTEMD_OFFLINE=1 sh -exc 'cd /src; . /install'
quietly systemctl disable freeradius
rm "$root/etc/ld.so.preload" "$root/usr/sbin/policy-rc.d"

say "booting"
echo vpn >"$root/etc/hostname"
echo '127.0.1.1 vpn' >>"$root/etc/hosts"
tests/vm/run.sh --kernel stock --root "$root" --timeout 1200 -- bash /src/tests/dist/booted.sh ||
	complain "the booted system does not do as README says"
conclude "README.md in $suite, booted by systemd"
