#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# machine: stock
# icount: yes
#
# A stream of 40,000 packets per second in which some arrive 35 ms late, then some not
# at all. Each time about 1,400 packets are held, and released while more arrive. Only
# what the wire lost is lost, and it is counted.
#
# Time advances with instructions here, so a busy host cannot make the machine too slow
# for the stream, which would overflow the backlog by itself.
# shellcheck source=../bench/lib.sh
. "$(dirname "$0")/../bench/lib.sh"
. "$(dirname "$0")/bare.bash"

# backlog_drops: packets dropped by the kernel's backlogs so far, all CPUs.
backlog_drops()
{
	local dropped sum=0

	while read -r _ dropped _; do sum=$((sum + 16#$dropped)); done </proc/net/softnet_stat
	echo "$sum"
}
wire_drops() { tc -n a -j -s qdisc show dev a0 | jq '.[0].drops'; }
count() { statistic b 2 "$1"; }

modprobe sch_netem
[ "$(sysctl -n net.core.netdev_max_backlog)" = 1000 ] || fail "the backlog is not the default"
routers
# dummy0 must send nothing of its own, as its packets are counted.
[ ! -e /proc/sys/net/ipv6 ] || in_ns b sysctl -qw net.ipv6.conf.dummy0.disable_ipv6=1
tunnel_up kpptp

settled() { local n; n=$(arrived); sleep 0.3; [ "$(arrived)" = "$n" ]; }
# stream NETEM...: send 20,000 packets; report how many were lost, and where.
stream()
{
	local before drops

	tc -n a qdisc replace dev a0 root netem limit 100000 "$@"
	before=$(arrived) drops=$(backlog_drops)
	pktgen 20000 "ratep 40000" >/dev/null
	wait_for 30 "the last packets" settled
	lost=$((20000 - $(arrived) + before)) wire=$(wire_drops) drops=$(($(backlog_drops) - drops))
	echo "  $lost packets lost, $wire of them on the wire, $drops in a backlog"
	bare b -j show calls | jq -c '.calls[0].stats | with_entries(select(.value != 0))'
	[ "$drops" = 0 ] || fail "a backlog dropped $drops packets"
	[ "$(count rx-backlog-drops)" = 0 ] || fail "our queue had no room for $(count rx-backlog-drops) packets"
}

step "nothing late, nothing lost"
stream
[ "$lost" = 0 ] || fail "$lost packets lost"

step "one packet in 1,000 is 35 ms late: all but the first ones are waited for"
stream delay 35ms reorder 99.9%
[ "$lost" = "$(count rx-late)" ] || fail "$lost packets lost, and $(count rx-late) of them late"
[ "$(count rx-out-of-order)" -gt 1000 ] || fail "hardly anything was held"

step "one packet in 2,000 is lost on the wire, nothing else is"
before=$(count rx-lost)
stream loss 0.05%
[ "$wire" -gt 0 ] || fail "the wire lost nothing"
[ "$lost" = "$wire" ] || fail "$lost packets lost instead of $wire"
[ $(($(count rx-lost) - before)) = "$wire" ] || fail "$(($(count rx-lost) - before)) counted as lost"

tunnel_down kpptp
for ns in gen a b; do ip netns del "$ns"; done
step "nothing is left"
