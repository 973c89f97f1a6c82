#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in the system that boot.sh installed and booted: the daemon as a systemd unit,
# under all its restrictions, as a server and as a client, set up by README.md. The
# other end is an unrestricted daemon in a namespace.
#
#   [ machine: kpptpd.service ] 192.0.2.1 ---- 192.0.2.2 [ peer ]
. "$(dirname "$0")/../net/lib.sh"
. "$(dirname "$0")/../net/radius.bash"
. "$(dirname "$0")/readme.bash"

readme=$top/README.md
examples=/usr/share/doc/kpptp/examples
server=192.0.2.1
trap '[ $? = 0 ] || { show_logs; journalctl -b -q -o short-monotonic -u kpptpd | tail -n 80; }' EXIT

# run_documented HEADING COMMAND: run a command, which README must have.
run_documented()
{
	says "$1" "$2" || fail "README does not say under '$1': $2"
	bash -c "$2" >"$logs/documented.log" 2>&1 || fail "README's command fails: $2"
}

# configure SECTION KEY VALUE: edit the installed file.
configure()
{
	sed -i "/^\[$1\]/,/^\[/s|^$2 =.*|$2 = $3|" /etc/kpptpd.conf
	grep -qx "$2 = $3" /etc/kpptpd.conf || fail "kpptpd.conf has no line for $2"
}

# configure_as_documented HEADING N: apply every setting of the N-th block.
configure_as_documented()
{
	local line part

	while read -r line; do
		case $line in
		\[*) part=${line//[][]/} ;;
		*) configure "$part" "${line%% =*}" "${line#*= }" ;;
		esac
	done < <(block "$1" "$2")
}

unit() { systemctl show -P "$1" kpptpd; }
active() { [ "$(unit ActiveState)" = active ]; }
# restarted N: the unit was restarted N times and is running.
restarted() { [ "$(unit NRestarts)" = "$1" ] && active; }
status_is() { [ "$(unit StatusText)" = "$1" ]; }
worker() { pgrep -P "$(unit MainPID)" -u kpptp -x kpptpd; }
# journal TEXT: the unit's journal contains it.
journal() { journalctl -b -q -u kpptpd -o cat | grep -qF -- "$1"; }

# alice_dials: the peer's user connects and passes traffic.
alice_dials()
{
	local password=${password:-correct horse}

	: >"$logs/alice.log"
	rm -f /etc/ppp/of-the-test
	dial alice peer alice password "$password"
	ppp_up peer 10.0.0.1
	wait_for 30 "the server's script to do all that it wants" test -s /etc/ppp/of-the-test
	pings peer 10.0.0.1 || fail "no ping through the tunnel"
	logged alice 'MPPE 128-bit stateless compression enabled' || fail "no encryption"
}

command -v pppd >/dev/null || fail "README's commands do not install pppd"
step "booted: $(systemd-analyze time | head -n 1)"
ip netns attach machine 1
ln -s kpptpd.sock /run/machine.sock
ip netns add peer
ip link add machine0 type veth peer name peer0 netns peer
address machine machine0 192.0.2.1/24
address peer peer0 192.0.2.2/24
! active || fail "the daemon runs before it was enabled"

