#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel smp
# timeout: 2400
#
# Two CPUs, in user-mode Linux: TCP through one call in both directions at once, each
# direction's work on a CPU of its own; and through four encrypted calls, all on one CPU,
# then two on each. Every way is measured in each of $BENCH_ROUNDS rounds (7), and the
# median counts.
. "$(dirname "$0")/lib.sh"

declare -A rates

# tunnels WAY COUNT: tun1 to tunCOUNT, each of a call of its own.
tunnels()
{
	local i a b ns

	modprobe "$1"
	[ "$1" != pptp ] || [ -z "$mppe" ] || modprobe ppp_mppe
	for ((i = 1; i <= $2; i++)); do
		a=$((2 * i)) b=$((2 * i + 1))
		if [ "$1" = pptp ]; then
			link_up "end-a$i" a pptp "tun$i" 192.0.2.1 $a 192.0.2.2 $b
			link_up "end-b$i" b pptp "tun$i" 192.0.2.2 $b 192.0.2.1 $a
		else
			link_up "end-a$i" a channel "tun$i" \
				"$(call_add a 192.0.2.1 $a 192.0.2.2 $b window 256 peer-window 256)"
			link_up "end-b$i" b channel "tun$i" \
				"$(call_add b 192.0.2.2 $b 192.0.2.1 $a window 256 peer-window 256)"
		fi
		for ns in a b; do
			wait_for 30 "tun$i of $ns" sh -c "ip -n $ns link show tun$i"
			ip -n "$ns" link set "tun$i" up mtu 1400
		done
		ip -n a addr add "10.0.$i.1" peer "10.0.$i.2" dev "tun$i"
		ip -n b addr add "10.0.$i.2" peer "10.0.$i.1" dev "tun$i"
		pings a "10.0.$i.2" || fail "no ping through tun$i"
	done
}

# tunnels_end WAY COUNT: delete them.
tunnels_end()
{
	local i

	for ((i = 1; i <= $2; i++)); do
		stop "end-a$i"
		stop "end-b$i"
		[ "$1" = pptp ] || call_del 192.0.2.1 $((2 * i)) 192.0.2.2 $((2 * i + 1))
	done
	unload pptp kpptp kpptp_mppe ppp_mppe
}

# flow NUMBER CPU ADDRESS [OPTION]...: TCP from a to the address in b, both programs on
# that CPU, where the kernel's work for them then is done, too.
flow()
{
	local name=flow$1 port=$((5200 + $1))

	start "$name-server" b taskset -c "$2" iperf3 -s -1 -p "$port"
	wait_for 20 "iperf3 to listen" sh -c "ip netns exec b ss -ltn | grep -q :$port"
	rm -f "$logs/$name.log"
	start "$name" a taskset -c "$2" iperf3 -J -t 2 -O 1 -p "$port" -c "$3" "${@:4}"
}

# flows_end COUNT: wait for so many flows to end.
flows_end()
{
	local i

	for ((i = 1; i <= $1; i++)); do
		ends "flow$i" 0
		ends "flow$i-server" 0
	done
}

# total COUNT: print the sum of their rates in Mbit/s.
total()
{
	local i files=()

	for ((i = 1; i <= $1; i++)); do files+=("$logs/flow$i.log"); done
	jq -s 'map(.end.sum_received.bits_per_second) | add / 1e6 * 10 | floor / 10' "${files[@]}"
}

# both_ways WAY KIND: one call, sending on CPU 0 and receiving on CPU 1.
both_ways()
{
	tunnels "$1" 1
	flow 1 0 10.0.1.2
	flow 2 1 10.0.1.2 -R
	flows_end 2
	rates[one-$2:$1]+=" $(total 2)"
	tunnels_end "$1" 1
}

# four WAY CPU CPU CPU CPU: a flow through each of four calls, on these CPUs.
four()
{
	local i

	for i in 1 2 3 4; do flow "$i" "${@:i+1:1}" "10.0.$i.2"; done
	flows_end 4
}

routers
for ((round = 0; round < ${BENCH_ROUNDS:-7}; round++)); do
	for way in pptp kpptp; do
		mppe=''
		both_ways "$way" clear
		mppe=stateless
		both_ways "$way" encrypted
		tunnels "$way" 4
		four "$way" 0 0 0 0
		rates[four-1:$way]+=" $(total 4)"
		four "$way" 0 0 1 1
		rates[four-2:$way]+=" $(total 4)"
		tunnels_end "$way" 4
	done
done
for way in pptp kpptp; do
	for kind in one-clear one-encrypted four-1 four-2; do
		step "$kind, $way:${rates[$kind:$way]}" >&2
		# shellcheck disable=SC2086 # many words
		rates[$kind:$way]=$(median ${rates[$kind:$way]})
	done
	for kind in one-clear one-encrypted four-2; do
		result "scale-$kind" "$way" mbit-per-second "${rates[$kind:$way]}"
	done
	result scale-four "$way" times \
		"$(jq -n "${rates[four-2:$way]} / ${rates[four-1:$way]} * 100 | round / 100")"
done
