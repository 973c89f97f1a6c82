#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage, inside the machine: tests/bench/functions.sh WAY MARK DIRECTORY
#
# The traffic of instructions.sh, 5000 packets through WAY, between two marks for
# counter.c. Copies the kernel's symbols to DIRECTORY/kallsyms.
. "$(dirname "$0")/lib.sh"

way=$1 program=$2 directory=$3
routers
tunnel_up "$way"
pktgen 2000 >/dev/null
mark=$program rate_of "$way" 5000 >/dev/null
cp /proc/kallsyms "$directory/"
tunnel_down "$way"
