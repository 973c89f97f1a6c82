# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Calls without a daemon and PPP interfaces without pppd, for stories about the data
# path. Source it after lib.sh. It is not a story itself, hence the suffix.

: "${bin:?}" "${logs:?}" "${top:?}" # from lib.sh

# bare NAMESPACE ARGUMENTS...: run kpptpctl without a daemon.
bare() { local ns=$1; shift; in_ns "$ns" "$bin/kpptpctl" "$@"; }

# add_call NAMESPACE ARGUMENTS...: create a call and print its channel.
add_call() { local ns=$1; shift; bare "$ns" -j call add "$@" | jq .channel; }

# statistic NAMESPACE ID NAME: print a counter of the call with this id.
statistic() { bare "$1" -j show calls | jq ".calls[] | select(.id == $2).stats.\"$3\""; }

counted() { [ "$(statistic "$1" "$2" "$3")" -gt 0 ]; }

# all_arrived FROM ID TO ID: one call received what the other sent. Do not count
# replies: a flooding ping may miss some.
all_arrived() { [ "$(statistic "$1" "$2" tx-packets)" = "$(statistic "$3" "$4" rx-packets)" ]; }

# unit NAME NAMESPACE ARGUMENTS...: run unit.py, which creates a PPP interface.
unit()
{
	local name=$1 ns=$2

	shift 2
	rm -f "$logs/$name.log"
	start "$name" "$ns" python3 "$top/tests/net/unit.py" "$@"
}

# unit_up NAME NAMESPACE ADDRESS PEER: wait for that interface, and set it up.
unit_up()
{
	local device

	wait_for 10 "the interface of $1" logged "$1" ppp
	device=$(tail -n 1 "$logs/$1.log")
	ip -n "$2" addr add "$3" peer "$4" dev "$device"
	ip -n "$2" link set "$device" up
}

# interface NAME NAMESPACE ADDRESS PEER ARGUMENTS...: create a PPP interface, see
# unit.py.
interface()
{
	unit "$1" "$2" "${@:5}"
	unit_up "$1" "$2" "$3" "$4"
}

no_calls() { [ "$(bare "$1" -j show net | jq .net.calls)" = 0 ]; }

# end_calls NAMESPACE...: delete all remaining calls.
end_calls()
{
	local ns key

	for ns; do
		while read -r key; do
			# shellcheck disable=SC2086 # words
			bare "$ns" call del $key
		done < <(bare "$ns" -j show calls |
			jq -r '.calls[] | "local \(.local) peer \(.peer) id \(.id)"')
	done
}
