#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 600
#
# 5,000 connections that say nothing, or an octet a second, must not keep an
# honest client out: it has its call in under a second, each time it dials.
#
#   [ attacker ] 198.18.0.1 ... .250 -- 198.18.255.254
#                                              [ server ] 192.0.2.1
#   [ client ] 192.0.2.2 -------------------------'
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets
ip netns add attacker
ip link add server1 netns server type veth peer name attacker0 netns attacker
address server server1 198.18.255.254/16
address attacker attacker0 198.18.0.1/16
for n in {2..250}; do ip -n attacker addr add "198.18.0.$n/16" dev attacker0; done

# fire ADDRESSES: from so many; and the honest client dials meanwhile.
fire()
{
	local slowest

	rm -f "$logs/flood.log"
	start flood attacker python3 "$top/tests/net/flood.py" 198.18.255.254 5000 250 198.18.0.1 "$1"
	wait_for 60 "the attack" logged flood up
	slowest=$(in_ns client python3 "$top/tests/net/peer.py" 192.0.2.1 quick 20) ||
		fail "the honest client does not get through: $slowest"
	step "the slowest of 20 honest calls took $slowest ms"
	[ "$slowest" -lt 1000 ] || fail "that is too slow"
}

half_open() { ctl server -j show tunnels | jq '[.tunnels[] | select(.state == "idle")] | length'; }

start_daemon server
step "from 250 addresses, with the limits as they are"
fire 250
[ "$(half_open)" -le 100 ] || fail "the limit of half-open connections does not hold"
stop flood

step "from one address, with the limits as they are"
fire 1
stop flood
stop kpptpd-server

start_daemon server '[limits]' 'connections = 6000' 'half-open = 6000' 'per-address = 6000'
step "the limits let all of them stay"
fire 250
[ "$(half_open)" -ge 4990 ] || fail "only $(half_open) are there"
stop flood

step "the last attacker is gone"
gone() { [ "$(half_open)" = 0 ]; }
wait_for 20 "connections to be gone" gone
nothing_left server
done_story
