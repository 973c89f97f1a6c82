#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Bad input, from the wire, netlink, the configuration and the local socket, is refused
# by an error that names it, and does not disturb an honest call.
. "$(dirname "$0")/lib.sh"

server_and_client
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1

# say HEX...: send bytes to the server's control port and wait for it to close.
say() { in_ns client python3 "$top/tests/net/say.py" 192.0.2.1 "$@"; }
call_ok() { pings client 10.0.0.1 || fail "the honest call is broken"; }

step "control messages: wrong magic, wrong length, unknown type"
say 009c 0001 deadbeef || fail "the server did not close after a wrong magic cookie"
logged kpptpd-server "0xdeadbeef" || fail "the wrong magic cookie is not in the log"
say 0003 0001 1a2b3c4d || fail "the server did not close after a wrong length"
say 0010 0001 1a2b3c4d 0063 0000 00000000 || fail "the server did not close after an unknown type"
logged kpptpd-server "99" || fail "the unknown type is not in the log"
say ffffffffffffffff || fail "the server did not close after garbage"
call_ok

step "netlink requests"
bare() { in_ns server "$bin/kpptpctl" "$@"; }
expect "peer" bare call add local 192.0.2.1
expect "flow-control" bare call add local 192.0.2.1 peer 192.0.2.2 flow-control sometimes
expect "70000" bare call add local 192.0.2.1 peer 192.0.2.2 id 70000
expect "224.0.0.1" bare call add local 192.0.2.1 peer 224.0.0.1
expect "no call" bare call set local 192.0.2.1 peer 192.0.2.3 id 9 peer-id 1
call_ok

step "GRE packets"
in_ns client python3 "$top/tests/net/gre-garbage.py" 192.0.2.2 192.0.2.1 2000
[ "$(bare -j show net | jq '.net."rx-malformed" > 0 and .net."rx-no-call" > 0')" = true ] ||
	fail "garbage was not counted: $(bare -j show net)"
call_ok

step "the configuration"
printf '[server]\nprot = 1723\nport = many\n[nonsense]\n' >/run/bad.conf
expect "prot" "$bin/kpptpd" --check -c /run/bad.conf
expect "many" "$bin/kpptpd" --check -c /run/bad.conf
"$bin/kpptpd" --check -c /run/bad.conf >/dev/null 2>&1 && fail "--check accepted a bad file"

step "the local socket"
expect '"ok":false' in_ns server python3 "$top/tests/net/say.py" --local /run/server.sock '{"op":"fly"}'
expect 'fly' in_ns server python3 "$top/tests/net/say.py" --local /run/server.sock '{"op":"fly"}'
expect '"ok":false' in_ns server python3 "$top/tests/net/say.py" --local /run/server.sock 'no JSON at all'
call_ok

stop alice
nothing_left server client
done_story
