#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# PPP multilink (RFC 1990): two calls over two links form a bundle. Frames are split
# across them and reassembled in order; one call carries on if the other goes.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
two_hosts

#   [ server ] 192.0.2.1 ----- 192.0.2.2 [ client ]
#              198.51.100.1 -- 198.51.100.2
ip link add server1 netns server type veth peer name client1 netns client
address server server1 198.51.100.1/24
address client client1 198.51.100.2/24

step "two calls on each host, one bundle over them"
calls_of() # NAMESPACE OWN PEER
{
	add_call "$1" local "192.0.2.$2" peer "192.0.2.$3" id 1 peer-id 1
	add_call "$1" local "198.51.100.$2" peer "198.51.100.$3" id 2 peer-id 2
}
mapfile -t there < <(calls_of server 1 2)
mapfile -t here < <(calls_of client 2 1)
interface there server 10.0.0.1 10.0.0.2 multilink 1500 "${there[@]}"
interface here client 10.0.0.2 10.0.0.1 multilink 1500 "${here[@]}"

step "traffic passes over both"
pings client 10.0.0.1 || fail "no answer through the bundle"
in_ns client ping -q -f -c 2000 -s 1400 10.0.0.1 >"$logs/ping.log" || fail "no answers"
for id in 1 2; do
	[ "$(statistic client "$id" tx-packets)" -gt 1000 ] || fail "call $id carried hardly anything"
	all_arrived client "$id" server "$id" || fail "call $id has lost frames to the server"
	all_arrived server "$id" client "$id" || fail "call $id has lost frames to the client"
done

for ns in server client; do
	[ "$(ip -n "$ns" -s -j link show ppp0 | jq '.[0].stats64.rx | .errors + .dropped')" = 0 ] ||
		fail "the bundle of $ns lost frames"
done

step "one call goes, the other carries on alone"
bare server call del local 198.51.100.1 peer 198.51.100.2 id 2
bare client call del local 198.51.100.2 peer 198.51.100.1 id 2
pings client 10.0.0.1 || fail "no answer over the call that is left"

stop here
stop there
end_calls server client
done_story
