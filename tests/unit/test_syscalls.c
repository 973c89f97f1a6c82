// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The filter of system calls, for each architecture that the package is built
 * for: the program that the kernel would run there is made here, and run here
 * over the calls that glibc 2.36 was seen to make there (by qemu-user -strace).
 * The worker itself runs on this machine's architecture only, in test_worker.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <seccomp.h>

#include "worker/syscalls.h"
#include "unit.h"

#define PROGRAM_MAX 4096

#define LIBC                                                                                       \
	"bind brk close connect epoll_create1 epoll_ctl epoll_pwait "                              \
	"epoll_pwait2 eventfd2 getpeername getpid getppid getrandom "                              \
	"getrusage getsockname getsockopt gettid madvise mremap munmap "                           \
	"pipe2 read readv recvfrom recvmsg rt_sigaction rt_sigprocmask "                           \
	"rt_sigreturn sendmsg sendto shutdown timerfd_create accept4 write "                       \
	"writev exit_group exit restart_syscall rseq set_robust_list "
#define TIME32                                                                                     \
	"ppoll_time64 futex_time64 timerfd_settime64 clock_gettime64 "                             \
	"clock_getres_time64 clock_nanosleep_time64 "
#define TIME64                                                                                     \
	"ppoll futex timerfd_settime clock_gettime clock_getres "                                  \
	"clock_nanosleep gettimeofday lseek getuid geteuid getgid getegid "
#define OLD "poll epoll_wait "

static const struct machine {
	const char *name;
	uint32_t arch;
	uint32_t audit;
	bool big_endian;
	/* Allowed whatever their arguments. */
	const char *allowed;
	const char *mmap;
	const char *fcntl;
	const char *fstat;
	unsigned int fstat_flags;
	bool sees_sockets;
} machines[] = {
	{ "amd64", SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, false, LIBC TIME64 OLD "accept fstat",
	  "mmap", "fcntl", "newfstatat", 3, true },
	{ "arm64", SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, false, LIBC TIME64 "accept", "mmap",
	  "fcntl", "newfstatat", 3, true },
	{ "armhf", SCMP_ARCH_ARM, AUDIT_ARCH_ARM, false,
	  LIBC TIME32 OLD "accept send recv _llseek sigreturn ugetrlimit "
			  "fstat64 getuid32 geteuid32 getgid32 getegid32 "
			  "clock_gettime futex clock_nanosleep",
	  "mmap2", "fcntl64", "statx", 2, true },
	{ "riscv64", SCMP_ARCH_RISCV64, AUDIT_ARCH_RISCV64, false, LIBC TIME64 "accept", "mmap",
	  "fcntl", "newfstatat", 3, true },
	{ "s390x", SCMP_ARCH_S390X, AUDIT_ARCH_S390X, true, LIBC TIME64 OLD "sigreturn", NULL,
	  "fcntl", "newfstatat", 3, false },
};

static struct {
	const struct machine *machine;
	struct sock_filter code[PROGRAM_MAX];
	size_t count;
} program;

static uint32_t target32(uint32_t value)
{
	return program.machine->big_endian ? __builtin_bswap32(value) : value;
}

/* The filter, as the kernel of that machine would get it. */
static void make(const struct machine *machine)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int fd = memfd_create("filter", MFD_CLOEXEC);
	ssize_t size;

	program.machine = machine;
	assert_non_null(filter);
	if (machine->arch != seccomp_arch_native()) {
		assert_int_equal(seccomp_arch_remove(filter, seccomp_arch_native()), 0);
		assert_int_equal(seccomp_arch_add(filter, machine->arch), 0);
	}
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (kpptp_syscalls_fill(filter, machine->arch))
		fail_msg("%s: no filter", machine->name);
	assert_int_equal(seccomp_export_bpf(filter, fd), 0);
	seccomp_release(filter);
	size = pread(fd, program.code, sizeof(program.code), 0);
	assert_true(size > 0 && (size_t)size < sizeof(program.code));
	program.count = size / sizeof(program.code[0]);
	close(fd);
}

/* A word of struct seccomp_data: number, architecture, address, arguments. */
static uint32_t load(uint32_t offset, uint32_t nr, const uint64_t args[6])
{
	uint64_t arg;

	if (offset == 0)
		return nr;
	if (offset == 4)
		return program.machine->audit;
	assert_true(offset >= 16 && offset < 64);
	arg = args[(offset - 16) / 8];
	/* The half that comes first in memory. */
	return (offset % 8 == 0) == program.machine->big_endian ? arg >> 32 : arg;
}

