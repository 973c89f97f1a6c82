#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
#
# 63 addresses with 16 idle control connections each, the per-address limit, fill the
# server and reconnect when closed. An honest client still gets in, and no address
# floods the log.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fire.bash"

load_modules
three_hosts
ppp_secrets
start_daemon server
start_daemon client '[server]' 'enable = no'

established() { ctl server -j show tunnels | jq '[.tunnels[] | select(.state == "established")] | length'; }

step "the server is full"
began=$SECONDS
start idle attacker python3 "$top/tests/net/idle.py" 198.18.255.254 16 250 198.18.0.1 63
wait_for 300 "the attack" logged idle full
wait_for 60 "the limit" logged kpptpd-server 'limit connections=1000 is reached: evicted to make room, as it has no call'
[ "$(established)" -ge 990 ] || fail "only $(established) connections are established"

step "an honest client dials, and authenticates itself"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"

step "another dials after all attackers have reconnected"
wait_for 300 "the reconnects" logged idle again
alive alice || fail "the first call was dropped"
stop alice
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"

step "at most 60 log lines a minute of one kind and address"
most=$(awk '/closing the control connection: limit/ && ++lines[$2] > most { most = lines[$2] }
	END { print most + 0 }' "$logs/kpptpd-server.log")
allowed=$((60 * ((SECONDS - began) / 60 + 1)))
step "the most lines of one address: $most, in $((SECONDS - began)) s"
[ "$most" -le "$allowed" ] || fail "more than $allowed"

stop alice
stop idle
done_story
