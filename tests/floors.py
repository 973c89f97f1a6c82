#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: tests/floors.py [TOP]

Compare the includes of the sources under TOP (this tree) with the floors that
tests/floors.txt states. Fails, and names the line, on an include that does not go
down and on a file that stands on no floor. As no include stays on its floor, there
is no circle. The objects in Kbuild have to be in the order of the floors.
"""
import os
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')
OBJECT = re.compile(r"^\tkernel/(\S+)\.o\b", re.MULTILINE)


def read_floors(text):
    """Sections of a table of floors: by name, the floor of each file."""
    sections, floor = {}, 0
    for line in text.splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            floor += 1
            section.update(dict.fromkeys(line.split(), floor))
    return sections


def noun(path, folder):
    """What foo.c and foo.h are called together."""
    return str(path.relative_to(folder).with_suffix(""))


def resolve(source, name, folder):
    """The file that an include means, or None if it is not one of the section."""
    for base in (source.parent, folder):
        path = Path(os.path.normpath(base / name))
        if path.is_file() and folder in path.parents:
            return path
    return None


def climbs(source, folder, floors):
    """What is wrong with the includes of a file, in words."""
    own = noun(source, folder)
    if own not in floors:
        yield f"{source}: stands on no floor: {own} is not in tests/floors.txt"
        return
    for number, line in enumerate(source.read_text().splitlines(), 1):
        include = INCLUDE.match(line)
        target = include and resolve(source, include[1], folder)
        if not target or noun(target, folder) == own:
            continue
        below = floors.get(noun(target, folder))
        if below is not None and below >= floors[own]:
            yield f"{source}:{number}: includes {include[1]}, which does not stand below {own}"


def kbuild_order(floors):
    """Objects in Kbuild that stand before one that is below them."""
    names = OBJECT.findall(Path("Kbuild").read_text())
    for before, after in zip(names, names[1:]):
        if floors.get(before, 0) > floors.get(after, 0):
            yield f"Kbuild: kernel/{before}.o stands before kernel/{after}.o, which is below it"


def main():
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    complaints = []
    for name, floors in read_floors(Path("tests/floors.txt").read_text()).items():
        folder = Path(name)
        sources = [p for p in folder.rglob("*.[ch]") if not p.name.endswith(".mod.c")]
        for source in sorted(sources):
            complaints += climbs(source, folder, floors)
        known = {noun(p, folder) for p in sources}
        complaints += [f"tests/floors.txt: there is no {name}/{f}" for f in floors if f not in known]
        if name == "kernel":
            complaints += kbuild_order(floors)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


sys.exit(main())
