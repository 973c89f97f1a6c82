#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A router whose PPPoE subscribers are callers of a PNS, made of Debian's pppoe-server
# and examples/pppoe-router. Subscribers find it by discovery (RFC 2516) and log in at
# the PNS. Whichever party hangs up, the others end, too.
. "$(dirname "$0")/lib.sh"

examples=$top/user/examples/pppoe-router
table=/etc/ppp/pppoe-router.conf
load_modules
ppp_secrets

#                                                               / eth0 [ alice ]
#   [ server ] 192.0.2.1 -- 192.0.2.2 [ client ] eth1 -- [ street ]
#      PNS                                PAC                   \ eth0 [ bob ]
two_hosts
ip netns add street
ip -n street link add street0 type bridge
ip -n street link set street0 up
on_street() # NAMESPACE DEVICE
{
	ip link add "$2" netns "$1" type veth peer name "to-$1" netns street
	ip -n street link set "to-$1" master street0 up
	ip -n "$1" link set "$2" up
}
on_street client eth1
for subscriber in alice bob; do
	ip netns add "$subscriber"
	on_street "$subscriber" eth0
done
mac() { ip -n "$1" -j link show "$2" | jq -r '.[0].address'; }

# Install the examples where their comments say, with the names that they use.
install -m 755 "$examples/pppoe-offer" /usr/local/sbin/
install -m 644 "$examples/pppoe-router.conf" "$table"
echo '192.0.2.1 pns.example.com' >>/etc/hosts
[ "$bin" = /usr/bin ] || ln -s "$bin/kpptpctl" /usr/local/bin/kpptpctl
ln -s client.sock /run/kpptpd.sock

start_daemons
start syslog client socat -u UNIX-RECV:/dev/log STDOUT
wait_for 10 "the syslog" test -S /dev/log
read -ra command < <(sed -n 's/^ExecStart=//p' "$examples/pppoe-router.service")
start router client "${command[@]}"

subscribe() # NAME PASSWORD [OPTION...]
{
	local name=$1 password=$2

	shift 2
	rm -f "$logs/$name.log"
	start "$name" "$name" pppd nodetach debug plugin rp-pppoe.so "$@" nic-eth0 \
		user "$name" password "$password" remotename server \
		noauth refuse-pap refuse-chap refuse-mschap require-mppe-128 nodefaultroute \
		noipv6 lcp-echo-interval 0 lcp-restart 1 lcp-max-configure 30 unit 50
}
alice() { subscribe alice 'correct horse' rp_pppoe_service internet; }
bob() { subscribe bob 'battery staple'; }

# sessions COUNT: the router has that many sessions; the file has a header line.
sessions() { [ "$(in_ns client cat /proc/net/pppoe | wc -l)" = $(($1 + 1)) ]; }
offers() { [ "$(pgrep -xc kpptpctl)" = "$1" ]; }
quiet_again()
{
	nothing_left server client alice
	wait_for 10 "the sessions to be gone" sessions 0
	wait_for 10 "the offers to be gone" offers 0
}

# router_logged TEXT: wait for it in the router's syslog, which two more processes
# write.
router_logged() { wait_for 10 "the router to say: $1" logged syslog "$1"; }

# ppp_of CALLER: print the PID of the PNS's pppd for this calling number.
ppp_of()
{
	ctl server -j show tunnels | jq --arg mac "$(mac "$1" eth0)" \
		'.tunnels[].calls[] | select(.["dialing-number"] == $mac)["ppp-pid"]'
}

step "a subscriber finds the router, and logs in at the PNS"
alice
ppp_up alice 10.0.0.1
logged alice "MPPE 128-bit stateless compression enabled" || fail "no MPPE"
pings alice 10.0.0.1 || fail "no ping"
in_ns alice ping -q -f -c 2000 -s 1000 10.0.0.1 >"$logs/ping.log" || fail "no answers"
[[ $(ip -n client link) != *ppp* ]] || fail "the PAC has a PPP interface"
router_logged "session 1 of $(mac alice eth0) on eth1, service 'internet': offered to pns.example.com"
logged kpptpd-server "incoming call from \"$(mac alice eth0)\" to \"internet\"" ||
	fail "the PNS does not log the caller"
expect " number \"internet\" dialing-number \"$(mac alice eth0)\"" ctl server show tunnels

step "a second subscriber, without a service name"
bob
ppp_up bob 10.0.0.1
pings bob 10.0.0.1 || fail "no ping"
pings alice 10.0.0.1 || fail "the first call is broken"
calls server 2 || fail "the PNS does not have two calls"
sessions 2 || fail "the router does not have two sessions"
offers 2 || fail "there are not two offers"

step "the PNS hangs up on bob: his session ends, the other stays"
kill "$(ppp_of bob)"
wait_for 20 "bob's session to end" logged bob "Connection terminated."
logged bob "LCP terminated by peer" || fail "bob's LCP was not terminated"
stop bob
wait_for 10 "one session to be left" sessions 1
wait_for 10 "one call to be left" calls server 1
router_logged "cleared by the peer"
pings alice 10.0.0.1 || fail "the other call is broken"

step "the PNS's pppd is killed: only PPPoE signals the end"
kill -KILL "$(ppp_of alice)"
ends alice 16
quiet_again

step "the subscriber hangs up"
alice
ppp_up alice 10.0.0.1
stop alice
quiet_again

step "the PNS is down"
stop kpptpd-server
alice
ends alice 16
router_logged "Connection refused"
wait_for 10 "the session to be gone" sessions 0

step "no table, and one without the service"
mv "$table" "$table.away"
alice
ends alice 16
router_logged "No such file or directory: '$table'"
mv "$table.away" "$table"
sed -i '/^[^#]/d' "$table"
alice
ends alice 16
router_logged "has no PNS for the service 'internet'"
install -m 644 "$examples/pppoe-router.conf" "$table"
start_daemon server

step "with the arguments of pppoe-server -k, which Debian 12 lacks"
start offer client /usr/local/sbin/pppoe-offer plugin /etc/ppp/plugins/rp-pppoe.so nic-eth1 \
	rp_pppoe_sess "77:$(mac alice eth0)" rp_pppoe_service internet file "$table" nodetach
wait_for 10 "the session" sessions 1
subscribe alice 'correct horse' rp_pppoe_sess "77:$(mac client eth1)"
ppp_up alice 10.0.0.1
stop alice
ends offer 1
quiet_again

step "the router stops: all sessions end"
alice
ppp_up alice 10.0.0.1
stop router
ends alice 16
quiet_again
wait_for 10 "all of the router to end" not strays_of pppoe-server kpptpctl logger
stop syslog
done_story
