#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whom the server lets in, with which address, is for a RADIUS server to say:
# FreeRADIUS, with pppd's own plugin. It answers for MS-CHAPv2 and gives the keys
# of MPPE (RFC 2548) and the address, and is told when the call starts, how it
# goes on (which pppd tells each minute at most), and when it stops.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/radius.bash"

radius=/run/radius
load_modules
two_hosts
ppp_secrets

radius_files
cat >>/run/options.server <<-END
	debug
	logfile $logs/pppd-server.log
	plugin radius.so
	radius-config-file $radius/client.conf
END
start_radius server
start_daemon server
start_daemon client '[server]' 'enable = no'

step "a password that RADIUS does not know"
dial mallory client alice password 'correct horse'
ends mallory 19

step "one that it knows: its address, and encryption with its keys"
dial alice client alice password 'known to RADIUS alone'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
[[ $(ip -n client -o addr show) == *" 10.0.0.77 peer 10.0.0.1/"* ]] || fail "not the address that RADIUS gives"
logged alice 'MPPE 128-bit stateless compression enabled' || fail "no encryption"

step "accounting: start, interim, stop"
wait_for 5 "the start" told Start 'Framed-IP-Address = 10.0.0.77'
told Start 'Calling-Station-Id = "192.0.2.2"' || fail "RADIUS is not told who calls"
wait_for 80 "an interim update, after a minute" told Interim-Update 'Acct-Session-Time'
stop alice
wait_for 10 "the stop" told Stop 'Acct-Terminate-Cause = User-Request'
told Stop 'Acct-Input-Octets' || fail "the stop has no counters"

stop radiusd
nothing_left client server
done_story
