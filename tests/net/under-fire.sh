#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
#
# 5,000 connections that are silent, or send a byte per second, must not keep an honest
# client out: every call it dials comes up. make bench measures how long that takes;
# here other jobs may use the CPUs.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fire.bash"

load_modules
three_hosts
ppp_secrets

start_daemon server
step "from 250 addresses, with the default limits"
attack 250
[ "$(half_open)" -le 100 ] || fail "the limit of half-open connections does not hold"
stop flood

step "from one address, with the default limits"
attack 1
stop flood
stop kpptpd-server

start_daemon server "${no_limits[@]}"
step "with limits high enough for all of them"
attack 250
[ "$(half_open)" -ge 4990 ] || fail "only $(half_open) connections are open"
stop flood

step "the attackers are gone"
gone() { [ "$(half_open)" = 0 ]; }
wait_for 60 "connections to be gone" gone
nothing_left server
done_story
