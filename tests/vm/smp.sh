#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/smp.sh [--kernel KERNEL]
#
# Build the user-mode kernel with two CPUs, and print where it is, as uml.sh does.
set -euo pipefail

kernel=7.3 # the first that can have them
if [ "${1:-}" = --kernel ]; then kernel=$2; fi
exec "$(dirname "$0")/uml.sh" --kernel "$kernel" smp
