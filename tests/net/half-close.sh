#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
#
# In every state of a control connection and a call the peer half-closes TCP, resets it,
# or falls silent, as client and as server. Each time everything is cleaned up:
# connection, call, pppd, descriptors. Every message we sent is well-formed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

settings=('[timers]' 'echo-interval = 1' 'reply-timeout = 2')
server_and_client

peer() { local ns=$1; shift; in_ns "$ns" python3 "$top/tests/net/half-close.py" "$@"; }
mapfile -t client_states < <(peer client states client)
mapfile -t server_states < <(peer client states server)

# sockets NAMESPACE: print the PPTP sockets, except those in TIME-WAIT, which the kernel
# owns.
sockets() { in_ns "$1" ss -Htan '( sport = :1723 or dport = :1723 )' | grep -Ev '^(LISTEN|TIME-WAIT)'; }
no_sockets() { ! sockets "$1"; }

# descriptors NAMESPACE: print the number of descriptors the daemon's processes have
# open.
descriptors()
{
	local pid count=0

	for pid in "${pids[kpptpd-$1]}" $(pgrep -P "${pids[kpptpd-$1]}" -x kpptpd); do
		count=$((count + $(find "/proc/$pid/fd" -mindepth 1 | wc -l)))
	done
	echo "$count"
}
no_descriptors() { [ "$(descriptors "$1")" = "$2" ]; }

# cleaned_up NAMESPACE WHAT: wait until nothing is left; $descriptors is the number
# before.
cleaned_up()
{
	wait_for 15 "calls to be gone after $2" no_calls "$1"
	wait_for 15 "connections to be gone after $2" no_sockets "$1"
	wait_for 15 "pppd to end after $2" not strays_of pppd
	wait_for 15 "descriptors to be closed after $2" no_descriptors "$1" "$descriptors"
}

step "the peer is a client"
capture client client0
descriptors=$(descriptors server)
for way in half-close reset silence; do
	for state in "${client_states[@]}"; do
		peer client client 192.0.2.1 "$state" "$way" >"$logs/peer.log" 2>&1 ||
			fail "$state, $way"
		cleaned_up server "$state, $way"
	done
done
stop kpptpd-server
stop_capture client cut
# Check our messages only: the peer sends partial ones.
well_formed client 'ip.src == 192.0.2.1'

step "the peer is a server"
capture client client0
descriptors=$(descriptors client)
for way in half-close reset silence; do
	for state in "${server_states[@]}"; do
		rm -f "$logs/peer.log" "$logs/dial.log"
		start peer server python3 "$top/tests/net/half-close.py" server 192.0.2.1 "$state" "$way"
		wait_for 10 "the peer to listen" logged peer listening
		start dial client "$bin/kpptpctl" -S /run/client.sock dial 192.0.2.1
		wait_until() { logged peer up || logged peer there || ! alive peer; }
		wait_for 20 "the peer to reach: $state" wait_until
		# In these states it waits for us to hang up.
		[[ $state != C?[RN]* && $state != Stop* ]] || stop dial
		ends peer 0
		if [ -n "${pids[dial]:-}" ]; then
			wait_for 15 "dial to end after $state, $way" not alive dial
			stop dial
		fi
		cleaned_up client "$state, $way"
	done
done
nothing_left client
stop_capture client cut
well_formed client 'ip.src == 192.0.2.2'
done_story
