#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: --kernel stock --icount
#
# How long an honest client waits for its call while 5,000 connections say nothing,
# or an octet a second: the slowest of 20 calls, from TCP to Outgoing-Call-Reply.
# With the limits as they are, from 250 addresses and from one; and with limits
# that let all of them stay. Attacker and client share the processor with the
# server, and their instructions are counted, too.
. "$(dirname "$0")/lib.sh"
. "$top/tests/net/fire.bash"

load_modules
three_hosts
ppp_secrets

start_daemon server
attack 250
result under-fire-many kpptp milliseconds "$slowest"
stop flood
attack 1
result under-fire-one kpptp milliseconds "$slowest"
stop flood
stop kpptpd-server

start_daemon server "${no_limits[@]}"
attack 250
[ "$(half_open)" -ge 4990 ] || fail "only $(half_open) are there"
result under-fire-all kpptp milliseconds "$slowest"
stop flood
