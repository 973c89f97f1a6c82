/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The real monitor, in a process of its own with real children. Only the kernel is
 * fake.
 *
 *   test (speaks for the worker) == socket pair == monitor --- "worker" (waits)
 *                                                         \--- "pppd" (script)
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_MONITOR_RUN_H
#define KPPTP_TEST_MONITOR_RUN_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "monitor/monitor.h"
#include "monitor/monitor_conf.h"
#include "monitor_kernel.h"

#define DEADLINE_MS 10000
#define POOL_FIRST  0x0a000010
#define POOL_LAST   0x0a000013
#define PPP_LOCAL   0x0a000001

static char dir[] = "/tmp/kpptp-monitor-XXXXXX";
static char script[64];

static struct {
	int sock;
	int pids;
	pid_t monitor;
	pid_t worker;
} here;

static struct kpptp_monitor_conf conf;

/* Let every fork but the worker's fail. */
static bool no_forks;

#define NOBODY 65534

/* A script stands in for pppd. Its options file selects its role. */
static const char script_text[] =
	"#!/bin/sh\n"
	"cd \"${0%/*}\"\n"
	"echo \"$*\" > args\n"
	"tr '\\0' '\\n' < /proc/$$/environ > env\n"
	"cut -d' ' -f5,6 /proc/$$/stat > groups\n"
	"echo $$ > pid.tmp\n"
	"role=${5##*/}\n"
	"case $role in\n"
	"stubborn|deaf) trap '' TERM;;\n"
	"attach) echo 'kpptp: attached' >&$KPPTPD_STATUS_FD;;\n"
	"esac\n"
	"[ $role != script ] || (trap '' TERM; echo 1 > script; sleep 0.8;\n"
	"	echo 2 > script; [ -e long ] && sleep 77) &\n"
	"mv pid.tmp pid\n"
	"case $role in\n"
	"let-in) echo 'kpptp: authenticated'; echo 'kpptp: authenticated';;\n"
	"fail) echo 'about to fail'; printf 'no secret found' >&2; exit 19;;\n"
	"esac\n"
	"while :; do sleep 0.05; done\n";

static inline void path_of(char path[128], const char *name)
{
	snprintf(path, 128, "%s/%s", dir, name);
}

static inline void set_role(const char *role)
{
	char path[128];

	path_of(path, role);
	strcpy(conf.ppp.options, path);
	path_of(path, "pid");
	unlink(path);
}

static inline void pool_of(uint32_t first, uint32_t last)
{
	conf.ppp.remote_first.s_addr = htonl(first);
	conf.ppp.remote_last.s_addr = htonl(last);
}

static inline void worker_done(int sig)
{
	_exit(sig == SIGUSR1 ? 0 : 1);
}

/* The monitor adopts its pppds' orphans, here a short sleep. */
static inline bool all_ended(void)
{
	int tries = 100;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 && tries--)
		poll(NULL, 0, 10);
	return pid < 0;
}

static inline void be_monitor(int sock, int pids)
{
	static const int cmocka_catches[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS };
	struct rlimit limit, none = { 0 };
	pid_t self = getpid();
	pid_t worker;
	int status;

	/* The process limit does not apply to root. */
	if (no_forks && !geteuid() && setuid(NOBODY))
		exit(52);

	for (size_t i = 0; i < 5; i++)
		signal(cmocka_catches[i], SIG_DFL);
	/* Before the fork: the worker may be told as soon as it exists. */
	signal(SIGUSR1, worker_done);
	kpptp_log_open(KPPTP_LOG_STDERR, getenv("VERBOSE") ? LOG_DEBUG : -1);
	worker = fork();
	if (!worker) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (getppid() == self)
			pause();
		_exit(1);
	}
	if (write(pids, &worker, sizeof(worker)) < 0)
		exit(51);
	getrlimit(RLIMIT_NPROC, &limit);
	none.rlim_max = limit.rlim_max;
	if (no_forks)
		setrlimit(RLIMIT_NPROC, &none);
	status = kpptp_monitor_run(&conf, sock, worker);
	/* The sanitizers make a process of their own at the end. */
	setrlimit(RLIMIT_NPROC, &limit);
	/* Nothing may be left; sanitizers check for leaks at exit. */
	if (!all_ended())
		status = 50;
	exit(status);
}

static inline void start(void)
{
	int pair[2], pids[2];

	assert_false(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	assert_false(pipe2(pids, O_CLOEXEC));
	fflush(NULL);
	here.monitor = fork();
	assert_true(here.monitor >= 0);
	if (!here.monitor) {
		close(pair[0]);
		be_monitor(pair[1], pids[1]);
	}
	close(pair[1]);
	close(pids[1]);
	here.sock = pair[0];
	here.pids = pids[0];
	assert_int_equal(read(pids[0], &here.worker, sizeof(pid_t)), sizeof(pid_t));
}

static inline int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static inline void nap(void)
{
	poll(NULL, 0, 5);
}

/* The monitor must exit by itself. Returns its exit status. */
static inline int wait_monitor(void)
{
	int64_t deadline = now_ms() + DEADLINE_MS;
	int status = 0;

	while (waitpid(here.monitor, &status, WNOHANG) == 0) {
		if (now_ms() > deadline)
			fail_msg("the monitor does not end");
		nap();
	}
	here.monitor = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(kill(here.worker, 0), -1);
	return WEXITSTATUS(status);
}

static inline int setup(void **state)
{
	(void)state;
	memset(&conf, 0, sizeof(conf));
	no_forks = false;
	memset(&here, 0, sizeof(here));
	strcpy(conf.ppp.pppd, script);
	strcpy(conf.ppp.plugin, "kpptp.so");
	conf.ppp.local.s_addr = htonl(PPP_LOCAL);
	conf.ppp.remote_first.s_addr = htonl(POOL_FIRST);
	conf.ppp.remote_last.s_addr = htonl(POOL_LAST);
	conf.max_calls = 4;
	conf.stop_grace = 500;
	conf.ppp_grace = 300;
	conf.kernel = &played;
	set_role("wait");
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	if (here.monitor > 0) {
		kill(here.monitor, SIGKILL);
		waitpid(here.monitor, NULL, 0);
	}
	close(here.sock);
	close(here.pids);
	return 0;
}

static inline int setup_all(void **state)
{
	int fd;

	(void)state;
	/* Become the subreaper of orphans, to wait for them. */
	if (!mkdtemp(dir) || prctl(PR_SET_CHILD_SUBREAPER, 1))
		return -1;
	snprintf(script, sizeof(script), "%s/pppd", dir);
	fd = open(script, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
	if (fd < 0 || write(fd, script_text, sizeof(script_text) - 1) < 0)
		return -1;
	return close(fd);
}

static inline int teardown_all(void **state)
{
	static const char *const names[] = { "pppd", "args",	"env",	  "groups",
					     "pid",  "pid.tmp", "script", "long" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		path_of(path, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* KPPTP_TEST_MONITOR_RUN_H */
