#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A table of what the benchmarks measured, with the goals, and the same as JSON and
as a drawing.

usage: report.py LINES JSON SVG

LINES has one result a line: {"bench": NAME, "way": WAY, UNIT: NUMBER}.
"""
import json
import sys

# pptp is the in-tree driver, pptpd is Debian's server.
WAYS = ("bare", "pptp", "pptpd", "kpptp")
COLOURS = {"bare": "#9aa0a6", "pptp": "#d98c3f", "pptpd": "#7d5ba6", "kpptp": "#2f6fb2"}


def overhead(ways):
    """What a tunnel costs over the bare path, ours to the in-tree driver's."""
    return (ways["kpptp"] - ways["bare"]) / (ways["pptp"] - ways["bare"])


def to_pptp(ways):
    return ways["kpptp"] / ways["pptp"]


def to_pptpd(ways):
    return ways["kpptp"] / ways["pptpd"]


def to_bare(ways):
    return ways["kpptp"] / ways["bare"]


def itself(ways):
    return ways["kpptp"]


# For each benchmark: what is judged, how, and whether less or more is better.
GOALS = {
    "instructions": ("overhead, to the in-tree driver's", overhead, "<=", 0.80),
    "packets": ("rate, to the in-tree driver's", to_pptp, ">=", 1.1),
    "goodput-delay-10ms": ("to the in-tree driver's", to_pptp, ">=", 1.0),
    "goodput-delay-10ms-2ms": ("to the bare link's", to_bare, ">=", 1.2),
    "goodput-delay-10ms-0.5ms-loss-0.1%": ("to the bare link's", to_bare, ">=", 0.9),
    "one-way-near": ("strict, of the rate without a window", itself, ">=", 0.9),
    "one-way-far": ("strict, of a window in each round trip", itself, ">=", 0.9),
    "adversary": ("of the goodput before", itself, ">=", 0.9),
    "reorder-ascending": ("2,048 held, to 16", itself, "<=", 1.5),
    "reorder-descending": ("2,048 held, to 16", itself, "<=", 1.5),
    "reorder-random": ("2,048 held, to 16", itself, "<=", 1.5),
    "calls-setup": ("the last thousand, to the first", itself, "<=", 1.1),
    "calls-teardown": ("the last thousand, to the first", itself, "<=", 1.1),
    "calls-memory": ("of one, without what PPP has for it", itself, "<=", 1536),
    "calls-lookup": ("a packet beside 60,000 calls, to beside 1", itself, "<=", 1.02),
    "control-memory": ("of both processes together", itself, "<=", 100),
    "sessions-few": ("set up a second, to Debian's pptpd", to_pptpd, ">=", 0.9),
    "sessions-few-bad": ("refused, failed or lost", itself, "<=", 0),
    "sessions-few-memory": ("of a session, to Debian's pptpd", to_pptpd, "<=", 1.0),
    "sessions-last-to-first": ("the last hundred, to the first", itself, ">=", 0.8),
    "sessions-daemon": ("of both processes together", itself, "<=", 16),
    "sessions-pppd": ("of each", itself, "<=", 1024),
    "sessions-memory": ("of each session, the kernel's too", itself, "<=", 1400),
    "sessions-bad": ("refused, failed or lost", itself, "<=", 0),
    "under-fire-many": ("an honest call, beside 250 attackers", itself, "<=", 1000),
    "under-fire-one": ("an honest call, beside one attacker", itself, "<=", 1000),
    "under-fire-all": ("an honest call, 5,000 connections kept", itself, "<=", 1000),
}


def read(path):
    """{bench: {"unit": unit, "ways": {way: number}}}, in the order measured."""
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
    if name not in GOALS:
        return
    what, ratio, relation, goal = GOALS[name]
    try:
        value = ratio(entry["ways"])
    except KeyError:  # not measured all the ways
        return
    met = value <= goal if relation == "<=" else value >= goal
    entry["goal"] = {
        "what": what, "value": round(value, 3), "relation": relation, "goal": goal, "met": met,
    }


def table(benches):
    print(f"{'benchmark':36} {'unit':18}" + "".join(f"{way:>12}" for way in WAYS))
    for name, entry in benches.items():
        numbers = "".join(f"{entry['ways'].get(way, '-'):>12}" for way in WAYS)
        print(f"{name:36} {entry['unit']:18}{numbers}")
        goal = entry.get("goal")
        if goal:
            print(f"{'':36} {goal['what']}: {goal['value']}, goal {goal['relation']} "
                  f"{goal['goal']}: {'met' if goal['met'] else 'MISSED'}")


def drawing(benches):
    """A group of bars for each benchmark, the longest of each as long as can be."""
    row, width, left = 18, 420, 260
    body, y = [], 10
    for name, entry in benches.items():
        most = max(entry["ways"].values()) or 1
        body.append(f'<text x="10" y="{y + 13}">{name}</text>')
        body.append(f'<text x="10" y="{y + 13 + row}" fill="#666">{entry["unit"]}</text>')
        for way in (way for way in WAYS if way in entry["ways"]):
            number = entry["ways"][way]
            length = max(1, round(width * number / most))
            body.append(f'<rect x="{left}" y="{y}" width="{length}" height="{row - 3}" '
                        f'fill="{COLOURS[way]}"/>')
            body.append(f'<text x="{left + length + 5}" y="{y + 12}">{way} {number}</text>')
            y += row
        y += row
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 160}" '
            f'height="{y}" font-family="sans-serif" font-size="12">\n' + "\n".join(body) + "\n</svg>\n")


def main(lines, json_path, svg_path):
    benches = read(lines)
    for name, entry in benches.items():
        judge(name, entry)
    table(benches)
    with open(json_path, "w") as out:
        json.dump(benches, out, indent=1)
    with open(svg_path, "w") as out:
        out.write(drawing(benches))


main(*sys.argv[1:])
