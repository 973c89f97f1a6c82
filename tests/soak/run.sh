#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/soak/run.sh [MINUTES [SEED]]
#
# Run soak.sh, a server under load for MINUTES (30), in a machine with two CPUs.
set -euo pipefail
# shellcheck source=../vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
cd "$VM_DIR/../.."

minutes=${1:-30} seed=${2:-$RANDOM}
tests/vm/deps.sh check
make -s -C user -j"$(nproc)"
options=()
module_options "$(tests/vm/module.sh smp)"
# Besides the load: warm-up, and all clients leaving three times.
exec tests/vm/run.sh --kernel smp --mem 2048 --timeout $(((minutes + 15) * 60)) \
	"${options[@]}" -- tests/soak/soak.sh "$minutes" "$seed"
