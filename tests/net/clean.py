#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Check that foreign text was cleaned before output.

usage: clean.py [--json] FILE WORD...

FILE must be UTF-8, without control characters other than line feeds, without characters
that change the direction of text, and contain each WORD; with --json, each line must be
JSON whose strings satisfy the same.
"""
import json
import sys
import unicodedata


def bad_character(text):
    """The first forbidden character, or None."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or \
           unicodedata.bidirectional(character) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI",
                                                    "FSI", "PDI"):
            return repr(character)
    return None


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from strings(item)


arguments = sys.argv[1:]
as_json = arguments[0] == "--json"
path, *words = arguments[as_json:]
with open(path, "rb") as file:
    content = file.read().decode()  # raises if not UTF-8
for line in content.split("\n"):
    if bad_character(line):
        sys.exit(f"clean.py: {path}: {bad_character(line)} in: {line!r}")
    if as_json and line:
        for text in strings(json.loads(line)):
            if bad_character(text):
                sys.exit(f"clean.py: {path}: {bad_character(text)} in the string {text!r}")
for word in words:
    if word not in content:
        sys.exit(f"clean.py: {path}: no {word!r} in: {content}")
if "hidden" in content:
    sys.exit(f"clean.py: {path}: text after a NUL is shown: {content}")
