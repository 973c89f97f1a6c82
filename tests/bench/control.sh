#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel uml --mem 1024
#
# The daemon as a server with 10,000 control connections of one call each: calls set up
# per second, and the memory of both processes, with shared pages counted twice. Kernel
# calls are real; pppd is not started.
. "$(dirname "$0")/lib.sh"

connections=${1:-10000}

# Build kpptpd with no-pppd.c, and the load generator.
build()
{
	local libraries

	libraries=$(pkg-config --cflags --libs libnl-3.0 libnl-genl-3.0 json-c libevent_core \
		libkmod libcap-ng libseccomp libsystemd)
	# shellcheck disable=SC2086 # many words
	gcc -std=gnu11 -O2 -Wall -D_GNU_SOURCE -I"$top/user/lib" -I"$top/user/daemon" \
		-I"$top/include/uapi" -Wl,--wrap=kpptp_dataplane_open -o /run/bin/kpptpd \
		"$top/tests/bench/no-pppd.c" "$bin"/daemon/*.o "$bin/libkpptp.a" $libraries
	gcc -std=gnu11 -O2 -Wall -D_GNU_SOURCE -I"$top/user/lib" -o /run/bin/control-load \
		"$top/tests/bench/control-load.c" "$bin/libkpptp.a"
}

# resident: print the resident MiB of the daemon's two processes.
resident()
{
	pgrep -x kpptpd | while read -r pid; do cat "/proc/$pid/status"; done |
		awk '/^VmRSS:/ { kib += $2 } END { printf "%.1f\n", kib / 1024 }'
}

load_modules
mkdir /run/bin
build
two_hosts
ip -n server addr add 198.18.255.254/16 dev server0
for n in {1..250}; do ip -n client addr add "198.18.0.$n/16" dev client0; done
ppp_secrets
cp "$bin/kpptpctl" /run/bin
bin=/run/bin
pool=10.1.0.1-10.1.255.254
start_daemon server '[limits]' "connections = $((connections + 100))" "calls = $((connections + 100))" \
	'per-address = 1000' 'calls-per-address = 1000' 'unauthenticated = 65535'
step "with no connection: $(resident) MiB" >&2

start load client /run/bin/control-load 198.18.255.254 198.18.0.1 250 "$connections" 64
complete() { grep -q '^[0-9]*$' "$logs/load.log" || ! alive load; }
wait_for 600 "all calls to be established" complete
microseconds=$(grep '^[0-9]*$' "$logs/load.log") || fail "the load ended"
[ "$(in_ns server "$bin/kpptpctl" -j show net | jq .net.calls)" = "$connections" ] ||
	fail "the kernel has not that many calls"
result control-rate kpptp calls-per-second $((connections * 1000000 / microseconds))
result control-memory kpptp mebibytes "$(resident)"

step "all of them leave" >&2
stop load
wait_for 120 "the calls to be gone" no_calls server
stop kpptpd-server
