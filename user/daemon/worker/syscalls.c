// SPDX-License-Identifier: GPL-2.0-or-later
/* clang-format off */
/*
 * The worker's system calls, as a list for seccomp: what an event loop over
 * sockets needs, and what its libraries try but can do without.
 *
 * The same call has different names on other architectures; all are listed. armhf
 * has 64-bit time and files (..._time64, fcntl64, mmap2, _llseek), 32-bit user
 * IDs, send and recv. arm64 and riscv64 have none of the old calls (poll,
 * epoll_wait, access). s390x passes arguments in memory, see by_pointer().
 */
#include "syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <seccomp.h>

/*
 * AddressSanitizer needs many more calls to report an error (it reads its maps,
 * forks a symbolizer). Killing the process would hide the report, so in such
 * builds other calls just fail. Production builds kill.
 */
#ifdef __SANITIZE_ADDRESS__
#define OTHERS SCMP_ACT_ERRNO(ENOSYS)
#else
#define OTHERS SCMP_ACT_KILL_PROCESS
#endif

/* Names that an older kernel or another architecture lacks are skipped. */
static const char *const allowed[] = {
	/* the loop */
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
	"epoll_pwait2", "eventfd2", "pipe2", "poll", "ppoll", "ppoll_time64",
	"timerfd_create", "timerfd_settime", "timerfd_settime64",
	/* descriptors */
	"read", "readv", "write", "writev", "close", "fstat", "fstat64",
	"lseek", "_llseek",
	/* sockets; creating them and their options are below */
	"accept", "accept4", "bind", "connect", "getpeername", "getsockname",
	"getsockopt", "recv", "recvfrom", "recvmsg", "send", "sendmsg",
	"sendto", "shutdown",
	/* memory; what could make it executable is below */
	"brk", "madvise", "mremap", "munmap",
	/* time, random numbers, own IDs */
	"clock_getres", "clock_getres_time64", "clock_gettime",
	"clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64",
	"getrandom", "gettimeofday", "nanosleep", "time", "getegid",
	"getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getpid",
	"getppid", "gettid", "getuid", "getuid32", "getrusage", "ugetrlimit",
	"sysinfo", "uname",
	/* signals, and calls used by the C library itself */
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",
	"sigreturn", "restart_syscall", "futex", "futex_time64", "rseq", "sched_yield", "set_robust_list",
	"exit", "exit_group",
};

static const struct {
	const char *name;
	int error;
} failing[] = {
	/* Libraries look for files (time zone, random device, locale). */
	{ "open", EACCES },
	{ "openat", EACCES },
	{ "access", EACCES },
	{ "faccessat", EACCES },
	{ "faccessat2", EACCES },
	{ "readlink", EACCES },
	{ "readlinkat", EACCES },
	{ "stat", EACCES },
	{ "stat64", EACCES },
	/* libevent calls listen() again on a listening socket. */
	{ "listen", EPERM },
	/* The C library names memory regions, but can do without. */
	{ "prctl", EINVAL },
};

/* Allowed if the numbered argument, masked, equals the value. */
static const struct {
	const char *name;
	unsigned int arg;
	uint64_t mask;
	uint64_t value;
} conditional[] = {
	{ "mmap2", 2, PROT_EXEC, 0 },
	{ "mprotect", 2, PROT_EXEC, 0 },
	{ "fcntl", 1, UINT32_MAX, F_GETFD },
	{ "fcntl", 1, UINT32_MAX, F_SETFD },
	{ "fcntl", 1, UINT32_MAX, F_GETFL },
	{ "fcntl", 1, UINT32_MAX, F_SETFL },
	{ "fcntl64", 1, UINT32_MAX, F_GETFD },
	{ "fcntl64", 1, UINT32_MAX, F_SETFD },
	{ "fcntl64", 1, UINT32_MAX, F_GETFL },
	{ "fcntl64", 1, UINT32_MAX, F_SETFL },
	{ "ioctl", 1, UINT32_MAX, FIONREAD },
	{ "ioctl", 1, UINT32_MAX, FIONBIO },
	/* fstat() by another name: there are no files in the root anyway. */
	{ "newfstatat", 3, AT_EMPTY_PATH, AT_EMPTY_PATH },
	{ "fstatat64", 3, AT_EMPTY_PATH, AT_EMPTY_PATH },
	{ "statx", 2, AT_EMPTY_PATH, AT_EMPTY_PATH },
	/* Limits may be read. */
	{ "prlimit64", 2, UINT64_MAX, 0 },
};

