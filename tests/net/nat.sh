#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: stock
# timeout: 600
#
# Two clients behind one NAT, each with a call to the same server. The NAT is Linux with
# its PPTP helper, which reads the control connection, gives each call an outside Call
# ID and translates GRE by it.
#
#   [ one ] 10.1.0.2 --.
#                       [ nat ] 192.0.2.254 ---- 192.0.2.1 [ server ]
#   [ two ] 10.1.1.2 --'
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

load_modules
ppp_secrets
for ns in server nat one two; do ip netns add "$ns"; done
ip link add server0 netns server type veth peer name outside netns nat
address server server0 192.0.2.1/24
address nat outside 192.0.2.254/24
for end in one:10.1.0 two:10.1.1; do
	ns=${end%:*} net=${end#*:}
	ip link add "${ns}0" netns "$ns" type veth peer name "inside-$ns" netns nat
	address "$ns" "${ns}0" "$net.2/24"
	address nat "inside-$ns" "$net.1/24"
	ip -n "$ns" route add default via "$net.1"
done

step "set up the NAT with its helper"
modprobe nf_nat_pptp || modprobe nf_conntrack_pptp || fail "this kernel has no helper for PPTP"
in_ns nat sysctl -q net.ipv4.ip_forward=1
in_ns nat nft -f - <<-END
	table ip nat {
		ct helper pptp { type "pptp" protocol tcp; l3proto ip; }
		chain helper {
			type filter hook prerouting priority 0;
			tcp dport 1723 ct helper set "pptp"
		}
		chain out { type nat hook postrouting priority 100; oifname "outside" masquerade; }
	}
END

start_daemon server
for ns in one two; do start_daemon "$ns" '[server]' 'enable = no'; done
capture nat outside

step "both dial"
dial alice one alice password 'correct horse'
dial bob two bob password 'battery staple'
ppp_up one 10.0.0.1
ppp_up two 10.0.0.1
wait_for 10 "two calls" calls server 2

step "the server sees one address and two calls"
[ "$(ctl server -j show calls | jq -c '[.calls[].peer] | unique')" = '["192.0.2.254"]' ] ||
	fail "the NAT does not translate: $(ctl server show calls)"

own_address() { ip -n "$1" -o -4 addr show | sed -n 's/.*inet \(10\.0[0-9.]*\) peer.*/\1/p'; }
step "traffic of both clients, both ways"
[ "$(own_address one)" != "$(own_address two)" ] || fail "both have one address"
for ns in one two; do
	pings "$ns" 10.0.0.1 || fail "no ping from $ns"
	pings server "$(own_address "$ns")" || fail "no ping to $ns"
done

step "one hangs up, the other stays"
stop alice
wait_for 10 "one call to be left" calls server 1
pings two 10.0.0.1 || fail "no ping from the other any more"
stop bob
nothing_left server one two
stop_capture nat

step "no malformed packet outside the NAT"
well_formed nat
no_resets nat
[ "$(message_types nat | grep -ow 8 | wc -l)" = 2 ] || fail "not two Outgoing-Call-Replies"
done_story
