#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A server does not answer a Call-Clear-Request, so the client keeps the call until its
# reply-timeout, here 30 s. A redial meanwhile (pppd's persist) gets a connection of its
# own, which comes up at once and survives the end of the first one.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets
start_daemon client '[server]' 'enable = no' '[timers]' 'reply-timeout = 30'

step "a server accepts one connection, and falls silent when its call is cleared"
start deaf server python3 "$top/tests/net/half-close.py" server 192.0.2.1 'CCRQ received' silence
wait_for 10 "it to listen" logged deaf listening

step "alice dials with persist; nobody answers LCP there"
dial alice client alice password 'correct horse' persist holdoff 1 maxfail 0 \
	lcp-restart 1 lcp-max-configure 5
wait_for 20 "the call" logged deaf up
# From now on another server accepts connections at the same address.
start_daemon server
wait_for 20 "the Call-Clear-Request" logged deaf there
cleared=${EPOCHREALTIME/./}

# It would take 30 s if the new call used the connection that is stuck.
step "persist is back without waiting for the answer"
ppp_up client 10.0.0.1
took=$(((${EPOCHREALTIME/./} - cleared) / 1000))
step "redialled in $took ms"
[ "$took" -lt 25000 ] || fail "too long"
pings client 10.0.0.1 || fail "no ping"
states() { ctl client -j show tunnels | jq -r '[.tunnels[].calls[].state] | sort | join(" ")'; }
[ "$(states)" = "established wait_disconnect" ] || fail "the calls are $(states)"

step "the first connection is given up, and the call stays"
wait_for 40 "the answer to be overdue" logged kpptpd-client 'stuck in state wait_disconnect for 30 s'
wait_for 10 "the first call to be gone" calls client 1
[ "$(states)" = established ] || fail "the calls are $(states)"
pings client 10.0.0.1 || fail "no ping"

stop alice
stop deaf
nothing_left client server
done_story
