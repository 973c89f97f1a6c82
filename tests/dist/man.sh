#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/man.sh
#
# The manual pages are well-formed, document every option, key and attribute of the code
# with its range and default, are installed, and have no dangling references.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
need mandoc mandoc
man=user/man

# entry PAGE ITEM [SECTION]: print an item's source, in a section if one is named, up to
# the next item.
entry()
{
	awk -v item=".It $2" -v section="${3:+.Ss Section $3}" '
		/^\.S[sh]/ { inside = (section == "" || $0 == section); on = 0 }
		/^\.(It|El)/ { on = 0 }
		inside && /^\.It/ && (index($0 " ", item " ") == 1 || index($0, item ",") == 1) { on = 1 }
		on { print }' "$man/$1"
}

# documented PAGE ITEM SECTION [TEXT]...: the item exists, and its entry has the texts,
# which may span lines.
documented()
{
	local page=$1 item=$2 section=$3 text found

	found=$(entry "$page" "$item" "$section" | tr '\n' ' ')
	shift 3
	[ -n "$found" ] || { complain "$page has no entry '$item'${section:+ in section $section}"; return; }
	for text; do
		[[ $found == *"$text"* ]] || complain "$page, $item: '$text' is missing"
	done
}

# options PAGE: every option of the --help on standard input has an entry.
options()
{
	local page=$1 short long

	while IFS=' ' read -r short long; do
		if [ "$short" = . ]; then
			documented "$page" "Fl -${long#--}" ''
		else
			documented "$page" "Fl ${short#-} , Fl -${long#--}" ''
		fi
	done < <(sed -nE 's/^ +(-[a-zA-Z]), (--[a-z-]+).*/\1 \2/p; s/^ +(--[a-z-]+).*/. \1/p')
}

# commands: check each command of kpptpctl --help and each word of its usage.
commands()
{
	local line word

	while read -r line; do
		while read -r word; do
			grep -qE "^\.(It|Op|Cm|Fl|Oo).*[ -]$word\b" $man/kpptpctl.8 ||
				complain "kpptpctl.8 lacks '$word' of: $line"
		done < <(grep -oE '[a-z][a-z-]*' <<<"$line")
	done < <(sed -n 's/^  \([a-z]\)/\1/p' <<<"$1")
}

# settings: print the table as "SECTION KEY MIN MAX DEFAULT", one per line.
settings()
{
	python3 -c '
import re
table = open("user/lib/settings.c").read().split("kpptp_settings[] = {")[1].split("\n};")[0]
for macro, section, key, rest, default in re.findall(
        r"(\w*)[({] ?\"(\w+)\",\s*\"([a-z-]+)\",([^\"]*)\"([^\"]*)\"", table):
    low, high = re.findall(r"\b\d+", rest) if macro == "NUMBER" else "--"
    print(section, key, low, high, default)'
}

keys()
{
	local section key low high default range count=0

	while read -r section key low high default; do
		count=$((count + 1))
		range=
		[ "$low" = - ] || range="$low to $high"
		documented kpptpd.conf.5 "Cm $key" "$section" ${range:+"$range"} default ${default:+"$default"}
		grep -q "^$key = *$default" user/examples/kpptpd.conf || grep -qx "$key =$default" user/examples/kpptpd.conf ||
			complain "examples/kpptpd.conf lacks '$key' with its default"
	done < <(settings)
	[ "$count" = "$(grep -c '^\.It Cm' $man/kpptpd.conf.5)" ] ||
		complain "kpptpd.conf.5 has other entries than the $count of the table"
}

plugin()
{
	local name

	while read -r name; do
		documented kpptp-pppd.8 "Cm $name" ''
		grep -q "$name" user/examples/peers/example || [ "$name" = kpptp-channel ] ||
			[ "$name" = kpptp-socket ] || complain "examples/peers/example lacks $name"
	done < <(sed -n 's/.*\.name = "\(kpptp-[a-z-]*\)".*/\1/p' user/pppd/plugin.c)
	documented kpptp-pppd.8 'Cm kpptp-port' '' '1 to 65535' "$(sed -n 's/#define KPPTP_PORT[^0-9]*//p' user/lib/api.h)"
}

# defaults: check the module's numeric defaults.
defaults()
{
	local name value

	while read -r name value; do
		documented kpptp.4 "Li $name" '' "default is $value"
	done < <(sed -n '/^void kpptp_call_conf_init/,/^}/s/^\t\t\.\([a-z_]*\) = \([0-9]*\),/\1 \2/p' kernel/life.c | tr _ -)
}

# netlink: check each attribute with its type, and each operation, of the spec.
netlink()
{
	local kind name type

	while read -r kind name type; do
		case $kind in
		attribute) documented kpptp.4 "Li $name Pq $type" '' ;;
		*) grep -qE "^\.(It )?Li .*\b$name\b" $man/kpptp.4 || complain "kpptp.4 lacks $name" ;;
		esac
	done < <(python3 -c '
import yaml
spec = yaml.safe_load(open("include/netlink/kpptp.yaml"))
for group in spec["attribute-sets"]:
    for attribute in group["attributes"]:
        if attribute["type"] != "pad":
            print("attribute", attribute["name"], attribute["type"])
for operation in spec["operations"]["list"]:
    print("operation", operation["name"])')
}

# doctor: every check of kpptpctl doctor is documented.
doctor()
{
	local name

	while read -r name; do
		documented kpptpctl.8 "Li $name" ''
	done < <(user/build/kpptpctl -j doctor | jq -r '.checks[].name')
}

# JSON: the members of a tunnel come from the daemon, those of a call are
# attributes, by which kpptpctl-json.5 must name them.
json()
{
	local name

	while read -r name; do
		grep -qE "^\.Li .*\b$name\b" $man/kpptpctl-json.5 || complain "kpptpctl-json.5 lacks the member $name"
	done < <(
		sed -n '/"tunnels":\[{/,/},\.\.\.]}$/p' user/lib/api.h | grep -oE '"[a-z-]+":' | tr -d '":' | grep -vx ok
		sed -nE 's/^\t(CONF|INFO)\([A-Z_]+, [a-z_]+, "([a-z-]+)".*/\2/p' user/lib/field.c)
}

for page in "$man"/*; do
	# Ignore references to pages of other packages.
	mandoc -T lint "$page" 2>&1 | grep -vE 'mandoc\.db|referenced manual not found' >"$work/lint" || :
	[ ! -s "$work/lint" ] || complain "$(cat "$work/lint")"
	grep -q '^\.\\" SPDX-License-Identifier: GPL-2.0-or-later$' "$page" || complain "$page has no license"
	while read -r name section; do
		[ -e "$man/$name.$section" ] || [[ $name.$section == @(pppd|ip-netns).8 ]] ||
			complain "$page refers to $name($section), which is not there"
	done < <(sed -n 's/^\.Xr \([^ ]*\) \([0-9]\).*/\1 \2/p' "$page")
done

make -s -C user >"$work/build" 2>&1 || { cat "$work/build"; exit 1; }
help=$(user/build/kpptpctl --help)
options kpptpctl.8 <<<"$help"
commands "$help"
user/build/kpptpd --help | options kpptpd.8
keys
plugin
netlink
defaults
json
doctor

make -s -C user install PREFIX=/usr DESTDIR="$work/root" >"$work/build" 2>&1 || { cat "$work/build"; exit 1; }
for page in "$man"/*; do
	[ -s "$work/root/usr/share/man/man${page##*.}/${page##*/}" ] || complain "make install omits ${page##*/}"
done
conclude "manual pages"
