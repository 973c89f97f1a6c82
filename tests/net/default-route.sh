#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The client's default route goes through the tunnel. With kpptp-host-route a host route
# keeps the tunnel's own packets out of it, and is removed with the call. Without, they
# would loop, which our pppd plugin detects and ends.
. "$(dirname "$0")/lib.sh"

load_modules
ppp_secrets

#   203.0.113.1 [ server ] -- [ router ] -- [ client ]
routed_hosts
ip -n server addr add 203.0.113.1/32 dev lo
before=$(ip -n client route)
as_before() { [ "$(ip -n client route)" = "$before" ]; }

start_daemons
dial_all() { dial alice client alice password 'correct horse' defaultroute replacedefaultroute "$@"; }
way() { ip -n client -j route get "$1" | jq -r '.[0] | "\(.gateway) \(.dev)"'; }

step "everything but the tunnel's own packets goes through the tunnel"
dial_all kpptp-host-route
ppp_up client 10.0.0.1
pings client 203.0.113.1 || fail "no ping through the tunnel"
[ "$(way 203.0.113.1)" = "null ppp50" ] || fail "203.0.113.1 is routed $(way 203.0.113.1)"
[ "$(way 192.0.2.1)" = "198.51.100.254 client0" ] || fail "the server is routed $(way 192.0.2.1)"

step "the client hangs up: routes are restored"
stop alice
nothing_left server client
as_before || fail "routes: $(ip -n client route)"

step "the server hangs up: routes are restored"
dial_all kpptp-host-route
ppp_up client 10.0.0.1
kill "$(ctl server -j show tunnels | jq '.tunnels[0].calls[0]["ppp-pid"]')"
wait_for 20 "pppd to end" not alive alice
stop alice
as_before || fail "routes: $(ip -n client route)"

step "an existing host route is kept"
ip -n client route add 192.0.2.1/32 via 198.51.100.254
dial_all kpptp-host-route
ppp_up client 10.0.0.1
pings client 203.0.113.1 || fail "no ping through the tunnel"
stop alice
ip -n client route del 192.0.2.1/32 via 198.51.100.254 || fail "it was removed"
as_before || fail "routes: $(ip -n client route)"

step "a failed call leaves no route"
dial_all kpptp-host-route user mallory
wait_for 30 "pppd to end" not alive alice
stop alice
as_before || fail "routes: $(ip -n client route)"

step "without a host route the loop is detected"
: >"$logs/alice.log"
dial_all
ends alice 1
logged alice "routing loop: the route to the server 192.0.2.1 goes through ppp50" || fail "the loop is not reported"
logged alice "kpptp-host-route" || fail "no remedy is given"
as_before || fail "routes: $(ip -n client route)"

step "the server's PPP address equals its public one"
nothing_left server client
stop kpptpd-server
sed 's/^local-address.*/local-address = 192.0.2.1/' /run/server.conf >/run/same.conf
start kpptpd-server server "$bin/kpptpd" -c /run/same.conf --verbose
wait_for 10 "kpptpd of server to come up" ctl server show tunnels
: >"$logs/alice.log"
dial alice client alice password 'correct horse'
ends alice 1
logged alice "routing loop" || fail "the loop is not reported"
dial alice client alice password 'correct horse' kpptp-host-route
ppp_up client 192.0.2.1
stop alice
nothing_left server client
done_story
