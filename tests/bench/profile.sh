#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/bench/profile.sh [WAY]...
#
# Instructions per packet by function: the difference between a tunnel of each WAY (pptp
# and kpptp) and the bare path. QEMU counts them, invisibly to the machine's kernel.
# Tables are left in tests/build/bench/profile.
set -euo pipefail
# shellcheck source=../vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
cd "$VM_DIR/../.."

ways=("$@")
[ $# -gt 0 ] || ways=(pptp kpptp)
out=$PWD/tests/build/bench/profile
packets=5000 # as in functions.sh
mkdir -p "$out"
tests/vm/deps.sh check
logged "$out/build.log" make -C user -j"$(nproc)"
tests/vm/module.sh stock >/dev/null
cc -O2 -Wall -Wextra -fPIC -shared -o "$out/counter.so" tests/bench/counter.c
cc -O2 -Wall -Wextra -o "$out/mark" tests/bench/mark.c

for way in bare "${ways[@]}"; do
	say "profile of $way, which takes a minute or two"
	mkdir -p "$out/$way"
	logged "$out/$way/log" tests/vm/run.sh --kernel stock --icount --timeout 900 \
		--append nokaslr --qemu -plugin --qemu "$out/counter.so,$out/$way/counts" \
		--module tests/build/stock/kpptp.ko --out "$out/$way" -- \
		tests/bench/functions.sh "$way" "$out/mark" "$out/$way"
done
for way in "${ways[@]}"; do
	printf '\n%s, instructions per packet beside the bare path\n' "$way"
	python3 tests/bench/functions.py "$out/$way/counts" "$out/$way/kallsyms" "$packets" \
		"$out/bare/counts" "$out/bare/kallsyms" | tee "$out/$way.txt"
done
