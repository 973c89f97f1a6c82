#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
#
# An attacker requests and clears calls in a loop without authenticating. An honest
# client still gets in, and the log stays small. call-rate is lower than the default, as
# a slow machine cannot start 240 pppds in a minute.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fire.bash"

load_modules
three_hosts
ppp_secrets
start_daemon server '[limits]' 'call-rate = 30'
start_daemon client

step "the attacker starts"
start loops attacker python3 "$top/tests/net/peer.py" 198.18.255.254 loop
refused() { logged kpptpd-server 'limit call-rate=30 per minute is reached'; }
wait_for 120 "call-rate to be reached" refused

step "an honest client dials, and authenticates itself"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
alive loops || fail "the attacker has ended"

step "the log is rate-limited"
lines=$(grep -c 'refusing the call' "$logs/kpptpd-server.log")
[ "$lines" -le 120 ] || fail "$lines lines of one kind"

step "the log counts the suppressed lines"
left_out() { grep -Eq '198\.18\.0\.1: [1-9][0-9]* more lines like "refusing the call with result" were left out in 60 s' \
	"$logs/kpptpd-server.log"; }
wait_for 120 "the count of suppressed lines" left_out

stop alice
stop loops
done_story
