#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/boot.sh
#
# Follow README.md in a fresh Debian 12 that systemd then boots: install by the commands
# of "Install it", then use it as in booted.sh.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
# shellcheck source=readme.bash source-path=SCRIPTDIR
. tests/dist/readme.bash
readme=README.md

fresh_root bookworm
machine=$(kernel_named stock)
release=$(sed -n 's/^RELEASE=//p' <<<"$machine")

# boots RELEASE: make programs in the root see that kernel release, which it will boot,
# rather than the running one.
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
# Tools for the test, and for the other end.
installs kmod procps iproute2 iputils-ping nftables jq freeradius
echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/90assume-yes"
mkdir -p "$root/lib/modules"
cp -a "$(sed -n 's/^MODULES=//p' <<<"$machine")" "$root/lib/modules/$release"
put_sources

say "installing, as README says"
block "Install it" 1 >"$root/install"
[ -s "$root/install" ] || die "README has no commands under 'Install it'"
boots "$release"
# systemd is not running there yet.
quietly env MAKEFLAGS=-j2 SYSTEMD_OFFLINE=1 sh -exc 'cd /src; . /install'
quietly systemctl disable freeradius
rm "$root/etc/ld.so.preload" "$root/usr/sbin/policy-rc.d"

say "booting"
echo vpn >"$root/etc/hostname"
echo '127.0.1.1 vpn' >>"$root/etc/hosts"
tests/vm/run.sh --kernel stock --root "$root" --oom --timeout 1200 -- bash /src/tests/dist/booted.sh ||
	complain "the booted system does not behave as README says"
conclude "README.md in $suite, booted by systemd"
