#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# With --syslog both processes reconnect after syslogd restarts, though the sandboxed
# worker can open no file.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts

# syslogd NAME: a syslogd made of socat, with this log.
syslogd()
{
	rm -f /dev/log
	start "$1" server socat -u UNIX-RECV:/dev/log STDOUT
	wait_for 10 "/dev/log" test -S /dev/log
}

# both_log LOG: reload, and wait for the worker's and the monitor's line.
both_log()
{
	kill -HUP "${pids[kpptpd-server]}"
	wait_for 10 "the worker's line in $1" logged "$1" 'configuration reloaded'
	wait_for 10 "the monitor's line in $1" logged "$1" 'the worker has the new configuration'
}

step "worker and monitor log"
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
both_log first

step "syslogd is stopped: lines are lost, the daemon goes on"
stop first
kill -HUP "${pids[kpptpd-server]}"
ctl server show >/dev/null || fail "the daemon blocks without syslogd"

step "syslogd restarts: worker and monitor log"
syslogd second
both_log second

step "the last line is logged, too"
stop kpptpd-server
logged second 'stopping: closing 0 control connections' || fail "the worker's last line is lost"
stop second
done_story
