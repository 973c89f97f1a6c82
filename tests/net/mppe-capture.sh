#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 600
#
# What is on the wire is MPPE: a decoder made from the RFCs alone decrypts the captured
# packets of both directions, and finds byte for byte what was sent. For each key length
# and mode, across the end of the coherency count and many changes of keys.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"
. "$(dirname "$0")/capture.bash"

load_modules
two_hosts
seed=${seed:-$RANDOM}
mppe() { python3 "$top/tests/net/mppe.py" "$@"; }

step "the decoder agrees with the examples of RFC 3079; seed $seed"
mppe vectors || fail "the decoder is wrong"

# session BITS MODE COUNT: an encrypted call, whose client sends COUNT datagrams and gets
# them back.
session()
{
	local there here out back

	step "$1 bits, $2: $3 datagrams"
	out=$(head -c 16 /dev/urandom | xxd -p)
	back=$(head -c 16 /dev/urandom | xxd -p)
	there=$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)
	here=$(add_call client local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)
	capture client client0 ip proto 47
	unit there server mppe "$there" "$1" "$2" "$back" "$out"
	unit here client mppe "$here" "$1" "$2" "$out" "$back"
	unit_up there server 10.0.0.1 10.0.0.2
	unit_up here client 10.0.0.2 10.0.0.1
	# Room for a burst.
	for ns in server client; do ip -n "$ns" link set ppp0 txqueuelen 1000; done

	rm -f "$logs/echo.log"
	start echo server python3 "$top/tests/net/mppe.py" echo 10.0.0.1
	wait_for 10 "the echo" logged echo ready
	in_ns client python3 "$top/tests/net/mppe.py" send 10.0.0.1 "$3" "$seed" || fail "not all came back"
	[ "$(cat /sys/module/kpptp_mppe/refcnt)" = 6 ] || fail "kpptp_mppe does not serve both ends"
	stop_capture client cut
	mppe check "$logs/client.pcap" 192.0.2.2 "$out" "$1" "$2" "$3" "$seed" || fail "wrong on the way out"
	mppe check "$logs/client.pcap" 192.0.2.1 "$back" "$1" "$2" "$3" "$seed" || fail "wrong on the way back"
	not mppe check "$logs/client.pcap" 192.0.2.2 "$back" "$1" "$2" "$3" "$seed" 2>/dev/null ||
		fail "any key fits"
	stop echo
	stop here
	stop there
	end_calls server client
}

for bits in 128 40; do
	for mode in stateless stateful; do session $bits $mode 5000; done
done
done_story
