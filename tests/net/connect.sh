#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A client connects with MS-CHAPv2 and MPPE, traffic passes, the client hangs up.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets

step "start both daemons"
start_daemons

step "alice dials"
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
logged alice "MPPE 128-bit stateless compression enabled" || fail "no MPPE"

step "traffic passes both ways"
pings client 10.0.0.1 || fail "no ping"
peer=$(ip -n client -o -4 addr show | sed -n 's/.*inet \(10[0-9.]*\) peer.*/\1/p')
pings server "$peer" || fail "no ping back"

step "the client hangs up"
stop alice
nothing_left server client
logged kpptpd-server "cleared by the peer" || fail "the client did not clear the call"
logged kpptpd-server "stopped by the peer" || fail "the client did not stop the connection"
done_story
