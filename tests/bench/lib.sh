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

# Both ends encrypt, if $mppe is stateless or stateful.
mppe='' keys=(00112233445566778899aabbccddeeff ffeeddccbbaa99887766554433221100)

# link_up NAME NAMESPACE WORD...: an end of the tunnel; the keys of an end-b are the
# reverse.
link_up()
{
	local words=()

	if [ -n "$mppe" ]; then words=("$mppe" "${keys[0]}" "${keys[1]}"); fi
	if [ -n "$mppe" ] && [[ $1 = end-b* ]]; then words=("$mppe" "${keys[1]}" "${keys[0]}"); fi
	link_py "$@" "${words[@]}"
}

# wireguard_up: a tunnel that everybody knows, as tun0.
wireguard_up()
{
	local ns

	modprobe wireguard
	for ns in a b; do
		ip -n "$ns" link add tun0 type wireguard
		(umask 077 && wg genkey >"/run/$ns.key")
	done
	in_ns a wg set tun0 private-key /run/a.key listen-port 51820 \
		peer "$(wg pubkey </run/b.key)" endpoint 192.0.2.2:51820 allowed-ips 0.0.0.0/0
	in_ns b wg set tun0 private-key /run/b.key listen-port 51820 \
		peer "$(wg pubkey </run/a.key)" endpoint 192.0.2.1:51820 allowed-ips 0.0.0.0/0
}

# encrypted_by MODULE: it encrypts, if anything does.
encrypted_by() { [ -z "$mppe" ] || [ "$(cat "/sys/module/$1/refcnt")" -gt 0 ] || fail "$1 does not encrypt"; }

# tunnel_up WAY [ARGUMENT of call add]...: create the tunnel, and route b's networks
# through it; or through the bare link. The way kpptp+ppp_mppe is our call with the
# in-tree module's encryption.
tunnel_up()
{
	local way=$1 via=192.0.2.2

	shift
	case $way in
	pptp)
		modprobe pptp
		[ -z "$mppe" ] || modprobe ppp_mppe
		link_up end-a a pptp tun0 192.0.2.1 1 192.0.2.2 2
		link_up end-b b pptp tun0 192.0.2.2 2 192.0.2.1 1
		;;
	kpptp | kpptp+ppp_mppe)
		modprobe kpptp
		[ "$way" = kpptp ] || modprobe ppp_mppe
		# As negotiated on the control connection: each side's window is the
		# other's peer-window.
		[[ $* == *window* ]] || set -- window 256 peer-window 256 "$@"
		link_up end-a a channel tun0 "$(call_add a 192.0.2.1 1 192.0.2.2 2 "$@")"
		link_up end-b b channel tun0 "$(call_add b 192.0.2.2 2 192.0.2.1 1 "$@")"
		;;
	wireguard) wireguard_up ;;
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
		pings a "$via" || fail "no ping through $way"
		case $way in
		kpptp) encrypted_by kpptp_mppe ;;
		pptp | kpptp+ppp_mppe) encrypted_by ppp_mppe ;;
		esac
	fi
	ip -n a route replace 203.0.113.0/24 via "$via"
}

# call_del ADDRESS-OF-A ID ADDRESS-OF-B ID: delete both ends of a call.
call_del()
{
	in_ns a "$bin/kpptpctl" call del local "$1" peer "$3" id "$2"
	in_ns b "$bin/kpptpctl" call del local "$3" peer "$1" id "$4"
}

# unload MODULE...: unload those that are loaded.
unload()
{
	local module

	for module; do
		[ ! -d "/sys/module/$module" ] || wait_for 20 "module $module to unload" rmmod "$module"
	done
}

# tunnel_down WAY: delete the tunnel and unload its modules.
tunnel_down()
{
	ip -n a route flush 203.0.113.0/24
	case $1 in
	bare) return 0 ;;
	wireguard)
		ip -n a link del tun0
		ip -n b link del tun0
		return 0
		;;
	esac
	stop end-a
	stop end-b
	[[ $1 != kpptp* ]] || call_del 192.0.2.1 1 192.0.2.2 2
	unload pptp kpptp kpptp_mppe ppp_mppe
}

# end_of WAY: print b's address on the way.
end_of() { if [ "$1" = bare ]; then echo 192.0.2.2; else echo 10.0.0.2; fi; }

# iperf_server NAMESPACE: have one to measure TCP with.
iperf_server()
{
	start iperf "$1" iperf3 -s
	wait_for 120 "iperf3 to listen" sh -c "ip netns exec $1 ss -ltn | grep -q :5201"
}

# tcp_rate NAMESPACE ADDRESS SECONDS [OPTION]...: print Mbit/s from there to the server.
tcp_rate()
{
	in_ns "$1" timeout $(($3 + 60)) iperf3 -J -t "$3" -c "$2" "${@:4}" >"$logs/iperf.json" 2>"$logs/iperf-client.log" ||
		fail "iperf3, which may have hung: $(jq -r .error "$logs/iperf.json")"
	jq '.end.sum_received.bits_per_second / 1e6 * 10 | floor / 10' "$logs/iperf.json"
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

# rate_of WAY COUNT [LINE...]: print the rate of COUNT packets, nearly all of which must
# arrive.
rate_of()
{
	local before got rate

	before=$(arrived)
	rate=$(pktgen "${@:2}")
	got=$(($(arrived) - before))
	[ "$got" -gt $(($2 * 99 / 100)) ] || fail "$1: only $got of $2 packets arrived"
	echo "$rate"
}

# arrived: print the number of packets that b sent to dummy0.
arrived() { ip -n b -j -s link show dummy0 | jq '.[0].stats64.tx.packets'; }
