#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 400
#
# Deflate (RFC 1979) also counts the frames that it leaves in clear, so none of those may
# be merged: bulk TCP of data that can be compressed and data that cannot arrives, and
# never costs a reset, which nobody here would ask for. Not BSD-Compress: that of the
# kernel loses pings over a clean link, through the in-tree driver as well.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
modprobe ppp_deflate
two_hosts
for _ in $(seq 20); do
	head -c 500000 /dev/urandom
	head -c 500000 /dev/zero
done >/run/sent

listens() { in_ns "$1" ss -ltn | grep -q :7000; }

# transfer FROM TO ADDRESS
transfer()
{
	rm -f /run/received
	start sink "$2" socat -u TCP-LISTEN:7000,reuseaddr CREATE:/run/received
	wait_for 10 "the server" listens "$2"
	start source "$1" socat -u FILE:/run/sent "TCP:$3:7000"
	ends source 0
	ends sink 0
	cmp /run/sent /run/received || fail "the data is not what was sent"
}

there=$(add_call server local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 2)
here=$(add_call client local 192.0.2.2 peer 192.0.2.1 id 2 peer-id 1)
unit there server deflate "$there"
unit here client deflate "$here"
unit_up there server 10.0.0.1 10.0.0.2
unit_up here client 10.0.0.2 10.0.0.1
pings client 10.0.0.1 || fail "no ping"

step "up and down"
transfer client server 10.0.0.1
transfer server client 10.0.0.2
[ "$(statistic server 1 rx-bytes)" -lt 15000000 ] || fail "nothing was compressed"

stop there
stop here
end_calls server client
done_story
