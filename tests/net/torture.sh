#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: debug
# timeout: 900
#
# usage: torture.sh [SECONDS]
#
# Everything at once in a debug kernel: traffic both ways on two CPUs while calls are
# created, changed, deleted and orphaned, namespaces go away with their calls, memory
# allocations fail, and rmmod is attempted. Nothing is left, and kmemleak reports
# nothing.
. "$(dirname "$0")/lib.sh"

seconds=${1:-30}
fuzz=$top/tests/fuzz failslab=/sys/kernel/debug/failslab

load_modules
two_hosts
bare() { local ns=$1; shift; in_ns "$ns" "$bin/kpptpctl" "$@"; }
for program in gre-fuzz netlink-fuzz netlink-hold netlink-fail; do
	gcc -std=gnu11 -Wall -I"$top/include/uapi" -o "/run/$program" "$fuzz/$program.c"
done
# Let both CPUs receive, whichever sends (RPS).
for ns in server client; do
	in_ns "$ns" sh -c "echo 3 >/sys/class/net/${ns}0/queues/rx-0/rps_cpus"
done

# has_calls NAMESPACE
has_calls() { [ "$(bare "$1" -j show net | jq .net.calls)" -gt 0 ]; }
no_calls() { [ "$(bare "$1" -j show net | jq .net.calls)" = 0 ]; }

# repeat COMMAND...: repeat until killed, or until it fails. Run in a subshell, so that
# fail() ends only the loop.
repeat() { while :; do "$@" || return; done; }

# loop NAME COMMAND...: repeat in the background, in a process group of its own, until
# end_loops.
loops=()
loop()
{
	local name=$1

	shift
	set -m
	(trap - EXIT; repeat "$@") >>"$logs/$name.log" 2>&1 </dev/null &
	set +m
	pids[$name]=$!
	loops+=("$name")
}

# end_loops: kill all loops. Each must still be running: a loop only ends on an error.
end_loops()
{
	local name

	for name in "${loops[@]}"; do
		alive "$name" || fail "$name has given up"
		kill -KILL -- "-${pids[$name]}"
		wait "${pids[$name]}" 2>/dev/null || :
		unset "pids[$name]"
	done
	loops=()
}

hold() { start "hold-$1" "$1" "/run/netlink-hold" "$2" "$3" "$4" "$5" "$6"; }
held() { wait_for 30 "the calls of hold-$1" logged "hold-$1" ready; }

step "four calls between two hosts, each with an interface at both ends"
hold server 192.0.2.1 192.0.2.2 1 101 4
hold client 192.0.2.2 192.0.2.1 101 1 4
held server
held client
for i in 0 1 2 3; do
	ip -n server addr add "10.0.$i.1" peer "10.0.$i.2" dev "ppp$i"
	ip -n client addr add "10.0.$i.2" peer "10.0.$i.1" dev "ppp$i"
	ip -n server link set "ppp$i" up
	ip -n client link set "ppp$i" up
done
pings client 10.0.0.1 || fail "no ping"

# Two calls carry ordinary traffic, one per direction and CPU; forged packets go to the
# other two.
flood() { in_ns "$1" taskset -c "$2" ping -q -f -w 20 "$3" >/dev/null; :; }
forge() { in_ns client /run/gre-fuzz 192.0.2.2 192.0.2.1 20000 "$RANDOM" 3 4; }

# Create calls on many sockets, most of them owned: these die with the process.
churn()
{
	in_ns server timeout --foreground -s KILL 2 /run/netlink-fuzz 100000000 "$RANDOM" churn || [ $? = 137 ]
}

change()
{
	local mode

	for mode in off adaptive; do
		bare server call set local 192.0.2.1 peer 192.0.2.2 id $((RANDOM % 4 + 1)) \
			flow-control "$mode" peer-window $((RANDOM % 64 + 1)) \
			reorder-time "$((RANDOM % 100))ms" reorder-packets $((RANDOM % 600)) ack-delay "$((RANDOM % 50))ms"
	done
}

# A namespace with a live call to itself loses its name, then its processes, or vice
# versa. The calls go with the last of them.
orphan()
{
	local name=orphan$RANDOM holder forger

	ip netns add "$name"
	ip -n "$name" link set lo up
	ip netns exec "$name" /run/netlink-hold 127.0.0.1 127.0.0.1 1 1 3 >"/run/$name" &
	holder=$!
	wait_for 30 "the calls of $name" grep -q ready "/run/$name"
	ip netns exec "$name" /run/gre-fuzz 127.0.0.1 127.0.0.1 100000000 1 1 2 3 &
	forger=$!
	wait_for 30 "traffic in $name" sh -c "ip netns exec $name cat /proc/net/dev | grep -q 'lo: *[1-9][0-9][0-9]'"
	if [ $((RANDOM % 2)) = 0 ]; then
		ip netns del "$name"
		kill -KILL "$holder" "$forger"
	else
		kill -KILL "$holder"
		ip netns del "$name"
		kill -KILL "$forger"
	fi
	wait "$holder" "$forger" 2>/dev/null || :
	rm "/run/$name"
}

refused() { ! rmmod kpptp 2>>"$logs/rmmod.log"; }

everything()
{
	loop flood-server flood server 0 10.0.0.2
	loop flood-client flood client 1 10.0.1.1
	loop forge forge
	loop churn churn
	loop change change
	loop orphan orphan
	loop rmmod refused
}

step "everything at once, for $seconds s"
everything
sleep "$seconds" # a duration, not a wait
end_loops
pings client 10.0.0.1 || fail "call 1 carries nothing"
pings client 10.0.1.1 || fail "call 2 carries nothing"

step "the same, with one in 10 atomic allocations failing"
echo 0 >$failslab/verbose
echo -1 >$failslab/times
echo Y >$failslab/ignore-gfp-wait
echo 10 >$failslab/probability
everything
sleep "$seconds"
echo 0 >$failslab/probability
end_loops
without_memory()
{
	{ bare server -j show calls; bare client -j show calls; } |
		jq -s '[.[].calls[].stats | ."tx-no-memory" + ."rx-no-memory"] | add'
}
[ "$(without_memory)" -gt 0 ] || fail "none of our allocations failed"
pings client 10.0.0.1 || fail "call 1 carries nothing"

step "the owners are killed under traffic"
loop flood-server flood server 0 10.0.0.2
loop flood-client flood client 1 10.0.1.1
loop forge forge
{ stop hold-server KILL; stop hold-client KILL; } 2>/dev/null # hide the shell's notices
wait_for 10 "the client's calls to be gone" no_calls client
end_loops
in_ns server /run/netlink-fuzz 0 1 >/dev/null || fail "the last calls cannot be deleted"

step "fail each allocation of each request once"
echo N >$failslab/ignore-gfp-wait
in_ns server /run/netlink-fail || fail "see above"

step "load and unload the module under traffic"
start forge client /run/gre-fuzz 192.0.2.2 192.0.2.1 100000000 1 1 2 3
for _ in 1 2 3 4 5; do
	modprobe kpptp
	loop churn churn
	wait_for 10 "calls" has_calls server
	wait_for 10 "a refusal" refused
	end_loops
	in_ns server /run/netlink-fuzz 0 1 >/dev/null || fail "the calls cannot be deleted"
	wait_for 10 "the module to unload" rmmod kpptp
done
alive forge || fail "the packet generator has ended"
stop forge
modprobe kpptp
done_story
