#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A link in the middle has a smaller MTU than those at the ends. With df off, everything
# arrives in fragments. With df on, the path MTU is learnt from ICMP errors that quote a
# packet of the call, from no others, and frames that do not fit are dropped and
# counted.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules

routed_hosts
ip -n router link set router0 mtu 1200
ip -n server link set server0 mtu 1200

call() { bare client call "$1" local 198.51.100.2 peer 192.0.2.1 id 2 "${@:2}"; }

interface there server 10.0.0.1 10.0.0.2 interface \
	"$(add_call server local 192.0.2.1 peer 198.51.100.2 id 1 peer-id 2)"
interface here client 10.0.0.2 10.0.0.1 interface \
	"$(add_call client local 198.51.100.2 peer 192.0.2.1 id 2 peer-id 1)"
mtu=$(in_ns client cat /sys/class/net/ppp0/mtu)
[ "$mtu" -gt 1300 ] || fail "the interface has an MTU of $mtu"

big_ping() { in_ns client ping -c 1 -W 1 -s "$1" -M dont 10.0.0.1; }
learnt() { [[ $(ip -n client route get 192.0.2.1) == *"mtu 1200"* ]]; }

step "df off: large packets are fragmented on the way"
start wire router tcpdump -l -nvi router0 -Q out 'proto gre or icmp or ip[6:2] & 0x3fff != 0'
wait_for 10 "tcpdump to listen" logged wire "listening on"
wait_for 10 "a reply to 1300 bytes" big_ping 1300
wait_for 5 "a fragment" logged wire "flags [+], proto GRE"
learnt && fail "a path MTU was learnt though df is off"

step "df on: the path MTU is learnt from the router's error"
call set df on
start unreachable client tcpdump -l -ni client0 'icmp[icmptype] = icmp-unreach'
wait_for 10 "tcpdump to listen" logged unreachable "listening on"
big_ping 1300 && fail "1300 bytes passed a link of 1200 with df on"
wait_for 5 "the router's answer" logged unreachable "need to frag (mtu 1200)"
wait_for 5 "the path MTU" learnt

step "a frame that does not fit is counted, and uses no sequence number"
before=$(statistic client 2 tx-packets)
big_ping 1300 && fail "1300 bytes passed a link of 1200 with df on"
[ "$(statistic client 2 tx-too-big)" -ge 1 ] || fail "nothing is counted as too big"
[ "$(statistic client 2 tx-packets)" = "$before" ] || fail "a frame that is too big was counted as sent"

step "the largest frame that fits passes: 1200 less IP, GRE and PPP (20 + 16 + 4)"
too_big=$(statistic client 2 tx-too-big)
wait_for 10 "a reply to 1160 bytes" big_ping $((1160 - 28))
[ "$(statistic client 2 tx-too-big)" = "$too_big" ] || fail "1160 bytes are counted as too big"
big_ping $((1161 - 28)) && fail "1161 bytes passed"
[ "$(statistic client 2 tx-too-big)" = $((too_big + 1)) ] || fail "1161 bytes are not counted"

step "df off again: we fragment to the path MTU ourselves"
call set df off
wait_for 10 "a reply to 1300 bytes" big_ping 1300

step "a call bound to a device learns the path MTU, too"
ip -n client route flush cache
wait_for 5 "the path MTU to be forgotten" not learnt
call set df on device client0
too_big=$(statistic client 2 tx-too-big)
big_ping 1300 && fail "1300 bytes passed a link of 1200 with df on"
wait_for 10 "a frame to be too big" sh -c "
	ip netns exec client ping -c 1 -W 1 -s 1300 -M dont 10.0.0.1
	[ \"\$(ip netns exec client $bin/kpptpctl -j show calls |
		jq '.calls[0].stats.\"tx-too-big\"')\" -gt $too_big ]"

# forge TYPE QUOTED-SOURCE QUOTED-DESTINATION PEER-ID [WORD]: send an ICMP error, see
# icmp.py.
forge() { in_ns router python3 "$top/tests/net/icmp.py" 192.0.2.254 198.51.100.2 "$@"; }
known() { [[ $(ip -n client route get 192.0.2.1) == *" mtu "* ]]; }
forget() { ip -n client route flush cache; wait_for 5 "the path MTU to be forgotten" not known; }
learns() { [[ $(ip -n client route get "$1" "${@:3}") == *"mtu $2"* ]]; }

