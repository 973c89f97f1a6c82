#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: stock
#
# The in-tree driver holds the kernel's only slot for GRE version 1: our module does not
# load, and modprobe, the kernel log, kpptpd and kpptpctl give the cause and the remedy.
. "$(dirname "$0")/lib.sh"

step "load the in-tree driver"
modprobe pptp

step "modprobe, the kernel log and kpptpd report the cause"
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
