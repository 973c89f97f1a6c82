# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# 5,000 connections that are silent, or send a byte per second, while an honest client
# dials. Source it after lib.sh. It is not a story itself, hence the suffix.
#
#   [ attacker ] 198.18.0.1 ... .250 -- 198.18.255.254
#                                              [ server ] 192.0.2.1
#   [ client ] 192.0.2.2 -------------------------'

: "${logs:?}" "${top:?}" # from lib.sh

three_hosts()
{
	local n

	two_hosts
	ip netns add attacker
	ip link add server1 netns server type veth peer name attacker0 netns attacker
	address server server1 198.18.255.254/16
	address attacker attacker0 198.18.0.1/16
	for n in {2..250}; do ip -n attacker addr add "198.18.0.$n/16" dev attacker0; done
}

# attack ADDRESSES: flood the server from that many addresses, then make 20 honest
# calls. Sets $slowest to the slowest setup time in milliseconds.
attack()
{
	rm -f "$logs/flood.log"
	start flood attacker python3 "$top/tests/net/flood.py" 198.18.255.254 5000 250 198.18.0.1 "$1"
	wait_for 600 "the attack" logged flood up
	slowest=$(in_ns client python3 "$top/tests/net/peer.py" 192.0.2.1 quick 20) ||
		fail "the honest client does not get through: $slowest"
	step "the slowest of 20 honest calls took $slowest ms" >&2
}

half_open() { ctl server -j show tunnels | jq '[.tunnels[] | select(.state == "idle")] | length'; }

# Limits high enough to keep all of them open.
# shellcheck disable=SC2034 # used by the callers
no_limits=('[limits]' 'connections = 6000' 'half-open = 6000' 'per-address = 6000')
