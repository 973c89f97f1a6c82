# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the tests of what we distribute share: they look at pages, completions
# and packages rather than at packets, and run in the sources' top folder. A
# script sources this file first.

# shellcheck source=../vm/lib.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"
# shellcheck source=../vm/debian.sh source-path=SCRIPTDIR
. "$VM_DIR/debian.sh"
cd "$VM_DIR/../.." || exit
work=$(mktemp -d "${TMPDIR:-/var/tmp}/kpptp-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT
complaints=0

# complain TEXT: something is wrong; go on looking.
complain()
{
	say "$@"
	complaints=$((complaints + 1))
}

# conclude WHAT: the end of a script.
conclude()
{
	[ "$complaints" -eq 0 ] || die "$complaints complaints about: $1"
	echo "ok: $1"
}

# need COMMAND PACKAGE
need() { command -v "$1" >/dev/null || die "there is no $1 here: apt-get install $2"; }

# fill_root DIR: debootstrap's system, packed, from the mirror of this machine.
fill_root()
{
	local mirror

	mirror=$(debian_mirror Debian)
	say "making a root of Debian $suite, once"
	logged "$1/log" debootstrap --variant=minbase --include=ca-certificates \
		"$suite" "$1/root" "$mirror"
	tar -C "$1/root" -cf "$1/root.tar" .
	rm -rf "$1/root"
}

# fresh_root SUITE: a system of that release, in $root, gone when we end.
fresh_root()
{
	suite=$1 root=$work/root
	need debootstrap debootstrap
	[ "$(id -u)" -eq 0 ] || die "only root can make and enter another system"
	cache_fill "root_$suite" fill_root || exit
	mkdir "$root"
	tar -C "$root" -xf "$VM_CACHE/root_$suite/root.tar"
	# Names are resolved, and packages fetched, as here.
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	find /etc/apt/apt.conf.d -name '*proxy*' -exec cp -t "$root/etc/apt/apt.conf.d" {} +
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
}

# inside COMMAND...: in the root, with mounts and processes of its own. If there is
# a folder for the cache of the test bed, it has what this machine's has.
inside()
{
	# shellcheck disable=SC2016 # expanded there
	unshare --mount --pid --fork --kill-child sh -ec '
		mount -t proc proc "$1/proc"
		mount --rbind /dev "$1/dev"
		mount -t tmpfs tmpfs "$1/run"
		[ ! -d "$1/root/.cache/kpptp" ] || mount --bind -o ro "$2" "$1/root/.cache/kpptp"
		root=$1
		shift 2
		exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
			LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"' sh "$root" "$VM_CACHE" "$@"
}

# quietly COMMAND...: in the root; its output only if it fails.
quietly()
{
	logged "$work/log" inside "$@" || die "failed in Debian $suite: $*"
}

# installs PACKAGE...: in the root.
installs() { quietly apt-get -qq -y --no-install-recommends install "$@"; }

# put_sources: what the project's sources are, into /src of the root.
put_sources()
{
	mkdir "$root/src"
	git ls-files -z | tar --null -T - -cf - | tar -C "$root/src" -xf -
}
