#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine: smp
#
# An unprivileged user with a user namespace of their own leaves no call behind, is
# limited in number and charged for memory, and sees no events of others.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
two_hosts

# Files that the unprivileged user must be able to read.
tools=/run/tools
mkdir -p "$tools/tests/net" "$tools/include/uapi/linux"
cp "$bin/kpptpctl" "$tools/"
cp "$top/tests/net/genl.py" "$tools/tests/net/"
cp "$top/include/uapi/linux/kpptp.h" "$tools/include/uapi/linux/"
chmod a+rx /run
chmod -R a+rX "$tools"
genl=$tools/tests/net/genl.py

# user COMMAND...: run as nobody, unprivileged.
user() { setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$@"; }
# own_ns COMMAND...: run as nobody, root in new user and network namespaces.
own_ns() { user unshare -Urn "$@"; }
everywhere() { "$tools/kpptpctl" -j show calls all-netns | jq '.calls | length'; }
nowhere() { [ "$(everywhere)" = 0 ]; }

step "an unprivileged user can create a namespace"
[ "$(own_ns id -u)" = 0 ] || fail "unshare -Urn does not work here"

step "200 calls without an owner are refused, with a message, and none is left"
own_ns sh -c "
	for id in \$(seq 200); do
		$tools/kpptpctl call add local 127.0.0.1 peer 127.0.0.2 id \$id
	done" >"$logs/unowned.log" 2>&1 || :
[ "$(grep -c 'a call must be owned' "$logs/unowned.log")" = 200 ] ||
	fail "$(everywhere) calls were made; the kernel says: $(sort -u "$logs/unowned.log" | head -n 3)"
nowhere || fail "$(everywhere) calls stay"

step "owned calls go with their owner, and nothing is pinned"
refs() { awk '$1 == "kpptp" { print $3 }' /proc/modules; }
before=$(refs)
own_ns sh -c "sleep 0.1 | python3 $genl own 127.0.0.1 127.0.0.2 1 200" >"$logs/owned.log" 2>&1
grep -q '^made 200 ' "$logs/owned.log" || fail "no calls: $(cat "$logs/owned.log")"
wait_for 10 "the owner's calls to go" nowhere
released() { [ "$(refs)" = "$before" ]; }
wait_for 20 "the module to be released" released

step "PPP cannot be put into a foreign namespace, nor pin it"
ip netns add target
ip -n client link add probe0 type veth peer name probe1 netns target
expect "no CAP_NET_ADMIN in the network namespace of ppp-netns-fd" \
	own_ns python3 "$genl" own 127.0.0.1 127.0.0.2 1 1 /run/netns/target
nowhere || fail "there is a call"
ip netns del target
wait_for 10 "the namespace to go" not ip -n client link show probe0

step "owned calls end when an inherited socket is closed, or its PID namespace ends"
mkfifo /run/hold
start passer client sh -c "exec setpriv --reuid 65534 --regid 65534 --clear-groups \
	unshare -Urn sh -c 'python3 $genl pass 127.0.0.1 127.0.0.2 1 5 </run/hold'"
exec {hold}>/run/hold
wait_for 10 "calls" logged passer made
ends passer 0
[ "$(everywhere)" = 5 ] || fail "$(everywhere) calls instead of 5, with the socket in a child"
exec {hold}>&-
wait_for 10 "the calls of the socket that was passed on to go" nowhere
start init client setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urnpf --kill-child \
	sh -c "sleep 1000 | python3 $genl own 127.0.0.1 127.0.0.2 1 5"
wait_for 10 "calls" logged init made
[ "$(everywhere)" = 5 ] || fail "$(everywhere) calls instead of 5"
stop init KILL
wait_for 10 "the calls of the pid namespace to go" nowhere

step "call-limit is shown and enforced, and an unprivileged user cannot raise it"
[ "$(own_ns "$tools/kpptpctl" -j show net | jq -c '[.net."call-limit", .net."held-limit"]')" = '[256,1048576]' ] ||
	fail "the limits are $(own_ns "$tools/kpptpctl" -j show net)"
[ "$("$tools/kpptpctl" -j show net | jq '.net."call-limit"')" = 4294967295 ] || fail "the machine's own namespace has a limit"
expect "call-limit allows" own_ns python3 "$genl" own 127.0.0.1 127.0.0.2 1 257
wait_for 10 "the calls up to the limit to go" nowhere
own_ns sh -c "python3 $genl own 127.0.0.1 127.0.0.2 1 256 </dev/null" >"$logs/owned.log"
grep -q '^made 256 ' "$logs/owned.log" || fail "256 calls are too many"
for limit in "call-limit 1000" "held-limit 100000000" "call-limit none"; do
	# shellcheck disable=SC2086 # split into words
	expect "not permitted" own_ns "$tools/kpptpctl" net set $limit
done

step "the administrator can raise it"
wait_for 10 "calls to go" nowhere
add_call server local 192.0.2.1 peer 192.0.2.2 id 1 >/dev/null
bare server net set call-limit 1
expect "call-limit allows" bare server call add local 192.0.2.1 peer 192.0.2.2 id 2
bare server net set call-limit 2 held-limit 4096
[ "$(bare server -j show net | jq -c '[.net."call-limit", .net."held-limit"]')" = '[2,4096]' ] || fail "the limits are not set"
add_call server local 192.0.2.1 peer 192.0.2.2 id 2 >/dev/null
bare server net set call-limit none
add_call server local 192.0.2.1 peer 192.0.2.2 id 3 >/dev/null
expect "expected held-limit or call-limit" bare server net set calls 3
expect "no limit given" in_ns server python3 "$genl" limits
end_calls server

step "calls are charged to the user's memory cgroup"
mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null || :
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/user
cat >/run/charge.py <<END
import os, sys

sys.path.insert(0, "$tools/tests/net")
import genl
def used():
    with open("/sys/fs/cgroup/user/memory.stat") as stat:
        return dict((k, int(v)) for k, v in (line.split() for line in stat))["slab"]
with open("/sys/fs/cgroup/user/cgroup.procs", "w") as procs:
    procs.write(str(os.getpid()))
os.setresuid(65534, 65534, 65534)
os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET) if hasattr(os, "unshare") else \
    __import__("ctypes").CDLL(None).unshare(0x50000000)
