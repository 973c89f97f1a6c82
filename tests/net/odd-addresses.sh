#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Addresses that few hosts have, or none: a client in 240.0.0.0/4, a name that leads to
# 0.0.0.0, and such addresses in the configuration. Whatever becomes of them, the calls
# of others go on.
. "$(dirname "$0")/lib.sh"

server_and_client

#   [ server ] 240.0.0.1 ---- 240.0.0.2 [ odd ]
ip netns add odd
ip link add server1 netns server type veth peer name odd0 netns odd
address server server1 240.0.0.1/24
address odd odd0 240.0.0.2/24
start_daemon odd '[server]' 'enable = no'

step "somebody has a call"
dial alice client alice
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
pid=${pids[kpptpd-server]}

step "a client of 240.0.0.0/4 asks for one"
in_ns odd python3 "$top/tests/net/peer.py" 240.0.0.1 quick 1 >"$logs/peer.log" ||
	fail "it is not served"
wait_for 10 "its call to be gone" calls server 1

step "another one has it for longer"
server=240.0.0.1 dial bob odd bob
ppp_up odd 10.0.0.1
pings odd 10.0.0.1 || fail "no ping"
stop bob
wait_for 10 "its call to be gone" calls server 1

step "a name leads to 0.0.0.0, which TCP takes for this host"
echo '0.0.0.0 blocked.example.com' >>/etc/hosts
expect "0.0.0.0: not the address of a host" ctl server dial blocked.example.com

step "nobody else was disturbed"
[ "$pid" = "$(pgrep -o -f "kpptpd -c /run/server.conf")" ] || fail "the daemon was started again"
pings client 10.0.0.1 || fail "the first call has suffered"

step "the configuration wants addresses of hosts"
for line in 'local-address = 224.0.0.1' 'local-address = 255.255.255.255' \
	'remote-addresses = 223.255.255.250-224.0.0.5' 'remote-addresses = 0.0.0.0-0.0.0.9'; do
	printf '[ppp]\n%s\n' "$line" >/run/odd.conf
	[[ $line == local* ]] || echo 'local-address = 10.0.0.1' >>/run/odd.conf
	expect "of " "$bin/kpptpd" --check -c /run/odd.conf
	"$bin/kpptpd" --check -c /run/odd.conf 2>/dev/null && fail "$line is accepted"
done
stop alice
done_story
