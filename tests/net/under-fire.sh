#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
#
# 5,000 connections that say nothing, or an octet a second, must not keep an
# honest client out: each time it dials it has its call. How long that takes is
# for make bench to say, for here others may have the processors.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fire.bash"

load_modules
three_hosts
ppp_secrets

start_daemon server
step "from 250 addresses, with the limits as they are"
fire 250
[ "$(half_open)" -le 100 ] || fail "the limit of half-open connections does not hold"
stop flood

step "from one address, with the limits as they are"
fire 1
stop flood
stop kpptpd-server

start_daemon server "${no_limits[@]}"
step "the limits let all of them stay"
fire 250
[ "$(half_open)" -ge 4990 ] || fail "only $(half_open) are there"
stop flood

step "the last attacker is gone"
gone() { [ "$(half_open)" = 0 ]; }
wait_for 60 "connections to be gone" gone
nothing_left server
done_story
