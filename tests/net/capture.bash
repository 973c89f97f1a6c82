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

# packets NAMESPACE FILTER: print the packets that match, as tcpdump does, which starts
# many times faster than tshark.
packets() { tcpdump -nnr "$logs/$1.pcap" "$2" 2>/dev/null; }

# connection_closed NAMESPACE: the capture has a FIN from both ends of the TCP
# connection, possibly retransmitted.
connection_closed()
{
	[ "$(packets "$1" 'tcp[tcpflags] & tcp-fin != 0' | sed -E 's/.* IP ([0-9.]+)\.[0-9]+ > .*/\1/' |
		sort -u | wc -l)" -ge 2 ]
}

# caught_up: tcpdump has read everything the kernel captured for it. It prints both
# counts on SIGUSR1. The kernel also counts what came before tcpdump set its filter: so
# counts that no longer change are enough, too.
caught_up()
{
	local counts

	kill -USR1 "${pids[tcpdump]}"
	counts=$(sed -nE 's/.*\b([0-9]+) packets? captured, ([0-9]+) packets? received by filter.*/\1 \2/p' \
		"$logs/tcpdump.log" | tail -n 5)
	[ -n "$counts" ] || return 1
	awk '{ seen[$0]++; equal = $1 == $2 } END { exit !(equal || seen[$0] == 5) }' <<<"$counts"
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
# error in them; only packets matching FILTER count. Leaves a line for each packet with
# messages in NAMESPACE.messages: the frame's number, its source, the messages' types.
well_formed()
{
	local only=${2:-ip} file=$logs/$1.messages odd

	decode "$1" -Y "($only) and (pptp or _ws.malformed or _ws.expert.severity >= error)" \
		-T fields -e frame.number -e ip.src -e pptp.control_message_type \
		-e _ws.malformed -e _ws.expert.severity -e _ws.col.Info >"$file"
	# A packet may have several severities; 0x800000 is an error.
	odd=$(awk -F'\t' '
		{
			bad = $4 != ""
			for (n = split($5, severity, ","); n > 0; n--)
				bad = bad || severity[n] + 0 >= 8388608
		}
		bad' "$file")
	[ -z "$odd" ] || fail "tshark says: $odd"
	[ -n "$(message_types "$1")" ] || fail "no control message was captured"
}

# message_types NAMESPACE [SOURCE]: after well_formed, print the types of the messages,
# of those from SOURCE, in order, as "1 2 7 8 15 ".
message_types()
{
	awk -F'\t' -v source="${2:-}" 'source == "" || $2 == source { print $3 }' \
		"$logs/$1.messages" | tr ',\n' '  '
}

# no_resets NAMESPACE: no TCP connection was reset, and GRE was captured.
no_resets()
{
	[ -z "$(packets "$1" 'tcp[tcpflags] & tcp-rst != 0')" ] || fail "a connection was reset"
	[ -n "$(packets "$1" 'ip proto 47')" ] || fail "no GRE was captured"
}
