#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 600
#
# Where MPPE is in force, no packet is received in clear, and none is lost or decrypted
# for the wrong unit, whatever the order in which CCP, pppd and the peer do things. With
# PPP decrypting alone, the same orders keep to PPP's own rules.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
ip netns add host
ip -n host link set lo up
# Interfaces must send nothing of their own.
[ ! -e /proc/sys/net/ipv6 ] || in_ns host sysctl -qw net.ipv6.conf.default.disable_ipv6=1
seed=${seed:-$RANDOM}
order() { in_ns host python3 -B "$top/tests/net/mppe-order.py" "$bin/kpptpctl" "$seed" "$@"; }
# No warning of the kernel's.
sound() { ! dmesg | grep -E 'BUG|WARNING|Oops|KASAN|UBSAN|unsafe locking|Call Trace'; }

step "the channel decrypts; seed $seed"
order channel || fail "not as the channel should"
sound || fail "the kernel complains"

step "ppp_mppe serves: everything is PPP's"
wait_for 10 "kpptp_mppe to unload" unloaded kpptp_mppe
modprobe ppp_mppe
# Not those that negotiate twice with one key: ppp_mppe begins the second time from where
# the keys were.
order ppp stateless stateful stateful_long peer_requests terminate_peer terminate_ours closed replaced \
	moved_encrypted moved_clear call_deleted unit_closed sends || fail "not as PPP does"
[ ! -d /sys/module/kpptp_mppe ] || fail "kpptp_mppe is loaded"
sound || fail "the kernel complains"
rmmod ppp_mppe
done_story
