# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Packet captures, for stories that check the wire. Source it after lib.sh. It is not a
# story itself, hence the suffix.

: "${logs:?}" "${pids[*]-}" # from lib.sh

# capture NAMESPACE DEVICE [FILTER...]: start a capture.
capture()
{
	local ns=$1 device=$2

	shift 2
	rm -f "$logs/$ns.pcap" "$logs/tcpdump.log"
	# Each frame reserves -s bytes in the buffer, so -s bounds how many frames -B
	# holds.
	start tcpdump "$ns" tcpdump -i "$device" -s 2000 -B 16384 --immediate-mode -U -Z root \
		-w "$logs/$ns.pcap" "$@"
	wait_for 10 "tcpdump to listen" logged tcpdump "listening on"
}

# connection_closed NAMESPACE: the capture has a FIN from both ends of the TCP
# connection, possibly retransmitted.
connection_closed() { [ "$(decode "$1" -Y 'tcp.flags.fin == 1' -T fields -e ip.src | sort -u | wc -l)" -ge 2 ]; }

# caught_up: tcpdump has read everything the kernel captured for it. It prints both
# counts on SIGUSR1.
caught_up()
{
	local counts

	kill -USR1 "${pids[tcpdump]}"
	counts=$(sed -nE 's/.*\b([0-9]+) packets? captured, ([0-9]+) packets? received by filter.*/\1 \2/p' \
		"$logs/tcpdump.log" | tail -n 1)
	[ -n "$counts" ] && [ "${counts% *}" = "${counts#* }" ]
}

# stop_capture NAMESPACE [cut]: stop once the end of the connection is in the file, or
# at once if the connection was "cut" off. Wait for tcpdump to catch up first: it
# silently drops what it has not read when it is killed.
stop_capture()
{
	[ "${2:-}" = cut ] || wait_for 30 "tcpdump to see the end of the connection" connection_closed "$1"
	wait_for 10 "tcpdump to catch up" caught_up
	stop tcpdump
	grep -q '^0 packets dropped by kernel' "$logs/tcpdump.log" || fail "tcpdump lost packets"
}

# decode NAMESPACE OPTION...: run tshark on the capture.
decode()
{
	local ns=$1

	shift
	tshark -r "$logs/$ns.pcap" "$@" 2>>"$logs/tshark.log"
}

# well_formed NAMESPACE [FILTER]: the capture has control messages, and tshark finds no
# error in them; only packets matching FILTER count.
well_formed()
{
	local odd only=${2:-ip}

	odd=$(decode "$1" -Y "($only) and (_ws.malformed or _ws.expert.severity >= error)")
	[ -z "$odd" ] || fail "tshark says: $odd"
	[ -n "$(decode "$1" -Y "($only) and pptp")" ] || fail "no control message was captured"
}

# no_resets NAMESPACE: no TCP connection was reset, and GRE was captured.
no_resets()
{
	[ -z "$(decode "$1" -Y 'tcp.flags.reset == 1')" ] || fail "a connection was reset"
	[ -n "$(decode "$1" -Y gre)" ] || fail "no GRE was captured"
}
