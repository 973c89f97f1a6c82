# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Common code of the benchmarks, inside the machine. All use the same two routers,
# joined by a link and by a tunnel over it:
#
#   gen: g0 ---- in0 :a: a0 ------ link ------ b0 :b: dummy0
#                      tun0 ===== tunnel ==== tun0
#
# A result is one line of JSON on standard output; report.py formats them on the host.

# shellcheck source=../net/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../net/lib.sh"

# The ways from a to b, in order of measurement.
# shellcheck disable=SC2034 # used by the benchmarks
ways=(bare pptp kpptp)

# result BENCH WAY KEY VALUE [KEY VALUE]...: print a result; values are numbers.
result()
{
	local bench=$1 way=$2 line

	shift 2
	line=$(printf '"%s":%s,' "$@")
	printf '{"bench":"%s","way":"%s",%s}\n' "$bench" "$way" "${line%,}"
}

routers()
{
	local ns

	for ns in gen a b; do
		ip netns add "$ns"
		ip -n "$ns" link set lo up
	done
	ip link add g0 netns gen type veth peer name in0 netns a
	ip link add a0 netns a type veth peer name b0 netns b
	ip -n b link add dummy0 type dummy
	address gen g0 198.51.100.2/24
	address a in0 198.51.100.1/24
	address a a0 192.0.2.1/24
	address b b0 192.0.2.2/24
	ip -n b link set dummy0 up
	ip -n b route add 203.0.113.0/24 dev dummy0
	for ns in a b; do in_ns "$ns" sysctl -q net.ipv4.ip_forward=1; done
	wait_for 10 "the link" pings a 192.0.2.2
}

# call_add NAMESPACE LOCAL ID PEER PEER-ID [ARGUMENT...]: create a call, print its
# channel.
call_add()
{
	local ns=$1 local=$2 id=$3 peer=$4 peer_id=$5

	shift 5
	in_ns "$ns" "$bin/kpptpctl" -j call add local "$local" peer "$peer" \
		id "$id" peer-id "$peer_id" "$@" | jq .channel
}

link_py() { local name=$1 ns=$2; shift 2; start "$name" "$ns" python3 "$top/tests/bench/link.py" "$@"; }

has_tunnel() { ip -n "$1" link show tun0; }

# tunnel_up WAY [ARGUMENT of call add]...: create the tunnel, and route b's networks
# through it; or through the bare link.
tunnel_up()
{
	local way=$1 via=192.0.2.2

	shift
	case $way in
	pptp)
		modprobe pptp
		link_py end-a a pptp tun0 192.0.2.1 1 192.0.2.2 2
		link_py end-b b pptp tun0 192.0.2.2 2 192.0.2.1 1
		;;
	kpptp)
		modprobe kpptp
		# As negotiated on the control connection: each side's window is the
		# other's peer-window.
		[[ $* == *window* ]] || set -- window 256 peer-window 256 "$@"
		link_py end-a a channel tun0 "$(call_add a 192.0.2.1 1 192.0.2.2 2 "$@")"
		link_py end-b b channel tun0 "$(call_add b 192.0.2.2 2 192.0.2.1 1 "$@")"
		;;
	esac
	if [ "$way" != bare ]; then
		# Programs are read from the host's disk, during which
		# instruction-counted time may jump ahead.
		wait_for 120 "the tunnel of a" has_tunnel a
		wait_for 120 "the tunnel of b" has_tunnel b
		ip -n a addr add 10.0.0.1 peer 10.0.0.2 dev tun0
		ip -n b addr add 10.0.0.2 peer 10.0.0.1 dev tun0
		ip -n a link set tun0 up mtu 1400
		ip -n b link set tun0 up mtu 1400
		via=10.0.0.2
		wait_for 60 "the tunnel" pings a "$via"
	fi
	ip -n a route replace 203.0.113.0/24 via "$via"
}

calls_del()
{
	in_ns a "$bin/kpptpctl" call del local 192.0.2.1 peer 192.0.2.2 id 1
	in_ns b "$bin/kpptpctl" call del local 192.0.2.2 peer 192.0.2.1 id 2
}

# tunnel_down WAY: delete the tunnel and unload its module.
tunnel_down()
{
	ip -n a route flush 203.0.113.0/24
	[ "$1" != bare ] || return 0
	stop end-a
	stop end-b
	[ "$1" != kpptp ] || calls_del
	wait_for 20 "module $1 to unload" rmmod "$1"
}

# pktgen COUNT [LINE...]: send COUNT packets of 142 bytes from g0 through a to the
# network behind b. Prints packets per second.
pktgen()
{
	local count=$1 mac line

	shift
	mac=$(ip -n a -j link show in0 | jq -r '.[0].address')
	modprobe pktgen
	in_ns gen sh -c 'echo "add_device g0" >/proc/net/pktgen/kpktgend_0'
	for line in "count $count" "pkt_size 142" "delay 0" "clone_skb 0" "dst 203.0.113.9" \
		"dst_mac $mac" "udp_dst_min 9" "udp_dst_max 9" "$@"; do
		in_ns gen sh -c "echo '$line' >/proc/net/pktgen/g0"
	done
	[ -z "${mark:-}" ] || "$mark"
	in_ns gen sh -c 'echo start >/proc/net/pktgen/pgctrl'
	[ -z "${mark:-}" ] || "$mark"
	in_ns gen sed -n 's/.* \([0-9]*\)pps .*/\1/p' /proc/net/pktgen/g0
	in_ns gen sh -c 'echo rem_device_all >/proc/net/pktgen/kpktgend_0'
}

# median NUMBER...
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

# rate_of WAY COUNT: print the rate of COUNT packets, nearly all of which must arrive.
rate_of()
{
	local before got rate

	before=$(arrived)
	rate=$(pktgen "$2")
	got=$(($(arrived) - before))
	[ "$got" -gt $(($2 * 99 / 100)) ] || fail "$1: only $got of $2 packets arrived"
	echo "$rate"
}

# arrived: print the number of packets that b sent to dummy0.
arrived() { ip -n b -j -s link show dummy0 | jq '.[0].stats64.tx.packets'; }
