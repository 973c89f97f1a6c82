# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the scripts of the test bed share: messages, the cache, and the one way
# to put something into it. Sourced, never run.

# shellcheck disable=SC2034 # for those who source this
VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
VM_CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kpptp
VM_KERNEL=6.1 # where nobody asks for another

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$@"; exit 1; }

# need_tools TOOL...: refuse with the remedy rather than fail half way.
need_tools()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null || die "no $tool here: run tests/vm/deps.sh"
	done
}

# kernel_named MACHINE[-KERNEL] [VARIANT]: make sure that there is such a kernel,
# and print where, see MACHINE.sh.
kernel_named()
{
	local machine=${1%%-*} options=()

	case $machine in
	uml | smp | stock | debug) ;;
	*) die "unknown machine $machine: expected uml, smp, stock or debug" ;;
	esac
	[ "$1" = "$machine" ] || options=(--kernel "${1#*-}")
	"$VM_DIR/$machine.sh" ${options[@]+"${options[@]}"} ${2:+"$2"}
}

# cache_fill NAME FUNCTION
#
# Make sure that the cache has the directory NAME. If it has not, FUNCTION is
# called with a fresh directory to fill, which is renamed to NAME only when
# FUNCTION succeeded: an interrupted run leaves nothing that looks complete.
# Runs at the same time wait for each other instead of building twice. The
# lock's descriptor is closed in FUNCTION, or a process it leaves would hold it.
cache_fill()
{
	local name=$1 fill=$2 dir=$VM_CACHE/$1 tmp lock rc=0

	[ ! -d "$dir" ] || return 0
	mkdir -p "$VM_CACHE"
	exec {lock}>"$VM_CACHE/.lock-${name%%-*}"
	flock "$lock"
	if [ ! -d "$dir" ]; then
		# The lock is ours: what an interrupted run left is garbage.
		rm -rf "$VM_CACHE/.new-${name%%-*}".*
		tmp=$(mktemp -d "$VM_CACHE/.new-${name%%-*}.XXXXXX")
		chmod 755 "$tmp"
		# A subshell of its own with set -e: a condition would switch it off.
		set +e
		(set -e; "$fill" "$tmp") {lock}>&-
		rc=$?
		set -e
		if [ "$rc" -eq 0 ]; then mv "$tmp" "$dir"; else rm -rf "$tmp"; fi
	fi
	exec {lock}>&-
	return "$rc"
}

# logged LOG COMMAND...: run quietly; on failure show the end of the log.
logged()
{
	local log=$1 rc=0

	shift
	"$@" >"$log" 2>&1 </dev/null || rc=$?
	[ "$rc" -eq 0 ] || { tail -n 30 "$log" >&2; say "failed ($rc): $*"; }
	return "$rc"
}

# module_options FOLDER [FILE]...: add run.sh's arguments for the modules that
# module.sh built there, and for FILEs, to the array $options.
module_options()
{
	local directory=$1 file

	shift
	for file in kpptp.ko kpptp_mppe.ko "$@"; do options+=(--module "$directory/$file"); done
}
