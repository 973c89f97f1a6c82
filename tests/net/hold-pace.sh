#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# machine: stock
# icount: yes
#
# A stream of 40,000 packets a second of which some come 35 ms late, and then some
# not at all: each time some 1,400 packets are held, and released while others come.
# What is lost is what the wire lost, and it is counted.
#
# In this machine time is instructions: a host that is busy cannot make it too slow
# for the stream, which overflows the backlog without any help of ours.
# shellcheck source=../bench/lib.sh
. "$(dirname "$0")/../bench/lib.sh"
. "$(dirname "$0")/bare.bash"

# What the kernel's backlogs have dropped so far, all processors.
backlog_drops()
{
	local dropped sum=0

	while read -r _ dropped _; do sum=$((sum + 16#$dropped)); done </proc/net/softnet_stat
	echo "$sum"
}
wire_drops() { tc -n a -j -s qdisc show dev a0 | jq '.[0].drops'; }
count() { statistic b 2 "$1"; }

modprobe sch_netem
[ "$(sysctl -n net.core.netdev_max_backlog)" = 1000 ] || fail "the backlog is not the default's"
routers
# dummy0 sends what is counted, and nothing of its own.
[ ! -e /proc/sys/net/ipv6 ] || in_ns b sysctl -qw net.ipv6.conf.dummy0.disable_ipv6=1
tunnel_up kpptp

settled() { local n; n=$(arrived); sleep 0.3; [ "$(arrived)" = "$n" ]; }
# stream NETEM...: 20,000 packets; how many did not arrive, and who has dropped them.
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

step "one packet in 1,000 comes 35 ms late: they are waited for, but for the first ones"
stream delay 35ms reorder 99.9%
[ "$lost" = "$(count rx-late)" ] || fail "$lost packets lost, and $(count rx-late) of them late"
[ "$(count rx-out-of-order)" -gt 1000 ] || fail "hardly anything was held"

step "one packet in 2,000 is lost on the wire, and nothing else"
before=$(count rx-lost)
stream loss 0.05%
[ "$wire" -gt 0 ] || fail "the wire lost nothing"
[ "$lost" = "$wire" ] || fail "$lost packets lost instead of $wire"
[ $(($(count rx-lost) - before)) = "$wire" ] || fail "$(($(count rx-lost) - before)) counted as lost"

tunnel_down kpptp
for ns in gen a b; do ip netns del "$ns"; done
step "nothing is left"
