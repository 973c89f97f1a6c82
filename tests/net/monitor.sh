#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kpptpctl monitor reports the daemon's control connection and call, and the kernel's
# call, from the first message to the last. It goes on without the daemon.
. "$(dirname "$0")/lib.sh"

server_and_client

# watchers COUNT: that many clients are connected to the server's local socket.
watchers() { [ "$(in_ns server ss -Hx | grep -c /run/server.sock)" = "$1" ]; }

# events NAME FILTER: print the filtered JSON events in one line.
events() { jq -r "$2" "$logs/$1.log" | paste -sd ' '; }

step "an unknown word is a usage error"
ctl server monitor nothing 2>"$logs/usage" && fail "the word was accepted"
grep -q "cannot monitor 'nothing'" "$logs/usage" || fail "the word is not named: $(cat "$logs/usage")"

step "alice calls and hangs up"
start json server "$bin/kpptpctl" -j -S /run/server.sock monitor
start text server "$bin/kpptpctl" -S /run/server.sock monitor tunnels
start both server "$bin/kpptpctl" -S /run/server.sock monitor
wait_for 10 "all to listen" watchers 3
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
stop alice
nothing_left client server

step "check the events"
wait_for 10 "the tunnel's end" logged json '"state":"idle","host-name"'
wait_for 10 "the same in text" logged text 'state idle: closing the control connection'
seen=$(events json 'select(.tunnel).tunnel.state')
[[ $seen == "established idle" ]] || fail "states of the tunnel: $seen"
seen=$(events json 'select(.event == "call").call.state')
[[ $seen == "wait_cs_ans established "*"idle" ]] || fail "states of its call: $seen"
seen=$(events json 'select(.event == ("new", "changed", "deleted")).event')
[[ $seen == new*deleted ]] || fail "events of the kernel's call: $seen"
[ "$(events json 'select(.call).call.id' | xargs -n 1 | sort -u | grep -cvx 0)" = 1 ] || fail "events of more than one call"
[ "$(events json 'select(.time | type != "number")')" = '' ] || fail "an event without a time"
[ "$(events json 'select(.tunnel).tunnel.peer' | xargs -n 1 | sort -u)" = 192.0.2.2 ] || fail "events of another peer"
grep -qE '^[0-9:.]+ call    local 192.0.2.1 peer 192.0.2.2 id [0-9]+ .* state idle.*: call ended: cleared by the peer' \
	"$logs/text.log" || fail "in text: $(cat "$logs/text.log")"
! grep -q ' deleted ' "$logs/text.log" || fail "kernel events in 'monitor tunnels'"

step "the daemon ends: events of kernel calls go on, those of tunnels end"
stop kpptpd-server
wait_for 10 "daemon-gone" logged json '"event":"daemon-gone"'
alive json || fail "monitor has ended"
wait_for 10 "daemon-gone in text" logged both ' daemon-gone kpptpd closed the connection'
ends text 1
logged text 'kpptpd closed the connection' || fail "no reason is given"
ctl server call add local 192.0.2.1 peer 192.0.2.2 id 7
wait_for 10 "the call" logged json '"id":7,'
ctl server call del local 192.0.2.1 peer 192.0.2.2 id 7
stop json
stop both
nothing_left client
done_story
