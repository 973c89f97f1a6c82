#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Generate the uapi header and the kernel's policy from kpptp.yaml.
#
# usage: regen.sh KERNEL-TREE [OUTPUT-ROOT]
#
# KERNEL-TREE is a Linux 7.3 source tree, with the generator in tools/net/ynl and
# the schema in Documentation/netlink. OUTPUT-ROOT is where include/ and kernel/ are
# written; by default the project itself.
set -eu

[ $# -ge 1 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$1" && pwd)
out=$(cd "${2:-$here/../..}" && pwd)
generator=$tree/tools/net/ynl/pyynl/ynl_gen_c.py

[ -f "$generator" ] || {
	echo "regen.sh: $tree has no tools/net/ynl/pyynl/ynl_gen_c.py; expected a Linux 7.3 source tree" >&2
	exit 1
}

# The generator expects the schema two directories above the spec, and searches
# upwards for a file MAINTAINERS to name the spec relative to it.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/include/netlink" "$stage/kernel" "$stage/uapi/linux"
touch "$stage/MAINTAINERS"
cp "$tree"/Documentation/netlink/*.yaml "$stage/include/"
cp "$here/kpptp.yaml" "$stage/include/netlink/"

generate() { # MODE KIND FILE
	/usr/bin/python3 "$generator" --spec "$stage/include/netlink/kpptp.yaml" \
		--mode "$1" "--$2" -o "$stage/$3"
	sed -i -e 's|tools/net/ynl/ynl-regen.sh|include/netlink/regen.sh|' "$stage/$3"
}

# The generator leaves a per-op family to hand-written code, yet makes the groups,
# which that code needs, static. Nor does it emit a group's flags: our spec has
# uns-admin-perm for every group.
share_groups() {
	sed -i -e '/^\t\[KPPTP_NLGRP_/s|, },$|, .flags = GENL_MCAST_CAP_NET_ADMIN, },|' \
		"$stage/kernel/netlink-gen.c"
	sed -i -e 's|^static \(const struct genl_multicast_group\)|\1|' "$stage/kernel/netlink-gen.c"
	sed -i -e '/^\/\* Ops table/i extern const struct genl_multicast_group kpptp_nl_mcgrps[1];\n' \
		"$stage/kernel/netlink-gen.h"
}

generate uapi header uapi/linux/kpptp.h
generate kernel header kernel/netlink-gen.h
generate kernel source kernel/netlink-gen.c
share_groups

mkdir -p "$out/include/uapi/linux" "$out/kernel"
cp "$stage/uapi/linux/kpptp.h" "$out/include/uapi/linux/"
cp "$stage"/kernel/netlink-gen.[ch] "$out/kernel/"
