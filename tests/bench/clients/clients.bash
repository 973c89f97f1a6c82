# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Many clients of a server, see clients.h. To be sourced after net/lib.sh.

: "${bin:?}" "${logs:?}" "${top:?}" # from lib.sh

clients_server=198.18.255.254
clients_addresses=250

# clients_build: from the sources, in the machine.
clients_build()
{
	gcc -std=gnu11 -O2 -Wall -D_GNU_SOURCE -I"$top/user/lib" -o /run/clients \
		"$top"/tests/bench/clients/*.c "$bin/libkpptp.a" -lnettle
}

# clients_hosts: namespaces server and client, and addresses for many.
clients_hosts()
{
	two_hosts
	ip -n server addr add "$clients_server/16" dev server0
	seq 1 "$clients_addresses" | sed 's/.*/addr add 198.18.0.&\/16 dev client0/' |
		ip -n client -batch -
}

# clients_start NAME OPTION...: with alice's password, unless an option says otherwise.
clients_start()
{
	local name=$1

	shift
	start "$name" client /run/clients -f 198.18.0.1 -a "$clients_addresses" -u alice \
		-w 'correct horse' "$@" "$clients_server"
}

# clients_said NAME EVENT: the last line of that kind.
clients_said() { grep "^{\"event\":\"$2\"" "$logs/$1.log" | tail -n 1 | grep .; }

# clients_wait NAME EVENT SECONDS: until there is one, or the clients have ended.
clients_wait()
{
	wait_for "$3" "clients: $2" clients_event "$1" "$2"
	alive "$1" || fail "the clients have ended"
}
clients_event() { clients_said "$1" "$2" || not alive "$1"; }

# clients_figure NAME EVENT KEY: a number from such a line.
clients_figure() { clients_said "$1" "$2" | jq ".\"$3\""; }
