#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: stock
#
# The connect story on Debian's kernel, with two CPUs.
. "$(dirname "$0")/connect.sh"
