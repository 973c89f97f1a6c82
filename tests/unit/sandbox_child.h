/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child enters the worker's real sandbox and does one thing; check what becomes of
 * it. Requires root.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_SANDBOX_CHILD_H
#define KPPTP_TEST_SANDBOX_CHILD_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <event2/event.h>

#include "worker/sandbox.h"
#include "unit.h"

/* An unprivileged user that every Debian has. */
#define SOMEBODY "nobody"

static char root[] = "/tmp/kpptp-sandbox-XXXXXX";

static const struct kpptp_sandbox conf = {
	.user = SOMEBODY,
	.root = root,
	.files = 64,
	.ports = { 2, { 1723, 2 } },
};

/*
 * A child reports WORKS or FAILS as its exit status; one that the sandbox killed has
 * none. Sanitizers exit with 1.
 */
enum outcome { WORKS = 10, FAILS = 11, NOT_ENTERED = 12 };

static pid_t somebody_else;

static inline int in_sandbox(enum outcome (*deed)(void))
{
	char err[256];
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (kpptp_sandbox_enter(&conf, err, sizeof(err))) {
			fprintf(stderr, "%s\n", err);
			_exit(NOT_ENTERED);
		}
		_exit(deed());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static inline enum outcome outcome(bool works)
{
	return works ? WORKS : FAILS;
}

/* Libraries try this: it must fail, not kill. */
static inline void assert_fails(enum outcome (*deed)(void), const char *what)
{
	int status = in_sandbox(deed);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != FAILS)
		fail_msg("%s: wait status 0x%x", what, status);
}

static inline void assert_works(enum outcome (*deed)(void), const char *what)
{
	int status = in_sandbox(deed);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != WORKS)
		fail_msg("%s: wait status 0x%x", what, status);
}

static inline int setup(void **state)
{
	(void)state;
	if (!mkdtemp(root) || chmod(root, 0555))
		return -1;
	somebody_else = getppid();
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	return rmdir(root);
}

#endif /* KPPTP_TEST_SANDBOX_CHILD_H */
