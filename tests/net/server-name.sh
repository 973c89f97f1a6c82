#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The server's name resolves to three addresses: one refuses, one is dead, one accepts.
# All are tried, in any order; if none accepts, the client reports the error of each.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets
server=vpn.example.com

# The resolver sorts addresses closer to the client's first.
ip -n server addr add 192.0.2.3/24 dev server0
printf '%s vpn.example.com\n' 192.0.2.3 192.0.2.9 192.0.2.129 >>/etc/hosts

step "the last one accepts"
start_daemon server '[server]' 'listen = 192.0.2.129'
start_daemon client '[server]' 'enable = no'
# The address may come later than the daemon, as at boot.
ip -n server addr add 192.0.2.129/24 dev server0
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
logged alice "call to vpn.example.com (192.0.2.129) is up" || fail "another address took the call"
logged kpptpd-client "192.0.2.3" || fail "192.0.2.3 was not tried"
logged kpptpd-client "192.0.2.9" || fail "192.0.2.9 was not tried"
stop alice
nothing_left server client

step "none accepts"
stop kpptpd-server
: >"$logs/alice.log"
dial alice client alice password 'correct horse'
ends alice 8
for why in "192.0.2.3: Connection refused" "192.0.2.9: No route to host" "192.0.2.129: Connection refused"; do
	logged alice "$why" || fail "not reported: $why"
done
nothing_left server client
done_story