static uint32_t run(uint32_t nr, const uint64_t args[6])
{
	uint32_t a = 0;
	size_t pc = 0;

	while (pc < program.count) {
		const struct sock_filter *at = &program.code[pc++];
		uint32_t k = target32(at->k);
		uint16_t code = program.machine->big_endian ? __builtin_bswap16(at->code)
							    : at->code;
		bool jump;

		switch (code) {
		case BPF_LD | BPF_W | BPF_ABS:
			a = load(k, nr, args);
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= k;
			continue;
		case BPF_RET | BPF_K:
			return k;
		case BPF_JMP | BPF_JA:
			pc += k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			jump = a == k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			jump = a > k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			jump = a >= k;
			break;
		default:
			fail_msg("instruction %#x", code);
			return 0;
		}
		pc += jump ? at->jt : at->jf;
	}
	fail_msg("the program does not end");
	return 0;
}

#define KILLED SCMP_ACT_KILL_PROCESS
#define ALLOW  SCMP_ACT_ALLOW

static void expect(uint32_t verdict, const char *name, const uint64_t args[6])
{
	int nr = seccomp_syscall_resolve_name_arch(program.machine->arch, name);
	uint32_t got;

	if (nr < 0)
		fail_msg("%s has no %s", program.machine->name, name);
	got = run(nr, args);
	if (got != verdict)
		fail_msg("%s: %s(%#lx, %#lx, %#lx, %#lx): %#x, not %#x", program.machine->name,
			 name, args[0], args[1], args[2], args[3], got, verdict);
}

#define EXPECT(verdict, name, ...) expect(verdict, name, (const uint64_t[6]){ __VA_ARGS__ })

/* Arguments that nothing asks for: pointers, as they lie in memory. */
static const uint64_t any[6] = { 0x7ffc00001234, 0x7ffc00005678, 0x7ffc00009abc,
				 0x7ffc0000def0, 0x7ffc00001230, 0x7ffc00005670 };

static void check_plain(const struct machine *m)
{
	char names[2048], *name, *rest;

	snprintf(names, sizeof(names), "%s", m->allowed);
	for (name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
		/* A pseudo number: the call is a part of socketcall there. */
		if (seccomp_syscall_resolve_name_arch(m->arch, name) < -1)
			continue;
		expect(ALLOW, name, any);
	}
}

