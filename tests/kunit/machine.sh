# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What the suites of the kernel objects want of their machine, which a module
# cannot make: a second network namespace with a loopback. Sourced there, before
# they are loaded.
ip netns add kunit
ip -n kunit link set lo up
