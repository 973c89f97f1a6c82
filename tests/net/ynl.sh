#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: tests/vm/ynl.sh
#
# The kernel's ynl tool works with our spec under the kernel's schema: it dumps calls,
# reads the namespace and deletes a call.
. "$(dirname "$0")/lib.sh"

tree=$("$top/tests/vm/ynl.sh")
ynl()
{
	in_ns server python3 "$tree/tools/net/ynl/pyynl/cli.py" --spec "$top/include/netlink/kpptp.yaml" \
		--schema "$tree/Documentation/netlink/genetlink-legacy.yaml" --output-json "$@"
}

load_modules
two_hosts

step "no calls yet"
[ "$(ynl --dump call-get | jq -c .)" = '[]' ] || fail "a call: $(ynl --dump call-get)"

step "kpptpctl creates a call, ynl dumps it"
in_ns server "$bin/kpptpctl" call add local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2 >/dev/null
dump=$(ynl --dump call-get)
[ "$(jq -r '.[0] | "\(.local) \(.peer) \(.id) \(."peer-id")"' <<<"$dump")" = "192.0.2.1 192.0.2.2 1 2" ] ||
	fail "the dump is $dump"
[ "$(jq '.[0].stats."tx-packets"' <<<"$dump")" = 0 ] || fail "no statistics in $dump"

step "net-get, call-del"
[ "$(ynl --do net-get | jq .calls)" = 1 ] || fail "net-get says $(ynl --do net-get)"
ynl --do call-del --json '{"local": "192.0.2.1", "peer": "192.0.2.2", "id": 1}' >/dev/null
[ "$(ynl --dump call-get | jq -c .)" = '[]' ] || fail "the call is still there"

no_calls() { [ "$(in_ns "$1" "$bin/kpptpctl" -j show net | jq .net.calls)" = 0 ]; }
done_story