step "README has the score of systemd-analyze security"
score=$(systemd-analyze security --no-pager kpptpd | sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p')
echo "  $score"
[[ $(section "A server" | tr -s ' \n' ' ') == *"systemd-analyze security\` gives the unit $score;"* ]] ||
	fail "README does not have the score $score"

step "systemd-analyze verify accepts the units"
systemd-analyze verify --man=no kpptpd.service kpptpd.socket >"$logs/verify.log" 2>&1 || fail "systemd-analyze verify complains"
[ ! -s "$logs/verify.log" ] || fail "systemd-analyze verify complains"
# Here, kill whoever attempts a forbidden system call, rather than return an error.
mkdir -p /run/systemd/system/kpptpd.service.d
printf '[Service]\nSystemCallErrorNumber=kill\n' >/run/systemd/system/kpptpd.service.d/strict.conf
systemctl daemon-reload

step "a server, set up by README"
block "A server" 1 >>/etc/ppp/chap-secrets
configure_as_documented "A server" 2
run_documented "A server" "kpptpd --check"
run_documented "A server" "systemctl enable --now kpptpd"
[ "$(systemctl is-enabled kpptpd)" = enabled ] || fail "the unit is not enabled"
wait_for 5 "the status line" status_is "0 calls"
[ -d /sys/module/kpptp ] || fail "the unit did not load the module"
worker >/dev/null || fail "the worker does not run as kpptp"

# A script of the server's pppd does what such scripts usually do.
cat >/etc/ppp/ip-up.d/of-the-test <<'END'
#!/bin/sh
[ "$PPP_IPPARAM" = 192.0.2.2 ] || exit 0
exec >>/run/ip-up.log 2>&1
set -ex
ip route replace 203.0.113.0/24 dev "$PPP_IFACE"
ip rule add from 203.0.113.0/24 lookup main
sysctl -w "net.ipv4.conf.$PPP_IFACE.rp_filter=0"
tc qdisc replace dev "$PPP_IFACE" root fq_codel
nft -f - <<-NFT
	table ip of-the-test {
		chain leave {
			type nat hook postrouting priority srcnat
			iifname "$PPP_IFACE" ip saddr $PPP_REMOTE masquerade
		}
	}
NFT
logger "the script ran"
echo done >/etc/ppp/of-the-test
END
chmod 755 /etc/ppp/ip-up.d/of-the-test

step "a client is served"
start_daemon peer
alice_dials
[ -d /sys/module/kpptp_mppe ] || fail "kpptp_mppe is not loaded"
[[ $(ip route show 203.0.113.0/24) == *ppp* ]] || fail "the script's route is missing"
ping -c 1 -W 5 10.0.0.100 >/dev/null || fail "no ping back"
wait_for 5 "the status line" status_is "1 call"
journal "call established" || fail "the journal does not have the call"

step "README's commands under 'Look at it'"
while read -r line; do
	bash -c "timeout 5 ${line%%#*}" >"$logs/look.log" 2>&1 || [ $? = 124 ] || fail "README's command fails: $line"
done < <(block "Look at it" 1)
expect '192.0.2.2' kpptpctl show
expect '192.0.2.2' journalctl -b -q -o cat -u kpptpd PEER=192.0.2.2
[ "$(kpptpctl -j show calls | jq -r '.calls[0].peer')" = 192.0.2.2 ] || fail "kpptpctl -j show calls lacks the call"
says "Look at it" "kpptpctl doctor" || fail "README does not mention doctor"
kpptpctl doctor >"$logs/doctor.log" || fail "doctor reports a problem"

step "a reload keeps the call"
before="$(unit MainPID) $(worker) $(pgrep -d, -x pppd)"
configure call window 128
systemctl reload kpptpd
wait_for 5 "the reload" journal "configuration reloaded; 1 control connections and 1 calls continue"
[ "$before" = "$(unit MainPID) $(worker) $(pgrep -d, -x pppd)" ] || fail "a process was replaced"
pings peer 10.0.0.1 || fail "no ping after the reload"

step "a reload of an invalid file fails, and the service goes on"
configure call window none
if systemctl reload kpptpd 2>"$logs/reload.log"; then fail "systemctl reports success"; fi
configure call window 128
active || fail "the unit is gone"
pings peer 10.0.0.1 || fail "no ping after the failed reload"

# peer_ended: the peer's call ended, and so did its pppd.
peer_ended()
{
	logged kpptpd-peer "stopped by the peer" || fail "the connection was not stopped properly"
	: >"$logs/kpptpd-peer.log"
	ends alice 16
	nothing_left machine peer
}

step "out of memory: the kernel kills a pppd, and the service goes on"
group=/sys/fs/cgroup$(unit ControlGroup)
[ "$(cat "/proc/$(unit MainPID)/oom_score_adj" "/proc/$(pgrep -x -P "$(unit MainPID)" pppd)/oom_score_adj" | xargs)" = "-500 0" ] ||
	fail "wrong oom_score_adj of the daemon or pppd"
oom_kills() { awk '$1 == "oom_kill" { print $2 }' "$group/memory.events"; }
# eat: allocate memory in the unit, protected from the OOM killer, until it kills
# another process.
eat()
{
	local eaten=()

	echo "$BASHPID" >"$group/cgroup.procs"
	echo -1000 >"/proc/$BASHPID/oom_score_adj"
	systemctl set-property --runtime kpptpd MemoryMax=$(($(cat "$group/memory.current") + 8000000))
	while [ "$(oom_kills)" = 0 ]; do eaten+=("$(printf '%250000s' x)"); done
}
before="$(unit MainPID) $(worker) $(unit NRestarts)"
(eat)
systemctl set-property --runtime kpptpd MemoryMax=infinity
wait_for 10 "the journal to say why" journal "by the kernel: memory ran out"
ends alice 16
nothing_left machine peer
active || fail "the unit ended with one pppd"
[ "$before" = "$(unit MainPID) $(worker) $(unit NRestarts)" ] || fail "the daemon was restarted"
: >"$logs/kpptpd-peer.log"
alice_dials

step "a restart ends the call properly, and serves again"
systemctl restart kpptpd
active || fail "the unit does not run"
peer_ended
alice_dials

step "a stop ends the call properly, and succeeds"
systemctl stop kpptpd
[ "$(unit Result) $(unit ExecMainStatus)" = "success 0" ] || fail "stopped with: $(unit Result)"
[ ! -e /run/kpptpd.sock ] || fail "the socket is left"
ln -sf kpptpd.sock /run/machine.sock
logged kpptpd-peer "stopped by the peer" || fail "the connection was not stopped properly"
ends alice 16
no_ppp machine || fail "an interface is left"
[ "$(pgrep -c -x kpptpd)" = 2 ] || fail "a process of the unit is left"
systemctl start kpptpd

step "the unit restarts after a kill: worker, monitor"
for victim in worker "unit MainPID"; do
	alice_dials
	again=$(($(unit NRestarts) + 1))
	kill -KILL "$($victim)"
	wait_for 20 "the unit to come back" restarted "$again"
	ends alice 16
	nothing_left machine peer
done
alice_dials
stop alice
nothing_left machine peer

step "clients authenticated by RADIUS"
radius=/etc/ppp/radius
radius_files
start_radius machine
sed 's|^seqfile.*|seqfile /var/run/radius.seq|' $radius/client.conf >/etc/ppp/radiusclient.conf
cp /etc/ppp/options.kpptpd /run/options.kpptpd
cp "$examples/options.kpptpd.radius" /etc/ppp/options.kpptpd
configure ppp local-address ''
configure ppp remote-addresses ''
systemctl reload kpptpd
password="known to RADIUS alone" alice_dials
wait_for 5 "the start" accounted Start 'Framed-IP-Address = 10.0.0.77'
[ -s /var/run/radius.seq ] || fail "the plugin has not counted its requests"
stop alice
wait_for 10 "the stop" accounted Stop 'Acct-Terminate-Cause = User-Request'
stop radiusd
cp /run/options.kpptpd /etc/ppp/options.kpptpd
configure_as_documented "A server" 2
systemctl reload kpptpd
nothing_left machine peer

step "a client, set up by README"
sed 's/^name .*/name vpn/' "$examples/options.kpptpd" >/run/options.server
block "A client" 1 >>/etc/ppp/chap-secrets
for word in /etc/ppp/peers/work "$examples/peers/example" kpptp-server "name alice" "enable = no"; do
	says "A client" "$word" || fail "README does not mention $word"
done
sed 's/^kpptp-server .*/kpptp-server 192.0.2.2/; s/^name .*/name alice/' "$examples/peers/example" >/etc/ppp/peers/work
configure server enable no
systemctl restart kpptpd
ss -Hltn | grep -q :1723 && fail "it listens though the server is disabled"
# works: the call of /etc/ppp/peers/work is up and passes traffic.
works()
{
	ppp_up machine 10.0.0.1
	pings machine 10.0.0.1 || fail "no ping through the tunnel"
}
run_documented "A client" "pppd call work"
works
[[ $(kpptpctl show) == *192.0.2.2* ]] || fail "kpptpctl show lacks the call"
kpptpctl doctor >"$logs/doctor.log" || fail "doctor reports a problem"
systemctl reload kpptpd
pings machine 10.0.0.1 || fail "no ping after a reload"
pkill -xf 'pppd call work'
nothing_left machine peer
logged kpptpd-peer "cleared by the peer" || fail "the call was not cleared"

step "socket activation: by pppd, and by a client"
systemctl disable --now kpptpd
systemctl enable --now kpptpd.socket
! active || fail "the daemon runs before it is needed"
run_documented "A client" "pppd call work"
works
active || fail "pppd was served by another"
journal "kpptpd.socket" || fail "the journal does not warn that clients are not served"
pkill -xf 'pppd call work'
nothing_left machine peer
configure server enable yes
systemctl stop kpptpd
alice_dials
active || fail "the client was served by another"
stop alice
nothing_left machine peer
systemctl disable --now kpptpd.socket
systemctl stop kpptpd

step "the unit's restrictions blocked nothing"
! journalctl -b -q -o cat -u kpptpd | grep -iE 'cannot|not permitted|denied|read-only' ||
	fail "something was blocked"
! journalctl -b -q -o cat _TRANSPORT=kernel _TRANSPORT=audit | grep -E 'type=1326|^SECCOMP ' || fail "a system call was blocked"
! grep -iE 'not permitted|denied|read-only' /run/ip-up.log || fail "the script was blocked"
done_story
