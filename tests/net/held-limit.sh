#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets that arrive early are held for reordering and use memory: at most held-limit
# for all calls of a namespace.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
two_hosts

net() { bare server -j show net | jq ".net.\"$1\""; }
held() { [ "$(net held-bytes)" -gt 0 ]; }
none_held() { [ "$(net held-bytes)" = 0 ]; }
early() # play a client whose packets arrive early
{
	add_call server local 192.0.2.1 peer 192.0.2.2 id 1 reorder-time 1s >"$logs/channel"
	start early client python3 "$top/tests/net/gre-early.py" 192.0.2.2 192.0.2.1 1
	wait_for 10 "early packets" logged early trained
}
end() { bare server call del local 192.0.2.1 peer 192.0.2.2 id 1; }

step "there is a default limit"
limit=$(net held-limit)
[ "$limit" -ge $((4 << 20)) ] || fail "the limit is $limit bytes"

step "early packets are held and charged, and released on timeout"
early
wait_for 10 "packets to be held" held
stop early
wait_for 10 "all to be released" none_held
counted server 1 rx-out-of-order || fail "no packet was out of order"
counted server 1 rx-reorder-timeouts || fail "no reorder timeout"
[ "$(statistic server 1 rx-held-limits)" = 0 ] || fail "the limit was reached"
end

step "with a limit of 0 nothing is held, and that is counted"
bare server net set held-limit 0
[ "$(net held-limit)" = 0 ] || fail "the limit is not 0"
rm "$logs/early.log"
early
wait_for 10 "the limit to be counted" counted server 1 rx-held-limits
[ "$(statistic server 1 rx-out-of-order)" = 0 ] || fail "packets were held"
none_held || fail "held-bytes is not 0"
[ "$(statistic server 1 rx-packets)" -gt 0 ] || fail "nothing was delivered"

step "deleting a call that holds packets releases their memory"
# Start over: the hold time became short while nothing was held.
stop early
end
bare server net set held-limit "$limit"
rm "$logs/early.log"
early
wait_for 10 "packets to be held" held
end
wait_for 5 "all to be released" none_held
stop early

step "refusals say why"
expect "not a number" bare server net set held-limit -1
expect "more than this machine can address" bare server net set held-limit 18446744073709551615
done_story
