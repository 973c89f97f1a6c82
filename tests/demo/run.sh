#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/demo/run.sh
#
# Show a PPTP VPN through our module: install missing packages, build, boot Debian's
# kernel in a virtual machine and run story.sh in it. Nothing else changes on the host.
# Exits 0 on success.
set -euo pipefail
# shellcheck source=../vm/lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/../vm/lib.sh"
cd "$VM_DIR/../.."

# doing WHAT: announce a step.
doing() { printf '\n==> %s\n' "$*"; }

start=$SECONDS
doing "packages: installing what is missing; a new machine takes some minutes"
tests/vm/deps.sh demo

doing "building the modules for Debian's kernel, then kpptpd, kpptpctl and the plugin for pppd"
built=$(tests/vm/module.sh stock)
log=$(mktemp "${TMPDIR:-/tmp}/kpptp-demo.XXXXXX")
trap 'rm -f "$log"' EXIT
logged "$log" make -C user -j"$(nproc)"

release=$(modinfo -F vermagic "$built/kpptp.ko" | cut -d' ' -f1)
doing "booting Linux $release in a virtual machine; without KVM it is emulated, and takes 10 to 30 s"
status=0
options=()
module_options "$built"
tests/vm/run.sh --kernel stock --timeout 300 "${options[@]}" -- \
	tests/demo/story.sh || status=$?

if [ "$status" -ne 0 ]; then
	doing "the demo FAILED (status $status)"
	exit 1
fi
doing "all of it worked, in $((SECONDS - start)) s"