step "an ICMP error that quotes no packet of a call changes nothing"
call set df on device none
# A larger MTU does not replace a smaller one: had the forged error been accepted, the
# genuine one after it would have no effect.
for quoted in "198.51.100.2 192.0.2.1 2 1000" "198.51.100.2 192.0.2.1 257 1000" \
	"198.51.100.3 192.0.2.1 1 1000" "198.51.100.2 192.0.2.77 1 1000" \
	"198.51.100.2 192.0.2.1 1 1000 version"; do
	forget
	# shellcheck disable=SC2086 # split into words
	forge mtu $quoted
	forge mtu 198.51.100.2 192.0.2.1 1 1100
	wait_for 5 "the genuine error, after $quoted" learns 192.0.2.1 1100
	learns 192.0.2.77 1000 && fail "an error for a peer without a call is accepted"
done

step "the path MTU is learnt for the route of the call's mark"
in_ns client ip rule add fwmark 7 table 7
in_ns client ip route add default via 198.51.100.254 table 7
call set mark 7
forget
forge mtu 198.51.100.2 192.0.2.1 1 1200
wait_for 5 "the path MTU of the mark" learns 192.0.2.1 1200 mark 7
learnt && fail "it is learnt for the route without the mark, too"

step "after a change of the peer's Call ID, errors must quote the new one"
call set peer-id 9 mark 0
forget
forge mtu 198.51.100.2 192.0.2.1 1 1000
forge mtu 198.51.100.2 192.0.2.1 9 1200
wait_for 5 "the path MTU" learnt

step "a call bound to a device ignores errors from another device"
ip -n client link add other type veth peer name other1 netns router
address client other 203.0.113.2/24
address router other1 203.0.113.254/24
in_ns client sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.other.rp_filter=0
call set device client0
forget
# First by the other device, then the genuine one by its own.
in_ns router python3 "$top/tests/net/icmp.py" 203.0.113.254 203.0.113.2 mtu 198.51.100.2 192.0.2.1 9 1000
forge mtu 198.51.100.2 192.0.2.1 9 1200
wait_for 5 "the genuine error" learns 192.0.2.1 1200 oif client0

step "a redirect is followed if it quotes a packet of the call, and only then"
call set device none
ip -n router addr add 198.51.100.253/24 dev router1
in_ns client sysctl -qw net.ipv4.conf.all.accept_redirects=1 net.ipv4.conf.client0.accept_redirects=1 \
	net.ipv4.conf.client0.secure_redirects=0 net.ipv4.conf.all.secure_redirects=0
forget
redirected() { [[ $(ip -n client route get "$1") == *"via 198.51.100.253"* ]]; }
redirect() { in_ns router python3 "$top/tests/net/icmp.py" 198.51.100.254 198.51.100.2 redirect "$@" 198.51.100.253; }
# The new gateway must be a reachable neighbour.
wait_for 10 "the other router" in_ns client ping -c 1 -W 1 198.51.100.253
redirect 198.51.100.2 192.0.2.1 1
redirect 198.51.100.2 192.0.2.77 9
redirect 198.51.100.2 192.0.2.1 9
wait_for 5 "the redirect to be followed" redirected 192.0.2.1
redirected 192.0.2.77 && fail "a redirect for a packet of no call is followed"

step "the same in a VRF"
in_ns client ip route flush table 7
ip -n client link add red type vrf table 10
ip -n client link set red up
ip -n client link set client0 master red
ip -n client route add default via 198.51.100.254 vrf red
call set device red
forge mtu 198.51.100.2 192.0.2.1 8 1000
forge mtu 198.51.100.2 192.0.2.1 9 1200
wait_for 5 "the path MTU in the VRF" learns 192.0.2.1 1200 vrf red

for name in wire unreachable here there; do stop "$name"; done
end_calls server client
done_story
