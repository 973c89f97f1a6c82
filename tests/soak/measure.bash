# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Measure the resources of processes and of the kernel, and limit their growth. Source
# it after net/lib.sh.

: "${logs:?}" # from lib.sh

# In KiB. Processes keep some freed memory, and the kernel partly empty slabs.
: "${grow_process:=512}" "${grow_kernel:=6144}"

# memory_of PID: print its private memory in KiB.
memory_of()
{
	awk '/^Private_/ { kib += $2 } END { print kib + 0 }' "/proc/$1/smaps_rollup"
}

descriptors_of() { find "/proc/$1/fd" -mindepth 1 | wc -l; }

# kernel_memory: print the kernel's unreclaimable memory in KiB, with caches dropped.
kernel_memory()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^(SUnreclaim|VmallocUsed|Percpu|KernelStack|PageTables):/ { kib += $2 }
		END { print kib }' /proc/meminfo
}

# measure FILE: write everything as lines "WHAT NUMBER". The caller's watched() prints
# the processes as lines "PID NAME".
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

# interfaces: print those of all namespaces, with addresses and routes.
interfaces()
{
	local ns

	for ns in $(ip netns list | cut -d' ' -f1 | sort); do
		printf '%s\n' "$ns"
		ip -n "$ns" -o addr show | sed -E 's/^[0-9]+: //; s/ +valid_lft.*//'
		ip -n "$ns" route show table all | sort
	done
}

# slabs: print the KiB in objects of each slab.
slabs() { awk 'NR > 2 { printf "%s %d\n", $1, $2 * $4 / 1024 }' /proc/slabinfo | sort; }

# grown BEFORE AFTER: report the growth, and fail if it is above the limit.
grown()
{
	local what before after verdict=0 limit

	while read -r what before after; do
		case $what in
		memory:*) limit=$grow_process ;;
		descriptors:*) limit=0 ;;
		*) limit=$grow_kernel ;;
		esac
		step "$what: $before before, $after after, limit $limit"
		[ $((after - before)) -le "$limit" ] || verdict=1
	done < <(join "$1" "$2")
	[ "$(wc -l <"$1")" = "$(join "$1" "$2" | wc -l)" ] || fail "the processes have changed"
	if [ "$verdict" != 0 ]; then
		join "$1.slabs" "$2.slabs" | awk '$3 > $2 + 64' >"$logs/slabs.log"
		fail "the growth is above the limit"
	fi
	diff "$1.interfaces" "$2.interfaces" >"$logs/interfaces.log" ||
		fail "interfaces, addresses or routes are left: $(cat "$logs/interfaces.log")"
}
