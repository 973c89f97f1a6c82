#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/source.sh KERNEL
#
# Find Debian's source of a kernel, such as 6.12, and print where it is:
#
#   VERSION=  of the package
#   TARBALL=  the source
#
# If the package linux-source-KERNEL is installed, it is that. Otherwise it is
# fetched, once, from a release that has it, and stays as it is until it is
# removed from the cache: what is tested against does not change by itself.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
# shellcheck source=debian.sh source-path=SCRIPTDIR
. "$(dirname "$0")/debian.sh"

kernel=${1:?usage: source.sh KERNEL}
package=linux-source-$kernel

take()
{
	foreign_unpack "$1" "$package"
	mv "$1/usr/src/$package.tar.xz" "$1/tarball"
	rm -rf "${1:?}/usr"
	foreign_apt cache show --no-all-versions "$package" | sed -n 's/^Version: *//p' >"$1/version"
}

fetch()
{
	say "fetching $package, once"
	from_suites "$kernel" "$1" take
}

tarball=/usr/src/$package.tar.xz
version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || :)
if [ -z "$version" ] || [ ! -e "$tarball" ]; then
	name=source_$kernel
	cache_fill "$name" fetch
	tarball=$VM_CACHE/$name/tarball
	version=$(cat "$VM_CACHE/$name/version")
fi

cat <<END
VERSION=$version
TARBALL=$tarball
END