static const struct {
	int level;
	int option;
} options[] = {
	{ SOL_SOCKET, SO_KEEPALIVE },
	{ SOL_SOCKET, SO_LINGER },
	{ SOL_SOCKET, SO_RCVBUF },
	{ SOL_SOCKET, SO_REUSEADDR },
	{ SOL_SOCKET, SO_SNDBUF },
	{ IPPROTO_TCP, TCP_KEEPCNT },
	{ IPPROTO_TCP, TCP_KEEPIDLE },
	{ IPPROTO_TCP, TCP_KEEPINTVL },
	{ IPPROTO_TCP, TCP_NODELAY },
	{ IPPROTO_TCP, TCP_USER_TIMEOUT },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Returns 0 even for a name that this libseccomp does not know. */
static int add(scmp_filter_ctx filter, uint32_t action, const char *name,
	       unsigned int count, const struct scmp_arg_cmp *args)
{
	int nr = seccomp_syscall_resolve_name(name);

	if (nr == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add_array(filter, action, nr, count, args);
}

static int add_plain(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; !err && i < COUNT(allowed); i++)
		err = add(filter, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
	for (size_t i = 0; !err && i < COUNT(failing); i++)
		err = add(filter, SCMP_ACT_ERRNO(failing[i].error),
			  failing[i].name, 0, NULL);
	return err;
}

static int add_conditional(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; !err && i < COUNT(conditional); i++) {
		const struct scmp_arg_cmp arg = {
			conditional[i].arg, SCMP_CMP_MASKED_EQ,
			conditional[i].mask, conditional[i].value
		};

		err = add(filter, SCMP_ACT_ALLOW, conditional[i].name, 1, &arg);
	}
	return err;
}

static int add_options(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; !err && i < COUNT(options); i++) {
		const struct scmp_arg_cmp args[] = {
			SCMP_A1(SCMP_CMP_EQ, options[i].level),
			SCMP_A2(SCMP_CMP_EQ, options[i].option),
		};

		err = add(filter, SCMP_ACT_ALLOW, "setsockopt", 2, args);
	}
	return err;
}

/* Allow TCP over IPv4; libraries try other families, which fail. */
static int add_socket(scmp_filter_ctx filter)
{
	static const int protocols[] = { 0, IPPROTO_TCP };
	const struct scmp_arg_cmp other = SCMP_A0(SCMP_CMP_NE, AF_INET);
	int err;

	err = add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), "socket", 1, &other);
	for (size_t i = 0; !err && i < COUNT(protocols); i++) {
		const struct scmp_arg_cmp args[] = {
			SCMP_A0(SCMP_CMP_EQ, AF_INET),
			SCMP_A1(SCMP_CMP_MASKED_EQ,
				~(uint32_t)(SOCK_NONBLOCK | SOCK_CLOEXEC),
				SOCK_STREAM),
			SCMP_A2(SCMP_CMP_EQ, protocols[i]),
		};

		err = add(filter, SCMP_ACT_ALLOW, "socket", 3, args);
	}
	return err;
}

/* Calls that the C library makes in more than one way. */
static int add_library(scmp_filter_ctx filter)
{
	/* abort() signals its own thread. */
	const struct scmp_arg_cmp self = SCMP_A0(SCMP_CMP_EQ, getpid());
	/* isatty(): there is no terminal here. */
	const struct scmp_arg_cmp tcgets = SCMP_A1(SCMP_CMP_EQ, TCGETS);
	/* stat() by name: json-c looks for a random device. */
	const struct scmp_arg_cmp by_name =
		SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0);
	const struct scmp_arg_cmp statx_by_name =
		SCMP_A2(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0);
	int err;

	err = add(filter, SCMP_ACT_ALLOW, "tgkill", 1, &self);
	if (!err)
		err = add(filter, SCMP_ACT_ERRNO(ENOTTY), "ioctl", 1, &tcgets);
	if (!err)
		err = add(filter, SCMP_ACT_ERRNO(EACCES), "newfstatat", 1,
			  &by_name);
	if (!err)
		err = add(filter, SCMP_ACT_ERRNO(EACCES), "fstatat64", 1,
			  &by_name);
	if (!err)
		err = add(filter, SCMP_ACT_ERRNO(EACCES), "statx", 1,
			  &statx_by_name);
	return err;
}

/*
 * The C library of s390x makes sockets with socketcall(), whose arguments are in
 * memory, like those of mmap() there: a filter sees only the pointer.
 */
static bool by_pointer(uint32_t arch)
{
	return arch == SCMP_ARCH_S390X || arch == SCMP_ARCH_S390;
}

/* If the arguments cannot be seen, allow the call in any form or not at all. */
static int add_blind(scmp_filter_ctx filter)
{
	static const char *const names[] = { "mmap", "setsockopt", "socket" };
	int err = 0;

	for (size_t i = 0; !err && i < COUNT(names); i++)
		err = add(filter, SCMP_ACT_ALLOW, names[i], 0, NULL);
	return err;
}

static int add_seen(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_exec =
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	int err;

	err = add(filter, SCMP_ACT_ALLOW, "mmap", 1, &no_exec);
	if (!err)
		err = add_options(filter);
	if (!err)
		err = add_socket(filter);
	return err;
}

int kpptp_syscalls_fill(void *filter, uint32_t arch)
{
	int err = add_plain(filter);

	if (!err)
		err = add_conditional(filter);
	if (!err)
		err = by_pointer(arch) ? add_blind(filter) : add_seen(filter);
	if (!err)
		err = add_library(filter);
	return err;
}

int kpptp_syscalls_restrict(char *err, size_t size)
{
	scmp_filter_ctx filter = seccomp_init(OTHERS);
	int ret;

	if (!filter) {
		snprintf(err, size, "seccomp: cannot create the filter");
		return -1;
	}
	/* Best effort: the audit log shows which denied call was tried. */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	/* A tree, not a list: the filter runs on every system call. */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	ret = kpptp_syscalls_fill(filter, seccomp_arch_native());
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	if (!ret)
		return 0;
	snprintf(err, size, "seccomp: %s; the kernel needs CONFIG_SECCOMP_FILTER",
		 strerror(-ret));
	return -1;
}
