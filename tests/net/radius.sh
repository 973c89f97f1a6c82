#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# FreeRADIUS decides who may connect and with which address, by pppd's own plugin. It
# authenticates MS-CHAPv2, supplies the MPPE keys (RFC 2548) and the address, and gets
# accounting records: start, interim updates (pppd sends them once a minute at most) and
# stop.
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

step "a password that RADIUS rejects"
dial mallory client alice password 'correct horse'
ends mallory 19

step "one that it accepts: its address, and encryption with its keys"
dial alice client alice password 'known to RADIUS alone'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
[[ $(ip -n client -o addr show) == *" 10.0.0.77 peer 10.0.0.1/"* ]] || fail "not the address from RADIUS"
logged alice 'MPPE 128-bit stateless compression enabled' || fail "no encryption"

step "accounting: start, interim, stop"
wait_for 5 "the start" accounted Start 'Framed-IP-Address = 10.0.0.77'
accounted Start 'Calling-Station-Id = "192.0.2.2"' || fail "the start has no Calling-Station-Id"
wait_for 80 "an interim update, after a minute" accounted Interim-Update 'Acct-Session-Time'
stop alice
wait_for 10 "the stop" accounted Stop 'Acct-Terminate-Cause = User-Request'
accounted Stop 'Acct-Input-Octets' || fail "the stop has no counters"

stop radiusd
nothing_left client server
done_story
