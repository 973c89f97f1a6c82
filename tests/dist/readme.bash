# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# README.md, read as its reader does: what it says is to be typed, or to be in a
# file, is taken from there, so that a test which follows it fails when it is
# wrong. Sourced; $readme is the file.

# section HEADING: its text.
section() { awk -v heading="## $1" '/^## / { on = $0 == heading } on' "${readme:?}"; }

# block HEADING N: the lines of the N-th indented block under the heading.
block()
{
	section "$1" | awk -v wanted="$2" '
		!/^    / { inside = 0; next }
		!inside++ { n++ }
		n == wanted { sub(/^    (   )?/, ""); print }'
}

# says HEADING TEXT: README has that there, as code.
says() { [[ $(section "$1" | tr -s ' \n' ' ') == *"\`$2\`"* ]]; }
