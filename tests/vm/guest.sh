#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The first process of a test machine: make the host's root file system, which
# is mounted read-only, look like one's own, run the job, and power off.
#
# What to do is in the job's directory, which the kernel's command line names
# (testbed.job=). It is shared with the host: output, status and the kernel's log
# are left there.
set -u

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8 TERM=dumb

mount -t proc proc /proc
job=$(sed -n 's/.*testbed\.job=\([^ ]*\).*/\1/p' /proc/cmdline)


end()
{
	dmesg >"$job/dmesg" 2>/dev/null
	sync
	/bin/busybox poweroff -f
	sleep 60
}

# Writes go to memory: the root becomes an overlay on the host's.
mount -t tmpfs tmpfs /tmp
mkdir /tmp/upper /tmp/work /tmp/root
mount -t overlay -o lowerdir=/,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/root || end
root=/tmp/root
mount -t proc proc $root/proc
mount -t sysfs sysfs $root/sys
mount -t debugfs debugfs $root/sys/kernel/debug 2>/dev/null
mount -t devtmpfs devtmpfs $root/dev 2>/dev/null
mkdir -p $root/dev/pts $root/dev/shm
mount -t devpts devpts $root/dev/pts
mount -t tmpfs tmpfs $root/dev/shm
mount -t tmpfs tmpfs $root/run
mount -t tmpfs tmpfs $root/tmp
mkdir -p "$root$job"
if grep -q hostfs /proc/filesystems; then
	mount -t hostfs -o "$job" none "$root$job" || end
else
	mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 job "$root$job" || end
fi
# shellcheck disable=SC1091 # written by run.sh
. "$root$job/environment"
if [ -n "${OUT:-}" ]; then
	if grep -q hostfs /proc/filesystems; then
		mount -t hostfs -o "$OUT" none "$root$OUT" || end
	else
		mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out "$root$OUT" || end
	fi
fi
mkdir -p "$root/lib/modules/$(uname -r)"
mount --bind "$root$job/modules" "$root/lib/modules/$(uname -r)" || end

ip link set lo up
hostname kpptp-test
[ -e $root/dev/ppp ] || mknod $root/dev/ppp c 108 0
[ -e $root/dev/fd ] || ln -s /proc/self/fd $root/dev/fd


chroot $root /bin/bash "$job/command" >"$root$job/output" 2>&1 </dev/null
echo $? >"$root$job/status"
dmesg >"$root$job/dmesg"
end
