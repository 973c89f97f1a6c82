#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The demo, inside the virtual machine (see run.sh): a server and a client, each a
# network namespace with its own kpptpd and pppd.
#
#   [ server 192.0.2.1 ] -------- Ethernet -------- [ client 192.0.2.2 ]
#     10.0.0.1  ================ PPTP call ================  10.0.0.1xx
. "$(dirname "$0")/../net/lib.sh"

# sent_once LOG: LCP's first Configure-Request was sent once, not retransmitted after
# three seconds.
sent_once()
{
	local requests

	requests=$(grep -c 'sent \[LCP ConfReq id=0x1 ' "$1" || :)
	[ "$requests" = 1 ] || fail "LCP sent its first Configure-Request $requests times, see $1"
}

step "Linux $(uname -r) is up; loading kpptp.ko"
load_modules
two_hosts
ppp_secrets
printf '%s\n' debug "logfile $logs/server-pppd.log" >>/run/options.server

step "starting kpptpd on the server, 192.0.2.1, and on the client, 192.0.2.2"
start_daemon server
start_daemon client '[server]' 'enable = no'

step "the client dials: pppd plugin kpptp.so kpptp-server 192.0.2.1 user alice require-mppe-128"
# With updetach, pppd returns when IPCP is up.
start=${EPOCHREALTIME/./}
in_ns client pppd updetach debug linkname demo plugin "$plugin" \
	kpptp-server 192.0.2.1 kpptp-socket /run/client.sock \
	user alice password 'correct horse' remotename server noauth \
	refuse-pap refuse-chap refuse-mschap require-mppe-128 nodefaultroute noipv6 \
	>"$logs/client-pppd.log" 2>&1 </dev/null || fail "pppd ended with status $?"
end=${EPOCHREALTIME/./}
sent_once "$logs/client-pppd.log"
wait_for 10 "the server's side of the link" has_address server 10.0.0.100
sent_once "$logs/server-pppd.log"
printf '  from dialling to IPCP up: %s ms; no LCP request had to be repeated\n' \
	$(((end - start) / 1000))
grep -oE 'CHAP authentication succeeded|MPPE 128-bit .* enabled|(local|remote) +IP address.*' \
	"$logs/client-pppd.log" | sed 's/^/  /'

step "ping through the tunnel"
in_ns client ping -q -c 5 -i 0.2 -W 2 10.0.0.1 >"$logs/ping.log" || fail "no answer"
grep -E 'packets|rtt' "$logs/ping.log" | sed 's/^/  /'

step "bulk TCP through the tunnel, both ways, 5 s each; an emulated processor is slow"
start iperf server iperf3 -s -B 10.0.0.1
wait_for 10 "iperf3 to listen" sh -c 'ip netns exec server ss -ltn | grep -q 10.0.0.1:5201'
for way in 'client to server' 'server to client'; do
	reverse=()
	[ "$way" = 'client to server' ] || reverse=(-R)
	in_ns client iperf3 -J -t 5 -c 10.0.0.1 "${reverse[@]}" >"$logs/iperf.json" ||
		fail "iperf3: $(jq -r .error "$logs/iperf.json")"
	jq -r --arg way "$way" '.end.sum_received |
		"  \($way): \(.bits_per_second / 1e6 | floor) Mbit/s, \(.bytes / 1e6 | floor) MB"' \
		"$logs/iperf.json"
	[ "$(jq '.end.sum_received.bytes > 1e6' "$logs/iperf.json")" = true ] ||
		fail "hardly anything was received"
done
stop iperf

step "kpptpctl show, on the server"
ctl server show | sed 's/^/  /'

step "the client hangs up: poff"
pid=$(head -n 1 /run/ppp-demo.pid)
kill -TERM "$pid"
wait_for 15 "the client's pppd to end" not kill -0 "$pid"
done_story
