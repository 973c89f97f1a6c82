# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What is held by processes and by the kernel, and by how much it may grow. To be
# sourced after net/lib.sh.

: "${logs:?}" # from lib.sh

# In KiB. A process keeps some memory that it has freed, more or less by chance; the
# kernel keeps slabs that are partly empty.
: "${grow_process:=512}" "${grow_kernel:=6144}"

# memory_of PID: KiB that nobody else has.
memory_of()
{
	awk '/^Private_/ { kib += $2 } END { print kib + 0 }' "/proc/$1/smaps_rollup"
}

descriptors_of() { find "/proc/$1/fd" -mindepth 1 | wc -l; }

# kernel_memory: KiB that the kernel cannot give back, with the caches emptied.
kernel_memory()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^(SUnreclaim|VmallocUsed|Percpu|KernelStack|PageTables):/ { kib += $2 }
		END { print kib }' /proc/meminfo
}

# measure FILE: all of it, "WHAT NUMBER" in lines. watched, the caller's, says of
# which processes: "PID NAME" in lines.
measure()
{
	local pid name

	while read -r pid name; do
		printf 'memory:%s %s\n' "$name" "$(memory_of "$pid")"
		printf 'descriptors:%s %s\n' "$name" "$(descriptors_of "$pid")"
	done < <(watched) >"$1"
	printf 'kernel %s\n' "$(kernel_memory)" >>"$1"
	interfaces >"$1.interfaces"
	slabs >"$1.slabs"
}

# interfaces: those of all namespaces, with their addresses and routes.
interfaces()
{
	local ns

	for ns in $(ip netns list | cut -d' ' -f1 | sort); do
		printf '%s\n' "$ns"
		ip -n "$ns" -o addr show | sed -E 's/^[0-9]+: //; s/ +valid_lft.*//'
		ip -n "$ns" route show table all | sort
	done
}

# slabs: KiB in the objects of each kind.
slabs() { awk 'NR > 2 { printf "%s %d\n", $1, $2 * $4 / 1024 }' /proc/slabinfo | sort; }

# grown BEFORE AFTER: say by how much, and fail if it is too much.
grown()
{
	local what before after verdict=0 limit

	while read -r what before after; do
		case $what in
		memory:*) limit=$grow_process ;;
		descriptors:*) limit=0 ;;
		*) limit=$grow_kernel ;;
		esac
		step "$what: $before before, $after after, and may have grown by $limit"
		[ $((after - before)) -le "$limit" ] || verdict=1
	done < <(join "$1" "$2")
	[ "$(wc -l <"$1")" = "$(join "$1" "$2" | wc -l)" ] || fail "other processes than before"
	if [ "$verdict" != 0 ]; then
		join "$1.slabs" "$2.slabs" | awk '$3 > $2 + 64' >"$logs/slabs.log"
		fail "that is too much"
	fi
	diff "$1.interfaces" "$2.interfaces" >"$logs/interfaces.log" ||
		fail "interfaces, addresses or routes are left: $(cat "$logs/interfaces.log")"
}
