#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# machine: smp
# needs: tests/unit/plain.sh
#
# The worker's sandbox on a kernel that has all of it, seccomp and Landlock for TCP:
# what it forbids is forbidden, the worker serves calls in it, and if the kernel kills
# the worker for a forbidden system call, the log says so and no call is left.
. "$(dirname "$0")/lib.sh"

load_modules
two_hosts
ppp_secrets

step "what the sandbox allows and forbids"
for test in sandbox sandbox_denied; do
	"$top/user/build/tests/test_$test" >"$logs/$test.log" 2>&1 || fail "test_$test"
done
! grep -E "no Landlock|SKIPPED" "$logs/sandbox.log" || fail "something was not tested"

step "a call is served in it"
start_daemons
logged kpptpd-server "Landlock" || fail "the worker does not use Landlock"
not logged kpptpd-server "no Landlock" || fail "the worker does not use Landlock"
monitor=${pids[kpptpd-server]}
worker=$(pgrep -P "$monitor" -x kpptpd)
confined() { grep -qE "^$2:[[:space:]]*$3\$" "/proc/$1/status"; }
confined "$worker" Seccomp 2 || fail "the worker has no filter"
confined "$worker" NoNewPrivs 1 || fail "the worker may gain privileges"
confined "$worker" CapEff 0000000000000000 || fail "the worker has capabilities"
dial alice client alice
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"

step "a forbidden system call ends the daemon, which says why"
kill -SYS "$worker"
ends kpptpd-server 1
logged kpptpd-server "a system call that its sandbox forbids" || fail "the log does not say why"
wait_for 30 "the client's call to be gone" no_calls client
stop alice
nothing_left server client
done_story
