#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
#
# kpptpctl doctor finds problems and gives remedies that work: each problem is created,
# found, and fixed by the remedy.
. "$(dirname "$0")/lib.sh"

load_modules
modprobe nf_tables
two_hosts
ppp_secrets
conf=/run/server.conf

doctor() { in_ns "$1" "$bin/kpptpctl" -j doctor -c "/run/$1.conf"; }

# finds NAMESPACE CHECK VERDICT TEXT...: the check has this verdict, and its output
# these texts.
finds()
{
	local ns=$1 check=$2 verdict=$3 found status=0

	shift 3
	found=$(doctor "$ns") || status=$?
	[ "$status" = "$(jq 'if .problems > 0 then 1 else 0 end' <<<"$found")" ] ||
		fail "exit status $status does not fit: $found"
	found=$(jq -c --arg name "$check" '.checks[] | select(.name == $name)' <<<"$found")
	[ "$(jq -r .verdict <<<"$found")" = "$verdict" ] || fail "expected $verdict: $found"
	for text; do
		[[ $found == *"$text"* ]] || fail "expected '$text': $found"
	done
}

# advised NAMESPACE CHECK [text]: print the first quoted command of the remedy, or of the
# text.
advised()
{
	{ doctor "$1" || :; } |
		jq -r --arg name "$2" --arg from "${3:-remedy}" '.checks[] | select(.name == $name)[$from]' |
		sed "s/^[^']*'\([^']*\)'.*/\1/"
}

step "everything is fine, but no daemon runs"
cat >"$conf" <<-END
	[server]
	host-name = server
	[ppp]
	plugin = $plugin
	[control]
	socket = /run/server.sock
END
finds server module ok "loaded"
finds server gre-slot ok
finds server mppe ok "kpptp_mppe is loaded"
finds server user ok kpptp
finds server plugin ok
finds server port ok "is free"
finds server firewall ok
finds server tunnel-route ok "0 calls"
finds server daemon problem "is not running" "systemctl enable --now kpptpd"
expect "PROBLEM  daemon: /run/server.sock" in_ns server "$bin/kpptpctl" doctor -c "$conf"

step "limits above those of the system: doctor, --check and the log warn"
# A small machine's kernel allows fewer by itself.
sysctl -qw kernel.threads-max=3500
finds server limits ok "1000 calls"
cp "$conf" /run/right.conf
printf '[limits]\ncalls = 1500\n' >>"$conf"
sysctl -qw kernel.pid_max=3000 kernel.threads-max=3100
finds server limits problem "calls=1500 needs up to 3256 processes, the kernel allows 3000" "raise kernel.pid_max"
expect "warning: calls=1500 needs up to 3256 processes" in_ns server "$bin/kpptpd" --check -c "$conf"
start kpptpd-short server "$bin/kpptpd" -c "$conf"
wait_for 10 "the daemon to come up" test -S /run/server.sock
logged kpptpd-short "raise kernel.pid_max (sysctl)" || fail "no warning in the log"
stop kpptpd-short
sysctl -qw kernel.pid_max=5000
finds server limits problem "the kernel allows 3100" "raise kernel.threads-max"
sysctl -qw kernel.threads-max=3500
finds server limits ok "1500 calls"
# The daemon's own limits, if it may not raise them.
expect "LimitNOFILE=" in_ns server prlimit --nofile=700 setpriv --bounding-set=-sys_resource \
	"$bin/kpptpd" --check -c "$conf"
not grep -q LimitNOFILE <<<"$(in_ns server prlimit --nofile=700 "$bin/kpptpd" --check -c "$conf")" ||
	fail "a warning though root may raise it"
mv /run/right.conf "$conf"
# Those of a daemon in another namespace are not this one's.
printf '[server]\nenable = no\n[control]\nsocket = /run/client.sock\n[worker]\nroot = /run/client.root\n' >/run/client.conf
start kpptpd-client client prlimit --nofile=700 setpriv --bounding-set=-sys_resource \
	"$bin/kpptpd" -c /run/client.conf
