#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tunnel is in one network namespace and its PPP interface in another, which sees
# nothing of the network that the tunnel crosses.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
two_hosts
ip netns add user

#   [ user ] ppp0 10.0.0.2 ... [ client ] 192.0.2.2 ---- 192.0.2.1 [ server ]
interface there server 10.0.0.1 10.0.0.2 interface \
	"$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)"

step "the channel exists in the requested namespace only"
made=$(bare client -j call add local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1 ppp-netns user)
channel=$(jq .channel <<<"$made")
[ "$(jq '."ppp-netns-cookie" > 0' <<<"$made")" = true ] || fail "no ppp-netns-cookie: $made"
in_ns client python3 "$top/tests/net/unit.py" interface "$channel" 2>/dev/null &&
	fail "the channel can be attached in the namespace of the tunnel"
interface here user 10.0.0.2 10.0.0.1 interface "$channel"

step "traffic passes both ways"
pings user 10.0.0.1 || fail "no answer from the server"
pings server 10.0.0.2 || fail "no answer from the user"

step "marks do not cross namespaces"
in_ns client nft -f - <<-END
	add table ip story
	add chain ip story out { type filter hook output priority 0; }
	add rule ip story out ip protocol gre meta mark != 0 counter drop
END
in_ns user ping -c 3 -i 0.1 -W 2 -m 5 10.0.0.1 >/dev/null || fail "the mark has left its namespace"
in_ns client nft delete table ip story

step "the call exists in the tunnel's namespace only"
[ "$(bare user -j show net | jq .net.calls)" = 0 ] || fail "the user has a call"
expect "no call" bare user call del local 192.0.2.2 peer 192.0.2.1 id 2
expect "cannot open the network namespace" bare client call add local 192.0.2.2 peer 192.0.2.1 ppp-netns nowhere
expect "no descriptor of a network namespace" bare client call add local 192.0.2.2 peer 192.0.2.1 \
	ppp-netns /proc/self/status

step "deleting the call ends the link in the other namespace"
bare client call del local 192.0.2.2 peer 192.0.2.1 id 2
silent() { not in_ns user ping -c 1 -W 1 10.0.0.1; }
wait_for 5 "the link to be dead" silent
stop here
stop there
end_calls server
done_story
