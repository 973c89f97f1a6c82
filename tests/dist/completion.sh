#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/completion.sh
#
# bash completion of kpptpctl and kpptpd: everything in --help, in its place and nowhere
# else.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

make -s -C user >"$work/build" 2>&1 || { cat "$work/build"; exit 1; }
# shellcheck source=../../user/completion/kpptpctl
. user/completion/kpptpctl
# shellcheck source=../../user/completion/kpptpd
. user/completion/kpptpd

# completions WORD...: print the completions of the last word.
completions()
{
	local COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=() handler

	handler=$(complete -p "$1" | sed 's/.*-F \([^ ]*\).*/\1/')
	"$handler"
	printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"} | sort | paste -sd ' '
}

# completes 'EXPECTED' WORD...
completes()
{
	local expected=$1 got

	shift
	expected=$(xargs -n 1 printf '%s\n' <<<"$expected" | sort | paste -sd ' ')
	got=$(completions "$@")
	[ "$got" = "$expected" ] || complain "'$*' completes to '$got' instead of '$expected'"
}

# Parse --help: options, commands, and the words of a command's usage.
options() { sed -nE 's/^ +(-[a-zA-Z]), (--[a-z-]+).*/\1 \2/p; s/^ +(--[a-z-]+).*/\1/p' | paste -sd ' '; }
help=$(user/build/kpptpctl --help)
commands=$(sed -n 's/^  \([a-z]*\).*/\1/p' <<<"$help" | sort -u | paste -sd ' ')
usage() { sed -n "s/^  $1 *//p" <<<"$help"; }
# names: print the words that precede a value in capitals, or a choice.
names() { usage "$1" | grep -oE '\b[a-z-]+ ([A-Z]+|[a-z]+\|)' | cut -d' ' -f1 | paste -sd ' '; }

completes "$commands $(options <<<"$help")" kpptpctl ''
completes "show stats" kpptpctl s
completes "--json" kpptpctl --j
completes "$commands $(options <<<"$help")" kpptpctl -S /run/other.sock ''
completes "$work/build" kpptpctl -S "$work/b"
completes "$(usage show | sed 's/ *\[[^[]*\]|/|/' | tr -d '[]' | tr '|' ' ')" kpptpctl -j show ''
completes "all-netns" kpptpctl show calls ''
completes "" kpptpctl show calls all-netns ''
completes "calls tunnels" kpptpctl monitor ''
completes "" kpptpctl monitor calls ''
completes "-c" kpptpctl doctor ''
completes "$work/build" kpptpctl doctor -c "$work/b"
completes "$(usage stats | tr -d '[]' | sed 's/SECONDS//')" kpptpctl stats ''
completes "" kpptpctl stats -w ''
completes "set" kpptpctl net ''
completes "$(names 'net set')" kpptpctl net set ''
completes "" kpptpctl net set held-limit ''
completes "none" kpptpctl net set call-limit ''
completes "$(sed -n 's/^  call \([a-z]*\).*/\1/p' <<<"$help" | paste -sd ' ')" kpptpctl call ''
for command in 'call add' 'call set' 'call del' hangup; do
	# shellcheck disable=SC2086 # two words
	completes "$(names "$command")" kpptpctl $command ''
done
completes "$(names dial)" kpptpctl dial vpn.example.com ''
completes "$(names offer)" kpptpctl offer vpn.example.com ''
completes "window" kpptpctl call add local 192.0.2.1 w
completes "adaptive off strict" kpptpctl call set flow-control ''
completes "auto" kpptpctl call add ack-delay a
completes "auto" kpptpctl call set ack-delay ''
completes "auto" kpptpctl call set ttl ''
completes "inherit" kpptpctl call set dscp ''
completes "on off" kpptpctl call set df ''
completes "lo" kpptpctl call set device lo
completes "" kpptpctl call add local ''
completes "peer id" kpptpctl hangup local 192.0.2.1 ''

# Existing calls, from a fake command that shows two.
cat >"$work/kpptpctl" <<'END'
#!/bin/sh
[ "$*" = 'show calls' ] || exit 1
printf 'call local 192.0.2.1 peer 192.0.2.%s id 7 peer-id 9 channel 1\n    window 64\n\n' 2 3
END
chmod 755 "$work/kpptpctl"
complete -F _kpptpctl "$work/kpptpctl"
completes "192.0.2.2 192.0.2.3" "$work/kpptpctl" call del peer ''
completes "7" "$work/kpptpctl" hangup peer 192.0.2.2 id ''
completes "" "$work/kpptpctl" call add id ''

completes "$(user/build/kpptpd --help | options)" kpptpd ''
completes "--check --config" kpptpd --c
completes "$work/build" kpptpd -c "$work/b"
conclude "completion"
