#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The story of MPPE on all kinds of links, on a kernel that kpptp_mppe is not installed
# for: ppp_mppe serves them, although modprobe's configuration prefers kpptp_mppe.
mppe=ppp_mppe
. "$(dirname "$0")/mppe-others.sh"
