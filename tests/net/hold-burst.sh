#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# At 250,000 packets a second a hold of a few milliseconds holds many hundreds of
# packets. When it ends they must all arrive, whatever the kernel's backlog has
# room for: what is lost is what the wire lost, and it is counted.
# shellcheck source=../bench/lib.sh
. "$(dirname "$0")/../bench/lib.sh"
. "$(dirname "$0")/bare.bash"

count=200000

# What the kernel's backlogs have dropped so far, all processors.
backlog_drops()
{
	local dropped sum=0

	while read -r _ dropped _; do sum=$((sum + 16#$dropped)); done </proc/net/softnet_stat
	echo "$sum"
}
wire_drops() { tc -n a -j -s qdisc show dev a0 | jq '.[0].drops'; }
settled() { local n; n=$(arrived); sleep 0.3; [ "$(arrived)" = "$n" ]; }

[ "$(sysctl -n net.core.netdev_max_backlog)" = 1000 ] || fail "the backlog is not the default's"
routers
# dummy0 sends what is counted, and nothing of its own.
[ ! -e /proc/sys/net/ipv6 ] || in_ns b sysctl -qw net.ipv6.conf.dummy0.disable_ipv6=1
tunnel_up kpptp

# send COUNT: prints how many arrived.
send()
{
	local before

	before=$(arrived)
	pktgen "$1" "ratep 250000" >/dev/null
	wait_for 10 "the last packets" settled
	echo $(($(arrived) - before))
}

step "the link without losses first: the machine is fast enough"
tc -n a qdisc replace dev a0 root netem limit 100000
got=$(send 20000)
[ "$got" = 20000 ] || fail "only $got of 20000 packets arrived"

step "one packet in 5,000 is lost on the wire, and nothing else"
tc -n a qdisc replace dev a0 root netem limit 100000 loss 0.02%
drops=$(backlog_drops)
got=$(send $count)
lost=$((count - got)) wire=$(wire_drops) drops=$(($(backlog_drops) - drops))
echo "$lost of $count packets lost, $wire of them on the wire, $drops in a backlog"
bare b -j show calls | jq -c '.calls[0].stats | with_entries(select(.value != 0))'
[ "$wire" -gt 5 ] || fail "the wire lost only $wire packets"
counted b 2 rx-out-of-order || fail "nothing was held"
[ "$drops" = 0 ] || fail "a backlog dropped $drops packets"
[ "$lost" = "$wire" ] || fail "$lost packets lost instead of $wire"
[ "$(statistic b 2 rx-lost)" = "$wire" ] || fail "$(statistic b 2 rx-lost) counted as lost"

tunnel_down kpptp
for ns in gen a b; do ip netns del "$ns"; done
step "nothing is left"
