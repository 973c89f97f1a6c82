#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: smp
# mem: 4096
# timeout: 1500
#
# A server comes back and 2,000 clients dial at once, more than a process has
# descriptors for by default. Every one gets its call and its own process, a stand-in
# for pppd: requests are queued, none fails, and clients that wait for over a minute on
# a slow machine redial. Only connections= and calls= are raised. The daemon must serve
# as many calls as they allow, whatever soft limit of descriptors it was started with,
# and also if they were raised by a reload.
#
# The clients first share 250 addresses, then as few as per-address= allows, as if
# behind a NAT.
#
#   [ server ] 198.18.255.254/16 ---- 198.18.0.1 ... 198.18.0.250 [ client ]
. "$(dirname "$0")/lib.sh"

clients=2000

load_modules
two_hosts
ip -n server addr add 198.18.255.254/16 dev server0
for n in {1..250}; do ip -n client addr add "198.18.0.$n/16" dev client0; done
ppp_secrets
gcc -static -O2 -Wall -o /run/pppd "$top/tests/net/stand-in.c"
pool=10.1.0.1-10.1.255.254
ulimit -Sn 1024
start_daemon server '[limits]' 'connections = 100' 'calls = 100' \
	'[ppp]' 'pppd = /run/pppd' \
	'[timers]' 'pppd-stop-timeout = 4' # the stand-in ignores the hang-up

monitor=${pids[kpptpd-server]}
worker() { pgrep -P "$monitor" -x kpptpd; }
files_of() { awk '/^Max open files/ { print $4 }' "/proc/$1/limits"; }

step "a reload that raises the limits raises the worker's descriptor limit"
sed -i 's/^\(connections\|calls\) = .*/\1 = 20000/' /run/server.conf
kill -HUP "$monitor"
wait_for 10 "the reload" logged kpptpd-server 'configuration reloaded'
files_at_least() { [ "$(files_of "$(worker)")" -ge "$1" ]; }
wait_for 10 "a descriptor limit for 20000 connections" files_at_least 40000

complete() { logged load ' calls, ' || ! alive load; }
pppds() { [ "$(pgrep -P "$monitor" -x -c pppd)" = "$1" ]; }

# 125 addresses is the fewest that per-address=16 admits.
for addresses in 250 125; do
	step "$clients clients at once, from $addresses addresses"
	rm -f "$logs/load.log"
	start load client "$top/tests/net/mass-dial.py" 198.18.255.254 198.18.0 "$addresses" "$clients"
	wait_for 450 "all to be answered" complete
	cat "$logs/load.log"
	logged load "$clients calls, 0 failures" || fail "not every client has a call"

	step "each call has a pppd"
	calls server "$clients" || fail "the kernel does not have $clients calls"
	wait_for 60 "each to run pppd" pppds "$clients"
	not logged kpptpd-server 'Too many open files' || fail "out of descriptors"
	[ "$(find "/proc/$monitor/fd" -mindepth 1 | wc -l)" -lt 64 ] || fail "the monitor keeps descriptors per pppd"
	not logged kpptpd-server 'limit half-open' || fail "half-open clients were dropped"

	step "all hang up"
	stop load
	wait_for 120 "the calls to be gone" calls server 0
	wait_for 120 "the pppds to be gone" pppds 0
done
done_story
