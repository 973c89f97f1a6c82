#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/vm/run.sh [OPTION]... -- COMMAND [ARG]...
#
# Run COMMAND as root in a fresh machine that sees the host's files at the same
# paths, in the same directory. The machine may change any file: its changes are
# gone with it, and other than the kernel's, nothing of the host runs in it.
# With --root the machine is another system, and COMMAND runs in its top folder.
#
#   --kernel NAME       uml: user-mode Linux (native speed, one CPU; the default);
#                       smp: a newer one with two CPUs;
#                       stock: Debian's kernel under QEMU; debug: under QEMU, one
#                       that looks for mistakes, and fails the run for a leak;
#                       with a version for another than the default, uml-6.12
#   --variant NAME      of the user-mode kernel, see uml.sh
#   --cpus N            of a machine that is not uml (2)
#   --mem MIB           memory (512 for uml and smp, 1024 for stock, 2048 for debug)
#   --timeout SECONDS   until the machine is stopped (600)
#   --root DIR          stock: boot the system in DIR, a Debian, by its own systemd
#                       and with its own modules, rather than the host's files
#   --module FILE       let modprobe find this module in the machine; repeatable
#   --out DIR           let what COMMAND writes to DIR survive; repeatable
#   --append ARGS       more arguments for the kernel
#   --oom               COMMAND provokes the OOM killer: its report is no fault
#   --icount            stock: one CPU, one instruction takes one nanosecond
#   --qemu ARG          stock: one more argument for QEMU; repeatable
#   --log FILE          leave the kernel's log in FILE
#   --verbose           show the kernel's log on stderr as it comes
#   --quiet             say in one line why the machine failed, show no log
#
# Output of COMMAND comes on stdout. The exit status is that of COMMAND, 124
# when the time was up, 125 when the machine did not boot, died, or its kernel
# reported a fault or a leak, whatever COMMAND said.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

kernel=uml variant='' cpus=2 mem='' timeout=600 append='' icount='' oom='' log='' chatter=normal root=/
modules=() outs=() qemu_more=()

usage()
{
	say "$1; the head of $0 has the usage"
	exit 2
}

while [ $# -gt 0 ]; do
	case $1 in
	--icount) icount=yes; shift; continue ;;
	--oom) oom=yes; shift; continue ;;
	--verbose | --quiet) chatter=${1#--}; shift; continue ;;
	--) shift; break ;;
	esac
	[ $# -gt 1 ] || usage "$1 is no option or lacks its value"
	case $1 in
	--kernel) kernel=$2 ;;
	--variant) variant=$2 ;;
	--cpus) cpus=$2 ;;
	--mem) mem=${2%M} ;;
	--timeout) timeout=$2 ;;
	--root) root=$(realpath -e "$2") ;;
	--module) modules+=("$(realpath -e "$2")") ;;
	--out) outs+=("$(realpath -e "$2")") ;;
	--append) append=$2 ;;
	--qemu) qemu_more+=("$2") ;;
	--log) log=$2 ;;
	*) usage "unknown option $1" ;;
	esac
	shift 2
