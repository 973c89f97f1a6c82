# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Common code of the tests of what we ship: man pages, completions, packages. They run
# in the top directory of the sources. A script sources this file first.

# shellcheck source=../vm/lib.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"
# shellcheck source=../vm/debian.sh source-path=SCRIPTDIR
. "$VM_DIR/debian.sh"
cd "$VM_DIR/../.." || exit
work=$(mktemp -d "${TMPDIR:-/var/tmp}/kpptp-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT
complaints=0

# complain TEXT: report an error, and continue.
complain()
{
	say "$@"
	complaints=$((complaints + 1))
}

# conclude WHAT: end the script, with failure if there were complaints.
conclude()
{
	[ "$complaints" -eq 0 ] || die "$complaints complaints about: $1"
	echo "ok: $1"
}

# need COMMAND PACKAGE
need() { command -v "$1" >/dev/null || die "$1 is missing: apt-get install $2"; }

# fill_root DIR: unpack a cached debootstrap system, from this machine's mirror.
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

# fresh_root SUITE: create a system of that release in $root, removed on exit.
fresh_root()
{
	suite=$1 root=$work/root
	need debootstrap debootstrap
	[ "$(id -u)" -eq 0 ] || die "creating a root file system requires root"
	cache_fill "root_$suite" fill_root || exit
	mkdir "$root"
	tar -C "$root" -xf "$VM_CACHE/root_$suite/root.tar"
	# Use the host's resolver and package mirror.
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	find /etc/apt/apt.conf.d -name '*proxy*' -exec cp -t "$root/etc/apt/apt.conf.d" {} +
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
}

# inside COMMAND...: run in the root, with mount and PID namespaces of its own and, if
# the test bed has a cache directory, with that of the host.
inside()
{
	# shellcheck disable=SC2016 # expanded inside
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

# quietly COMMAND...: run in the root; print its output only if it fails.
quietly()
{
	logged "$work/log" inside "$@" || die "failed in Debian $suite: $*"
}

# installs PACKAGE...: install packages in the root.
installs() { quietly apt-get -qq -y --no-install-recommends install "$@"; }

# put_sources: copy the project's sources to /src in the root.
put_sources()
{
	mkdir "$root/src"
	git ls-files -z | tar --null -T - -cf - | tar -C "$root/src" -xf -
}