wait_for 10 "the other daemon to come up" test -S /run/client.sock
finds client limits problem "LimitNOFILE="
finds server limits ok "1000 calls"
stop kpptpd-client
printf '[ppp]\nlocal-address = 10.0.0.1\nremote-addresses = 10.0.0.2-10.0.0.21\n' >/run/pool.conf
expect "note: remote-addresses has 20 addresses for calls=1000" "$bin/kpptpd" --check -c /run/pool.conf

step "wrong configuration, user, address"
sed 's/^host-name/hostname/' "$conf" >/run/wrong.conf
expect "PROBLEM  config: " in_ns server "$bin/kpptpctl" doctor -c /run/wrong.conf
printf '[worker]\nuser = nobody-at-all\n[server]\nlisten = 198.51.100.1\n' >/run/wrong.conf
expect "useradd --system --no-create-home --shell /usr/sbin/nologin nobody-at-all" \
	"$bin/kpptpctl" doctor -c /run/wrong.conf
expect "does not have the address 198.51.100.1" "$bin/kpptpctl" doctor -c /run/wrong.conf

step "another program uses the port"
for address in TCP4-LISTEN:1723 TCP4-LISTEN:1723,bind=192.0.2.1 TCP6-LISTEN:1723,ipv6only=0; do
	start taker server socat "$address" /dev/null
	wait_for 5 "socat to listen" sh -c 'ip netns exec server ss -Hltn | grep -q :1723'
	finds server port problem "taken by socat (process ${pids[taker]})" "'systemctl disable --now socat'"
	stop taker
done
finds server port ok

step "the plugin is missing, or built for another pppd"
version=$(pppd --version 2>&1 | sed 's/.* //')
sed -i 's,^plugin.*,plugin = /run/kpptp.so,' "$conf"
finds server plugin problem "/run/kpptp.so" "make install"
sed "s/\\x00$version\\x00/\\x00${version%?}0\\x00/" "$plugin" >/run/kpptp.so
finds server plugin problem "was built for pppd ${version%?}0" "is $version"
cp "$plugin" /run/kpptp.so
finds server plugin ok

step "the firewall drops GRE, or the control connection"
in_ns server nft -f - <<-END
	table inet filter {
		chain input {
			type filter hook input priority 0; policy drop;
			ct state established,related accept
			iifname lo accept
			tcp dport { 22, 1723 } accept
		}
	}
END
finds server firewall problem "GRE" "input" "the policy" "inet filter input"
remedy=$(advised server firewall)
# shellcheck disable=SC2086 # a command
in_ns server $remedy
finds server firewall ok
in_ns server nft insert rule inet filter input tcp dport 1723 reject
finds server firewall problem "TCP to port 1723" "a rule"
in_ns server nft flush ruleset
in_ns server nft 'add table ip f; add chain ip f out { type filter hook output priority 0; }; add rule ip f out ip protocol gre drop'
finds server firewall problem "GRE (IP protocol 47), output"
in_ns server nft flush ruleset
in_ns server nft 'add table ip f; add chain ip f in { type filter hook input priority 0; policy drop; }; add rule ip f in ip saddr 192.0.2.2 accept'
finds server firewall skipped "ip f in"
in_ns server nft flush ruleset

step "the daemon runs, and a client's tunnel is routed into itself"
start_daemons
finds server daemon ok
finds server port ok "kpptpd listens"
finds client port skipped
dial alice client alice password 'correct horse'
ppp_up client 10.0.0.1
finds client tunnel-route ok "1 calls"
ip -n client route replace 192.0.2.1/32 dev ppp50
finds client tunnel-route problem "192.0.2.1" "ppp50"
ip -n client route del 192.0.2.1/32 dev ppp50
finds client tunnel-route ok
stop alice
nothing_left server client
stop kpptpd-client
stop kpptpd-server

