#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Control characters and invalid UTF-8 in foreign text: a peer's names, numbers and
# statistics, names of devices and processes. None reaches a terminal, the log or JSON.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets
start_daemon server
start json server "$bin/kpptpctl" -j -S /run/server.sock monitor
start text server "$bin/kpptpctl" -S /run/server.sock monitor
watchers() { [ "$(in_ns server ss -Hx | grep -c /run/server.sock)" = "$1" ]; }
wait_for 10 "both to listen" watchers 2
clean() { python3 "$top/tests/net/clean.py" "$@" || fail "not clean"; }
# cleaned NAME: the text that peer.py sends, cleaned.
cleaned() { printf '?[2J?1m??3m???????odd-%s-\303\244' "$1"; }

step "a peer sends odd texts"
start peer client python3 "$top/tests/net/peer.py" 192.0.2.1 odd
wait_for 20 "all to be sent" logged peer "all was sent"
wait_for 10 "its last call" logged json '"id":'
ctl server show tunnels >"$logs/tunnels"
ctl server -j show tunnels >"$logs/tunnels.json"
ctl server -j show >"$logs/show.json"
for file in tunnels tunnels.json show.json; do
	json=()
	[[ $file != *.json ]] || json=(--json)
	clean "${json[@]}" "$logs/$file" \
		"$(cleaned host)" "$(cleaned vendor)" "$(cleaned number)" "$(cleaned dialed)" "$(cleaned dialing)"
done

step "monitor and the log show them cleaned"
stop peer
nothing_left server
wait_for 10 "the end" logged json '"state":"idle","host-name"'
wait_for 10 "the same in text" logged text 'state idle'
clean --json "$logs/json.log" "$(cleaned host)" "$(cleaned vendor)" "$(cleaned number)" "$(cleaned dialing)" \
	"$(cleaned statistics)"
clean "$logs/text.log" "$(cleaned number)" "$(cleaned dialing)" "$(cleaned statistics)"
clean "$logs/kpptpd-server.log" "$(cleaned host)" "$(cleaned vendor)" "$(cleaned dialed)" "$(cleaned dialing)" \
	"$(cleaned statistics)"

step "a device has an odd name"
device=$'\e[2J\x9b1m\xc2\x9b3m'
ip -n server link add name "$device" type dummy
ctl server call add local 192.0.2.1 peer 192.0.2.2 id 7 device "$device" >"$logs/odd.log"
ctl server show calls >"$logs/calls"
ctl server -j show calls >"$logs/calls.json"
clean "$logs/calls" '?[2J?1m??3m'
clean --json "$logs/calls.json" '?[2J?1m??3m'
ctl server call del local 192.0.2.1 peer 192.0.2.2 id 7

step "so has a process that uses the port"
ip netns add other
ip -n other link set lo up
start taker other python3 -c '
import socket, time
open("/proc/self/comm", "wb").write(b"\x1b[2J\x9b1m\xc2\x9b3m")
taken = socket.create_server(("", 1723))
time.sleep(600)'
wait_for 10 "it to listen" sh -c 'ip netns exec other ss -Hltn | grep -q :1723'
: >/run/other.conf
in_ns other "$bin/kpptpctl" doctor -c /run/other.conf >"$logs/doctor" || :
in_ns other "$bin/kpptpctl" -j doctor -c /run/other.conf >"$logs/doctor.json" || :
clean "$logs/doctor" 'taken by ?[2J?1m??3m'
clean --json "$logs/doctor.json" 'taken by ?[2J?1m??3m'
stop taker
done_story
