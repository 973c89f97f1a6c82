#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unusual and invalid addresses: a client in 240.0.0.0/4, a name that resolves to
# 0.0.0.0, and such addresses in the configuration. None of them disturbs the calls of
# others.
. "$(dirname "$0")/lib.sh"

server_and_client

#   [ server ] 240.0.0.1 ---- 240.0.0.2 [ odd ]
ip netns add odd
ip link add server1 netns server type veth peer name odd0 netns odd
address server server1 240.0.0.1/24
address odd odd0 240.0.0.2/24
start_daemon odd '[server]' 'enable = no'

step "an ordinary client has a call"
dial alice client alice
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
pid=${pids[kpptpd-server]}

step "a client in 240.0.0.0/4 gets a call"
in_ns odd python3 "$top/tests/net/peer.py" 240.0.0.1 quick 1 >"$logs/peer.log" ||
	fail "it is not served"
wait_for 10 "its call to be gone" calls server 1

step "another one passes traffic"
server=240.0.0.1 dial bob odd bob
ppp_up odd 10.0.0.1
pings odd 10.0.0.1 || fail "no ping"
stop bob
wait_for 10 "its call to be gone" calls server 1

step "a name resolves to 0.0.0.0, which TCP takes for the local host"
echo '0.0.0.0 blocked.example.com' >>/etc/hosts
expect "0.0.0.0: not the address of a host" ctl server dial blocked.example.com

step "nobody else was disturbed"
[ "$pid" = "$(pgrep -o -f "kpptpd -c /run/server.conf")" ] || fail "the daemon was restarted"
pings client 10.0.0.1 || fail "the first call is broken"

step "the configuration accepts host addresses only"
for line in 'local-address = 224.0.0.1' 'local-address = 255.255.255.255' \
	'remote-addresses = 223.255.255.250-224.0.0.5' 'remote-addresses = 0.0.0.0-0.0.0.9'; do
	printf '[ppp]\n%s\n' "$line" >/run/odd.conf
	[[ $line == local* ]] || echo 'local-address = 10.0.0.1' >>/run/odd.conf
	expect "of " "$bin/kpptpd" --check -c /run/odd.conf
	"$bin/kpptpd" --check -c /run/odd.conf 2>/dev/null && fail "$line is accepted"
done
stop alice
done_story
