#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: guest.sh MACHINE guest|systemd|service
#
# First process of a machine once its root stands (see init-stock, init-uml):
# make the system that a test expects, run the command, leave its status in the
# share, switch off. Where the system has systemd it makes nothing, but hands over
# to that, which starts it again as a service, to do the rest. Its own errors go
# to the share too: the console of a failing machine is the kernel's.
set -u

share=/run/kpptp-vm
machine=$1 init=$2
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# The command's environment: nothing of the host's, nothing of the kernel's.
environment=(PATH="$PATH" HOME=/root LANG=C TERM=dumb USER=root LOGNAME=root SHELL=/bin/bash)
exec </dev/null >>"$share/boot.log" 2>&1

# The machine ends here, however this script does.
finish()
{
	# The kernel's log may lag behind on a console: the last word is here.
	dmesg >"$share/dmesg" 2>/dev/null
	sync
	if [ "$init" = service ]; then systemctl --force --force poweroff; else busybox poweroff -f; fi
}
trap finish EXIT

# systemd: the first process from here on. It finds a service that is us.
systemd()
{
	local units=/run/systemd/system

	mkdir -p "$units/multi-user.target.wants"
	cat >"$units/kpptp-vm.service" <<-END
		[Unit]
		Description=Command of the test bed
		After=multi-user.target
		[Service]
		ExecStart=$share/guest.sh $machine service
	END
	ln -s ../kpptp-vm.service "$units/multi-user.target.wants"
	exec /sbin/init </dev/console >/dev/console 2>&1
}

# share_mount DIR TAG: the same folder of the host, writable.
share_mount()
{
	mkdir -p "$1"
	case $machine in
	uml) mount -n -t hostfs -o "$1" "$2" "$1" ;;
	*) mount -n -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=mmap "$2" "$1" ;;
	esac
}

# file_systems: those that a running Debian has; /run is there already.
file_systems()
{
	mount -n -t proc proc /proc
	mount -n -t sysfs sysfs /sys
	mount -n -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm /dev/net /run/lock /run/netns
	mount -n -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	mount -n -t tmpfs tmpfs /dev/shm
	mount -n -t debugfs debugfs /sys/kernel/debug
	[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
	[ -e /dev/stdin ] || ln -s /proc/self/fd/0 /dev/stdin
	[ -e /dev/stdout ] || ln -s /proc/self/fd/1 /dev/stdout
	[ -e /dev/stderr ] || ln -s /proc/self/fd/2 /dev/stderr
	[ -e /dev/ppp ] || mknod -m 600 /dev/ppp c 108 0
	[ -e /dev/net/tun ] || mknod -m 666 /dev/net/tun c 10 200
	ln -sf /proc/self/mounts /etc/mtab
}

# leaks: what the leak detector finds, where the kernel has one. It names what is
# five seconds old and what two scans found unchanged.
leaks()
{
	local detector=/sys/kernel/debug/kmemleak

	[ -e "$detector" ] || return 0
	if echo scan >"$detector" && sleep 6 && echo scan >"$detector"; then
		cat "$detector"
	else
		echo "the leak detector has switched itself off"
	fi >"$share/leaks"
}

# system: what a running Debian has, done by hand.
system()
{
	local release

	file_systems
	echo "kpptp-$machine" >/proc/sys/kernel/hostname
	printf '127.0.0.1\tlocalhost kpptp-%s\n' "$machine" >/etc/hosts
	ip link set lo up

	# A machine has nothing to gather entropy from, and programs wait for it: the
	# host gave some (RNDADDENTROPY of random(4)). perl must not read
	# /dev/urandom itself: the kernel would take up to 17 s to make something for it.
	mount -n --bind /dev/zero /dev/urandom
	perl -e 'local $/; open my $seed, "<", $ARGV[0]; my $data = <$seed>;
		open my $pool, ">", "/dev/random";
		ioctl $pool, 0x40085203, pack("iia*", 8 * length $data, length $data, $data);' "$share/seed"
	umount -n /dev/urandom

	# The modules of this kernel, with what --module added, and modprobe's files.
	release=$(uname -r)
	mkdir -p "/lib/modules/$release"
	mount -n --bind "$share/modules" "/lib/modules/$release"
	ln -s "$share/modprobe.d" /run/modprobe.d
}

set -e
case $init in
systemd) systemd ;;
guest) system ;;
esac

# Tag share0 is the share itself.
n=1
while read -r dir; do
	[ -z "$dir" ] || share_mount "$dir" "share$n"
	n=$((n + 1))
done <"$share/outs"
set +e

# The command's output has a file of its own, which run.sh follows. The pipe is
# there because whoever opens /dev/stdout anew would truncate that file.
exec {output}> >(exec cat >>"$share/output")
copier=$!
uname -r >"$share/booted"
env -i "${environment[@]}" bash "$share/command" >&"$output" 2>&1 {output}>&-
status=$?
leaks
echo "$status" >"$share/status"

# What the command left running may hold the pipe open: do not wait for that.
exec {output}>&-
timeout 1 tail -f --pid="$copier" -s 0.02 /dev/null
