#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: smp
#
# The tracepoints report why a packet was dropped, held or stopped, and kfree_skb has a
# drop reason for each.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
two_hosts
mount -t tracefs none /sys/kernel/tracing 2>/dev/null || :
tracing=/sys/kernel/tracing
[ -e "$tracing/events/kpptp/kpptp_rx_drop" ] || tracing=/sys/kernel/debug/tracing

# packets WORD...: send packets from the client, see gre-send.py.
packets() { in_ns client python3 "$top/tests/net/gre-send.py" 192.0.2.2 192.0.2.1 1 "$@"; }
traced() { grep -qE -- "$1" "$tracing/trace"; }
expect_trace() { wait_for 10 "'$1' in the trace, which is: $(cat "$tracing/trace")" traced "$1"; }
call="local=192.0.2.1 peer=192.0.2.2 id=1"

# Long times, as a slow machine may delay a packet.
add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 7 flow-control strict \
	peer-window 2 ato-min 1s reorder-time 1s >"$logs/channel"

step "tracepoints that are off write nothing"
packets seq=0 seq=0
wait_for 10 "a duplicate" counted server 1 rx-duplicates
not traced kpptp_ || fail "traced: $(cat "$tracing/trace")"
for event in kpptp skb/kfree_skb; do echo 1 >"$tracing/events/$event/enable"; done

step "a duplicate, a late packet, one far ahead"
packets seq=1 seq=1
expect_trace "kpptp_rx_drop: $call seq=1 next=2 reason=duplicate\$"
packets seq=3
expect_trace "kpptp_rx_hold: $call seq=3 next=2 held=1 hold-time=10000\$"
expect_trace "kpptp_rx_release: $call next=4 frames=1 gaps=1 lost=1\$"
packets seq=2
expect_trace "kpptp_rx_drop: $call seq=2 next=4 reason=late\$"
packets seq=100000
expect_trace "kpptp_rx_drop: $call seq=100000 next=4 reason=far-ahead\$"

step "each drop has a kernel drop reason"
for reason in DUP_FRAG FRAG_REASM_TIMEOUT FRAG_TOO_FAR; do
	expect_trace "kfree_skb:.* [[]kpptp[]] reason: $reason\$"
done

step "a jump"
packets seq=100001 seq=100002 seq=100003
expect_trace "kpptp_rx_jump: $call from=4 seq=100003\$"

step "packets that fill a gap release those behind it"
next=$(packets late=100004)
packets "seq=$((next + 1))" "seq=$((next + 2))" "seq=$next"
expect_trace "kpptp_rx_release: $call next=$((next + 3)) frames=3 gaps=0 lost=0\$"

step "a full window stalls frames until the acknowledgment times out"
interface tunnel server 10.0.0.1 10.0.0.2 interface "$(cat "$logs/channel")"
in_ns server ping -c 3 -i 0.01 -W 1 10.0.0.2 >"$logs/ping.log" || :
expect_trace "kpptp_tx_window: $call stall in-flight=1 window=1\$"
expect_trace "kpptp_ack_timeout: $call ato=[0-9]+ window=1\$"
stop tunnel

not grep -E 'kfree_skb:.* [[]kpptp[]] reason: NOT_SPECIFIED' "$tracing/trace" ||
	fail "a drop without a reason"
for event in kpptp skb/kfree_skb; do echo 0 >"$tracing/events/$event/enable"; done
end_calls server
done_story
