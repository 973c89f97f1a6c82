#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Any process may be killed at any time: no call, interface or process is left behind,
# and the same setup works again afterwards.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets

# The children of process $1 that are called $2.
children() { pgrep -P "$1" -x "$2" || :; }

up()
{
	start_daemons
	dial alice client alice password 'correct horse'
	ppp_up client 10.0.0.1
	monitor_server=${pids[kpptpd-server]}
	monitor_client=${pids[kpptpd-client]}
}

gone() { wait_for 10 "process $1 to be gone" not kill -0 "$1"; }

# down: stop what is still running, then check that nothing is left.
down()
{
	local name

	for name in "${!pids[@]}"; do
		if alive "$name"; then stop "$name"; else unset "pids[$name]"; fi
	done
	nothing_left server client
	wait_for 10 "all processes to end" not strays
	rm -f /run/server.sock /run/client.sock
}

for victim in monitor-server worker-server pppd-server monitor-client worker-client pppd-client; do
	step "killed: $victim"
	up
	case $victim in
	monitor-server) pid=$monitor_server ;;
	worker-server) pid=$(children "$monitor_server" kpptpd) ;;
	pppd-server) pid=$(children "$monitor_server" pppd) ;;
	monitor-client) pid=$monitor_client ;;
	worker-client) pid=$(children "$monitor_client" kpptpd) ;;
	pppd-client) pid=${pids[alice]} ;;
	esac
	[ -n "$pid" ] || fail "there is no $victim"
	kill -KILL "$pid"
	gone "$pid"
	# Both ends of the call go by themselves.
	nothing_left server client
	down
done

# The dialled peer is stopped, to hold the dial in each state.
step "killed while dialling: only TCP is open"
dialling() { [ "$(ctl client -j show tunnels | jq -r '.tunnels[0].state')" = "$1" ]; }
start_daemons
kill -STOP "$(children "${pids[kpptpd-server]}" kpptpd)"
dial alice client alice password 'correct horse'
wait_for 10 "the dial to be under way" dialling wait_ctl_reply
alive alice || fail "the dial is over"
kill -KILL "${pids[alice]}"
gone "${pids[alice]}"
nothing_left client
kill -CONT "$(children "${pids[kpptpd-server]}" kpptpd)"
nothing_left server
down

step "killed while dialling: the call is requested"
start_daemons
kill -STOP "${pids[kpptpd-server]}"
: >"$logs/alice.log"
dial alice client alice password 'correct horse'
wait_for 10 "the dial to be under way" calls client 1
not logged alice 'is up: call ID' || fail "the call is up"
kill -KILL "${pids[alice]}"
gone "${pids[alice]}"
kill -CONT "${pids[kpptpd-server]}"
nothing_left server client
down

step "everything works again"
up
pings client 10.0.0.1 || fail "no ping"
down
done_story
