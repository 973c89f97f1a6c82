#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# timeout: 900
#
# Two routers connect their LANs, as two Windows machines do: hosts of each network
# reach the other, by the routes of examples/ip-up.d.
#
#   lan-s ---- [ server ] ==== [ client ] ---- lan-c
#   198.51.100.0/24                       203.0.113.0/24
#
# tshark checks the control messages and their order: SCCRQ, SCCRP, OCRQ, OCRP,
# Set-Link-Info both ways; pairs of Echo-Request and Echo-Reply; CCRQ, CDN, StopCCRQ,
# StopCCRP. Windows sends another Set-Link-Info right before the CCRQ, which we accept
# but do not send.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

load_modules
two_hosts
ppp_secrets
start_daemon server '[call]' 'set-link-info = both'
start_daemon client '[server]' 'enable = no' '[call]' 'set-link-info = both' '[timers]' 'echo-interval = 1'

# shaped PATTERN [TYPES]: the messages' types, or only TYPES of them, match the pattern.
shaped()
{
	local all types

	all=$(message_types client)
	types=$(grep -oE "\b(${2:-[0-9]+}) " <<<"$all" | tr -d '\n')
	[[ $types =~ $1 ]] || fail "the messages' types were: $all"
}

# lan NAMESPACE ROUTER NETWORK: add a LAN with the host .2 behind the router .1.
lan()
{
	ip netns add "$1"
	ip link add lan0 netns "$1" type veth peer name lan0 netns "$2"
	address "$1" lan0 "$3.2/24"
	address "$2" lan0 "$3.1/24"
	ip -n "$1" route add default via "$3.1"
	in_ns "$2" sysctl -qw net.ipv4.ip_forward=1
}
lan lan-s server 198.51.100
lan lan-c client 203.0.113
install -m 755 "$top/user/examples/ip-up.d/lan-to-lan" /etc/ppp/ip-up.d/

step "our client and our server"
capture client client0
dial alice client alice password 'correct horse' ipparam lan-to-lan:198.51.100.0/24
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
ip -n server route add 203.0.113.0/24 via 10.0.0.100
pings lan-c 198.51.100.2 || fail "the server's network is not reached"
pings lan-s 203.0.113.2 || fail "the client's network is not reached"
echo_replies='tcp[((tcp[12] >> 4) << 2) + 8 : 2] == 6' # the message's type
echoed() { [ "$(packets client "tcp port 1723 and $echo_replies" | wc -l)" -ge 2 ]; }
wait_for 15 "two echoes" echoed
stop alice
nothing_left server client
stop_capture client

step "no malformed packet, no reset"
well_formed client
no_resets client

step "the order of the messages"
# Echoes are timed, so on a slow machine they may come anywhere.
shaped '^1 2 7 8 (15 )(15 )+12 13 3 4 $' '[1-4]|[78]|1[0-9]'
shaped '^(5 6 )(5 6 )+$' '[56]'
for address in 192.0.2.1 192.0.2.2; do
	[[ " $(message_types client "$address")" == *" 15 "* ]] ||
		fail "no Set-Link-Info from $address"
done

decode client -V -Y 'pptp.control_message_type == 13' | grep -q "rx-packets [1-9]" ||
	fail "the Call-Disconnect-Notify has no statistics"

step "our server accepts the sequence of a Windows router"
capture client client0 tcp port 1723
in_ns client python3 "$top/tests/net/peer.py" 192.0.2.1 lan || fail "peer.py"
stop_capture client
well_formed client
shaped '^1 2 7 8 (15 ){5}(5 6 ){3}15 12 13 3 4 $'

nothing_left server
done_story
