# SPDX-License-Identifier: GPL-2.0-or-later
"""Draw the results: bars beside each other where there is something to compare with."""
from html import escape

COLOURS = {"bare": "#9aa0a6", "wireguard": "#5b9a68", "pptp": "#d98c3f", "pptpd": "#7d5ba6",
           "kpptp+ppp_mppe": "#8db4dd", "kpptp": "#2f6fb2"}
NAMES = {"bare": "no tunnel", "wireguard": "WireGuard", "pptp": "in-tree pptp",
         "pptpd": "Debian's pptpd", "kpptp+ppp_mppe": "kpptp with ppp_mppe", "kpptp": "kpptp"}
BETTER = {"more": "longer is better", "less": "shorter is better"}
LEFT, WIDTH, ROW, MARGIN = 170, 460, 20, 24


def short(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:,.3g}"


def text(x, y, words, style=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" {style}>{escape(words)}</text>'


def heading(entry, y, hint):
    unit = entry["unit"].replace("-per-", "/").replace("mbit/second", "Mbit/s").replace("-", " ")
    if unit == "per/second":
        unit = "per second"
    return [text(MARGIN, y, entry["title"], 'font-weight="bold" font-size="14"'),
            text(MARGIN, y + 16, f"{unit}; {hint}", 'fill="#666"')]


def goal_mark(goal, most, y, height):
    """A dashed line where our bar meets the goal."""
    x = LEFT + WIDTH * goal["number"] / most
    return [f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{y - 3}" y2="{y + height - 2}" stroke="#b3261e" '
            f'stroke-width="1.5" stroke-dasharray="4 3"/>']


def verdicts(entry):
    return "   ".join(f"{goal['value']} {goal['what']}, goal {goal['relation']} {goal['goal']}"
                      f" {'✓' if goal['met'] else '✗'}" for goal in entry["goals"])


def bars(entry, y, ways):
    """Draw the ways of one benchmark. Returns the lines, and where the next begins."""
    shown = [way for way in ways if way in entry["ways"]]
    numbers = [entry["ways"][way] for way in shown] + [goal["number"] for goal in entry["goals"]]
    most = max(numbers) or 1
    body, y = heading(entry, y, BETTER[entry["better"]]), y + 26
    top = y
    for way in shown:
        number = entry["ways"][way]
        length = max(1, WIDTH * number / most)
        body += [text(LEFT - 8, y + 14, NAMES[way], 'text-anchor="end"'),
                 f'<rect x="{LEFT}" y="{y}" width="{length:.0f}" height="{ROW - 4}" rx="2" '
                 f'fill="{COLOURS[way]}"/>',
                 text(LEFT + length + 6, y + 13, short(number))]
        y += ROW
    for goal in entry["goals"]:
        body += goal_mark(goal, most, top, y - top)
    if entry["goals"]:
        body.append(text(LEFT, y + 12, verdicts(entry), 'fill="#b3261e" font-size="11"'))
        y += 16
    return body, y + 26


def curve(entry, y, ways):
    """Draw numbers over time, a line for each way."""
    height, shown = 150, [way for way in ways if way in entry["ways"]]
    most = max(max(entry["ways"][way]) for way in shown) or 1
    body, y = heading(entry, y, "higher is better"), y + 30
    body.append(f'<path d="M{LEFT} {y} V{y + height} H{LEFT + WIDTH}" fill="none" stroke="#999"/>')
    body.append(text(LEFT - 8, y + 10, short(most), 'text-anchor="end"'))
    body.append(text(LEFT - 8, y + height, "0", 'text-anchor="end"'))
    for place, way in enumerate(shown):
        numbers = entry["ways"][way]
        step = WIDTH / max(1, len(numbers) - 1)
        points = " ".join(f"{LEFT + step * i:.1f},{y + height - height * number / most:.1f}"
                          for i, number in enumerate(numbers))
        body.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[way]}" stroke-width="2"/>')
        body.append(text(LEFT + WIDTH + 12, y + 14 + ROW * place, NAMES[way], f'fill="{COLOURS[way]}"'))
    seconds = (max(len(entry["ways"][way]) for way in shown) - 1) / 10
    body.append(text(LEFT, y + height + 15, "0 s"))
    body.append(text(LEFT + WIDTH, y + height + 15, f"{seconds:.1f} s", 'text-anchor="end"'))
    return body, y + height + 44


def alone(benches):
    """What has no peer: numbers in a list, not bars."""
    lines = []
    for entry in benches:
        number = short(entry["ways"]["kpptp"])
        goal = "".join(f"  ({goal['what']}: goal {goal['relation']} {goal['goal']} "
                       f"{'✓' if goal['met'] else '✗'})" for goal in entry["goals"])
        lines.append(f"{entry['title']}: {number} {entry['unit'].replace('-', ' ')}{goal}")
    return lines


def picture(benches, ways):
    """The drawing as SVG."""
    body, y, single = [], 34, []
    for entry in benches.values():
        if any(isinstance(number, list) for number in entry["ways"].values()):
            lines, y = curve(entry, y, ways)
        elif len(entry["ways"]) > 1:
            lines, y = bars(entry, y, ways)
        else:
            single.append(entry)
            continue
        body += lines
    if single:
        body.append(text(MARGIN, y, "With nothing to compare with", 'font-weight="bold" font-size="14"'))
        for line in alone(single):
            y += 18
            body.append(text(MARGIN, y, line))
        y += 20
    width = LEFT + WIDTH + 180
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y}" '
            f'font-family="sans-serif" font-size="12">\n'
            f'<rect width="{width}" height="{y}" fill="#fff"/>\n' + "\n".join(body) + "\n</svg>\n")
