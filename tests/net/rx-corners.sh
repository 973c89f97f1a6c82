#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Corner cases of receive: acknowledgments on packets that are dropped, gaps beyond the
# limits, packets for another host. Neither mark nor connection of the outer packet
# reaches PPP.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
modprobe nf_conntrack 2>/dev/null || :
two_hosts

packets() { in_ns client python3 "$top/tests/net/gre-send.py" 192.0.2.2 192.0.2.1 1 "$@"; }
is() { [ "$(statistic server 1 "$1")" = "$2" ]; }
becomes() { wait_for 10 "$1 to be $2; it is $(statistic server 1 "$1")" is "$1" "$2"; }
# The interface must send nothing of its own.
[ ! -e /proc/sys/net/ipv6 ] || in_ns server sysctl -qw net.ipv6.conf.default.disable_ipv6=1
channel=$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 7 flow-control strict \
	peer-window 64 ato-min 60s ato-max 60s ack-delay 1ms reorder-packets 2 reorder-time 1s)
interface tunnel server 10.0.0.1 10.0.0.2 interface "$channel"

step "an acknowledgment on a dropped packet is ignored"
in_ns server ping -c 1 -W 1 10.0.0.2 >"$logs/ping.log" || :
sent=$(statistic server 1 tx-packets)
becomes in-flight "$sent"
packets seq=1000
becomes rx-packets 1
packets "seq=900000,ack=$((sent - 1))"
becomes rx-far-ahead 1
packets "seq=1000,ack=$((sent - 1))"
becomes rx-duplicates 1
packets "seq=999,ack=$((sent - 1))"
becomes rx-late 1
becomes in-flight "$sent"

step "an acknowledgment on a data packet is not counted as standalone"
packets "seq=1001,ack=$((sent - 1))"
becomes in-flight 0
becomes rx-acks 0
packets "ack=$((sent - 1))"
becomes rx-acks 1
becomes rx-bad-acks 0
packets ack=90000
becomes rx-bad-acks 1
becomes rx-acks 2

step "a gap is given up when reorder-packets is reached"
next=$(packets late=1002) # so that no gap times out
packets "seq=$((next + 1))" "seq=$((next + 3))" "seq=$((next + 5))"
becomes rx-reorder-overflows 1
becomes rx-held-limits 0

step "after a jump back, the latest packet is acknowledged"
packets seq=4000 seq=4001 seq=4002 seq=4003 got=4003 \
	seq=5 wait=0.4 seq=6 wait=0.4 seq=7 wait=0.4 seq=8 got=8 || fail "not acknowledged"

step "a link-layer broadcast is not for this host"
not_host() { [ "$(bare server -j show net | jq '.net."rx-not-host"')" = "$1" ]; }
before=$(statistic server 1 rx-packets)
in_ns client python3 "$top/tests/net/broadcast.py" client0 192.0.2.2 192.0.2.1 1 9
wait_for 10 "rx-not-host to be 1" not_host 1
becomes rx-packets "$before"
stop tunnel
end_calls server

step "PPP's namespace sees neither mark nor connection of the outer packet"
ip netns add inside
ip -n inside link set lo up
in_ns server nft -f - <<-END
	add table ip story
	add chain ip story in { type filter hook prerouting priority 0; }
	add rule ip story in ip protocol gre ct state new,established counter
	add rule ip story in ip protocol gre meta mark set 7
END
in_ns inside nft -f - <<-END
	add table ip story
	add chain ip story in { type filter hook prerouting priority 0; }
	add rule ip story in meta mark 7 counter comment marked
	add rule ip story in ct protocol icmp counter comment tracked
END
counts() { in_ns inside nft list table ip story | sed -n "s/.*packets \([0-9]*\) .*$1.*/\1/p"; }
interface there client 10.0.0.2 10.0.0.1 interface \
	"$(add_call client local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)"
interface here inside 10.0.0.1 10.0.0.2 interface \
	"$(in_ns server "$bin/kpptpctl" -j call add local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2 ppp-netns inside | jq .channel)"
pings client 10.0.0.1 || fail "no answer"
[ "$(counts marked)" = 0 ] || fail "$(counts marked) inner packets have the mark of the outer ones"
[ "$(counts tracked)" -gt 0 ] || fail "inner packets belong to the connection of the outer ones"

step "nor does PPP in the same namespace see that connection"
in_ns client nft -f - <<-END
	add table ip story
	add chain ip story in { type filter hook prerouting priority 0; }
	add rule ip story in iifname "client0" ct state new,established counter
	add rule ip story in iifname "ppp*" ct protocol icmp counter comment tracked
END
pings client 10.0.0.1 || fail "no answer"
[ "$(in_ns client nft list table ip story | sed -n 's/.*packets \([0-9]*\) .*tracked.*/\1/p')" -gt 0 ] ||
	fail "inner packets belong to the connection of the outer ones"
stop there
stop here
in_ns server nft delete table ip story
in_ns client nft delete table ip story
ip netns del inside
end_calls server client
done_story
