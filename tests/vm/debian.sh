# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Packages of other Debian releases, for kernels that this one does not have.
# Sourced after lib.sh.
#
# They come from this machine's mirror, signed as Debian signs them; but apt does
# its bookkeeping in a folder of ours, so that this machine's apt never hears of
# the other releases.

DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# debian_mirror LABEL: the base of the mirror that apt uses here, for the releases (Debian)
# or for their fixes (Debian-Security).
debian_mirror()
{
	local mirror label=$1

	# shellcheck disable=SC2016 # apt's own language
	mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' |
		sed -n "s/ Debian $label\$//p" | head -n 1)
	[ -n "$mirror" ] || die "apt has no mirror of $label: apt-get update"
	echo "$mirror"
}

# suites_with KERNEL: where it is to be found, the best place first: what is
# built for Debian 12 runs on newer releases too, but not the other way round.
suites_with()
{
	case $1 in
	6.1) echo bookworm ;;
	6.12) echo bookworm-backports trixie ;;
	7.3) echo trixie-backports sid ;;
	*) die "no Debian release is known to have Linux $1" ;;
	esac
}

# open_suite DIR SUITE: let apt, as foreign_apt calls it, see SUITE and nothing
# else. The sandbox user of apt cannot write into a cache under /root.
open_suite()
{
	local dir=$1 mirror

	mirror=$(debian_mirror Debian)
	rm -rf "$dir"
	mkdir -p "$dir"/{lists,archives}/partial
	echo "deb [signed-by=$DEBIAN_KEYRING] $mirror $2 main" >"$dir/sources.list"
	foreign_options=(-qq -o Dir::Etc::SourceList="$dir/sources.list"
		-o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$dir/lists"
		-o Dir::Cache="$dir" -o APT::Sandbox::User=root
		-o Acquire::Languages=none -o APT::Update::Error-Mode=any)
	foreign_apt get update
}

# foreign_apt get|cache ARG...
foreign_apt() { "apt-$1" "${foreign_options[@]}" "${@:2}"; }

# foreign_unpack DIR PACKAGE...: fetch them and unpack them into DIR.
foreign_unpack()
{
	local dir=$1 file

	shift
	(cd "$dir" && foreign_apt get download "$@")
	for file in "$dir"/*.deb; do
		dpkg -x "$file" "$dir"
		rm "$file"
	done
}

# from_suites KERNEL DIR FUNCTION: open one suite after the other that may have
# the kernel, until FUNCTION, called with DIR, succeeds. What went wrong in each
# is in DIR/fetch.log.
from_suites()
{
	local kernel=$1 dir=$2 take=$3 suite suites rc

	[ -e "$DEBIAN_KEYRING" ] || die "there is no $DEBIAN_KEYRING: apt-get install debian-archive-keyring"
	suites=$(suites_with "$kernel") || return
	for suite in $suites; do
		# A subshell of its own with set -e: a condition would switch it off.
		set +e
		(set -e; open_suite "$dir/apt" "$suite"; "$take" "$dir") >>"$dir/fetch.log" 2>&1
		rc=$?
		set -e
		rm -rf "$dir/apt"
		if [ "$rc" -eq 0 ]; then return; fi
	done
	tail -n 30 "$dir/fetch.log" >&2
	say "Linux $kernel is not to be had from Debian's $suites"
	return 1
}
