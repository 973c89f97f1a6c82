#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel smp --mem 6144
# timeout: 3000
#
# Usage: sessions.sh [SESSIONS [PPTPD-SESSIONS]]
#
# Sessions of an access server: a pppd each, MS-CHAPv2 and 128-bit MPPE. Measures
# sessions set up per second, initially and when nearly all are up; their memory on the
# server; and the time until all are back after the server was killed and all clients
# redial at once. None may be refused or lost.
#
# Compares with Debian's pptpd, with fewer sessions on both. The clients are one program
# (clients/) that uses part of the two CPUs, so rates are for comparison only. Clients
# and servers run in one machine.
. "$(dirname "$0")/lib.sh"
. "$top/tests/bench/clients/clients.bash"

sessions=${1:-2000} few=${2:-200}
at_once=16

# private_of NAME: print the private memory in KiB of each process of this name. If the
# kernel does not count pages, print anonymous memory.
private_of()
{
	local pid

	for pid in $(pgrep -x "$1"); do
		cat "/proc/$pid/smaps_rollup" 2>/dev/null || cat "/proc/$pid/status" 2>/dev/null
	done | awk '
		/^Rss:/ || /^Name:/ { if (n++) print kib; kib = 0 }
		/^Private_/ || /^RssAnon:/ { kib += $2 }
		END { if (n) print kib }'
}

sum() { awk '{ sum += $1 } END { print sum + 0 }'; }
mean() { awk '{ sum += $1 } END { print NR ? int(sum / NR) : 0 }'; }
available() { awk '/^MemAvailable:/ { print $2 }' /proc/meminfo; }

# none REFUSED...: how many were not served as they should be.
bad()
{
	clients_said "$1" "$2" | jq '.refused + .denied + .failed + .lost'
}

# serve WAY SESSIONS: start that server.
serve()
{
	case $1 in
	kpptp)
		pool=10.1.0.1-10.1.15.254
		start_daemon server '[limits]' "connections = $(($2 + 100))" "calls = $(($2 + 100))"
		;;
	pptpd)
		cat >/run/pptpd.conf <<-END
			option /run/options.server
			localip 10.0.0.1
			remoteip 10.1.0.1-250
			connections $2
		END
		start pptpd server /usr/sbin/pptpd --fg --conf /run/pptpd.conf
		wait_for 10 "pptpd to listen" \
			sh -c "ip netns exec server ss -Hltn 'sport = 1723' | grep -q ."
		;;
	esac
}

no_pppd() { not pgrep -x pppd; }

# unserve WAY: and all that it had started is gone.
unserve()
{
	case $1 in
	kpptp) stop kpptpd-server ;;
	pptpd) stop pptpd ;;
	esac
	wait_for 300 "pppd to end" no_pppd
}

# climb WAY SESSIONS: clients dial one after another, some at a time.
climb()
{
	rm -f "$logs/load.log"
	clients_start load -n "$2" -p "$at_once" -i 10
	clients_wait load up $((60 + $2))
	step "$1: $(clients_said load up)" >&2
}

leave()
{
	stop load
	wait_for 300 "the sessions to end" no_pppd
	step "$(clients_said load end)" >&2
}

# compare WAY: the same number of sessions.
compare()
{
	serve "$1" "$few"
	climb "$1" "$few"
	result sessions-few "$1" per-second "$(clients_said load up | jq '.up / .seconds * 10 | floor / 10')"
	result sessions-few-bad "$1" sessions "$(bad load up)"
	result sessions-few-memory "$1" private-kib-each \
		"$(($({ private_of pppd; private_of pptpctrl; } | sum) / few))"
	leave
	unserve "$1"
}

load_modules
modprobe ppp_generic
clients_build
clients_hosts
ppp_secrets

compare pptpd
compare kpptp

before=$(available)
serve kpptp "$sessions"
step "with no session: $(private_of kpptpd | xargs) KiB" >&2
climb kpptp "$sessions"
[ "$(ctl server -j show net | jq .net.calls)" = "$sessions" ] || fail "the kernel has not that many calls"
pgrep -xc pppd | grep -qx "$sessions" || fail "there are $(pgrep -xc pppd) pppd"
result sessions-first kpptp per-second "$(clients_figure load up first-per-second)"
result sessions-last kpptp per-second "$(clients_figure load up last-per-second)"
result sessions-last-to-first kpptp rate "$(clients_said load up |
	jq '."last-per-second" / ."first-per-second" * 1000 | floor / 1000')"
step "the daemon: $(private_of kpptpd | xargs) KiB private" >&2
result sessions-daemon kpptp private-mib "$(private_of kpptpd | sum | awk '{ printf "%.1f", $1 / 1024 }')"
result sessions-pppd kpptp private-kib-each "$(private_of pppd | mean)"
result sessions-memory kpptp kib-each "$(((before - $(available)) / sessions))"
# Everyone has been up for some time, and is still.
bad=$(bad load up)

step "the server is killed" >&2
stop kpptpd-server KILL
clients_wait load down 120
rm -f /run/server.sock
serve kpptp "$sessions"
: >"$logs/load.log"
kill -USR1 "${pids[load]}"
clients_wait load up $((120 + sessions))
step "all at once: $(clients_said load up)" >&2
result sessions-back kpptp seconds "$(clients_figure load up seconds)"
result sessions-bad kpptp sessions $((bad + $(bad load up)))
leave
wait_for 120 "the calls to be gone" no_calls server
unserve kpptp