step "systemd passes sockets that do not match the configuration"
# activated ADDRESS PORT SOCKET: run kpptpd with these sockets passed.
activated()
{
	start kpptpd-passed server python3 "$top/tests/net/activate.py" "$@" "$bin/kpptpd" -c "$conf"
	wait_for 10 "kpptpd to answer" in_ns server "$bin/kpptpctl" -S "$3" show tunnels
}
finds server sockets skipped "is not running"
activated 0.0.0.0 1723 /run/server.sock
finds server sockets ok
stop kpptpd-passed
activated 192.0.2.1 1724 /run/server.sock
finds server sockets problem "listens on 192.0.2.1 port 1724, not on 0.0.0.0 port 1723" "systemctl edit kpptpd.socket"
stop kpptpd-passed
activated 0.0.0.0 1723 /run/passed.sock
finds server sockets problem "is /run/passed.sock, not /run/server.sock"
stop kpptpd-passed
activated 0.0.0.0 1723 /run/server.sock
groupadd -f passed
chgrp passed /run/server.sock
chmod 660 /run/server.sock
finds server sockets problem "group names none: only root is served"
stop kpptpd-passed
cp "$conf" /run/right.conf
sed -i 's/^\[control\]/&\ngroup = passed/' "$conf"
activated 0.0.0.0 1723 /run/server.sock
finds server sockets ok
chgrp 0 /run/server.sock
finds server sockets problem "does not let the group passed"
stop kpptpd-passed
mv /run/right.conf "$conf"

step "the loaded module differs from the installed one"
modules=/lib/modules/$(uname -r)
mkdir -p /run/other
cp "$modules/updates/kpptp.ko" /run/other
release=$(modinfo -F srcversion kpptp)
sed -i "s/srcversion=$release/srcversion=${release//[0-9]/X}/" /run/other/kpptp.ko
mount --bind /run/other/kpptp.ko "$modules/updates/kpptp.ko"
finds server module problem "${release//[0-9]/X}" "modprobe -r kpptp && modprobe kpptp"
umount "$modules/updates/kpptp.ko"
finds server module ok

step "the module is of another version, or not installed"
rmmod kpptp
sed -i "s/srcversion=${release//[0-9]/X}/srcversion=$release/; s/\\(\\x00version=\\)./\\19/" /run/other/kpptp.ko
mount --bind /run/other/kpptp.ko "$modules/updates/kpptp.ko"
finds server module problem "kpptpctl is of version"
umount "$modules/updates/kpptp.ko"
for module in kpptp_mppe ppp_mppe ppp_async; do rmmod "$module" 2>/dev/null || :; done
mkdir /run/none
mount --bind /run/none "$modules"
finds server module problem "is not installed for kernel $(uname -r)" "make dkms-install"
finds server mppe problem "has neither kpptp_mppe nor ppp_mppe" "make dkms-install"
umount "$modules"

step "which module serves MPPE"
finds server mppe ok "has kpptp_mppe"
modprobe ppp_mppe
finds server mppe ok "the faster kpptp_mppe is not"
remedy=$(advised server mppe text)
# shellcheck disable=SC2086 # a command
command $remedy
modprobe ppp-compress-18
finds server mppe ok "kpptp_mppe is loaded"
modprobe -r kpptp_mppe
mkdir -p /etc/modprobe.d
: >/etc/modprobe.d/kpptp_mppe.conf
finds server mppe ok "has ppp_mppe"
modprobe ppp_mppe
finds server mppe ok '"ppp_mppe is loaded"'
modprobe -r ppp_mppe
echo 'blacklist ppp_mppe' >/etc/modprobe.d/kpptp_mppe.conf
finds server mppe problem "modprobe does not load it for ppp-compress-18" "remove 'blacklist' lines"
rm /etc/modprobe.d/kpptp_mppe.conf

step "the in-tree module holds the GRE slot"
modprobe pptp
finds server gre-slot problem "'modprobe -r pptp'"
remedy=$(advised server gre-slot)
# shellcheck disable=SC2086 # a command
command $remedy
finds server gre-slot ok
modprobe kpptp
done_story
