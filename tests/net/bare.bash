# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Calls without a daemon, and PPP interfaces without pppd: for stories about the
# data path. To be sourced after lib.sh; no story itself, hence its name.

: "${bin:?}" "${logs:?}" "${top:?}" # from lib.sh

# bare NAMESPACE ARGUMENTS...: kpptpctl, with no daemon.
bare() { local ns=$1; shift; in_ns "$ns" "$bin/kpptpctl" "$@"; }

# add_call NAMESPACE ARGUMENTS...: make a call; its channel.
add_call() { local ns=$1; shift; bare "$ns" -j call add "$@" | jq .channel; }

# statistic NAMESPACE ID NAME: what the call with this id has counted.
statistic() { bare "$1" -j show calls | jq ".calls[] | select(.id == $2).stats.\"$3\""; }

counted() { [ "$(statistic "$1" "$2" "$3")" -gt 0 ]; }

# all_arrived FROM ID TO ID: what one call has sent the other has received. A
# flooding ping may miss an answer that did arrive.
all_arrived() { [ "$(statistic "$1" "$2" tx-packets)" = "$(statistic "$3" "$4" rx-packets)" ]; }

# interface NAME NAMESPACE ADDRESS PEER ARGUMENTS...: a PPP interface, see unit.py.
interface()
{
	local name=$1 ns=$2 address=$3 peer=$4 device

	shift 4
	rm -f "$logs/$name.log"
	start "$name" "$ns" python3 "$top/tests/net/unit.py" "$@"
	wait_for 10 "the interface of $name" logged "$name" ppp
	device=$(tail -n 1 "$logs/$name.log")
	ip -n "$ns" addr add "$address" peer "$peer" dev "$device"
	ip -n "$ns" link set "$device" up
}

no_calls() { [ "$(bare "$1" -j show net | jq .net.calls)" = 0 ]; }

# end_calls NAMESPACE...: delete all that are left.
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
