#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# machine: smp
#
# A call is a single flow, whatever it carries: two TCP connections and a ping saturate
# a link, and the call's packets still arrive in sequence, with per-flow qdiscs and on a
# multiqueue device.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
for module in sch_tbf sch_fq_codel sch_fq; do modprobe "$module"; done

#   [ server ] 192.0.2.1 ==== 192.0.2.2 [ client ]
#               four queues each way
ip netns add server
ip netns add client
ip link add server0 numtxqueues 4 numrxqueues 4 netns server type veth \
	peer name client0 numtxqueues 4 numrxqueues 4 netns client
address server server0 192.0.2.1/24
address client client0 192.0.2.2/24
# Only with GRO does veth have a receive queue per transmit queue; else it uses per-CPU
# backlogs, which reorder packets.
in_ns client python3 "$top/tests/net/offload.py" client0 tso off gso off
in_ns server python3 "$top/tests/net/offload.py" server0 gro on

interface there server 10.0.0.1 10.0.0.2 interface \
	"$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)"
interface here client 10.0.0.2 10.0.0.1 interface \
	"$(add_call client local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)"
for ns in server client; do ip -n "$ns" link set ppp0 mtu 1400; done # no fragments
pings client 10.0.0.1 || fail "no ping"
for port in 5201 5202; do start "iperf-$port" server iperf3 -s --forceflush -p "$port"; done
for port in 5201 5202; do wait_for 10 "iperf3" logged "iperf-$port" listening; done

qdisc() { in_ns client tc qdisc "$@"; }
# limited QDISC...: limit the link to 200 Mbit/s, with this qdisc inside.
limited()
{
	qdisc replace dev client0 root handle 1: tbf rate 200mbit burst 64kb limit 1mb
	qdisc replace dev client0 parent 1:1 "$@"
}
# multiqueue: limit each of the four queues to 50 Mbit/s.
multiqueue()
{
	local queue

	qdisc del dev client0 root
	qdisc add dev client0 root handle 1: mq
	for queue in 1 2 3 4; do
		qdisc replace dev client0 parent "1:$queue" tbf rate 50mbit burst 32kb limit 200kb
	done
}

# in_order NAME: run two TCP connections and a ping for 3 s; add NAME to $wrong if
# packets were out of order.
wrong=
in_order()
{
	local packets behind missing port

	start wire server tcpdump -i server0 -Q in -s 64 -B 65536 -w /run/wire.pcap 'proto gre'
	wait_for 10 "tcpdump to listen" logged wire "listening on"
	start ping client ping -q -i 0.01 10.0.0.1
	for port in 5201 5202; do
		start "tcp-$port" client iperf3 -c 10.0.0.1 -p "$port" -t 3
	done
	for port in 5201 5202; do ends "tcp-$port" 0; done
	stop ping INT
	stop wire INT
	rm -f "$logs/wire.log"
	read -r packets behind missing < <(python3 "$top/tests/net/order.py" /run/wire.pcap 192.0.2.2)
	echo "  $packets packets, $behind out of order, $missing lost"
	[ "$packets" -gt 1000 ] || fail "too few packets"
	[ "$behind" = 0 ] || wrong+=" $1"
}

step "fq_codel"
limited fq_codel
in_order fq_codel

step "fq"
limited fq
in_order fq

step "multiqueue"
multiqueue
in_order mq

step "multiqueue, one CPU per queue"
xps() { in_ns client sh -c "echo $2 >/sys/class/net/client0/queues/tx-$1/xps_cpus"; }
xps 0 1
xps 1 2
in_order xps
[ -z "$wrong" ] || fail "packets arrived out of order:$wrong"

for name in iperf-5201 iperf-5202 here there; do stop "$name"; done
end_calls server client
done_story
