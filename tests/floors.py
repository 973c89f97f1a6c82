#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: tests/floors.py [TOP]

Check the includes of the sources under TOP (this tree) against the floors listed in
tests/floors.txt. Reports each include that does not point to a lower floor or that
crosses a wall, and each file that is not listed; a module's objects in Kbuild must follow
the order of the floors. Prints the number of include cycles: rooms that include each other,
directly or not.
"""
import os
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')
OBJECT = re.compile(r"^\tkernel/(\S+)\.o\b", re.MULTILINE)


class Building:
    """A section of the table: a directory, its rooms, floors and walls."""

    def __init__(self, heading):
        self.folder, *self.search = map(Path, heading.strip("[]").split())
        self.search = [self.folder, *self.search]
        self.floor, self.room, self.walls = {}, {}, []

    def add(self, line, floor):
        """Parse one line: a wall, or the rooms of a floor."""
        if "|" in line:
            here, there = line.split("|")
            self.walls += [(here.strip(), name) for name in there.split()]
            return
        folder, colon, rooms = line.rpartition(":")
        for room in rooms.split():
            for noun in room.split("+"):
                noun = f"{folder}/{noun}" if colon else noun
                self.floor[noun], self.room[noun] = floor, room

    def noun(self, path):
        """The common name of foo.c and foo.h."""
        return str(path.relative_to(self.folder).with_suffix(""))

    def sources(self):
        found = self.folder.rglob("*.[ch]")
        return sorted(p for p in found if not p.name.endswith(".mod.c") and "build" not in str(p))

    def resolve(self, source, name):
        """The noun of an included file, or None if it is outside this section."""
        for base in (source.parent, *self.search):
            path = Path(os.path.normpath(base / name))
            if path.is_file() and self.folder in path.parents:
                return self.noun(path)
        return None

    def fault(self, own, other):
        """What is wrong with an include, or None if nothing is."""
        for here, there in self.walls:
            if own.startswith(here + "/") and other.startswith(there + "/"):
                return f"{here} must not include {there}"
        if other not in self.floor or self.room[other] == self.room[own]:
            return None
        if self.floor[other] >= self.floor[own]:
            return f"not on a lower floor than {own}"
        return f"private to {self.room[other]}" if other.endswith("_internal") else None

    def includes(self):
        """Yield (including room, included room) pairs."""
        for source in self.sources():
            for line in source.read_text().splitlines():
                include = INCLUDE.match(line)
                other = include and self.resolve(source, include[1])
                pair = self.room.get(self.noun(source)), self.room.get(other)
                if None not in pair and pair[0] != pair[1]:
                    yield pair

    def cycles(self):
        """Count the rooms that are part of an include cycle, and all rooms."""
        below = {room: set() for room in self.room.values()}
        for room, other in self.includes():
            below[room].add(other)
        reach = {room: set(others) for room, others in below.items()}
        for _ in below:
            for room, others in reach.items():
                others.update(*(reach[other] for other in list(others)))
        return sum(room in others for room, others in reach.items()), len(below)

    def complaints(self):
        sources = self.sources()
        for source in sources:
            own = self.noun(source)
            if own not in self.floor:
                yield f"{source}: {own} is not listed in tests/floors.txt"
                continue
            for number, line in enumerate(source.read_text().splitlines(), 1):
                include = INCLUDE.match(line)
                other = include and self.resolve(source, include[1])
                fault = other and self.fault(own, other)
                if fault:
                    yield f"{source}:{number}: includes {include[1]}: {fault}"
        for noun in self.floor.keys() - {self.noun(p) for p in sources}:
            yield f"tests/floors.txt: no such file: {self.folder}/{noun}"


def read_table(text):
    buildings = []
    for floor, line in enumerate(text.splitlines()):
        if line.startswith("["):
            buildings.append(Building(line))
        elif line and not line.startswith("#"):
            buildings[-1].add(line, floor)
    return buildings


def kbuild_order(kernel):
    """Yield objects of a module in Kbuild that precede one of a lower floor."""
    for module in Path("Kbuild").read_text().split("obj-m += ")[1:]:
        names = OBJECT.findall(module)
        for before, after in zip(names, names[1:]):
            if kernel.floor.get(before, 0) > kernel.floor.get(after, 0):
                yield f"Kbuild: kernel/{before}.o precedes kernel/{after}.o, which is on a lower floor"


def main():
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    buildings = read_table(Path("tests/floors.txt").read_text())
    complaints = [c for building in buildings for c in building.complaints()]
    complaints += kbuild_order(buildings[0])
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    for building in buildings:
        count, rooms = building.cycles()
        print(f"{building.folder}: {rooms} rooms, {count} in include cycles")
    return 1 if complaints else 0


sys.exit(main())
