#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where standard error is the journal, lines about a peer go to journald with fields,
# those of the worker too, which can open no file; all others go to standard error.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets

# journald, played by socat: a datagram is a line with its fields.
step "a server whose standard error is the journal"
mkdir -p /run/systemd/journal
start journald server socat -u UNIX-RECV:/run/systemd/journal/socket STDOUT
wait_for 10 "journald's socket" test -S /run/systemd/journal/socket
start_daemons
stop kpptpd-server
# shellcheck disable=SC2016 # for that shell
start kpptpd-journal server sh -c \
	'JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$@"' sh \
	"$bin/kpptpd" -c /run/server.conf --verbose
wait_for 10 "kpptpd to come up" test -S /run/server.sock

step "lines about a call have their peer and its ID"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
stop alice
nothing_left server client
id=$(sed -n 's/^CALL_ID=//p' "$logs/journald.log" | sort -u)
[[ $id =~ ^[1-9][0-9]*$ ]] || fail "no one Call ID: '$id'"
logged journald "MESSAGE=192.0.2.2 call $id/" || fail "the worker's line is missing"
logged journald "MESSAGE=192.0.2.2: call $id: pppd[" || fail "the monitor's line is missing"
for field in SYSLOG_IDENTIFIER=kpptpd PRIORITY=6 PEER=192.0.2.2; do
	grep -qx "$field" "$logs/journald.log" || fail "no $field"
done

step "other lines, and the last words, are in standard error"
stop kpptpd-journal
logged kpptpd-journal '<5>stopping' || fail "no line of the monitor"
logged kpptpd-journal '<5>stopping: closing' || fail "no line of the worker"
not logged journald 'MESSAGE=stopping'
stop kpptpd-client
stop journald
done_story
