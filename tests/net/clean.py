#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Look at what others wrote, after it was cleaned.

usage: clean.py [--json] FILE WORD...

FILE must be UTF-8, without control characters but line feeds, without those that change
the direction of text, and have each WORD; with --json, each line must be JSON, whose texts
must be such, too.
"""
import json
import sys
import unicodedata


def odd(text):
    """The first character that should not be there."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or \
           unicodedata.bidirectional(character) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI",
                                                    "FSI", "PDI"):
            return repr(character)
    return None


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from texts(item)


arguments = sys.argv[1:]
as_json = arguments[0] == "--json"
path, *words = arguments[as_json:]
with open(path, "rb") as file:
    content = file.read().decode()  # fails for what is no UTF-8
for line in content.split("\n"):
    if odd(line):
        sys.exit(f"clean.py: {path}: {odd(line)} in: {line!r}")
    if as_json and line:
        for text in texts(json.loads(line)):
            if odd(text):
                sys.exit(f"clean.py: {path}: {odd(text)} in the text {text!r}")
for word in words:
    if word not in content:
        sys.exit(f"clean.py: {path}: nothing of {word!r} in: {content}")
if "hidden" in content:
    sys.exit(f"clean.py: {path}: what is behind a NUL is shown: {content}")
