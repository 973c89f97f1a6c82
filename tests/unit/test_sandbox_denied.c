// SPDX-License-Identifier: GPL-2.0-or-later
/* The worker's sandbox: forbidden operations fail, or kill. Requires root. */
#include "sandbox_child.h"

/*
 * The attempt must not survive. Where AddressSanitizer is built in, whose
 * reports try more, it may, but must fail.
 */
static void assert_deadly(enum outcome (*deed)(void), const char *what)
{
#ifndef __SANITIZE_ADDRESS__
	int status = in_sandbox(deed);

	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
		fail_msg("%s: wait status 0x%x", what, status);
#else
	assert_fails(deed, what);
#endif
}

static enum outcome do_open(void)
{
	return outcome(open("/", O_RDONLY) >= 0);
}

static enum outcome do_create(void)
{
	return outcome(open("/file", O_CREAT | O_WRONLY, 0600) >= 0);
}

static enum outcome do_stat(void)
{
	struct stat st;

	return outcome(!stat("/dev/urandom", &st));
}

static enum outcome do_isatty(void)
{
	return outcome(isatty(STDERR_FILENO));
}

static enum outcome do_mkdir(void)
{
	return outcome(!mkdir("/dir", 0700));
}

static enum outcome do_chroot(void)
{
	return outcome(!chroot("/"));
}

static enum outcome do_netlink(void)
{
	return outcome(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) >= 0);
}

static enum outcome do_unix(void)
{
	return outcome(socket(AF_UNIX, SOCK_DGRAM, 0) >= 0);
}

static enum outcome do_udp(void)
{
	return outcome(socket(AF_INET, SOCK_DGRAM, 0) >= 0);
}

static enum outcome do_raw(void)
{
	return outcome(socket(AF_INET, SOCK_RAW, IPPROTO_GRE) >= 0);
}

static enum outcome do_listen(void)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	return outcome(!listen(sock, 1));
}

static enum outcome do_execve(void)
{
	char *const argv[] = { "true", NULL };

	execve("/bin/true", argv, argv + 1);
	return FAILS;
}

static enum outcome do_fork(void)
{
	return outcome(fork() >= 0);
}

static enum outcome do_kill(void)
{
	return outcome(!kill(somebody_else, 0));
}

static enum outcome do_ptrace(void)
{
	return outcome(!ptrace(PTRACE_ATTACH, somebody_else, NULL, NULL));
}

static enum outcome do_setuid(void)
{
	return outcome(!setuid(0));
}

static enum outcome do_setgid(void)
{
	return outcome(!setgid(0));
}

static enum outcome do_executable_memory(void)
{
	return outcome(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

static enum outcome do_make_executable(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return outcome(!mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static enum outcome do_raise_limit(void)
{
	const struct rlimit more = { 4096, 4096 };

	return outcome(!setrlimit(RLIMIT_NOFILE, &more));
}

static enum outcome do_attach_filter(void)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);
	int none = 0;

	return outcome(!setsockopt(sock, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)) ||
		       errno == ENOENT);
}

static void test_denied(void **state)
{
	(void)state;
	assert_fails(do_open, "open");
	assert_fails(do_create, "open to create");
	assert_fails(do_stat, "stat");
	assert_fails(do_isatty, "isatty");
	assert_fails(do_netlink, "netlink socket");
	assert_fails(do_unix, "unix socket");
	assert_fails(do_listen, "listen");
	assert_deadly(do_mkdir, "mkdir");
	assert_deadly(do_chroot, "chroot");
	assert_deadly(do_udp, "UDP socket");
	assert_deadly(do_raw, "raw socket");
	assert_deadly(do_execve, "execve");
	assert_deadly(do_fork, "fork");
	assert_deadly(do_kill, "kill");
	assert_deadly(do_ptrace, "ptrace");
	assert_deadly(do_setuid, "setuid");
	assert_deadly(do_setgid, "setgid");
	assert_deadly(do_executable_memory, "mmap PROT_EXEC");
	assert_deadly(do_make_executable, "mprotect PROT_EXEC");
	assert_deadly(do_raise_limit, "setrlimit");
	assert_deadly(do_attach_filter, "socket filter");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_denied),
	};

	if (geteuid()) {
		fprintf(stderr, "test_sandbox_denied: skipped, it needs root\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