static void check_deadly(void)
{
	static const char *const names[] = {
		"execve", "execveat", "clone",	      "kill",	    "ptrace",
		"setuid", "setgid",   "chroot",	      "mount",	    "unshare",
		"bpf",	  "setns",    "memfd_create", "socketpair", "io_uring_setup",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		/* Where it has no number of its own, it is not called by one. */
		if (seccomp_syscall_resolve_name_arch(program.machine->arch, names[i]) >= 0)
			expect(KILLED, names[i], any);
}

static void check_conditions(const struct machine *m)
{
	uint64_t by_name[6] = { 0 }, empty[6] = { 0 };

	empty[m->fstat_flags] = AT_EMPTY_PATH;
	expect(ALLOW, m->fstat, empty);
	expect(SCMP_ACT_ERRNO(EACCES), m->fstat, by_name);
	EXPECT(ALLOW, m->fcntl, 3, F_SETFL, O_NONBLOCK);
	EXPECT(ALLOW, m->fcntl, 3, F_GETFD);
	EXPECT(KILLED, m->fcntl, 3, F_SETOWN, 1);
	EXPECT(ALLOW, "ioctl", 3, FIONREAD, any[2]);
	EXPECT(KILLED, "ioctl", 3, TIOCSTI, any[2]);
	EXPECT(ALLOW, "prlimit64", 0, 7, 0, any[3]);
	EXPECT(KILLED, "prlimit64", 0, 7, any[2], any[3]);
	EXPECT(ALLOW, "mprotect", any[0], 4096, PROT_READ | PROT_WRITE);
	EXPECT(KILLED, "mprotect", any[0], 4096, PROT_READ | PROT_EXEC);
	EXPECT(SCMP_ACT_ERRNO(EACCES), "openat", AT_FDCWD, any[1], O_RDONLY);
	EXPECT(ALLOW, "tgkill", getpid(), getpid(), 6);
	EXPECT(KILLED, "tgkill", 1, 1, 9);
	if (m->mmap) {
		EXPECT(ALLOW, m->mmap, 0, 4096, PROT_READ | PROT_WRITE);
		EXPECT(KILLED, m->mmap, 0, 4096, PROT_EXEC | PROT_READ);
	}
}

static void check_sockets(void)
{
	const uint64_t stream = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

	EXPECT(ALLOW, "socket", AF_INET, stream, 0);
	EXPECT(ALLOW, "socket", AF_INET, SOCK_STREAM, IPPROTO_TCP);
	EXPECT(SCMP_ACT_ERRNO(EAFNOSUPPORT), "socket", AF_UNIX, stream, 0);
	EXPECT(KILLED, "socket", AF_INET, SOCK_RAW, IPPROTO_GRE);
	EXPECT(KILLED, "socket", AF_INET, SOCK_DGRAM, 0);
	EXPECT(ALLOW, "setsockopt", 3, IPPROTO_TCP, TCP_NODELAY, any[3]);
	EXPECT(KILLED, "setsockopt", 3, SOL_SOCKET, SO_DETACH_FILTER, any[3]);
	EXPECT(SCMP_ACT_ERRNO(EPERM), "listen", 3, 5);
}

/* What the calls of socketcall() are; their arguments lie in memory. */
static void check_socketcall(void)
{
	enum {
		SOCKET = 1,
		BIND,
		CONNECT,
		LISTEN,
		ACCEPT,
		GETSOCKNAME,
		GETPEERNAME,
		SOCKETPAIR,
		SEND,
		RECV,
		SENDTO,
		RECVFROM,
		SHUTDOWN,
		SETSOCKOPT,
		GETSOCKOPT,
		SENDMSG,
		RECVMSG,
		ACCEPT4,
		RECVMMSG
	};
	static const int allowed[] = { SOCKET,	    BIND,	 CONNECT,  ACCEPT,
				       GETSOCKNAME, GETPEERNAME, SEND,	   RECV,
				       SENDTO,	    RECVFROM,	 SHUTDOWN, SETSOCKOPT,
				       GETSOCKOPT,  SENDMSG,	 RECVMSG,  ACCEPT4 };

	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++)
		EXPECT(ALLOW, "socketcall", allowed[i], any[1], any[2], any[3]);
	EXPECT(KILLED, "socketcall", SOCKETPAIR, any[1], any[2]);
	EXPECT(KILLED, "socketcall", RECVMMSG, any[1], any[2]);
	EXPECT(SCMP_ACT_ERRNO(EPERM), "socketcall", LISTEN, any[1], any[2]);
	/* The one argument is a pointer to all of them. */
	EXPECT(ALLOW, "mmap", any[0], any[1], any[2]);
}

static void each_machine(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		make(&machines[i]);
		check_plain(&machines[i]);
		check_deadly();
		check_conditions(&machines[i]);
		if (machines[i].sees_sockets)
			check_sockets();
		else
			check_socketcall();
	}
}

/* A call of another architecture's is not judged by this one's numbers. */
static void no_other_architecture(void **state)
{
	struct machine other = machines[0];

	(void)state;
	make(&machines[0]);
	other.audit = AUDIT_ARCH_I386;
	program.machine = &other;
	assert_true(run(3, any) == SCMP_ACT_KILL_PROCESS || run(3, any) == SCMP_ACT_KILL_THREAD);
}

/* The package says which machines it is for: those above, and no others. */
static void the_package_names_them(void **state)
{
	static const char *const paths[] = { "debian/control", "user/debian/control" };
	char line[256], expected[256] = "Architecture:";
	bool found = false;
	FILE *file = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		strcat(expected, " ");
		strcat(expected, machines[i].name);
	}
	strcat(expected, "\n");
	for (size_t i = 0; i < ARRAY_SIZE(paths) && !file; i++)
		file = fopen(paths[i], "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		found = found || !strcmp(line, expected);
	fclose(file);
	if (!found)
		fail_msg("user/debian/control has no \"%s\"", expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_machine),
		cmocka_unit_test(no_other_architecture),
		cmocka_unit_test(the_package_names_them),
	};

	return cmocka_run_group_tests_name("syscalls", tests, NULL, NULL);
}
