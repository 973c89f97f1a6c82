#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Calls without a daemon: kpptpctl creates them, and a program that only knows /dev/ppp
# passes frames through them. Counters, their output formats and the call's times work,
# and a call is visible only in its own namespace.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
bare() { local ns=$1; shift; in_ns "$ns" "$bin/kpptpctl" "$@"; }

step "a call on each host"
new=$(bare server -j call add local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)
there=$(jq .channel <<<"$new")
[ "$(jq .id <<<"$new")" = 1 ] || fail "no id in: $new"
here=$(bare client -j call add local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1 | jq .channel)

step "neither sees the other's call"
[ "$(bare client -j show calls | jq -c '[.calls[].id]')" = '[2]' ] || fail "the client sees more than its own"
expect "no call" bare client call del local 192.0.2.1 peer 192.0.2.2 id 1

step "a program attaches to each channel, and frames pass"
start echo server python3 "$top/tests/net/channel.py" echo "$there"
in_ns client python3 "$top/tests/net/channel.py" send "$here" 1000 || fail "frames were lost"
stop echo

step "frames are counted"
stats=$(bare client -j show calls | jq '.calls[0].stats')
[ "$(jq '."tx-packets"' <<<"$stats")" = 1000 ] || fail "not 1000 sent: $stats"
[ "$(jq '."rx-packets"' <<<"$stats")" = 1000 ] || fail "not 1000 received: $stats"

step "stats -w redraws on a terminal, and appends elsewhere"
home=$'\e[H'
# twice NAME TEXT: the log has the text at least twice.
twice() { [ "$(grep -aoF -- "$2" "$logs/$1.log" | wc -l)" -ge 2 ]; }
start terminal client script -qfc "$bin/kpptpctl stats -w 1" /dev/null
start rounds client "$bin/kpptpctl" stats -w 1
wait_for 20 "a terminal to be refreshed" twice terminal "$home"
wait_for 20 "two rounds" twice rounds 'call local'
stop terminal
stop rounds
! logged rounds "$home" || fail "terminal escapes without a terminal"

step "bold on a terminal only, and not with NO_COLOR"
bold=$'\e[1m'
on_a_terminal() { in_ns client script -qc "$bin/kpptpctl show calls" /dev/null; }
[[ $(on_a_terminal) == *"$bold"* ]] || fail "nothing is bold on a terminal"
[[ $(NO_COLOR=1 on_a_terminal) != *"$bold"* ]] || fail "NO_COLOR is ignored"
[[ $(bare client show calls) != *"$bold"* ]] || fail "bold without a terminal"

step "Prometheus format"
bare client stats --prometheus >"$logs/prometheus.log"
grep -qxF 'kpptp_call_tx_packets_total{local="192.0.2.2",peer="192.0.2.1",id="2"} 1000' "$logs/prometheus.log" ||
	fail "no tx-packets"
grep -qx 'kpptp_net_calls 1' "$logs/prometheus.log" || fail "no calls of the namespace"
odd=$(grep -vE '^(# (HELP|TYPE) kpptp_[a-z_]+ .+|kpptp_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+)$' \
	"$logs/prometheus.log") || :
[ -z "$odd" ] || fail "malformed line: $odd"

step "the times of a call can be changed and reset"
conf() { bare client -j show calls | jq -c '.calls[0] | [."ack-delay", ."ato-min", ."ato-max"]'; }
set_times() { bare client call set local 192.0.2.2 peer 192.0.2.1 id 2 "$@"; }
[ "$(conf)" = '[null,250000,3000000]' ] || fail "the defaults are $(conf)"
set_times ack-delay 10ms ato-min 20ms ato-max 1s
[ "$(conf)" = '[10000,20000,1000000]' ] || fail "the times are $(conf)"
set_times ack-delay auto ato-min 0ms
[ "$(conf)" = '[null,250000,1000000]' ] || fail "after the reset the times are $(conf)"
expect "time too long" set_times ato-max 65s

step "the id is taken until the call is deleted"
expect "exists" bare server call add local 192.0.2.1 peer 192.0.2.2 id 1
bare server call del local 192.0.2.1 peer 192.0.2.2 id 1
bare client call del local 192.0.2.2 peer 192.0.2.1 id 2
expect "no call" bare server call del local 192.0.2.1 peer 192.0.2.2 id 1
no_calls() { [ "$(bare "$1" -j show net | jq .net.calls)" = 0 ]; }
done_story
