#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Instructions per packet, function by function.

usage: functions.py COUNTS KALLSYMS PACKETS [BEFORE-COUNTS BEFORE-KALLSYMS]

COUNTS is what counter.c wrote. With a second pair of files, of the same traffic
another way, the difference between both is shown.
"""
import bisect
import collections
import sys


def symbols(path):
    table = []
    with open(path) as lines:
        for line in lines:
            address, kind, name, *module = line.split()
            if kind in "tTwW":
                table.append((int(address, 16), " ".join([name, *module])))
    table.sort()
    return table


def functions(counts, kallsyms, packets):
    table = symbols(kallsyms)
    starts = [address for address, _ in table]
    total = collections.Counter()
    with open(counts) as lines:
        for line in lines:
            address, instructions = line.split()
            at = bisect.bisect_right(starts, int(address, 16)) - 1
            known = at >= 0 and int(address, 16) >= 0xFFFF800000000000
            total[table[at][1] if known else "(user space)"] += int(instructions) / packets
    return total


def main(counts, kallsyms, packets, *before):
    total = functions(counts, kallsyms, int(packets))
    print(f"{sum(total.values()):8.0f}  all")
    if before:
        total.subtract(functions(*before, int(packets)))
        print(f"{sum(total.values()):8.0f}  more than before")
    for name, instructions in sorted(total.items(), key=lambda item: -abs(item[1])):
        if abs(instructions) >= 10:
            print(f"{instructions:8.0f}  {name}")


main(*sys.argv[1:])
