#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kpptp_mppe serves every PPP link that wants MPPE: a call of ours, a PPPoE session and a
# serial line are encrypted at the same time. The kernel loads it for the first of them.
# Where the variable mppe is ppp_mppe, the kernel has no kpptp_mppe, and ppp_mppe serves.
. "$(dirname "$0")/lib.sh"

: "${mppe:=kpptp_mppe}"
if [ "$mppe" != kpptp_mppe ]; then
	rm "/lib/modules/$(uname -r)/updates/kpptp_mppe.ko"
	depmod
fi
ours=$([ "$mppe" = kpptp_mppe ] && echo 6 || echo 4)
load_modules
modprobe pppoe
ppp_secrets

#   [ server ] 192.0.2.1 ------ 192.0.2.2 [ client ]   our call, 10.0.0.1
#   [ concentrator ] eth0 ---------- eth0 [ caller ]   PPPoE,    10.1.0.1
#   [ modem ] /run/modem ---- /run/serial [ laptop ]   a line,   10.2.0.1
two_hosts
for ns in concentrator caller modem laptop; do ip netns add "$ns"; done
ip link add eth0 netns concentrator type veth peer name eth0 netns caller
for ns in concentrator caller; do ip -n "$ns" link set eth0 up; done
mac() { ip -n "$1" -j link show eth0 | jq -r '.[0].address'; }

# used COUNT: the module has that many users: two for each end of a link; and one for a
# channel of ours that decrypts for itself.
used() { [ "$(cat "/sys/module/$mppe/refcnt")" = "$1" ]; }

# link NAME NAMESPACE NAMESPACE ADDRESS, with the arrays there and here: pppd on both
# ends, which requires MPPE as those of our calls do.
link()
{
	local name=$1

	start "$name-there" "$2" pppd nodetach debug file /run/options.server "$4:${4%.*}.2" \
		"${there[@]}"
	start "$name" "$3" pppd nodetach debug user alice password 'correct horse' \
		remotename server noauth refuse-pap refuse-chap refuse-mschap \
		require-mppe-128 nodefaultroute noipv6 lcp-echo-interval 0 "${here[@]}"
	ppp_up "$3" "$4"
	encrypted "$name" "$name-there"
}

encrypted()
{
	local name

	for name; do
		wait_for 10 "MPPE of $name" logged "$name" "MPPE 128-bit stateless compression enabled"
	done
}

step "the module is not loaded before a link wants it"
modprobe -r "$mppe"
[ ! -d "/sys/module/$mppe" ] || fail "$mppe is loaded"

step "a call of ours"
start_daemons
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
encrypted alice
wait_for 10 "both ends to use $mppe" used "$ours"

step "PPPoE, without discovery"
there=(plugin rp-pppoe.so nic-eth0 rp_pppoe_sess "77:$(mac caller)")
here=(plugin rp-pppoe.so nic-eth0 rp_pppoe_sess "77:$(mac concentrator)")
link pppoe concentrator caller 10.1.0.1
wait_for 10 "both ends to use $mppe" used "$((ours + 4))"

step "a serial line"
start line modem socat PTY,link=/run/modem,rawer PTY,link=/run/serial,rawer
wait_for 10 "the line" test -e /run/serial
there=(/run/modem 115200 local nocrtscts)
here=(/run/serial 115200 local nocrtscts)
link serial modem laptop 10.2.0.1
wait_for 10 "both ends to use $mppe" used "$((ours + 8))"

step "traffic over all three at once"
# ping compares what comes back with what it sent.
flow() { start "$1" "$2" ping -c 200 -i 0.02 -W 5 -s "$4" "$3"; }
flow ping-call client 10.0.0.1 1000
flow ping-pppoe caller 10.1.0.1 1000
flow ping-serial laptop 10.2.0.1 100
# answered NAME COUNT: at least that many replies, and all of them right.
answered()
{
	local count

	wait_for 60 "$1 to end" not alive "$1"
	unset "pids[$1]"
	count=$(sed -nE 's/.* ([0-9]+) received.*/\1/p' "$logs/$1.log")
	[ "${count:-0}" -ge "$2" ] || fail "$1: ${count:-no} replies"
	! grep -q "wrong" "$logs/$1.log" || fail "$1: data came back changed"
}
answered ping-call 180
answered ping-pppoe 180
answered ping-serial 100 # its queue is short

step "they end, and the module is free"
for name in alice pppoe serial; do stop "$name"; done
wait_for 20 "the other ends to end" not strays_of pppd
unset "pids[pppoe-there]" "pids[serial-there]"
stop line
wait_for 10 "$mppe to be free" used 0

step "an empty file in /etc/modprobe.d turns it off"
modprobe -r "$mppe"
mkdir -p /etc/modprobe.d
: >/etc/modprobe.d/kpptp_mppe.conf
modprobe ppp-compress-18
[ -d /sys/module/ppp_mppe ] || fail "ppp_mppe is not loaded"
[ ! -d /sys/module/kpptp_mppe ] || fail "kpptp_mppe is loaded"
done_story
