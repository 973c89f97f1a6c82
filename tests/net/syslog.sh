#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --syslog: when syslogd is started again, the lines of both halves go to the new
# one, though the worker can open no file.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts

# syslogd, played by socat; $1 names its log.
syslogd()
{
	rm -f /dev/log
	start "$1" server socat -u UNIX-RECV:/dev/log STDOUT
	wait_for 10 "/dev/log" test -S /dev/log
}

# both_halves LOG: the worker says that it reloaded, the monitor that it did.
both_halves()
{
	kill -HUP "${pids[kpptpd-server]}"
	wait_for 10 "the worker's line in $1" logged "$1" 'configuration reloaded'
	wait_for 10 "the monitor's line in $1" logged "$1" 'the worker has the new configuration'
}

step "both halves log"
syslogd first
cat >/run/server.conf <<-END
	[control]
	socket = /run/server.sock
	[worker]
	root = /run/server.root
END
start kpptpd-server server "$bin/kpptpd" -c /run/server.conf --verbose --syslog
wait_for 10 "kpptpd to come up" test -S /run/server.sock
ctl server show >/dev/null
both_halves first

step "syslogd goes away, and lines with it"
stop first
kill -HUP "${pids[kpptpd-server]}"
ctl server show >/dev/null || fail "the daemon stands still without syslogd"

step "another one: both halves log"
syslogd second
both_halves second

step "the last words, too"
stop kpptpd-server
logged second 'stopping: closing 0 control connections' || fail "the worker's last line is lost"
stop second
done_story
