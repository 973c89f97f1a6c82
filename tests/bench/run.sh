#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/bench/run.sh [BENCHMARK]...
#
# Run all benchmarks, or those named, and print a table. The bare link, the in-tree
# driver's tunnel and ours are measured in the same run, in $BENCH_ROUNDS rounds (7). The
# numbers are also written to tests/build/bench/results.json, and plotted in results.svg.
#
# Comments at a benchmark's head give the machine, as arguments of tests/vm/run.sh, and
# its timeout in seconds, by default 1800. If the machine's kernel crashes without our
# module loaded, the benchmark is run once more.
set -euo pipefail
# shellcheck source=../vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
cd "$VM_DIR/../.."

benchmarks=("$@")
[ $# -gt 0 ] || benchmarks=(instructions packets encrypted clear scale goodput one-way reorder adversary calls control sessions under-fire)
out=tests/build/bench
mkdir -p "$out"
tests/vm/deps.sh check
logged "$out/build.log" make -C user -j"$(nproc)"

# run NAME: run it once, with output in NAME.log and the kernel log in NAME.dmesg.
run()
{
	local script=tests/bench/$1.sh machine words seconds options=()

	machine=$(sed -n 's/^# machine: *//p;10q' "$script")
	seconds=$(sed -n 's/^# timeout: *//p;10q' "$script")
	read -ra words <<<"$machine"
	tests/vm/module.sh "${words[1]}" >/dev/null
	say "$1, in a machine with $machine; this takes a minute or more"
	module_options "tests/build/${words[1]}"
	tests/vm/run.sh "${words[@]}" --timeout "${seconds:-1800}" --log "$out/$1.dmesg" \
		"${options[@]}" -- env "BENCH_ROUNDS=${BENCH_ROUNDS:-7}" "./$script" >"$out/$1.log"
}

# bed_failed STATUS NAME: the machine's kernel crashed without our module loaded. Seen
# once with QEMU and -icount: a general protection fault, in the allocator among others.
bed_failed()
{
	local linked

	[ "$1" = 125 ] && linked=$(grep -a -m 1 'Modules linked in:' "$out/$2.dmesg") &&
		[[ $linked != *kpptp* ]]
}

lines=$out/results.lines
: >"$lines"
for name in "${benchmarks[@]}"; do
	[ -x "tests/bench/$name.sh" ] || die "no benchmark $name: tests/bench has $(cd tests/bench && ls ./*.sh)"
	status=0
	run "$name" || status=$?
	if bed_failed "$status" "$name"; then
		cp "$out/$name.dmesg" "$out/$name.first.dmesg"
		say "$name: the machine's kernel failed, with no module of ours in it: see" \
			"$out/$name.first.dmesg; once more"
		status=0
		run "$name" || status=$?
	fi
	[ "$status" = 0 ] || die "$name failed: $(tail -n 20 "$out/$name.log")"
	sed -n '/^{"bench"/p' "$out/$name.log" >>"$lines"
done
python3 tests/bench/report.py "$lines" "$out/results.json" "$out/results.svg"
