#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/floors.sh
#
# No include climbs (tests/floors.py), and who lets one climb is told so.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/floors.py

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# notices TEXT: the tree in $work is refused, and this is what is said of it.
notices()
{
	if tests/floors.py "$work" 2>"$work/said"; then
		echo "a fault was not noticed, expected: $1"
		exit 1
	fi
	grep -qF -- "$1" "$work/said" || { cat "$work/said"; echo "expected: $1"; exit 1; }
}

# afresh: $work is the tree as it is.
afresh()
{
	rm -rf "${work:?}"/*
	cp -R --parents kernel user Kbuild tests/floors.txt "$work"
}

afresh
sed -i '1i #include "life.h"' "$work/kernel/table.c"
notices 'kernel/table.c:1: includes life.h: it does not stand below table'

afresh
sed -i '1i #include "rx.h"' "$work/kernel/channel.h"
notices 'kernel/channel.h:1: includes rx.h: it does not stand below channel'

afresh
echo '/* new */' >"$work/kernel/upstairs.c"
notices 'kernel/upstairs.c: stands on no floor'

afresh
sed -i -e 's/life/swapped/' -e 's/event\.o/life.o/' -e 's/swapped/event/' "$work/Kbuild"
notices 'Kbuild: kernel/life.o stands before kernel/event.o, which is below it'

afresh
sed -i '1i #include "monitor/pool.h"' "$work/user/daemon/worker/server.c"
notices 'there is a wall between daemon/worker and daemon/monitor'

afresh
sed -i '1i #include "tunnel_internal.h"' "$work/user/daemon/worker/local.c"
notices 'includes tunnel_internal.h: it is for tunnel+tunnel_internal+tunnel_calls alone'
