#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/ynl.sh
#
# Have the kernel's own tools for netlink specs, of the newest kernel that we
# support, and print the folder: tools/net/ynl and Documentation/netlink in it
# are as in the kernel's source. Fetched once.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

newest=7.3

fetch()
{
	local tarball

	tarball=$("$VM_DIR/source.sh" "$newest" | sed -n 's/^TARBALL=//p')
	logged "$1/tar.log" tar -xJf "$tarball" -C "$1" --strip-components=1 --wildcards \
		'*/tools/net/ynl/pyynl' '*/Documentation/netlink/*.yaml'
}

need_tools tar xz
cache_fill "ynl_$newest" fetch
echo "$VM_CACHE/ynl_$newest"
