#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# TTL, DSCP, DF, mark and device of a call's packets, initially and after a change.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
modprobe vrf
two_hosts

#   [ server ] 192.0.2.1 ----- 192.0.2.2 [ client ]        the addresses of the call
#              198.51.100.1 -- 198.51.100.2                a detour
ip link add server1 netns server type veth peer name client1 netns client
address server server1 198.51.100.1/24
address client client1 198.51.100.2/24
for ns in server client; do
	in_ns "$ns" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
done

# watch NAME DEVICE: log the client's packets as they arrive at the server.
watch()
{
	start "$1" server tcpdump -l -nvi "$2" -Q in proto gre
	wait_for 10 "tcpdump to listen" logged "$1" "listening on"
}

# shown NAME REGEX: tcpdump logged a matching packet. The inner packet has a line of its
# own, without "proto GRE".
shown() { grep -qE -- "$2" "$logs/$1.log"; }

# sees NAME REGEX PING-OPTION...: ping until a matching packet is logged.
sees()
{
	local name=$1 regex=$2

	shift 2
	wait_for 10 "'$regex' in $name" pinged "$name" "$regex" "$@"
}
pinged()
{
	local name=$1 regex=$2

	shift 2
	in_ns client ping -c 1 -W 1 "$@" 10.0.0.1 || :
	shown "$name" "$regex"
}
# on_output NAMESPACE RULE...: add an nft rule for outgoing GRE packets.
on_output()
{
	local ns=$1

	shift
	in_ns "$ns" nft -f - <<-END
		add table ip story
		add chain ip story out { type filter hook output priority 0; }
		add rule ip story out ip protocol gre $*
	END
}
set_call() { bare client call set local 192.0.2.2 peer 192.0.2.1 id 2 "$@"; }

step "the defaults: the route's TTL, no DSCP, no DF"
interface there server 10.0.0.1 10.0.0.2 interface \
	"$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)"
interface here client 10.0.0.2 10.0.0.1 interface \
	"$(add_call client local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)"
watch wire server0
pings client 10.0.0.1 || fail "no answer through the tunnel"
sees wire "tos 0x0, ttl 64, .*proto GRE"
shown wire "\[DF\], proto GRE" && fail "DF is set though nobody asked for it"

step "TTL, DSCP and DF change"
set_call ttl 17 dscp 46 df on
sees wire "tos 0xb8, ttl 17, .*\[DF\], proto GRE"
[ "$(bare client -j show calls | jq -c '.calls[0] | [.ttl, .dscp, .df]')" = '[17,"46","on"]' ] ||
	fail "the call shows other values: $(bare client -j show calls)"

step "dscp inherit copies the inner DSCP, not its ECN bits"
set_call ttl auto dscp inherit df off
sees wire "tos 0x28, ttl 64, .*proto GRE" -Q 0x2b

step "congestion marks are copied to the inner packet"
on_output client ip ecn set ce
start inside server tcpdump -l -nvi ppp0 icmp
wait_for 10 "tcpdump to listen" logged inside "listening on"
sees inside "tos 0x3" -Q 0x2
counted server 1 rx-congested || fail "congestion is not counted"
pings client 10.0.0.1 || fail "packets without ECN support are lost"
in_ns client nft delete table ip story

step "a mark selects the route, and packets carry it"
ip -n client rule add fwmark 7 table 7
ip -n client route add 192.0.2.1 via 198.51.100.1 dev client1 table 7
watch detour server1
on_output client meta mark 7 counter
set_call mark 7
sees detour "192.0.2.2 > 192.0.2.1"
case $(in_ns client nft list table ip story) in
*'counter packets 0 '*) fail "packets have no mark" ;;
esac
in_ns client nft delete table ip story
set_call mark 0

step "a DSCP selects the route"
ip -n client rule add dsfield 0x10 table 7
set_call dscp 4
sees detour "tos 0x10, .*proto GRE"
set_call dscp 0

step "a device selects the route"
ip -n client route add 192.0.2.0/24 via 198.51.100.1 dev client1 metric 100
in_ns server ip route add 192.0.2.2/32 via 198.51.100.2 dev server1
set_call device client1 ttl 33
sees detour "ttl 33, .*proto GRE"
pings client 10.0.0.1 || fail "no answer through the device"
ip -n server route del 192.0.2.2/32
before=$(bare client -j show net | jq '.net."rx-no-call"')
in_ns client ping -c 1 -W 1 10.0.0.1 >/dev/null && fail "a packet from another device is accepted"
[ "$(bare client -j show net | jq '.net."rx-no-call"')" -gt "$before" ] ||
	fail "a packet from another device is not counted"

step "errors name the cause"
expect "there is no device 'nowhere0'" set_call device nowhere0
expect "from 0 to 255" set_call ttl 256
expect "from 0 to 63" set_call dscp 64
[ "$(bare client -j show calls | jq -c '.calls[0] | [.mark, .device, .ttl, .dscp]')" = '[0,"client1",33,"0"]' ] ||
	fail "a refused change had an effect: $(bare client -j show calls)"

step "a VRF has its own routes"
ip -n client link add blue type vrf table 100
ip -n client link set blue up
ip -n client link set client0 master blue
set_call device blue ttl 55
sees wire "ttl 55, .*proto GRE"
pings client 10.0.0.1 || fail "no answer through the VRF"
set_call device client0 ttl 56
sees wire "ttl 56, .*proto GRE"
pings client 10.0.0.1 || fail "no answer through a device of the VRF"
set_call device blue

step "deleting the device takes the route, not the call"
ip -n client link set client0 nomaster
ip -n client link del blue
in_ns client ping -c 1 -W 1 10.0.0.1 >/dev/null && fail "packets pass without a device"
counted client 2 tx-no-route || fail "frames without a route are not counted"
set_call device none
ip -n client addr replace 192.0.2.2/24 dev client0
pings client 10.0.0.1 || fail "no answer after the call was unbound"

for name in wire detour inside here there; do stop "$name"; done
end_calls server client
done_story
