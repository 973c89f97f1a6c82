#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# TCP has no messages: one may come in many segments and many in one. The server
# puts them together right, wherever they are cut, and sends each of its own in
# one segment.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

load_modules
two_hosts
ppp_secrets
# It asks for hundreds of calls in a minute.
start_daemon server '[limits]' 'call-rate = 0'

peer() { in_ns client python3 "$top/tests/net/peer.py" 192.0.2.1 "$1" || fail "peer.py $1"; }

step "a message in two segments, split at every octet"
peer split

step "a session in segments of one octet"
peer octets

step "a hundred messages in one segment"
capture client client0 tcp port 1723
peer hundred

step "no segment of the server has anything but one message"
captured client
# What was sent twice is not decoded twice.
once='not tcp.analysis.retransmission and not tcp.analysis.spurious_retransmission'
odd=$(decode client -Y "ip.src == 192.0.2.1 and tcp.len > 0 and $once" -T fields -e tcp.len -e pptp.length |
	awk '$1 != $2' | head -n 3)
[ -z "$odd" ] || fail "segments of the server (octets, messages): $odd"
[ "$(decode client -Y 'ip.src == 192.0.2.1 and pptp' | wc -l)" -ge 200 ] || fail "nothing was captured"

nothing_left server
done_story
