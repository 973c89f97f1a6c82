#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: stock
#
# The same story on the kernel that Debian's users run, with two CPUs.
. "$(dirname "$0")/connect.sh"
