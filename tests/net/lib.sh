# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Common code of the stories. A story sources this file first. It runs as root in a
# machine of its own (tests/vm/run.sh), so names and files cannot clash.
#
# Hosts are network namespaces. A story proceeds in steps and ends by checking that no
# process, call or interface is left.

set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${KPPTP_BIN:-$top/user/build}
plugin=$top/user/build/kpptp.so
logs=/run/story
mkdir -p "$logs"

step() { printf '%s\n' "- $*"; }

# To standard error, so that it is seen where output is captured.
fail()
{
	printf 'FAIL: %s\n' "$*" >&2
	exit 1
}

show_logs()
{
	local log

	for log in "$logs"/*.log; do
		[ -s "$log" ] || continue
		printf '%s\n' "--- ${log##*/}"
		tail -n 40 "$log"
	done
}

# in_ns NAMESPACE COMMAND...
in_ns() { ip netns exec "$@"; }

# wait_for SECONDS WHAT COMMAND...: poll COMMAND until it succeeds, or fail. The timeout
# is counted in tries: on a busy machine they take longer, and so may the condition.
wait_for()
{
	local seconds=$1 what=$2 tries=$(($1 * 20))

	shift 2
	until "$@" >/dev/null 2>&1; do
		[ "$tries" -gt 0 ] || fail "timed out after $seconds s: $what"
		tries=$((tries - 1))
		sleep 0.05
	done
}

# not COMMAND...
not() { ! "$@"; }

# expect TEXT COMMAND...: the output must contain TEXT, whatever the exit status.
expect()
{
	local text=$1 output

	shift
	output=$("$@" 2>&1) || :
	case $output in
	*"$text"*) ;;
	*) fail "expected '$text' from: $*"$'\n'"but got: $output" ;;
	esac
}

# Background processes by name.
declare -A pids=()

# start NAME NAMESPACE COMMAND...: run in the background, output in NAME.log.
start()
{
	local name=$1 ns=$2

	shift 2
	ip netns exec "$ns" "$@" >>"$logs/$name.log" 2>&1 </dev/null &
	pids[$name]=$!
}

alive() { kill -0 "${pids[$1]}" 2>/dev/null; }

# stop NAME [SIGNAL]: kill it and wait for it to exit.
stop()
{
	kill "-${2:-TERM}" "${pids[$1]}" 2>/dev/null || :
	wait_for 15 "$1 to end" not alive "$1"
	wait "${pids[$1]}" 2>/dev/null || :
	unset "pids[$1]"
}

# ends NAME STATUS: wait for it to exit by itself, with this status. Do not call this in
# a subshell, which cannot wait for the process.
ends()
{
	local status=0

	wait_for 40 "$1 to end by itself" not alive "$1"
	wait "${pids[$1]}" || status=$?
	unset "pids[$1]"
	[ "$status" = "$2" ] || fail "$1 ended with status $status instead of $2"
}

logged() { grep -qF -- "$2" "$logs/$1.log"; }

# Load the module, and what it takes: for MPPE what the kernel would ask for, see
# user/modprobe.d. Create the user of the daemon's worker.
load_modules()
{
	local module

	modprobe kpptp || fail "kpptp does not load"
	for module in veth ppp_async ppp-compress-18 arc4; do modprobe "$module" 2>/dev/null || :; done
	getent passwd kpptp >/dev/null ||
		useradd --system --no-create-home --shell /usr/sbin/nologin kpptp
}

# Two hosts:
#
#   [ server ] 192.0.2.1 ---- 192.0.2.2 [ client ]
two_hosts()
{
	ip netns add server
	ip netns add client
	ip link add server0 netns server type veth peer name client0 netns client
	address server server0 192.0.2.1/24
	address client client0 192.0.2.2/24
}

# Two hosts and a router between them:
#
#   [ server ] 192.0.2.1 -- .254 [ router ] .254 -- 198.51.100.2 [ client ]
routed_hosts()
{
	local ns

	for ns in server router client; do ip netns add "$ns"; done
	ip link add server0 netns server type veth peer name router0 netns router
	ip link add client0 netns client type veth peer name router1 netns router
	address server server0 192.0.2.1/24
	address router router0 192.0.2.254/24
	address router router1 198.51.100.254/24
	address client client0 198.51.100.2/24
	ip -n server route add default via 192.0.2.254
	ip -n client route add default via 198.51.100.254
	in_ns router sysctl -qw net.ipv4.ip_forward=1
}

# address NAMESPACE DEVICE ADDRESS
address()
{
	ip -n "$1" addr add "$3" dev "$2"
	ip -n "$1" link set "$2" up
	ip -n "$1" link set lo up
}

# ctl NAMESPACE ARGUMENTS...: run kpptpctl against that host's daemon.
ctl() { local ns=$1; shift; in_ns "$ns" "$bin/kpptpctl" -S "/run/$ns.sock" "$@"; }

