#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# TCP has no message boundaries. The server reassembles messages however they are split
# or merged into segments, and sends each of its own in one segment.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/capture.bash"

load_modules
two_hosts
ppp_secrets
# The test makes hundreds of calls a minute.
start_daemon server '[limits]' 'call-rate = 0'

peer() { in_ns client python3 "$top/tests/net/peer.py" 192.0.2.1 "$1" || fail "peer.py $1"; }

step "a message in two segments, split at every byte"
peer split

step "a session in one-byte segments"
peer bytes

step "a hundred messages in one segment"
capture client client0 tcp port 1723
peer hundred

step "each segment of the server is exactly one message"
stop_capture client
# tshark does not decode retransmissions.
once='not tcp.analysis.retransmission and not tcp.analysis.spurious_retransmission'
odd=$(decode client -Y "ip.src == 192.0.2.1 and tcp.len > 0 and $once" -T fields -e tcp.len -e pptp.length |
	awk '$1 != $2' | head -n 3)
[ -z "$odd" ] || fail "segments of the server (bytes, message): $odd"
[ "$(decode client -Y 'ip.src == 192.0.2.1 and pptp' | wc -l)" -ge 200 ] || fail "nothing was captured"

nothing_left server
done_story