done
[ $# -gt 0 ] || usage "no command"
[ "$root" = / ] || [[ $kernel = stock* ]] || usage "--root is for a stock machine"

# Where the kernel is. Assignments, one a line, see uml.sh, stock.sh, debug.sh.
machine=$(kernel_named "$kernel" "$variant")
kernel=${kernel%%-*}
setting() { sed -n "s/^$1=//p" <<<"$machine"; }

# The share: what the machine is to do, and what it leaves.
share=$(mktemp -d "${TMPDIR:-/tmp}/kpptp-vm.XXXXXX")

# A process in a session of its own ends the machine and removes the share when
# this script is gone, even when it was killed. It reads the group to end.
# shellcheck disable=SC2317 # its text is what is run
reaper()
{
	local line group=''

	while read -r line; do group=$line; done
	[ -z "$group" ] || kill -KILL -- "-$group" "$group"
	rm -rf "$1"
}
exec {alive}> >(exec setsid bash -c "$(declare -f reaper); reaper \"\$1\"" \
	reaper "$share" >/dev/null 2>&1)

group='' clock=''
# shellcheck disable=SC2317 # a trap calls it
cleanup()
{
	exec 2>/dev/null # where the shell would say that it has seen the kill
	[ -z "$group" ] || kill -KILL -- "-$group" "$group" || :
	[ -z "$clock" ] || kill "$clock" || :
	rm -rf "$share"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# stage_modules: /lib/modules/RELEASE of the machine. depmod runs here, where it
# takes a second; under emulation it would take a minute. modprobe finds what we
# install for it. Another root has its own of both.
stage_modules()
{
	local from release dir=$share/modules

	[ "$root" = / ] || return 0
	cp -R "$VM_DIR/../../user/modprobe.d" "$share"
	from=$(setting MODULES) release=$(setting RELEASE)
	mkdir "$dir"
	if [ ${#modules[@]} -eq 0 ]; then
		ln -s "$from"/* "$dir"
		return
	fi
	ln -s "$from/kernel" "$dir/kernel"
	cp "$from"/modules.{order,builtin,builtin.modinfo} "$dir"
	mkdir "$dir/updates"
	cp "${modules[@]}" "$dir/updates"
	mkdir -p "$share/depmod/lib/modules"
	ln -s "$dir" "$share/depmod/lib/modules/$release"
	depmod -b "$share/depmod" "$release"
}

# stage_command COMMAND...: what is run, and by what: another root has no guest.sh.
stage_command()
{
	local directory=$PWD

	[ "$root" = / ] || directory=/
	mkdir "$share/uml"
	cp "$VM_DIR/guest.sh" "$share/guest.sh"
	head -c 64 /dev/urandom >"$share/seed"
	: >"$share/console"
	: >"$share/output"
	printf '%s\n' ${outs[@]+"${outs[@]}"} >"$share/outs"
	{
		printf 'cd %q || exit\n' "$directory"
		printf 'exec'
		printf ' %q' "$@"
		echo
	} >"$share/command"
}

# roomy MIB: a directory for the memory of a user-mode kernel: a file that is
# mapped executable. /dev/shm is often small or noexec in a container.
roomy()
{
	local dir

	for dir in /dev/shm "${TMPDIR:-/tmp}" /var/tmp; do
		[ -w "$dir" ] || continue
		! findmnt -no OPTIONS -T "$dir" | grep -qw noexec || continue
		[ "$(df -m --output=avail "$dir" | tail -n 1)" -gt "$1" ] || continue
		echo "$dir"
		return
	done
	die "no directory has $1 MiB for the machine's memory; set TMPDIR to one"
}

# qemu_command ACCEL: what every QEMU machine has, into the array qemu.
qemu_command()
{
	qemu=(qemu-system-x86_64 -accel "$1" -nodefaults -no-user-config -no-reboot -display none
		-kernel "$(setting KERNEL)" -initrd "$(setting INITRD)")
}

# accelerator: kvm where it works, which is tried once per boot of the host:
# /dev/kvm may be there and hang. The probe is an initramfs that ends at once.
accelerator()
{
	local verdict qemu accel=tcg,thread=multi

	verdict=$VM_CACHE/accel-$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -s "$verdict" ]; then
		qemu_command kvm
		if [ -w /dev/kvm ] && timeout -s KILL 10 "${qemu[@]}" -m 256 -serial stdio \
			-append 'console=ttyS0 panic=-1 testbed.probe' </dev/null 2>/dev/null |
			grep -q 'kpptp: this accelerator works'; then
			accel=kvm
		fi
		rm -f "$VM_CACHE"/accel-*
		echo "$accel" >"$share/accel"
		mv "$share/accel" "$verdict"
	fi
	cat "$verdict"
}

# boot_uml ARG...: more arguments for the kernel.
boot_uml()
{
	: "${mem:=512}"
	TMPDIR=$(roomy "$mem")
	export TMPDIR
	exec setsid "$(setting KERNEL)" "$@" mem="${mem}M" \
		uml_dir="$share/uml/" root=/dev/root rootfstype=hostfs rootflags=/ ro \
		init="$VM_DIR/init-uml" con=null con0=null,fd:1 ssl=null panic=-1 loglevel=7 \
		kpptp_share="$share" "$append" >"$share/console" 2>&1
}

boot_qemu()
{
	local accel qemu dir init=guest n=0

	[ "$root" = / ] || init=systemd
	: "${mem:=$1}"
	if [ -n "$icount" ]; then accel=tcg cpus=1; else accel=$(accelerator); fi
	qemu_command "$accel"
	[ -z "$icount" ] || qemu+=(-icount 'shift=0,sleep=off')
	# The older machine's ACPI tables take the debug kernel a minute.
	[ "$kernel" != debug ] || qemu+=(-machine q35)
	qemu+=(${qemu_more[@]+"${qemu_more[@]}"} -cpu max -smp "$cpus" -m "$mem" -serial "file:$share/console"
		-device virtio-rng-pci
		-fsdev "local,id=root,path=${root//,/,,},security_model=none,readonly=on,multidevs=remap"
		-device 'virtio-9p-pci,fsdev=root,mount_tag=root')
	for dir in "$share" ${outs[@]+"${outs[@]}"}; do
		qemu+=(-fsdev "local,id=fs$n,path=${dir//,/,,},security_model=none,multidevs=remap"
			-device "virtio-9p-pci,fsdev=fs$n,mount_tag=share$n")
		n=$((n + 1))
	done
	# A lockup detector must not take a busy host for a hung machine.
	exec setsid "${qemu[@]}" -append "console=ttyS0 panic=-1 \
oops=panic loglevel=7 random.trust_cpu=on watchdog_thresh=60 \
rcupdate.rcu_cpu_stall_timeout=120 testbed.kernel=$kernel testbed.init=$init $append" >"$share/qemu.log" 2>&1
}

# follow FILE: copy what is written to FILE until the machine is gone.
follow() { exec setpriv --pdeathsig KILL tail -c +1 -f -s 0.1 --pid="$group" "$1" 2>/dev/null; }

# What a kernel says when something is wrong with it.
faults='BUG:|WARNING:|Oops|general protection|Kernel panic|Call Trace|KASAN|UBSAN|KFENCE'
faults+='|possible .* detected|suspicious RCU|self-detected stall|detected stalls'
faults+='|blocked for more than|list_(add|del) corruption|refcount_t:|unregister_netdevice: waiting'

# has_fault FILE...: a kernel log has one. The OOM killer's report has a stack trace.
has_fault()
{
	sed "${oom:+/invoked oom-killer/,/Tasks state/d}" "$@" | grep -aE "$faults" >/dev/null
}

# kernel_log: all of it. The console has the end of a machine that died; dmesg
# has what was not for the console.
kernel_log()
{
	if [ -s "$share/dmesg" ] && ! has_fault "$share/console"; then
		cat "$share/dmesg"
	else
		tr -d '\r' <"$share/console"
	fi
}

# excerpt: from the first fault on, or the end.
excerpt()
{
	local first

	first=$(kernel_log | grep -aEn -m 1 "$faults" | cut -d: -f1 || :)
	if [ -n "$first" ]; then
		kernel_log | sed -n "$((first > 5 ? first - 5 : 1)),$((first + 34))p"
	else
		kernel_log | tail -n 40
	fi | sed 's/^/  | /'
}

# failed STATUS WHY: say why, show the logs, be done.
failed()
{
	say "$2"
	if [ "$chatter" != quiet ]; then
		excerpt >&2
		tail -qn 20 "$share/boot.log" "$share/qemu.log" >&2 2>/dev/null || :
	fi
	exit "$1"
}

stage_modules
stage_command "$@"
case $kernel in
uml) boot_uml {alive}>&- </dev/null & ;;
smp) boot_uml seccomp=on "ncpus=$cpus" {alive}>&- </dev/null & ;;
stock) boot_qemu 1024 {alive}>&- </dev/null & ;;
debug) boot_qemu 2048 {alive}>&- </dev/null & ;;
esac
group=$!
echo "$group" >&"$alive"
followers=()
follow "$share/output" {alive}>&- &
followers+=($!)
if [ "$chatter" = verbose ]; then
	follow "$share/console" {alive}>&- >&2 &
	followers+=($!)
fi

# Whichever is first. A user-mode kernel that died leaves the processes it ran:
# in its group, for it stays in the one that it leads.
status=0
setpriv --pdeathsig KILL sleep "$timeout" {alive}>&- &
clock=$!
wait -n -p ended "$group" "$clock" 2>/dev/null || status=$?
kill -KILL -- "-$group" "$group" 2>/dev/null || :
kill "$clock" 2>/dev/null || :
wait "${followers[@]}" "$clock" "$group" 2>/dev/null || :
late=
[ "$ended" != "$clock" ] || late=yes
group='' clock=''
echo >&"$alive"

[ -z "$log" ] || kernel_log >"$log"
if [ ! -s "$share/status" ]; then
	[ -z "$late" ] || failed 124 "the time of $timeout s is up, the machine was stopped"
	[ -e "$share/booted" ] || failed 125 "the machine did not boot (status $status)"
	failed 125 "the machine died (status $status)"
fi
# Both logs, for the command may have cleared one, or overrun it.
if has_fault "$share/console" "$share/dmesg"; then
	failed 125 "the kernel reported a fault; the command's status was $(cat "$share/status")"
fi
if [ -s "$share/leaks" ]; then
	head -n 60 "$share/leaks" | sed 's/^/  | /' >&2
	failed 125 "memory was leaked; the command's status was $(cat "$share/status")"
fi
exit "$(cat "$share/status")"
