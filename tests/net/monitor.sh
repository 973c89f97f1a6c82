#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kpptpctl monitor: the control connection and its call, as the daemon sees them,
# and the call of the kernel, from the first message to the last; and on without
# the daemon.
. "$(dirname "$0")/lib.sh"

server_and_client

# watchers COUNT: so many are connected to the server's local socket.
watchers() { [ "$(in_ns server ss -Hx | grep -c /run/server.sock)" = "$1" ]; }

# events NAME FILTER: of those in JSON, in one line.
events() { jq -r "$2" "$logs/$1.log" | paste -sd ' '; }

step "an unknown word is an error of usage"
ctl server monitor nothing 2>"$logs/usage" && fail "it was taken"
grep -q "cannot monitor 'nothing'" "$logs/usage" || fail "it is not named: $(cat "$logs/usage")"

step "alice calls and hangs up"
start json server "$bin/kpptpctl" -j -S /run/server.sock monitor
start text server "$bin/kpptpctl" -S /run/server.sock monitor tunnels
start both server "$bin/kpptpctl" -S /run/server.sock monitor
wait_for 10 "all to listen" watchers 3
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
stop alice
nothing_left client server

step "what was told"
wait_for 10 "the tunnel's end" logged json '"state":"idle","host-name"'
wait_for 10 "the same for people" logged text 'state idle: closing the control connection'
told=$(events json 'select(.tunnel).tunnel.state')
[[ $told == "established idle" ]] || fail "of the tunnel: $told"
told=$(events json 'select(.event == "call").call.state')
[[ $told == "wait_cs_ans established "*"idle" ]] || fail "of its call: $told"
told=$(events json 'select(.event == ("new", "changed", "deleted")).event')
[[ $told == new*deleted ]] || fail "of the kernel's call: $told"
[ "$(events json 'select(.call).call.id' | xargs -n 1 | sort -u | grep -cvx 0)" = 1 ] || fail "not of one call"
[ "$(events json 'select(.time | type != "number")')" = '' ] || fail "an event without a time"
[ "$(events json 'select(.tunnel).tunnel.peer' | xargs -n 1 | sort -u)" = 192.0.2.2 ] || fail "not of the client"
grep -qE '^[0-9:.]+ call    local 192.0.2.1 peer 192.0.2.2 id [0-9]+ .* state idle.*: call ended: cleared by the peer' \
	"$logs/text.log" || fail "for people: $(cat "$logs/text.log")"
! grep -q ' deleted ' "$logs/text.log" || fail "calls of the kernel, where only tunnels were asked for"

step "the daemon ends: the kernel's calls are told on, and tunnels are not"
stop kpptpd-server
wait_for 10 "the news" logged json '"event":"daemon-gone"'
alive json || fail "monitor has ended"
wait_for 10 "the news for people" logged both ' daemon-gone kpptpd closed the connection'
ends text 1
logged text 'kpptpd closed the connection' || fail "not said why"
ctl server call add local 192.0.2.1 peer 192.0.2.2 id 7
wait_for 10 "the call" logged json '"id":7,'
ctl server call del local 192.0.2.1 peer 192.0.2.2 id 7
stop json
stop both
nothing_left client
done_story