nl = genl.Netlink()
genl.own(nl, "127.0.0.1", "127.0.0.2", 1, 1)
before = used()
genl.own(nl, "127.0.0.1", "127.0.0.2", 2, 250)
print("charged", used() - before)
END
python3 /run/charge.py >"$logs/charge.log" 2>&1 || fail "$(cat "$logs/charge.log")"
charged=$(sed -n 's/^charged //p' "$logs/charge.log")
[ "$charged" -ge $((250 * 1024)) ] || fail "250 calls cost the user $charged bytes"
step "250 calls cost their user's cgroup $charged bytes"
wait_for 10 "the calls to go" nowhere

step "events require CAP_NET_ADMIN"
expect "refused: Operation not permitted" user python3 "$genl" join
expect "CAP_NET_ADMIN over the network namespace" user "$tools/kpptpctl" monitor calls
start admin server python3 "$genl" join
wait_for 10 "an administrator to join" logged admin joined
add_call server local 192.0.2.1 peer 192.0.2.2 id 1 >/dev/null
bare server call set local 192.0.2.1 peer 192.0.2.2 id 1 peer-id 7
end_calls server
wait_for 10 "three events" sh -c "[ \$(grep -c event $logs/admin.log) = 3 ]"
[ "$(grep event "$logs/admin.log" | sort -u | wc -l)" = 3 ] || fail "events: $(cat "$logs/admin.log")"
stop admin
start own-admin client setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn python3 "$genl" join
wait_for 10 "the administrator of a namespace of their own to join" logged own-admin joined
stop own-admin

step "closing a socket of another netlink protocol with the owner's port ends no call"
start owner server sh -c "sleep 1000 | python3 $genl own 192.0.2.1 192.0.2.2 1 1"
wait_for 10 "a call" logged owner made
in_ns server python3 "$genl" impostor "$(sed -n 's/^made 1 //p' "$logs/owner.log")"
# Work queued by the impostor's end would run before that of another owner's.
in_ns server python3 "$genl" own 192.0.2.1 192.0.2.2 2 1 </dev/null >/dev/null
only_first() { [ "$(bare server -j show calls | jq -c '[.calls[].id]')" = '[1]' ]; }
wait_for 10 "the second owner's call to go" not sh -c "$bin/kpptpctl -j show calls all-netns | jq -e '.calls[] | select(.id == 2)'"
only_first || fail "the call of a live owner is gone"
bare server call del local 192.0.2.1 peer 192.0.2.2 id 1
stop owner
done_story
