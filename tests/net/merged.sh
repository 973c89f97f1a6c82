#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 400
#
# Received TCP segments are merged before PPP sees them: in clear, over IPv4 and IPv6, and
# decrypted. The data is what was sent, counters count what was received, and what is
# forwarded has its old size. A bridged channel merges nothing; and a call may be deleted
# while segments are being merged.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
two_hosts
head -c 20000000 /dev/urandom >/run/sent

# connect [WORD]...: a call with an interface at each end; with words, encrypted.
connect()
{
	local there here

	there=$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)
	here=$(add_call client local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)
	if [ $# -gt 0 ]; then
		unit there server mppe "$there" 128 "$1" "$2" "$3"
		unit here client mppe "$here" 128 "$1" "$3" "$2"
		unit_up there server 10.0.0.1 10.0.0.2
		unit_up here client 10.0.0.2 10.0.0.1
	else
		interface there server 10.0.0.1 10.0.0.2 interface "$there"
		interface here client 10.0.0.2 10.0.0.1 interface "$here"
	fi
	ip -n server addr add fd00::1/64 dev ppp0
	ip -n client addr add fd00::2/64 dev ppp0
	wait_for 10 "the tunnel" pings client 10.0.0.1
}

disconnect()
{
	stop there
	stop here
	end_calls server client
}

packets() { ip -n server -s -j link show ppp0 | jq '.[0].stats64.rx.packets'; }

listens() { in_ns "$1" ss -ltn | grep -q :7000; }

# transfer ADDRESS: send the file to a server at the address, and compare.
transfer()
{
	rm -f /run/received
	start sink server socat -u TCP6-LISTEN:7000,ipv6only=0,reuseaddr CREATE:/run/received
	wait_for 10 "the server" listens server
	in_ns client socat -u FILE:/run/sent "TCP:$1:7000"
	ends sink 0
	cmp /run/sent /run/received || fail "the data is not what was sent"
}

# merges ADDRESS: of the frames received, PPP saw at most half as packets.
merges()
{
	local frames merged

	frames=$(statistic server 1 rx-packets) merged=$(packets)
	transfer "$1"
	frames=$(($(statistic server 1 rx-packets) - frames)) merged=$(($(packets) - merged))
	echo "  $frames frames became $merged packets"
	[ "$frames" -gt 13000 ] || fail "only $frames frames were counted"
	[ "$merged" -le $((frames / 2)) ] || fail "they were not merged"
	wait_for 5 "all to be counted" all_arrived client 2 server 1
}

step "in clear, IPv4"
connect
merges 10.0.0.1

step "in clear, IPv6"
if [ -e /proc/sys/net/ipv6 ]; then
	wait_for 10 "the address" sh -c '! ip -n server -6 addr show tentative | grep -q fd00'
	merges '[fd00::1]'
fi

step "what is forwarded has its old size"
ip netns add far
ip link add out0 netns server type veth peer name far0 netns far
address server out0 198.18.0.1/24
address far far0 198.18.0.2/24
ip -n far route add default via 198.18.0.1
ip -n client route add 198.18.0.0/24 dev ppp0
in_ns server sysctl -qw net.ipv4.ip_forward=1
in_ns server python3 "$top/tests/net/offload.py" out0 tso off gso off
in_ns far python3 "$top/tests/net/offload.py" far0 gro off
start sink far socat -u TCP-LISTEN:7000,reuseaddr CREATE:/run/received
wait_for 10 "the server" listens far
in_ns client socat -u FILE:/run/sent TCP:198.18.0.2:7000
ends sink 0
cmp /run/sent /run/received || fail "the data is not what was sent"
read -r count bytes < <(ip -n far -s -j link show far0 | jq -r '.[0].stats64.rx | "\(.packets) \(.bytes)"')
[ $((bytes / count)) -le 1514 ] || fail "packets of $((bytes / count)) bytes"
disconnect

step "decrypted"
connect stateless 00112233445566778899aabbccddeeff ffeeddccbbaa99887766554433221100
merges 10.0.0.1
disconnect

flows() { [ "$(statistic server 1 rx-packets)" -gt $((before + 2000)) ]; }

step "a call is deleted while segments are being merged"
for _ in 1 2 3 4 5; do
	connect
	start sink server socat -u TCP-LISTEN:7000,reuseaddr OPEN:/dev/null
	wait_for 10 "the server" listens server
	start source client socat -u OPEN:/dev/zero TCP:10.0.0.1:7000
	before=$(statistic server 1 rx-packets)
	wait_for 10 "traffic" flows
	bare server call del local 192.0.2.1 peer 192.0.2.2 id 1
	stop source
	stop sink KILL
	disconnect
done
done_story
