# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the tests of what we distribute share: they look at pages, completions
# and packages rather than at packets, and run in the sources' top folder. A
# script sources this file first.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
work=$(mktemp -d "${TMPDIR:-/tmp}/kpptp-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT
complaints=0

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$@"; exit 1; }

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
