# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What stories need that look at the wire. To be sourced after lib.sh; no story
# itself, hence its name.

: "${logs:?}" "${pids[*]-}" # from lib.sh

# capture NAMESPACE DEVICE [FILTER...]: from now on.
capture()
{
	local ns=$1 device=$2

	shift 2
	rm -f "$logs/$ns.pcap" "$logs/tcpdump.log"
	# A frame takes its longest possible length in the buffer: -s and -B belong together.
	start tcpdump "$ns" tcpdump -i "$device" -s 2000 -B 16384 --immediate-mode -U -Z root \
		-w "$logs/$ns.pcap" "$@"
	wait_for 10 "tcpdump to listen" logged tcpdump "listening on"
}

# closed NAMESPACE: a FIN from either end of a TCP connection is in the file. On a slow
# machine one may be there twice.
closed() { [ "$(decode "$1" -Y 'tcp.flags.fin == 1' -T fields -e ip.src | sort -u | wc -l)" -ge 2 ]; }

# caught_up: tcpdump has read all that the kernel has for it. Asked by a signal, it
# tells both numbers.
caught_up()
{
	local counts

	kill -USR1 "${pids[tcpdump]}"
	counts=$(sed -nE 's/.*\b([0-9]+) packets? captured, ([0-9]+) packets? received by filter.*/\1 \2/p' \
		"$logs/tcpdump.log" | tail -n 1)
	[ -n "$counts" ] && [ "${counts% *}" = "${counts#* }" ]
}

# captured NAMESPACE [cut]: no longer, once the connection's end is in the file,
# unless that was cut off: what tcpdump has not read yet when it is stopped would be
# lost without a word.
captured()
{
	[ "${2:-}" = cut ] || wait_for 30 "tcpdump to see the end of the connection" closed "$1"
	wait_for 10 "tcpdump to catch up" caught_up
	stop tcpdump
	grep -q '^0 packets dropped by kernel' "$logs/tcpdump.log" || fail "tcpdump has lost packets"
}

# decode NAMESPACE OPTION...: what tshark makes of it.
decode()
{
	local ns=$1

	shift
	tshark -r "$logs/$ns.pcap" "$@" 2>>"$logs/tshark.log"
}

# well_formed NAMESPACE [FILTER]: tshark finds control messages, of those packets that
# the FILTER lets through, and nothing wrong with them.
well_formed()
{
	local odd only=${2:-ip}

	odd=$(decode "$1" -Y "($only) and (_ws.malformed or _ws.expert.severity >= error)")
	[ -z "$odd" ] || fail "tshark says: $odd"
	[ -n "$(decode "$1" -Y "($only) and pptp")" ] || fail "no control message was captured"
}

# orderly NAMESPACE: no TCP connection was reset, and calls were there.
orderly()
{
	[ -z "$(decode "$1" -Y 'tcp.flags.reset == 1')" ] || fail "a connection was reset"
	[ -n "$(decode "$1" -Y gre)" ] || fail "no GRE was captured"
}
