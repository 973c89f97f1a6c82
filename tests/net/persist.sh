#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A client with pppd's persist reconnects after the server's daemon was restarted, and
# after it was killed, and leaks no descriptors.
. "$(dirname "$0")/lib.sh"

server_and_client

down() { ! has_address client 10.0.0.1; }
refused() { grep -qF "Connection refused" "$logs/alice.log"; }

descriptors() { find "/proc/${pids[alice]}/fd" -type l | wc -l; }

step "alice dials with persist"
dial alice client alice password 'correct horse' persist holdoff 1 maxfail 0
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
before=$(descriptors)

for signal in TERM KILL; do
	step "the server's daemon ends ($signal): alice redials"
	stop kpptpd-server "$signal"
	wait_for 20 "the link to go down" down
	: >"$logs/alice.log"
	wait_for 20 "attempts to dial" refused
	nothing_left server
	alive alice || fail "pppd has given up"

	step "the daemon restarts: alice reconnects"
	rm -f /run/server.sock
	start_daemon server
	ppp_up client 10.0.0.1
	pings client 10.0.0.1 || fail "no ping"
	calls client 1 || fail "the client does not have one call"
	calls server 1 || fail "the server does not have one call"
	[ "$(descriptors)" = "$before" ] || fail "pppd has $(descriptors) descriptors instead of $before"
done

step "alice leaves"
stop alice
nothing_left server client
done_story
