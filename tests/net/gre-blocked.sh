#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A firewall passes TCP and drops GRE. pppd only sees that nobody answers; both daemons
# log the probable cause. Once GRE passes, the same call comes up.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets

step "drop GRE at the client"
in_ns client nft -f - <<-END
	table ip blocked {
		chain in { type filter hook input priority 0; ip protocol 47 counter drop; }
		chain out { type filter hook output priority 0; ip protocol 47 counter drop; }
	}
END
start_daemons

step "alice dials: only the control connection comes up"
dial alice client alice password 'correct horse' lcp-max-configure 30
wait_for 10 "the call" calls server 1
dropped() { in_ns client nft -j list table ip blocked | jq -e '[.. | .counter?.packets // 0] | add > 0'; }
wait_for 10 "GRE to be dropped" dropped

step "both sides log the hint after 10 s, once"
hint="control connection is up, no GRE from"
wait_for 20 "the server's hint" logged kpptpd-server "$hint 192.0.2.2 in 10 s: is protocol 47 blocked?"
wait_for 20 "the client's hint" logged kpptpd-client "$hint 192.0.2.1 in 10 s: is protocol 47 blocked?"
not has_address client 10.0.0.1 || fail "the link is up though GRE is blocked"

step "GRE passes again: the same call comes up"
in_ns client nft delete table ip blocked
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
[ "$(grep -c "$hint" "$logs/kpptpd-server.log")" = 1 ] || fail "the hint was repeated"

stop alice
nothing_left server client
done_story
