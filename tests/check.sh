#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/check.sh [OPTION]... [PATTERN]...
#
# Run all tests, or those whose name, or a component of it, starts with a PATTERN (unit,
# kunit/gre, connect). Dependencies are installed and built first. The last line is
# "N passed, N failed".
#
#   --list          list the tests, run nothing
#   --jobs N        run N tests at a time (1)
#   --variant NAME  variant of the user-mode kernel, such as debug (tests/vm/uml.sh)
#   --sanitize      run the stories with kpptpd and kpptpctl built with AddressSanitizer
#                   and UBSan, as unit tests always are; in the stock machine, as a
#                   user-mode one has no room for shadow memory
#   --kernel KERNEL only tests that need a machine, on another kernel, such as 6.12
#   --machine NAME  only tests of this machine: uml, smp, stock or debug
#   --slow          also tests that take many minutes: in a fresh Debian 12 and 13, and
#                   under load for half an hour
#   --keep          keep the logs even if nothing failed
#
# A unit test is a program, built with sanitizers; a KUnit suite is a module in a
# user-mode machine. Both count one test per case. A script that checks the sources, and
# a story in tests/net, count as one test each.
#
# Each suite and story gets a fresh machine. A story may override the defaults in the
# comment at its head:
#
#   # machine: stock (or smp, or debug); or pair: two of uml, see tests/vm/pair.py
#   # timeout: SECONDS
#   # mem: MIB of memory for the machine
#   # icount: yes (stock machine only: time advances with instructions executed)
#   # needs: PROGRAM, run once on the host beforehand
set -euo pipefail
# shellcheck source=vm/lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/vm/lib.sh"
cd "$VM_DIR/../.."

jobs=1 variant='' kernel='' only='' slow='' list='' keep='' sanitize='' patterns=()
while [ $# -gt 0 ]; do
	case $1 in
	--list) list=yes ;;
	--keep) keep=yes ;;
	--sanitize) sanitize=yes ;;
	--jobs) jobs=${2:?--jobs needs a number}; shift ;;
	--variant) variant=${2:?--variant needs a name}; shift ;;
	--kernel) kernel=${2:?--kernel needs a version}; shift ;;
	--machine) only=${2:?--machine needs a name}; shift ;;
	--slow) slow=yes ;;
	-*) die "unknown option $1; the head of $0 has the usage" ;;
	*) patterns+=("$1") ;;
	esac
	shift
done

logs=$(mktemp -d "${TMPDIR:-/tmp}/kpptp-check.XXXXXX")
: >"$logs/counts"

# Run a background job in its own process group, so that the job and its children can be
# killed together, and nothing else.
background()
{
	set -m
	"$@" &
	set +m
}

