#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build the unit tests of the sandbox without sanitizers, for a story: a user-mode
# kernel has no address space for AddressSanitizer.
set -euo pipefail
cd "$(dirname "$0")/../.."

make -s -C user -j"$(nproc)" WERROR=-Werror build/tests/test_sandbox build/tests/test_sandbox_denied
