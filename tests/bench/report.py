#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A table of what the benchmarks measured, with the goals, and the same as JSON and
as a drawing.

usage: report.py LINES JSON SVG

LINES has one result a line: {"bench": NAME, "way": WAY, UNIT: NUMBER}; or a list of
numbers, one for each tenth of a second, which becomes a curve.
"""
import json
import sys

from goals import GOALS, TITLES
from picture import picture

# pptp is the in-tree driver, pptpd is Debian's server; kpptp+ppp_mppe is our call with
# the in-tree module's encryption.
WAYS = ("bare", "wireguard", "pptp", "pptpd", "kpptp+ppp_mppe", "kpptp")


def read(path):
    """{bench: {"unit": unit, "ways": {way: number or list}}}, in the order measured."""
    benches = {}
    with open(path) as lines:
        for line in lines:
            result = json.loads(line)
            bench, way = result.pop("bench"), result.pop("way")
            unit, number = result.popitem()
            entry = benches.setdefault(bench, {"unit": unit, "ways": {}})
            entry["ways"][way] = number
    return benches


def judge(name, entry):
    """Add the benchmark's goals, as far as the ways that they need were measured."""
    entry["title"], entry["better"] = TITLES.get(name, (name, "more"))
    entry["goals"] = [
        goal.judge(entry["ways"]) for goal in GOALS.get(name, ()) if goal.needs <= set(entry["ways"])
    ]


def table(benches):
    print(f"{'benchmark':36} {'unit':18}" + "".join(f"{way:>15}" for way in WAYS))
    for name, entry in benches.items():
        if any(isinstance(number, list) for number in entry["ways"].values()):
            continue
        numbers = "".join(f"{entry['ways'].get(way, '-'):>15}" for way in WAYS)
        print(f"{name:36} {entry['unit']:18}{numbers}")
        for goal in entry["goals"]:
            print(f"{'':36} {goal['what']}: {goal['value']}, goal {goal['relation']} "
                  f"{goal['goal']}: {'met' if goal['met'] else 'MISSED'}")


def main(lines, json_path, svg_path):
    benches = read(lines)
    for name, entry in benches.items():
        judge(name, entry)
    table(benches)
    with open(json_path, "w") as out:
        json.dump(benches, out, indent=1)
    with open(svg_path, "w") as out:
        out.write(picture(benches, WAYS))


main(*sys.argv[1:])
