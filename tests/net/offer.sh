#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Incoming calls (RFC 2637 section 3.2.3): a PAC offers a subscriber's PPPoE session to
# a PNS, whose pppd the subscriber then logs in at. Either end may hang up. tshark
# checks the control messages: SCCRQ, SCCRP, ICRQ, ICRP, ICCN, SLI, CCRQ, CDN.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"
. "$(dirname "$0")/capture.bash"

load_modules
modprobe pppoe
ppp_secrets

#   [ server ] 192.0.2.1 -- 192.0.2.2 [ client ] ==PPPoE== [ subscriber ]
#      PNS                                PAC
two_hosts
ip netns add subscriber
ip link add line0 netns client type veth peer name line1 netns subscriber
for end in client/line0 subscriber/line1; do ip -n "${end%/*}" link set "${end#*/}" up; done
mac() { ip -n "$1" -j link show "$2" | jq -r '.[0].address'; }

start_daemons

# session NUMBER: start the PAC's end of the PPPoE session and set $channel.
session()
{
	: >"$logs/line.log"
	start line client python3 "$top/tests/net/pppoe.py" line0 "$(mac subscriber line1)" "$1" channel
	wait_for 10 "the session" test -s "$logs/line.log"
	channel=$(cat "$logs/line.log")
}

subscribe() # SESSION
{
	start alice subscriber pppd nodetach debug plugin rp-pppoe.so \
		rp_pppoe_sess "$1:$(mac client line0)" nic-line1 \
		user alice password 'correct horse' remotename server \
		noauth refuse-pap refuse-chap refuse-mschap require-mppe-128 \
		nodefaultroute noipv6 lcp-echo-interval 0 lcp-max-configure 20 unit 50
}

offer()
{
	rm -f "$logs/offer.log"
	start offer client "$bin/kpptpctl" -j -S /run/client.sock offer 192.0.2.1 \
		channel "$channel" number 5551234 dialing-number 5556789
	wait_for 10 "the offer to be taken" logged offer '"peer-id":'
}

step "a channel that does not exist cannot be offered"
expect "there is no PPP channel 4242" ctl client offer 192.0.2.1 channel 4242
calls server 0 || fail "a call was made"

step "the subscriber's line is offered, and it logs in at the PNS"
capture server server0 'ip host 192.0.2.2'
session 7
offer
subscribe 7
ppp_up subscriber 10.0.0.1
logged alice "MPPE 128-bit stateless compression enabled" || fail "no MPPE"
pings subscriber 10.0.0.1 || fail "no ping"
in_ns subscriber ping -q -f -c 2000 -s 1000 10.0.0.1 >"$logs/ping.log" || fail "no answers"
pings server 10.0.0.100 || fail "no ping back"
roles() { ctl "$1" -j show tunnels | jq -r '.tunnels[0].calls[0] | "\(.role) \(.state) \(has("ppp-pid"))"'; }
[ "$(roles client)" = "pac established false" ] || fail "the PAC has: $(roles client)"
[ "$(roles server)" = "pns established true" ] || fail "the PNS has: $(roles server)"
[[ $(ip -n client link) != *ppp* ]] || fail "the PAC has a PPP interface"

step "a line can be offered only once"
expect "is bridged already" ctl client offer 192.0.2.1 channel "$channel"
wait_for 10 "the second call to end" calls server 1
pings subscriber 10.0.0.1 || fail "the first call is broken"

step "the PNS hangs up: the subscriber's LCP is terminated"
kill "$(ctl server -j show tunnels | jq '.tunnels[0].calls[0]["ppp-pid"]')"
ends offer 1
logged offer "cleared by the peer" || fail "no reason is given"
wait_for 20 "LCP to be terminated" logged alice "LCP terminated by peer"
stop alice
nothing_left server client
stop_capture server
stop line

step "check the control messages"
well_formed server
no_resets server
types=$(message_types server)
[[ $types == "1 2 9 10 11 "* ]] || fail "not SCCRQ, SCCRP, ICRQ, ICRP, ICCN: $types"
[[ $types == *" 15 "*" 12 13 3 4 " ]] || fail "not SLI, then CCRQ, CDN and the end: $types"
numbers=$(decode server -Y 'pptp.control_message_type == 9' -T fields \
	-e pptp.dialed_number -e pptp.dialing_number -e pptp.physical_channel_id | head -n 1)
[ "$numbers" = "5551234	5556789	$channel" ] || fail "the ICRQ has: $numbers"

step "the subscriber hangs up"
session 8
offer
subscribe 8
ppp_up subscriber 10.0.0.1
stop alice
ends offer 1
nothing_left server client subscriber
stop line

step "the PAC hangs up: the line stays, and can be offered again"
session 9
offer
subscribe 9
ppp_up subscriber 10.0.0.1
stop offer
nothing_left server client
logged kpptpd-server "Admin Shutdown" || fail "the PAC gave no reason"
# On SIGTERM it would end the PPPoE session, too.
stop alice KILL
offer
subscribe 9
ppp_up subscriber 10.0.0.1
pings subscriber 10.0.0.1 || fail "no ping the second time"

step "the call ends with the line"
stop line
ends offer 1
logged offer "the PPP channel is gone" || fail "the loss of the line was not detected"
stop alice
nothing_left server client
done_story
