#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Our server with Debian's client, pptp-linux, which handles GRE in user space.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

load_modules
two_hosts
ppp_secrets
start_daemon server

step "pptp-linux dials"
capture server server0
start alice client pppd nodetach debug \
	pty "pptp 192.0.2.1 --nolaunchpppd --loglevel 2" \
	user alice password 'correct horse' remotename server \
	noauth refuse-pap refuse-chap refuse-mschap require-mppe-128 \
	nodefaultroute noipv6 lcp-echo-interval 0 unit 50
ppp_up client 10.0.0.1
calls server 1 || fail "the server has no call"

step "traffic passes both ways"
pings client 10.0.0.1 || fail "no ping"
peer=$(ip -n client -o -4 addr show | sed -n 's/.*inet \(10[0-9.]*\) peer.*/\1/p')
pings server "$peer" || fail "no ping back"
in_ns client ping -q -c 200 -f -s 1000 10.0.0.1 >"$logs/flood.log" || fail "the flood did not end"
grep -q ' 0% packet loss' "$logs/flood.log" || fail "the flood lost packets"

step "alice hangs up"
stop alice
nothing_left server
wait_for 10 "pptp to end" not strays_of 'pptp'
stop_capture server
well_formed server
done_story
