#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: stock
#
# The in-tree driver holds the kernel's one slot for GRE version 1: our module
# does not load, and everyone who asks for it is told the cause and the remedy.
. "$(dirname "$0")/lib.sh"

step "the in-tree driver is loaded"
modprobe pptp

step "modprobe, the kernel's log and kpptpd say what is in the way"
expect "busy" modprobe kpptp
remedy="modprobe -r pptp"
expect "$remedy" dmesg
getent passwd kpptp >/dev/null || useradd --system --no-create-home kpptp
printf '[worker]\nroot = /run/root\n' >/run/kpptpd.conf
expect "$remedy" "$bin/kpptpd" -c /run/kpptpd.conf
expect "modprobe kpptp" "$bin/kpptpctl" show calls

step "the remedy helps"
modprobe -r pptp
modprobe kpptp || fail "kpptp does not load after pptp has gone"
"$bin/kpptpctl" show calls || fail "kpptpctl does not work after the remedy"
done_story
