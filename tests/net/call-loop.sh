#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
#
# An attacker asks for calls in a loop, clears them, and never says who it is; an
# honest client gets in meanwhile, and the log stays small. A call costs a pppd, so a
# slow machine has no 240 in a minute: call-rate is lower here.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fire.bash"

load_modules
three_hosts
ppp_secrets
start_daemon server '[limits]' 'call-rate = 30'
start_daemon client

step "the attacker begins"
start loops attacker python3 "$top/tests/net/peer.py" 198.18.255.254 loop
refused() { logged kpptpd-server 'limit call-rate=30 per minute is reached'; }
wait_for 120 "the limit of its calls" refused

step "an honest client dials, and authenticates itself"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
alive loops || fail "the attacker has ended"

step "the log has no more than a minute's lines of each kind, and a half"
lines=$(grep -c 'refusing the call' "$logs/kpptpd-server.log")
[ "$lines" -le 120 ] || fail "$lines lines say the same"

step "it says how many it left out"
left_out() { grep -Eq '198\.18\.0\.1: [1-9][0-9]* more lines like "refusing the call with result" were left out in 60 s' \
	"$logs/kpptpd-server.log"; }
wait_for 120 "the minute to be over" left_out

stop alice
stop loops
done_story
