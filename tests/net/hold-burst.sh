#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# When a hold ends, up to 2,048 frames are ready for PPP at once, but the kernel's
# backlog, through which PPP passes them on, takes only 1,000. All must arrive, whether
# the hold ends by the missing packet or by timeout.
#
# The peer never sends faster than its packets are acknowledged, so the only burst is
# ours, however slow the machine is. If the hold times out before all packets are held,
# try again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
modprobe dummy
two_hosts
[ "$(sysctl -n net.core.netdev_max_backlog)" = 1000 ] || fail "the backlog is not the default"
# Interfaces must send nothing of their own, as packets are counted.
[ ! -e /proc/sys/net/ipv6 ] || in_ns server sysctl -qw net.ipv6.conf.default.disable_ipv6=1

#   [ client ] the program ==== tunnel ==== [ server ] dummy0, where packets are counted
in_ns server sysctl -qw net.ipv4.ip_forward=1
ip -n server link add dummy0 type dummy
ip -n server link set dummy0 up
ip -n server route add 203.0.113.0/24 dev dummy0
channel=$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 7 window 256 reorder-time 1s)
interface tunnel server 10.0.0.1 10.0.0.2 interface "$channel"

packets() { in_ns client python3 "$top/tests/net/gre-send.py" 192.0.2.2 192.0.2.1 1 inside=203.0.113.9 "$@"; }
count() { statistic server 1 "$1"; }
arrived() { ip -n server -j -s link show dummy0 | jq '.[0].stats64.tx.packets'; }
# backlog_drops: packets dropped by the kernel's backlogs so far, all CPUs.
backlog_drops()
{
	local dropped sum=0

	while read -r _ dropped _; do sum=$((sum + 16#$dropped)); done </proc/net/softnet_stat
	echo "$sum"
}

# Packets sent so far; the last ones may still be held.
sent=0
all_received() { [ $(($(count rx-packets) + $(count rx-late))) = "$sent" ]; }
all_forwarded() { [ "$(arrived)" = "$(count rx-packets)" ]; }
all_arrive()
{
	wait_for 10 "PPP to get all of $sent" all_received
	[ "$(backlog_drops)" = 0 ] || fail "a backlog dropped $(backlog_drops) packets"
	[ "$(count rx-backlog-drops)" = 0 ] || fail "we dropped $(count rx-backlog-drops) packets"
	wait_for 10 "all $sent to arrive; $(arrived) have" all_forwarded
}

# holds_2000 COMMAND: run it until 2,000 packets are held at once, at most 5 times.
holds_2000()
{
	local try before

	for try in {1..5}; do
		before=$(count rx-out-of-order)
		"$@"
		all_arrive
		echo "  try $try: $(($(count rx-out-of-order) - before)) packets held"
		[ $(($(count rx-out-of-order) - before)) -lt 2000 ] || return 0
	done
	fail "the machine is too slow to hold 2000 packets"
}

step "a late packet makes the hold time long"
next=$(packets seq=0 late=1)
sent=$next
all_arrive

fill_gap() # send the missing packet, and more right behind it
{
	packets "run=$((next + 1))-$((next + 2000))" "seq=$next" "burst=$((next + 2001))-$((next + 2500))"
	next=$((next + 2501)) sent=$((sent + 2501))
}
step "the missing packet arrives for 2,000 held ones, and 500 behind it"
holds_2000 fill_gap

leave_gap() # until the hold times out
{
	packets "run=$((next + 1))-$((next + 2000))"
	next=$((next + 2001)) sent=$((sent + 2000))
}
step "the hold of 2,000 packets times out"
lost=$(count rx-lost) timeouts=$(count rx-reorder-timeouts)
holds_2000 leave_gap
[ "$(count rx-lost)" -gt "$lost" ] || fail "the missing packet is not counted as lost"
[ "$(count rx-reorder-timeouts)" -gt "$timeouts" ] || fail "the timeout is not counted"

stop tunnel
end_calls server
done_story
