#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A server that does not answer a Call-Clear-Request: its client waits for the answer,
# here for half a minute, but dials again (pppd's persist) on a connection of its own,
# which is up as soon as a server takes it, and stays when the first one is given up.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets
start_daemon client '[server]' 'enable = no' '[timers]' 'reply-timeout = 30'

step "a server that takes one connection, and falls silent when its call is cleared"
start deaf server python3 "$top/tests/net/half-close.py" server 192.0.2.1 'CCRQ received' silence
wait_for 10 "it to listen" logged deaf listening

step "alice dials it, once and for all: nobody speaks LCP there"
dial alice client alice password 'correct horse' persist holdoff 1 maxfail 0 \
	lcp-restart 1 lcp-max-configure 5
wait_for 20 "the call" logged deaf up
# Who dials now finds another server there, and the same address.
start_daemon server
wait_for 20 "the Call-Clear-Request" logged deaf there
cleared=${EPOCHREALTIME/./}

# Half a minute, where the new call was put on the connection that waits.
step "persist is back without waiting for the answer"
ppp_up client 10.0.0.1
took=$(((${EPOCHREALTIME/./} - cleared) / 1000))
step "that took $took ms"
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
