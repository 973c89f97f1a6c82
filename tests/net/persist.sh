#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A client that is to stay connected (pppd's persist) comes back after the
# server's daemon was restarted, and after it was killed.
. "$(dirname "$0")/lib.sh"

server_and_client

down() { ! has_address client 10.0.0.1; }
refused() { grep -qF "Connection refused" "$logs/alice.log"; }

descriptors() { find "/proc/${pids[alice]}/fd" -type l | wc -l; }

step "alice dials, once and for all"
dial alice client alice password 'correct horse' persist holdoff 1 maxfail 0
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
before=$(descriptors)

for signal in TERM KILL; do
	step "the server's daemon goes ($signal): alice notices, and tries again"
	stop kpptpd-server "$signal"
	wait_for 20 "the link to go down" down
	: >"$logs/alice.log"
	wait_for 20 "attempts to dial" refused
	nothing_left server
	alive alice || fail "pppd has given up"

	step "it comes back, and so does alice"
	rm -f /run/server.sock
	start_daemon server
	ppp_up client 10.0.0.1
	pings client 10.0.0.1 || fail "no ping"
	calls client 1 || fail "the client has not one call"
	calls server 1 || fail "the server has not one call"
	[ "$(descriptors)" = "$before" ] || fail "pppd has $(descriptors) descriptors instead of $before"
done

step "alice leaves"
stop alice
nothing_left server client
done_story
