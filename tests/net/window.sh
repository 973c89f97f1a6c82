#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Windows reopen, ours and the peer's. A frame that waits for our window is sent on an
# acknowledgment, a timeout or a change of the call; and a peer that waits for an
# acknowledgment gets it, even if it could not be sent at first.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
ip netns add host
ip -n host link set lo up

# strict ARGUMENTS...: create a call with a peer window of 4 packets, initially 2.
strict()
{
	channel=$(add_call host local 127.0.0.1 peer 127.0.0.2 id 7 peer-id 9 \
		flow-control strict peer-window 4 "$@")
}
peer() # STEP
{
	rm -f "$logs/peer.log"
	start peer host python3 "$top/tests/net/window.py" 127.0.0.1 127.0.0.2 "$channel" 7 9 "$1"
}
stalls() { [ "$(statistic host 7 tx-window-stalls)" = "$1" ]; }

step "an acknowledgment opens our window"
strict ato-min 60s ato-max 60s
peer ack
ends peer 0
stalls 1 || fail "the frame that waited is not counted"
end_calls host

step "a timeout opens our window"
strict ato-min 1s ato-max 2s
peer wait
ends peer 0
[ "$(statistic host 7 ack-timeouts)" -ge 1 ] || fail "the timeout is not counted"
end_calls host

step "a change of the call opens our window"
strict ato-min 60s ato-max 60s
peer wait
wait_for 10 "the window to be full" logged peer waiting
stalls 1 || fail "the frame that waits is not counted"
bare host call set local 127.0.0.1 peer 127.0.0.2 id 7 flow-control off
ends peer 0
stalls 1 || fail "the frame that waited is counted again"
[ "$(statistic host 7 tx-window-drops)" = 0 ] || fail "the frame that waited is counted as dropped"
end_calls host

for obstacle in 'no route' 'a filter'; do
	step "the peer's window: $obstacle blocks its acknowledgment"
	channel=$(add_call host local 127.0.0.1 peer 127.0.0.2 id 7 peer-id 9 ack-delay 50ms)
	case $obstacle in
	'no route')
		# Insert the rule before the local table.
		ip -n host rule add pref 1 lookup local
		ip -n host rule del pref 0
		ip -n host rule add pref 0 from 127.0.0.1 to 127.0.0.2 ipproto gre unreachable
		;;
	*)
		in_ns host nft add table ip t
		in_ns host nft add chain ip t out '{ type filter hook output priority 0; }'
		in_ns host nft add rule ip t out ip saddr 127.0.0.1 ip protocol gre drop
		;;
	esac
	peer owe
	wait_for 10 "an acknowledgment to be owed" logged peer owed
	case $obstacle in
	'no route')
		wait_for 10 "the attempt" counted host 7 tx-no-route
		ip -n host rule del pref 0
		;;
	*)
		wait_for 10 "the attempt" counted host 7 tx-errors
		in_ns host nft delete table ip t
		;;
	esac
	ends peer 0
	end_calls host
done

done_story
