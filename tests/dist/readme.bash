# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Extract commands and files from README.md, so that a test that follows it fails if it
# is wrong. Source this; $readme is the file.

# section HEADING: print its text.
section() { awk -v heading="## $1" '/^## / { on = $0 == heading } on' "${readme:?}"; }

# block HEADING N: print the N-th indented block under the heading.
block()
{
	section "$1" | awk -v wanted="$2" '
		!/^    / { inside = 0; next }
		!inside++ { n++ }
		n == wanted { sub(/^    (   )?/, ""); print }'
}

# says HEADING TEXT: README has TEXT as code under the heading.
says() { [[ $(section "$1" | tr -s ' \n' ' ') == *"\`$2\`"* ]]; }