# start_daemon NAMESPACE [LINE...]: run kpptpd, with LINEs added to its configuration.
# $pool overrides the addresses for clients, by default a hundred.
start_daemon()
{
	local ns=$1 conf=/run/$1.conf

	shift
	cat >"$conf" <<-END
		[server]
		host-name = $ns
		[ppp]
		plugin = $plugin
		options = /run/options.server
		local-address = 10.0.0.1
		remote-addresses = ${pool:-10.0.0.100-10.0.0.199}
		[control]
		socket = /run/$ns.sock
		[worker]
		root = /run/$ns.root
	END
	printf '%s\n' "$@" >>"$conf"
	start "kpptpd-$ns" "$ns" "$bin/kpptpd" -c "$conf" --verbose
	wait_for 10 "kpptpd of $ns to come up" test -S "/run/$ns.sock"
}

# start_daemons: run a server and a client that only dials. $settings is added to both
# configurations.
settings=()
start_daemons()
{
	start_daemon server "${settings[@]}"
	start_daemon client '[server]' 'enable = no' "${settings[@]}"
}

# pppd's options and secrets on both sides: MS-CHAPv2 and 128-bit MPPE.
ppp_secrets()
{
	cat >/run/options.server <<-END
		auth
		name server
		refuse-pap
		refuse-chap
		refuse-mschap
		require-mschap-v2
		require-mppe-128
		nodefaultroute
		noipv6
		lcp-echo-interval 0
	END
	cat >/etc/ppp/chap-secrets <<-END
		alice server "correct horse" *
		bob server "battery staple" *
	END
	chmod 600 /etc/ppp/chap-secrets
}

# server_and_client: set up everything up to the dial.
server_and_client()
{
	load_modules
	two_hosts
	ppp_secrets
	start_daemons
}

# dial NAME NAMESPACE USER [OPTION...]: run pppd as a client of $server, with 128-bit
# MPPE or what $encryption says.
server=192.0.2.1
encryption=require-mppe-128
dial()
{
	local name=$1 ns=$2 user=$3

	shift 3
	# shellcheck disable=SC2086 # several options
	start "$name" "$ns" pppd nodetach debug plugin "$plugin" \
		kpptp-server "$server" kpptp-socket "/run/$ns.sock" \
		user "$user" remotename server noauth refuse-pap refuse-chap refuse-mschap \
		$encryption noipv6 lcp-echo-interval 0 unit 50 "$@"
}

has_address() { [[ $(ip -n "$1" -o addr show up 2>/dev/null) == *"ppp"*" peer $2/"* ]]; }

ppp_up() { wait_for 20 "the PPP link of $1 to $2" has_address "$1" "$2"; }

# pings NAMESPACE ADDRESS: wait up to 10 s for the first reply, as the peer's pppd may
# lag behind ours; then every ping must be answered.
pings()
{
	local deadline=$((SECONDS + 11))

	until in_ns "$1" ping -c 1 -W 1 "$2" >"$logs/ping.log" 2>&1; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.05
	done
	in_ns "$1" ping -c 3 -i 0.1 -W 2 "$2" >"$logs/ping.log" 2>&1 &&
		grep -q ' 0% packet loss' "$logs/ping.log"
}

no_calls() { [ "$(ctl "$1" -j show net | jq .net.calls)" = 0 ]; }
calls() { [ "$(ctl "$1" -j show net | jq .net.calls)" = "$2" ]; }
no_ppp() { [[ $(ip -n "$1" -o link show) != *": ppp"* ]]; }

# nothing_left NAMESPACE...: wait until no call and no PPP interface is left.
nothing_left()
{
	local ns

	for ns; do
		wait_for 10 "calls of $ns to be gone" no_calls "$ns"
		wait_for 10 "interfaces of $ns to be gone" no_ppp "$ns"
	done
}

# strays_of NAME...: true if a process of one of these names is running, in any
# namespace.
strays_of()
{
	local name

	for name; do
		if pgrep -x "$name"; then return 0; fi
	done
	return 1
}
strays() { strays_of pppd kpptpd pptpd pptpctrl pptp; }

# no_reports: no sanitizer reported anything, if the daemon has them.
no_reports() { ! grep -E 'Sanitizer|runtime error:' "$logs"/*.log; }

# unloaded MODULE: unload it, if it is loaded.
unloaded() { [ ! -d "/sys/module/$1" ] || rmmod "$1"; }

# done_story: stop what is still running, check that nothing is left, and unload our
# modules.
done_story()
{
	local name

	for name in "${!pids[@]}"; do stop "$name"; done
	no_reports || fail "a sanitizer reported an error"
	for name in $(ip netns list | cut -d' ' -f1); do nothing_left "$name"; done
	wait_for 10 "all processes to end" not strays
	for name in $(ip netns list | cut -d' ' -f1); do ip netns del "$name"; done
	wait_for 10 "the module to unload" rmmod kpptp
	wait_for 10 "the module for MPPE to unload" unloaded kpptp_mppe
	step "nothing is left"
}
trap '[ $? = 0 ] || show_logs' EXIT
