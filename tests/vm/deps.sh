#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/deps.sh [build|demo|check|check-all|lint]
#
# Install the Debian packages that are missing for a purpose: to build all of
# kpptp, to show it at work (which builds it first), to run its tests (the
# default), to run the slow ones too, or to look over its sources, too. Does
# nothing, quickly, when all are there.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

# One line for each reason.
build=(
	gcc make libc6-dev pkg-config           # the compiler and what finds libraries for it
	linux-headers-amd64                     # the module, for Debian's own kernel
	libnl-3-dev libnl-genl-3-dev            # generic netlink to the module
	libevent-dev libjson-c-dev              # the daemon: its loop and its local socket
	libkmod-dev                             # the module: loading it, and looking it up
	libcap-ng-dev libseccomp-dev            # the sandbox of the daemon
	libsystemd-dev                          # sd_notify and socket activation
	ppp-dev                                 # the plugin for pppd
)
demo=(
	ppp                                     # the daemon that the plugin is for
	qemu-system-x86 busybox-static cpio kmod # the stock machine
	util-linux procps iproute2 iputils-ping # what a machine is set up and looked at with
	iperf3 jq                               # bulk transfers and their results
)
check=(
	xz-utils flex bison bc libelf-dev       # the user-mode machine: its build
	libcmocka-dev                           # unit tests
	pptp-linux pptpd pppoe freeradius       # real peers
	tshark tcpdump socat nftables           # what is on the wire; what stands in the way
	python3 python3-yaml python3-jsonschema # the netlink spec
	nettle-dev                              # many clients in one program
	wireguard-tools                         # another tunnel, to compare with
	mandoc bash-completion                  # manual pages and completion
	clang                                   # fuzzing that follows coverage
	debian-archive-keyring                  # the netlink tools of a newer kernel
)
slow=(
	debootstrap                             # fresh systems
)
lint=(
	perl git                                # checkpatch, and which files are ours
	sparse clang-format cppcheck shellcheck # the other tools
)

# The source of the machine's kernel, which source.sh fetches where this release
# has no package of it.
if grep -qx 'VERSION_CODENAME=bookworm' /etc/os-release; then check+=("linux-source-$VM_KERNEL"); fi

case ${1:-check} in
build) wanted=("${build[@]}") ;;
demo) wanted=("${build[@]}" "${demo[@]}") ;;
check) wanted=("${build[@]}" "${demo[@]}" "${check[@]}") ;;
check-all) wanted=("${build[@]}" "${demo[@]}" "${check[@]}" "${slow[@]}") ;;
lint) wanted=("${build[@]}" "${demo[@]}" "${check[@]}" "${lint[@]}") ;;
*) die "unknown purpose $1: expected build, demo, check, check-all or lint" ;;
esac

command -v dpkg-query >/dev/null || die "this is no Debian system: install by hand: ${wanted[*]}"

# missing PACKAGE...: those that are not installed, one a line.
missing()
{
	# A package that dpkg does not know is an error to it, and to us the news.
	{ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || :; } |
		sed -n 's/^installed //p' | sort >"$work/installed"
	printf '%s\n' "$@" | sort -u | comm -23 - "$work/installed"
}

# apt ARG...: quietly, with nobody to ask. Others may hold the lock for a while.
apt()
{
	logged "$work/log" env DEBIAN_FRONTEND=noninteractive \
		apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

work=$(mktemp -d)
policy=/usr/sbin/policy-rc.d
ours=
cleanup()
{
	[ -z "$ours" ] || rm -f "$policy"
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mapfile -t needed < <(missing "${wanted[@]}")
[ ${#needed[@]} -gt 0 ] || exit 0
[ "$(id -u)" -eq 0 ] || die "as root: apt-get install ${needed[*]}"

say "installing ${#needed[@]} packages: ${needed[*]}"
# Some would start a server on this machine: none of these is wanted as one.
if [ ! -e "$policy" ]; then
	ours=yes
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi
# Lists that are absent or old know no package, or one that the mirror dropped.
if ! apt --no-install-recommends install "${needed[@]}" 2>/dev/null; then
	apt update
	apt --no-install-recommends install "${needed[@]}"
fi

# Nor are they wanted when the machine boots the next time.
for server in pptpd freeradius; do
	if [[ " ${needed[*]} " == *" $server "* ]] && command -v systemctl >/dev/null; then
		systemctl --quiet disable "$server.service" >/dev/null 2>&1 || :
	fi
done

mapfile -t needed < <(missing "${wanted[@]}")
[ ${#needed[@]} -eq 0 ] || die "still missing after the installation: ${needed[*]}"
