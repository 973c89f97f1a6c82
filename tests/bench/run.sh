#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/bench/run.sh [BENCHMARK]...
#
# Run all benchmarks, or those named, and print a table. The ways from one router
# to the other are measured in the same run: the bare link, the in-tree driver's
# tunnel, and ours. The same numbers are in tests/build/bench/results.json, and
# drawn in results.svg.
#
# A benchmark says in a comment at its head which machine it wants, in words for
# tests/vm/run.sh.
set -euo pipefail
# shellcheck source=../vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
cd "$VM_DIR/../.."

benchmarks=("$@")
[ $# -gt 0 ] || benchmarks=(instructions packets goodput one-way reorder adversary calls control under-fire)
out=tests/build/bench
mkdir -p "$out"
tests/vm/deps.sh check
logged "$out/build.log" make -C user -j"$(nproc)"
for kernel in uml stock; do tests/vm/module.sh "$kernel" >/dev/null; done

lines=$out/results.lines
: >"$lines"
for name in "${benchmarks[@]}"; do
	script=tests/bench/$name.sh
	[ -x "$script" ] || die "no benchmark $name: tests/bench has $(cd tests/bench && ls ./*.sh)"
	machine=$(sed -n 's/^# machine: *//p;10q' "$script")
	read -ra words <<<"$machine"
	say "$name, in a machine with $machine; this takes a minute or more"
	tests/vm/run.sh "${words[@]}" --timeout 1800 \
		--module "tests/build/${words[1]}/kpptp.ko" -- "./$script" |
		tee "$out/$name.log" | sed -n '/^{"bench"/p' >>"$lines" ||
		die "$name failed: $(tail -n 20 "$out/$name.log")"
done
python3 tests/bench/report.py "$lines" "$out/results.json" "$out/results.svg"