# shellcheck disable=SC2317 # a trap calls it
stop()
{
	local group

	for group in $(jobs -rp); do kill -TERM -- "-$group" 2>/dev/null || :; done
	wait
	rm -rf "$logs"
	exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM HUP

# selected NAME: true if a pattern matches, or there is none.
selected()
{
	local pattern

	[ ${#patterns[@]} -gt 0 ] || return 0
	for pattern in "${patterns[@]}"; do
		[[ /$1 != */"$pattern"* ]] || return 0
	done
	return 1
}

# header FILE KEY: print the value of a key at the story's head.
header() { sed -n "s/^# $2: *//p;20q" "$1"; }

# machine_of FILE: print the machine that the story runs in.
machine_of()
{
	local machine

	machine=$(header "$1" machine)
	if [ -n "$sanitize" ] && [ "${machine:-uml}" = uml ]; then machine=stock; fi
	[ "$machine" != pair ] || machine=uml
	echo "${machine:-uml}"
}

# kernel_for MACHINE: print the kernel's name for run.sh and module.sh. The smp machine
# comes with one kernel only.
kernel_for() { [ "$1" = smp ] && echo "$1" || echo "$1${kernel:+-$kernel}"; }

# wanted MACHINE: true if its tests are to be run; '' means no machine.
wanted() { [ "${only:-$1}" = "$1" ] && { [ -n "$1" ] || [ -z "$kernel" ]; }; }

# machine_options MACHINE [FILE]...: set $options to run.sh's arguments, with our modules
# and FILEs, which are modules of the machine's build, too.
machine_options()
{
	local directory

	directory=tests/build/$(kernel_for "$1")
	options=(--kernel "$(kernel_for "$1")")
	if [ "$1" = uml ] && [ -n "$variant" ]; then
		directory+=-$variant
		options+=(--variant "$variant" --mem 1024)
	fi
	shift
	module_options "$directory" "$@"
}

# count PASSED FAILED: add to the totals.
count() { echo "$1 $2" >>"$logs/counts"; }

# report VERDICT NAME DETAIL [LOG]: print a test's result in one write.
report()
{
	local text

	text=$(printf '%-4s %s (%s)' "$1" "$2" "${kernel:+Linux $kernel, }$3")
	if [ "$1" = FAIL ] && [ -n "${4:-}" ]; then
		text+=$'\n'$(tail -n 60 "$4" | tr -d '\r' | sed 's/^/    | /')
	fi
	printf '%s\n' "$text"
}

now() { echo "${EPOCHREALTIME//[!0-9]/}"; }

# since START: seconds elapsed, to a tenth.
since()
{
	local tenths=$((($(now) - $1) / 100000))

	echo "$((tenths / 10)).$((tenths % 10)) s"
}

# log_of NAME
log_of() { echo "$logs/${1//\//-}.log"; }

# judge NAME STATUS PASSED FAILED START LOG: record a test with cases. A non-zero
# status, or no case at all, is a failure even if no case failed.
judge()
{
	local name=$1 status=$2 passed=$3 failed=$4 start=$5 log=$6

	if [ "$status" -ne 0 ] || [ "$passed" -eq 0 ]; then
		[ "$failed" -gt 0 ] || failed=1
	fi
	count "$passed" "$failed"
	if [ "$failed" -eq 0 ]; then
		report ok "$name" "$passed tests, $(since "$start")"
	else
		report FAIL "$name" "$failed failed, status $status, $(since "$start")" "$log"
	fi
}

# judge_whole NAME STATUS START LOG: record a test that counts as one.
judge_whole()
{
	local name=$1 status=$2 start=$3 log=$4

	if [ "$status" = 0 ]; then
		count 1 0
		report ok "$name" "$(since "$start")"
	else
		count 0 1
		report FAIL "$name" "status $status, $(since "$start")" "$log"
	fi
}

run_unit()
{
	local name=$1 program=$2 log status=0 start

	log=$(log_of "$name") start=$(now)
	timeout -k 5 300 "$program" >"$log" 2>&1 </dev/null || status=$?
	# cmocka names a failed case twice, once alone on its line. Do not rely on its
	# summary: a test of logging may own stderr.
	judge "$name" "$status" "$(grep -c '^\[ *OK \]' "$log" || :)" \
		"$(grep -xE '\[  FAILED  \] [[:alpha:]_][[:alnum:]_]*' "$log" | sort -u | wc -l)" "$start" "$log"
}

# kunit_count LOG: print the numbers of cases passed and failed, from KTAP. A planned
# case without a result is a failure, and so is a suite that reports one.
kunit_count()
{
	awk '
		/^    1\.\.[0-9]+$/ { planned += substr($1, 4) }
		/^    ok [0-9]+ .*# SKIP/ { skipped++; next }
		/^    ok [0-9]+ / { passed++ }
		/^    not ok [0-9]+ / { failed++ }
		/^ok [0-9]+ / { good++ }
		/^not ok [0-9]+ / { bad++ }
		END {
			missing = planned - passed - failed - skipped
			if (missing > 0) failed += missing
			if (!failed && (bad || !good)) failed = 1
			print passed + 0, failed + 0
		}' "$1"
}

# Take the results from the kernel log: debugfs truncates them when a case prints a lot.
run_kunit()
{
	local suite=$1 name=kunit/${1%_kunit} log status=0 start passed failed options

	log=$(log_of "$name") start=$(now)
	machine_options uml "tests/kunit/$suite.ko"
	# shellcheck disable=SC2016 # expanded in the machine
	tests/vm/run.sh --timeout 300 "${options[@]}" -- \
		sh -ec '. tests/kunit/machine.sh
			dmesg -C; modprobe "$1"; dmesg -t; modprobe -r "$1"' sh "$suite" \
		>"$log" 2>&1 </dev/null || status=$?
	read -r passed failed < <(kunit_count "$log")
	judge "$name" "$status" "$passed" "$failed" "$start" "$log"
}

run_story()
{
	local name=$1 file=$2 log status=0 start seconds mem options programs=() run=tests/vm/run.sh

	log=$(log_of "$name") start=$(now)
	seconds=$(header "$file" timeout)
	machine_options "$(machine_of "$file")"
	mem=$(header "$file" mem)
	[ -z "$mem" ] || options+=(--mem "$mem")
	[ "$(header "$file" machine)" != pair ] || run=tests/vm/pair.py
	[ -z "$(header "$file" icount)" ] || options+=(--icount)
	# The daemon's log is checked in the machine, kpptpctl's output here.
	if [ -n "$sanitize" ] && [ "$run" = tests/vm/run.sh ]; then programs=(env "KPPTP_BIN=$PWD/user/build-sanitize"); fi
	"$run" --timeout "${seconds:-300}" "${options[@]}" -- \
		${programs[@]+"${programs[@]}"} "./$file" >"$log" 2>&1 </dev/null || status=$?
	if [ "$status" -eq 0 ] && grep -qE 'Sanitizer|runtime error:' "$log"; then status=sanitizer; fi
	judge_whole "$name" "$status" "$start" "$log"
}

# run_script NAME COMMAND...: run a test of the sources on the host.
run_script()
{
	local name=$1 log status=0 start

	shift
	log=$(log_of "$name") start=$(now)
	timeout -k 5 3600 "$@" >"$log" 2>&1 </dev/null || status=$?
	judge_whole "$name" "$status" "$start" "$log"
}

# built NAME COMMAND...: build something. A failed build counts as a failed test, and
# the tests that need it are skipped.
built()
{
	local name=$1 log start

	shift
	log=$(log_of "$name") start=$(now)
	background "$@" >"$log" 2>&1 </dev/null
	wait "$!" && return
	count 0 1
	report FAIL "$name" "$(since "$start")" "$log"
	return 1
}

# at_a_time COMMAND...: run in the background once fewer than $jobs are running.
at_a_time()
{
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || :; done
	background "$@"
}

# Tests of the sources, with the arguments that bound their run time.
declare -A script_commands=(
	[dist/man]=tests/dist/man.sh
	[dist/completion]=tests/dist/completion.sh
	[fuzz/short]='tests/fuzz/run.sh 5'
	[kunit/sections]=tests/kunit/sections.sh
	[dist/generated]=tests/dist/generated.sh
	[dist/floors]=tests/dist/floors.sh
	[mutate/table]='tests/mutate.sh --check'
	[mutate/tenth]='tests/mutate.sh --part random/10'
	[dist/deb]=tests/dist/deb.sh
	[dist/deb-trixie]='tests/dist/deb.sh trixie'
	[dist/dkms]=tests/dist/dkms.sh
	[dist/dkms-trixie]='tests/dist/dkms.sh trixie'
	[dist/boot]=tests/dist/boot.sh
	[dist/stories]=tests/dist/stories.sh
	[soak/sessions]='tests/soak/run.sh 30'
)
# The slow ones run only with --slow or if a pattern selects them.
quick=(dist/man dist/completion dist/generated dist/floors fuzz/short kunit/sections mutate/table)
slow_ones=(dist/deb dist/deb-trixie dist/dkms dist/dkms-trixie dist/boot dist/stories mutate/tenth soak/sessions)

# Collect the tests by their sources, before anything is built.
units=() suites=() stories=() scripts=()
[ -z "$slow" ] && [ ${#patterns[@]} -eq 0 ] || quick+=("${slow_ones[@]}")
for name in "${quick[@]}"; do
	! wanted '' || ! selected "$name" || scripts+=("$name")
done
for file in tests/unit/test_*.c; do
	name=${file#tests/unit/test_}
	[ ! -e "$file" ] || ! wanted '' || ! selected "unit/${name%.c}" || units+=("${name%.c}")
done
for file in tests/kunit/*_kunit.c; do
	name=${file#tests/kunit/}
	[ ! -e "$file" ] || ! wanted uml || ! selected "kunit/${name%_kunit.c}" || suites+=("${name%.c}")
done
for file in tests/net/*.sh; do
	name=${file#tests/}
	[ ! -e "$file" ] || [ "${file##*/}" = lib.sh ] || ! wanted "$(machine_of "$file")" ||
		! selected "${name%.sh}" || stories+=("$file")
done
machines=$({
	[ ${#suites[@]} -eq 0 ] || echo uml
	for file in ${stories[@]+"${stories[@]}"}; do machine_of "$file"; done
} | sort -u)

if [ -n "$list" ]; then
	[ ${#scripts[@]} -eq 0 ] || printf '%s\n' "${scripts[@]}"
	[ ${#units[@]} -eq 0 ] || printf 'unit/%s\n' "${units[@]}"
	[ ${#suites[@]} -eq 0 ] || printf 'kunit/%s\n' "${suites[@]%_kunit}"
	[ ${#stories[@]} -eq 0 ] || printf '%s\n' "${stories[@]}" | sed 's/^tests\///; s/\.sh$//'
	rm -rf "$logs"
	exit 0
fi

purpose=check
for name in "${slow_ones[@]}"; do
	if [[ " ${scripts[*]} " == *" $name "* ]]; then purpose=check-all; fi
done
tests/vm/deps.sh "$purpose"

if [ ${#units[@]} -gt 0 ]; then
	if built build/unit make -s -C user -j"$(nproc)" SANITIZE=1 WERROR=-Werror \
		"${units[@]/#/build-sanitize/tests/test_}"; then
		for name in "${units[@]}"; do
			at_a_time run_unit "unit/$name" "user/build-sanitize/tests/test_$name"
		done
		wait
	fi
fi

if [ ${#scripts[@]} -gt 0 ] && built build/programs make -s -C user -j"$(nproc)" WERROR=-Werror; then
	for name in "${scripts[@]}"; do
		read -ra command <<<"${script_commands[$name]}"
		at_a_time run_script "$name" "${command[@]}"
	done
	wait
fi

for file in ${stories[@]+"${stories[@]}"}; do
	needed=$(header "$file" needs)
	[ -z "$needed" ] || built "build/$(basename "$needed" .sh)" "./$needed" || :
done

# Build the module for each machine in use.
declare -A ready=()
for machine in $machines; do
	options=("$(kernel_for "$machine")")
	if [ "$machine" = uml ]; then options+=("$variant"); fi
	! built "build/module-$machine" tests/vm/module.sh "${options[@]}" || ready[$machine]=yes
done
if [ ${#suites[@]} -gt 0 ] && [ -n "${ready[uml]:-}" ]; then
	for suite in "${suites[@]}"; do at_a_time run_kunit "$suite"; done
	wait
fi

# user_programs: pppd loads the plugin, so that one is never sanitized.
user_programs()
{
	# Called in a condition, which disables set -e.
	make -s -C user -j"$(nproc)" WERROR=-Werror || return
	[ -z "$sanitize" ] ||
		make -s -C user -j"$(nproc)" SANITIZE=1 WERROR=-Werror build-sanitize/{kpptpd,kpptpctl}
}

if [ ${#stories[@]} -gt 0 ] && built build/user user_programs; then
	for file in "${stories[@]}"; do
		name=${file#tests/}
		[ -z "${ready[$(machine_of "$file")]:-}" ] || at_a_time run_story "${name%.sh}" "$file"
	done
	wait
fi

read -r passed failed < <(awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }' "$logs/counts")
if [ "$failed" -eq 0 ] && [ -z "$keep" ]; then
	rm -rf "$logs"
else
	echo "logs: $logs"
fi
[ "$((passed + failed))" -gt 0 ] || echo "no test matches: ${patterns[*]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
