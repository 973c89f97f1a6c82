#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/generated.sh
#
# The files generated from the netlink spec are up to date.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$(tests/vm/ynl.sh)
include/netlink/regen.sh "$tree" "$work"
cd "$work"
find . -type f | while read -r file; do
	diff -u "$OLDPWD/$file" "$file" || { echo "$file is stale: include/netlink/regen.sh"; exit 1; }
done
