#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: pair
# timeout: 400
#
# Two kernels: the server encrypts with kpptp_mppe, the client with ppp_mppe. Over a
# link that loses, duplicates and reorders packets, what arrives is what was sent.
. "$(dirname "$0")/lib.sh"

side=$1 # server or client
modes=2
payload=/run/payload

# The only device of this machine leads to the other.
link_up()
{
	ip netns add "$side"
	ip link set vec0 netns "$side"
	address "$side" vec0 "$1"
}

# encrypted_by MODULE: it holds this kernel's slot for MPPE.
encrypted_by() { [ "$(cat "/sys/module/$1/refcnt")" -gt 0 ]; }

trouble() { in_ns "$side" tc qdisc "$1" dev vec0 root netem delay 3ms 1ms reorder 25% 50% loss 1% duplicate 2%; }

hung_up() { [ "$(grep -c 'cleared by the peer' "$logs/kpptpd-server.log")" = "$1" ]; }

run_server()
{
	modprobe kpptp_mppe
	load_modules
	link_up 192.0.2.1/24
	ppp_secrets
	sed -i 's/^require-mppe-128/require-mppe\nmppe-stateful/' /run/options.server
	start_daemon server
	start echo server socat TCP-LISTEN:7,fork,reuseaddr EXEC:cat
	trouble add
	wait_for 60 "the client to call" calls server 1
	wait_for 20 "kpptp_mppe to encrypt" encrypted_by kpptp_mppe
	wait_for 300 "the client to be done" hung_up "$modes"
}

# echoed: the server returns all that it is sent.
echoed()
{
	in_ns client timeout 60 socat -t 30 - TCP:10.0.0.1:7 <"$payload" >/run/echoed || :
	cmp "$payload" /run/echoed
}

# answered MOST: of 100 pings, at least this many.
answered()
{
	local n

	n=$(in_ns client ping -q -c 100 -i 0.02 -s 1000 -W 2 10.0.0.1 | sed -n 's/.* \([0-9]*\) received.*/\1/p')
	[ "$n" -ge "$1" ] || fail "$n of 100 pings were answered"
}

# met COUNTER...: the call came across each of these.
met()
{
	local name

	for name; do
		[ "$(ctl client -j show calls | jq ".calls[0].stats.\"$name\"")" -gt 0 ] || fail "no $name"
	done
}

# run_mode NAME PINGS OPTION...: at least so many pings of 100 are answered.
run_mode()
{
	local name=$1 pings=$2

	shift 2
	encryption=$*
	step "$name"
	: >"$logs/alice.log"
	dial alice client alice password 'correct horse'
	ppp_up client 10.0.0.1
	encrypted_by ppp_mppe || fail "ppp_mppe does not encrypt"
	logged alice "MPPE $name compression enabled" || fail "pppd agreed on something else"
	answered "$pings"
	wait_for 5 "what was sent to come back as it was" echoed
	met rx-lost rx-out-of-order rx-duplicates
	! logged alice 'CCP ResetReq' || fail "a packet could not be decrypted"
	stop alice
	nothing_left client
}

run_client()
{
	modprobe ppp_mppe
	load_modules
	link_up 192.0.2.2/24
	ppp_secrets
	start_daemon client '[server]' 'enable = no'
	wait_for 60 "the server" pings client 192.0.2.1
	head -c 200000 /dev/urandom >"$payload"
	trouble add
	run_mode '128-bit stateless' 90 require-mppe-128
	run_mode '40-bit stateless' 90 require-mppe-40 nomppe-128
}

"run_$side"
done_story
