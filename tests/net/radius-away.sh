#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 600
#
# The RADIUS server takes 20 s to acknowledge the end of a session, and ip-down is slow,
# too. pppd is given time for both, whether the client hung up, the administrator did,
# or the daemon stops. The peer sees the hang-up at once, and the call is free for
# another. A pppd that takes longer than pppd-stop-timeout is killed; its scripts go on,
# or, when the daemon stops, are killed after another timeout.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/radius.bash"

radius=/run/radius
load_modules
two_hosts
ppp_secrets
radius_files
# pppd retries every 5 s.
sed -i 's/^acctserver .*/acctserver 127.0.0.1:1900/; s/^radius_retries .*/radius_retries 8/' "$radius/client.conf"
for n in {1..7}; do echo "user$n Cleartext-Password := \"secret$n\""; done >"$radius/users"
cat >>/run/options.server <<-END
	plugin radius.so
	radius-config-file $radius/client.conf
	logfile $logs/pppd-server.log
END
ln -s "$radius/accounting" "$logs/accounting.log"
cat >/etc/ppp/ip-down <<-END
	#!/bin/sh
	[ "\$6" = 192.0.2.2 ] || exit 0
	echo "begun \$PEERNAME" >>$logs/ip-down.log
	sleep 8
	echo "done \$PEERNAME" >>$logs/ip-down.log
END
chmod 755 /etc/ppp/ip-down
start_radius server
start away server "$top/tests/net/radius-away.py" 1900 1813 20
start_daemon server
start_daemon client '[server]' 'enable = no'
monitor=${pids[kpptpd-server]}

# session N: dial as user N, and wait until accounting has started.
session()
{
	dial "user$1" client "user$1" password "secret$1" unit "$((50 + $1))"
	wait_for 30 "the start of user$1" accounted Start "User-Name = \"user$1\""
	grep -q . <<<"$(pgrep -P "$monitor" -x pppd)" || fail "no pppd runs"
}

# stopped N...: RADIUS has the stop of these users, and ip-down has ended.
stopped()
{
	local n

	for n; do
		wait_for 50 "the stop of user$n" accounted Stop "User-Name = \"user$n\""
		wait_for 30 "ip-down of user$n" logged ip-down "done user$n"
	done
}

pppds() { [ "$(pgrep -P "$monitor" -x -c pppd)" = "$1" ]; }
for n in {1..6}; do session "$n"; done
calls server 6 || fail "not six calls"

step "clients hang up: the calls end at once"
stop user1
stop user2
wait_for 3 "two calls to be gone" calls server 4
pppds 6 || fail "the server's pppds do not wait for RADIUS"

step "the administrator hangs up: the clients end at once"
for peer in "${pids[user3]}" "${pids[user4]}"; do
	device=$(ip -n client -o addr show | awk '/ppp5[34]/ { print $2; exit }')
	[ -n "$device" ] || fail "no interface of $peer"
done
ids=$(ctl server -j show calls | jq '.calls[].id' | head -n 2)
for id in $ids; do ctl server hangup local 192.0.2.1 peer 192.0.2.2 id "$id"; done
two_left() { [ "$(for n in {3..6}; do if alive "user$n"; then echo "$n"; fi; done | wc -l)" = 2 ]; }
wait_for 3 "two clients to end" two_left
calls server 2 || fail "the calls are still there"
pppds 6 || fail "the server's pppds do not wait for RADIUS"

step "stop the daemon"
kill "$monitor"
none_left() { ! { alive user3 || alive user4 || alive user5 || alive user6; }; }
wait_for 8 "all clients to end" none_left
wait_for 3 "the last calls to be gone" no_calls client
wait_for 60 "the daemon to end" not alive kpptpd-server
wait "$monitor" || fail "the daemon ended with status $?"
unset "pids[kpptpd-server]"
not logged kpptpd-server 'killing it' || fail "a pppd was killed"

step "all accounting is complete"
stopped 1 2 3 4 5 6
for n in {1..6}; do unset "pids[user$n]"; done

step "a pppd that takes too long is killed, its script is not"
rm -f "$logs/ip-down.log"
sed -i '/radius/d' /run/options.server
echo 'user7 server "secret7" *' >>/etc/ppp/chap-secrets
start_daemon server '[timers]' 'pppd-stop-timeout = 3'
monitor=${pids[kpptpd-server]}
dial user7 client user7 password secret7
ppp_up client 10.0.0.1
pppd=$(pgrep -P "$monitor" -x pppd)
stop user7
wait_for 10 "ip-down" logged ip-down 'begun user7'
wait_for 10 "pppd to be killed" not kill -0 "$pppd"
logged kpptpd-server "pppd[$pppd] has not ended 3 s after it was stopped: killing it" || fail "the kill is not logged"
wait_for 20 "ip-down to end" logged ip-down 'done user7'

step "when the daemon stops, both are killed"
dial user7 client user7 password secret7
ppp_up client 10.0.0.1
sed -i 's/sleep 8/sleep 77/' /etc/ppp/ip-down
kill "$monitor"
wait_for 20 "the daemon to end" not alive kpptpd-server
unset "pids[kpptpd-server]"
not pgrep -x ip-down || fail "a script is left"
not pgrep -f 'sleep 77' || fail "a script's program is left"

stop user7
stop away
stop radiusd
nothing_left client server
done_story
