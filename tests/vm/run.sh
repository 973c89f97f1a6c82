#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run a command as root in a fresh virtual machine that sees the host's files.
#
# usage: run.sh [--kernel uml|stock] [--cpus N] [--mem SIZE] [--timeout SECONDS]
#               [--module FILE]... [--out DIR] [--append ARGS] -- COMMAND [ARG...]
#
#   --kernel   uml: user-mode Linux, native speed, one CPU (the default);
#              stock: Debian's own kernel under QEMU
#   --module   a module that modprobe is to find in the machine
#   --out      a directory of the host that the command may write to; whatever
#              else it writes is gone with the machine
#   --append   more arguments for the kernel
#
# The exit status is the command's, 124 when the time is up, 125 when the kernel
# complained (an oops, a warning) or the machine did not come up.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

kernel=uml cpus=2 mem=1024M timeout=300 out='' append=''
modules=()
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernel=$2; shift 2 ;;
	--cpus) cpus=$2; shift 2 ;;
	--mem) mem=$2; shift 2 ;;
	--timeout) timeout=$2; shift 2 ;;
	--module) modules+=("$2"); shift 2 ;;
	--out) out=$(cd "$2" && pwd); shift 2 ;;
	--append) append=$2; shift 2 ;;
	--) shift; break ;;
	*) die "unknown option $1; see the head of $0" ;;
	esac
done
[ $# -gt 0 ] || die "no command; see the head of $0"

case $kernel in
uml) description=$("$VM_DIR/uml.sh") ;;
stock) description=$("$VM_DIR/stock.sh") ;;
*) die "unknown kernel $kernel: expected uml or stock" ;;
esac
eval "$description"

mkdir -p "$VM_CACHE"
job=$(mktemp -d "$VM_CACHE/job.XXXXXX")
machine=
cleanup()
{
	[ -z "$machine" ] || kill -KILL -- "-$machine" 2>/dev/null || :
	cp $job/console /tmp/log/console; rm -rf "$job"
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

# The machine's modules: links to the cached ones, and ours beside them.
cp -al "$MODULES" "$job/modules"
rm -f "$job"/modules/modules.{dep,alias,symbols,devname,softdep}*
if [ ${#modules[@]} -gt 0 ]; then
	mkdir -p "$job/modules/updates"
	cp "${modules[@]}" "$job/modules/updates/"
fi
mkdir -p "$job/base/lib/modules"
ln -s "$job/modules" "$job/base/lib/modules/$RELEASE"
depmod -b "$job/base" "$RELEASE"

{
	printf 'cd %q\n' "$PWD"
	printf 'exec'
	printf ' %q' "$@"
	echo
} >"$job/command"
printf 'OUT=%q\n' "$out" >"$job/environment"
: >"$job/output"

arguments="panic=-1 oops=panic quiet loglevel=3 testbed.job=$job $append"
set -m
case $kernel in
uml)
	TMPDIR=$job timeout -k 5 "$timeout" "$KERNEL" mem="$mem" root=/dev/root rootfstype=hostfs \
		rootflags=/ ro init="$VM_DIR/guest.sh" con=null con0=null,fd:1 con1=null $arguments \
		>"$job/console" 2>&1 </dev/null &
	;;
stock)
	share=(-fsdev "local,id=job,path=$job,security_model=none,multidevs=remap"
		-device virtio-9p-pci,fsdev=job,mount_tag=job)
	[ -z "$out" ] || share+=(-fsdev "local,id=out,path=$out,security_model=none,multidevs=remap"
		-device virtio-9p-pci,fsdev=out,mount_tag=out)
	timeout -k 5 "$timeout" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp "$cpus" \
		-m "${mem%M}M" -nodefaults -no-user-config -display none -no-reboot \
		-kernel "$KERNEL" -initrd "$INITRD" -serial stdio -device virtio-rng-pci \
		-fsdev local,id=root,path=/,security_model=none,readonly=on,multidevs=remap \
		-device virtio-9p-pci,fsdev=root,mount_tag=root "${share[@]}" \
		-append "console=ttyS0 testbed.guest=$VM_DIR/guest.sh $arguments" \
		>"$job/console" 2>&1 </dev/null &
	;;
esac
machine=$!
set +m

tail -n +1 -f --pid="$machine" -s 0.2 "$job/output" 2>/dev/null &
follow=$!
rc=0
wait "$machine" || rc=$?
machine=
wait "$follow" || :

complaints=$(cat "$job/dmesg" "$job/console" 2>/dev/null |
	grep -aE 'BUG:|WARNING:|Oops|Kernel panic|general protection|Call Trace|KASAN|suspicious RCU|possible .* deadlock' |
	head -n 20 || :)
if [ -n "$complaints" ]; then
	say "the kernel complained:"
	tail -n 60 "$job/dmesg" "$job/console" >&2 2>/dev/null || :
	exit 125
fi
if [ -s "$job/status" ]; then
	[ -z "${KPPTP_DMESG:-}" ] || cat "$job/dmesg"
	exit "$(cat "$job/status")"
fi
[ "$rc" -ne 124 ] || { say "not done after $timeout s"; exit 124; }
say "the machine did not come up:"
tail -n 40 "$job/console" >&2
exit 125
