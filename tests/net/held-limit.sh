#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets that came too early are held until those before them come, and take
# memory meanwhile: of all calls of a namespace no more than its held-limit.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
modprobe sch_netem
two_hosts
interface there server 10.0.0.1 10.0.0.2 interface \
	"$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)"
interface here client 10.0.0.2 10.0.0.1 interface \
	"$(add_call client local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)"
pings client 10.0.0.1 || fail "no answer through the tunnel"

net() { bare server -j show net | jq ".net.\"$1\""; }
flood() { in_ns client ping -q -i 0.001 -c 500 -W 2 10.0.0.1 >"$logs/ping.log" || :; }
held() { [ "$(net held-bytes)" -gt 0 ]; }
none_held() { [ "$(net held-bytes)" = 0 ]; }

step "a limit is there from the start"
limit=$(net held-limit)
[ "$limit" -ge $((4 << 20)) ] || fail "the limit is $limit octets"

step "a link that reorders: packets are held, and none is lost"
in_ns client tc qdisc add dev client0 root netem delay 10ms 5ms limit 10000
start flood client ping -q -i 0.001 -c 2000 -W 2 10.0.0.1
wait_for 10 "packets to be held" held
ends flood 0
wait_for 5 "all to be let go" none_held
counted server 1 rx-out-of-order || fail "no packet came too early"
[ "$(statistic server 1 rx-held-limits)" = 0 ] || fail "the limit was reached"

step "without memory to spend nothing is held, and that is counted"
bare server net set held-limit 0
[ "$(net held-limit)" = 0 ] || fail "the limit is not 0"
before=$(statistic server 1 rx-out-of-order)
flood
[ "$(statistic server 1 rx-out-of-order)" = "$before" ] || fail "packets were held"
counted server 1 rx-held-limits || fail "what was given up is not counted"
none_held || fail "octets are said to be held"

step "a call that ends while it holds packets gives their memory back"
bare server net set held-limit "$limit"
start flood client ping -q -i 0.001 10.0.0.1
wait_for 10 "packets to be held" held
bare server call del local 192.0.2.1 peer 192.0.2.2 id 1
stop flood INT
wait_for 5 "all to be let go" none_held

step "refusals say why"
expect "not a number" bare server net set held-limit -1
expect "more than this machine can address" bare server net set held-limit 18446744073709551615

stop here
stop there
end_calls client
done_story
