#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/floors.sh
#
# Every include points to a lower floor, and tests/floors.py reports each kind of
# violation.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/floors.py

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect_report TEXT: floors.py rejects the tree in $work, with this text.
expect_report()
{
	if tests/floors.py "$work" 2>"$work/said"; then
		echo "accepted, expected: $1"
		exit 1
	fi
	grep -qF -- "$1" "$work/said" || { cat "$work/said"; echo "expected: $1"; exit 1; }
}

# fresh_copy: reset $work to a copy of the tree.
fresh_copy()
{
	rm -rf "${work:?}"/*
	cp -R --parents kernel user Kbuild tests/floors.txt "$work"
}

fresh_copy
sed -i '1i #include "life.h"' "$work/kernel/table.c"
expect_report 'kernel/table.c:1: includes life.h: not on a lower floor than table'

fresh_copy
sed -i '1i #include "rx.h"' "$work/kernel/channel.h"
expect_report 'kernel/channel.h:1: includes rx.h: not on a lower floor than channel'

fresh_copy
echo '/* new */' >"$work/kernel/upstairs.c"
expect_report 'kernel/upstairs.c: upstairs is not listed'

fresh_copy
sed -i -e 's/life/swapped/' -e 's/event\.o/life.o/' -e 's/swapped/event/' "$work/Kbuild"
expect_report 'Kbuild: kernel/life.o precedes kernel/event.o, which is on a lower floor'

fresh_copy
sed -i '1i #include "monitor/pool.h"' "$work/user/daemon/worker/server.c"
expect_report 'daemon/worker must not include daemon/monitor'

fresh_copy
sed -i '1i #include "tunnel_internal.h"' "$work/user/daemon/worker/local.c"
expect_report 'includes tunnel_internal.h: private to tunnel+tunnel_internal+tunnel_calls'
