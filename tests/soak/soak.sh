#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: soak.sh MINUTES SEED (in a machine, see run.sh)
#
# A server under load for MINUTES: 200 clients in one program (bench/clients) and a few
# real pppds connect and disconnect at random, over a link with loss and reordering,
# while the configuration is reloaded, calls are hung up, and the RADIUS server stops
# and restarts.
#
# Processes and kernel are measured twice, with only one client left that stays
# connected: after a tenth of the time (at least a minute), and at the end. None may
# have grown by more than measure.bash allows. No descriptor, call, interface or address
# may be left: the last step assigns every address of the pool.
. "$(dirname "$0")/../net/lib.sh"
. "$top/tests/net/radius.bash"
. "$top/tests/bench/clients/clients.bash"
. "$top/tests/soak/measure.bash"

minutes=$1 seed=$2
clients=200 real=4 addresses=220
warm=$((minutes > 10 ? minutes * 6 : minutes * 30)) # seconds
radius=/run/radius
RANDOM=$seed
step "$minutes minutes, seed $seed"

# The hosts: server, client with the many clients, and road with the real pppds.
hosts()
{
	clients_hosts
	ip netns add road
	ip link add server1 netns server type veth peer name road0 netns road
	address server server1 192.0.3.1/24
	address road road0 192.0.3.2/24
}

# link_is NETEM...: set netem on all links, both ways.
link_is()
{
	local end

	for end in server:server0 client:client0 server:server1 road:road0; do
		tc -n "${end%:*}" qdisc replace dev "${end#*:}" root netem limit 10000 "$@"
	done
}

radius_begins()
{
	radius_files
	cat >"$radius/users" <<-END
		alice Cleartext-Password := "correct horse"
		 Acct-Interim-Interval = 60
	END
	sed -i 's/^radius_timeout .*/radius_timeout 2/; s/^radius_retries .*/radius_retries 2/' \
		"$radius/client.conf"
	cat >>/run/options.server <<-END
		plugin radius.so
		radius-config-file $radius/client.conf
	END
	radius_returns
}

radius_returns()
{
	start radiusd server freeradius -f -l "$radius/log" -d "$radius"
	wait_for 60 "FreeRADIUS to listen" sh -c 'ip netns exec server ss -lun | grep -q :1813'
}

# real N: a real pppd that connects and disconnects until stopped.
real()
{
	local n=$1

	RANDOM=$((seed + n))
	while [ ! -e /run/stop ]; do
		dial "real-$n" road alice password 'correct horse' unit "$n"
		for ((i = 0; i < 50 + RANDOM % 300; i++)); do
			if [ -e /run/stop ] || ! alive "real-$n"; then break; fi
			sleep 0.1
		done
		case $((RANDOM % 3)) in
		0) stop "real-$n" KILL ;;
		*) stop "real-$n" ;;
		esac
	done
}

begin_load()
{
	local n

	rm -f /run/stop "$logs/load.log"
	clients_start load -n "$clients" -c 40 -s "$seed" -i 30
	for ((n = 1; n <= real; n++)); do
		(trap - EXIT; server=192.0.3.1 real "$n") >>"$logs/real.log" 2>&1 </dev/null &
		pids[real-$n]=$!
	done
}

# end_load: all clients leave except the one that stays.
end_load()
{
	local n

	touch /run/stop
	stop_load
	for ((n = 1; n <= real; n++)); do
		wait_for 60 "a real client to leave" not alive "real-$n"
		unset "pids[real-$n]"
	done
	link_is delay 1ms
	radius_is_back
	wait_for 120 "the calls to be gone" calls server 1
	wait_for 120 "the calls of the real clients to be gone" calls road 1
	wait_for 120 "pppd to end" only_two_pppd
}

stop_load()
{
	kill "${pids[load]}"
	wait_for 90 "the clients to leave" not alive load
	wait "${pids[load]}" || fail "the clients failed"
	unset "pids[load]"
	step "$(clients_said load end)"
}

only_two_pppd() { [ "$(pgrep -xc pppd)" = 2 ]; }

radius_is_back()
{
	if [ -z "${pids[radiusd]:-}" ]; then
		radius_returns
	else
		kill -CONT "${pids[radiusd]}"
	fi
}

# reload: change the window and the name each time.
reload()
{
	sed -i "s/^host-name = .*/host-name = server-$RANDOM/; s/^window = .*/window = $((64 + RANDOM % 256))/" \
		/run/server.conf
	kill -HUP "${pids[kpptpd-server]}"
}

# hang_up: hang up a call, but not the one that stays.
hang_up()
{
	local key

	key=$(ctl server -j show calls | jq -r --arg not "192.0.3.2" '[.calls[] |
		select(.peer != $not)][0] | select(.) | "local \(.local) peer \(.peer) id \(.id)"')
	# The call may have ended meanwhile.
	# shellcheck disable=SC2086 # words
	[ -z "$key" ] || ctl server hangup $key || :
}

# random_event: something that may happen to a server.
random_event()
{
	case $((RANDOM % 12)) in
	0) radius_is_back; link_is delay 5ms 2ms loss 0.5% ;;
	1) link_is delay 20ms 5ms loss 2% ;;
	2) link_is delay 1ms reorder 20% 50% loss 0.1% ;;
	3) link_is delay 1ms ;;
	4) radius_is_back; stop radiusd ;;
	5) radius_is_back; kill -STOP "${pids[radiusd]}" ;;
	6 | 7) radius_is_back ;;
	8) hang_up ;;
	9) ctl server -j show >/run/shown; ctl server -j show calls >/run/shown ;;
	*) ;;
	esac
	reload
	alive load || fail "the clients have ended"
	alive kpptpd-server || fail "the daemon has ended"
	alive stays || fail "the client that stays has ended"
}

# load SECONDS
load()
{
	local until=$((SECONDS + $1))

	begin_load
	while [ "$SECONDS" -lt "$until" ]; do
		random_event
		sleep 5
	done
	end_load
}

watched()
{
	local ns

	for ns in server road; do
		printf '%s\n' "${pids[kpptpd-$ns]} monitor-$ns" \
			"$(pgrep -P "${pids[kpptpd-$ns]}" -x kpptpd) worker-$ns"
	done
	printf '%s\n' "$(pgrep -P "${pids[kpptpd-server]}" -x pppd) pppd-server" \
		"${pids[stays]} pppd-road"
}

load_modules
modprobe sch_netem
clients_build
hosts
ppp_secrets
radius_begins
pool=10.0.1.1-10.0.1.$addresses
start_daemon server '[limits]' 'calls-per-address = 300' '[call]' 'window = 128'
start_daemon road '[server]' 'enable = no'
step "a client that stays"
server=192.0.3.1 dial stays road alice password 'correct horse' unit 100
ppp_up road 10.0.0.1

step "warming up"
load "$warm"
sleep 5 # what the kernel frees later
measure /run/before

step "the soak"
load $((minutes * 60 - warm))
pings road 10.0.0.1 || fail "the client that stays lost its connection"
sleep 5
measure /run/after
grown /run/before /run/after

step "every address can be assigned"
rm -f "$logs/load.log"
clients_start load -n $((addresses - 1)) -p 16
clients_wait load up 300
[ "$(clients_said load up | jq '.refused + .denied + .lost')" = 0 ] ||
	fail "an address could not be assigned: $(clients_said load up)"
stop_load
wait_for 60 "the calls to be gone" calls server 1

stop stays
stop radiusd
nothing_left server road
done_story
