#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Our client with Debian's server, pptpd, which handles GRE in user space.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

load_modules
two_hosts
ppp_secrets
start_daemon client '[server]' 'enable = no'

step "start pptpd"
cat >/run/pptpd.conf <<-END
	option /run/options.server
	localip 10.0.0.1
	remoteip 10.0.0.100-110
END
start pptpd server /usr/sbin/pptpd --fg --conf /run/pptpd.conf
wait_for 10 "pptpd to listen" sh -c "ip netns exec server ss -Hltn 'sport = 1723' | grep -q ."

step "alice dials"
capture client client0
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
calls client 1 || fail "the client has no call"

step "traffic passes both ways"
pings client 10.0.0.1 || fail "no ping"
in_ns client ping -q -c 200 -f -s 1000 10.0.0.1 >"$logs/flood.log" || fail "the flood did not end"
grep -q ' 0% packet loss' "$logs/flood.log" || fail "the flood lost packets"

step "alice hangs up"
stop alice
nothing_left client
stop pptpd
stop_capture client
well_formed client
done_story
