// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor, run for real in a process of its own with real children. Only
 * the kernel is played, for no module can be loaded where this runs.
 *
 *   test (speaks for the worker) == socket pair == monitor --- "worker" (waits)
 *                                                         \--- "pppd" (script)
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>
#include <event2/event.h>

#include "kernel.h"
#include "log.h"
#include "monitor.h"
#include "nl.h"
#include "port.h"
#include "priv.h"

#define DEADLINE_MS 10000
#define LOCAL	    0xc0000201
#define PEER	    0xc0000202
#define POOL_FIRST  0x0a000010
#define POOL_LAST   0x0a000013
#define PPP_LOCAL   0x0a000001

/* Peer IDs in CALL_SET that have the played kernel do something. */
#define DELETE_IT	       666
#define DELETE_ANOTHER_CHANNEL 667
#define LOSE_EVENTS_AND_IT     668

static char dir[] = "/tmp/kpptp-monitor-XXXXXX";
static char script[64];

static struct {
	int sock;
	int pids;
	pid_t monitor;
	pid_t worker;
} here;

static struct kpptp_monitor_conf conf;

/* ---- the kernel, as played in the monitor's process ---- */

static struct {
	struct event_base *base;
	const struct kpptp_kernel_events *events;
	void *ctx;
	uint16_t last;
	bool vanished[64];
} kernel;

static void *kernel_open(struct event_base *base,
			 const struct kpptp_kernel_events *events, void *ctx,
			 struct kpptp_error *error)
{
	(void)error;
	kernel.base = base;
	kernel.events = events;
	kernel.ctx = ctx;
	return &kernel;
}

static void *kernel_refuses(struct event_base *base,
			    const struct kpptp_kernel_events *events, void *ctx,
			    struct kpptp_error *error)
{
	(void)base;
	(void)events;
	(void)ctx;
	kpptp_fail(error, -ENOENT, "no module today");
	return NULL;
}

static void kernel_close(void *arg)
{
	(void)arg;
}

static int call_new(void *arg, const struct kpptp_call_conf *call,
		    struct kpptp_call_info *info, struct kpptp_error *error)
{
	(void)arg;
	if (!(call->present & KPPTP_HAS(OWNED)) || !call->owned)
		return kpptp_fail(error, -EINVAL, "not owned");
	if (call->window == 13)
		return kpptp_fail(error, -EEXIST, "an unlucky window");
	info->conf = *call;
	info->conf.id = ++kernel.last;
	info->channel = 100 + kernel.last;
	return 0;
}

/* What the kernel does by itself a moment after a CALL_SET. */
struct later {
	struct kpptp_call_key key;
	uint16_t what;
};

static void do_later(evutil_socket_t fd, short what, void *arg)
{
	struct later later = *(struct later *)arg;
	uint32_t channel = 100 + later.key.id;

	(void)fd;
	(void)what;
	free(arg);
	if (later.what == LOSE_EVENTS_AND_IT) {
		kernel.vanished[later.key.id % 64] = true;
		kernel.events->lost(kernel.ctx);
		return;
	}
	if (later.what == DELETE_ANOTHER_CHANNEL)
		channel++;
	kernel.events->deleted(kernel.ctx, &later.key, channel);
}

static int call_set(void *arg, const struct kpptp_call_conf *call,
		    struct kpptp_error *error)
{
	const struct timeval soon = { 0, 1 };
	struct later *later;

	(void)arg;
	(void)error;
	if (call->peer_id < DELETE_IT || call->peer_id > LOSE_EVENTS_AND_IT)
		return 0;
	later = malloc(sizeof(*later));
	if (!later)
		abort();
	later->key.local = call->local;
	later->key.peer = call->peer;
	later->key.id = call->id;
	later->what = call->peer_id;
	return event_base_once(kernel.base, -1, EV_TIMEOUT, do_later, later,
			       &soon);
}

/* The monitor knows no calls but those of its own network namespace. */
static int check_netns(const struct kpptp_call_key *key,
		       struct kpptp_error *error)
{
	if (key->netns_cookie)
		return kpptp_fail(error, -EPERM,
				  "of another network namespace");
	return 0;
}

static int call_del(void *arg, const struct kpptp_call_key *key,
		    struct kpptp_error *error)
{
	(void)arg;
	return check_netns(key, error);
}

static int call_get(void *arg, const struct kpptp_call_key *key,
		    struct kpptp_call_info *info, struct kpptp_error *error)
{
	(void)arg;
	if (check_netns(key, error))
		return -EPERM;
	if (kernel.vanished[key->id % 64])
		return kpptp_fail(error, -ENOENT, "no such call");
	info->channel = 100 + key->id;
	info->stats.rx_packets = 1000 + key->id;
	return 0;
}

static const struct kpptp_kernel_ops played = {
	.open = kernel_open,
	.close = kernel_close,
	.call_new = call_new,
	.call_set = call_set,
	.call_del = call_del,
	.call_get = call_get,
};

static const struct kpptp_kernel_ops refusing = {
	.open = kernel_refuses,
};

/* ---- the processes ---- */

/*
 * What pppd is played by. The options file that it is given is its role.
 */
static const char script_text[] =
	"#!/bin/sh\n"
	"cd \"${0%/*}\"\n"
	"echo \"$*\" > args\n"
	"tr '\\0' '\\n' < /proc/$$/environ > env\n"
	"cut -d' ' -f5,6 /proc/$$/stat > groups\n"
	"echo $$ > pid.tmp\n"
	"role=${3##*/}\n"
	"case $role in\n"
	"stubborn) trap '' TERM;;\n"
	"esac\n"
	"mv pid.tmp pid\n"
	"case $role in\n"
	"fail) echo 'about to fail'; printf 'no secret found' >&2; exit 19;;\n"
	"esac\n"
	"while :; do sleep 0.05; done\n";

static void path_of(char path[128], const char *name)
{
	snprintf(path, 128, "%s/%s", dir, name);
}

static void set_role(const char *role)
{
	static char options[128];
	char path[128];

	path_of(options, role);
	conf.ppp.options = options;
	path_of(path, "pid");
	unlink(path);
}

static void worker_done(int sig)
{
	_exit(sig == SIGUSR1 ? 0 : 1);
}

static void be_monitor(int sock, int pids)
{
	static const int cmocka_catches[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS,
					      SIGSYS };
	pid_t self = getpid();
	pid_t worker;
	int status;

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
	status = kpptp_monitor_run(&conf, sock, worker);
	/* Nothing may be left: the sanitizers see to memory at exit. */
	if (waitpid(-1, NULL, WNOHANG) != -1)
		status = 50;
	exit(status);
}

static void start(void)
{
	int pair[2], pids[2];

	assert_false(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
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
	assert_int_equal(read(pids[0], &here.worker, sizeof(pid_t)),
			 sizeof(pid_t));
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void nap(void)
{
	poll(NULL, 0, 5);
}

/* The monitor must end by itself. Returns its exit status. */
static int wait_monitor(void)
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

/* Of a child that we inherited (see setup_all()) from the dead monitor. */
static void wait_inherited(pid_t pid)
{
	int64_t deadline = now_ms() + DEADLINE_MS;
	pid_t reaped;

	while ((reaped = waitpid(pid, NULL, WNOHANG)) == 0) {
		if (now_ms() > deadline)
			fail_msg("process %d does not end", (int)pid);
		nap();
	}
	assert_int_equal(reaped, pid);
}

static int setup(void **state)
{
	(void)state;
	memset(&conf, 0, sizeof(conf));
	memset(&here, 0, sizeof(here));
	conf.ppp.pppd = script;
	conf.ppp.plugin = "kpptp.so";
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

static int teardown(void **state)
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

/* ---- the test as the worker ---- */

static void request(const struct kpptp_priv_msg *msg)
{
	ssize_t len = kpptp_priv_size(msg->type);

	assert_int_equal(send(here.sock, msg, len, MSG_NOSIGNAL), len);
}

static void request_plain(uint32_t type, uint32_t handle)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, type, handle);
	request(&msg);
}

static void request_call(uint32_t handle, uint16_t window)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_NEW, handle);
	msg.call_new.local = htonl(LOCAL);
	msg.call_new.peer = htonl(PEER);
	msg.call_new.window = window;
	request(&msg);
}

static void request_set(uint32_t handle, uint16_t peer_id)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_SET, handle);
	msg.call_set.peer_id = peer_id;
	request(&msg);
}

static void request_ppp(uint32_t handle, uint32_t local, uint32_t remote)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_PPP_START, handle);
	msg.ppp_start.local = htonl(local);
	msg.ppp_start.remote = htonl(remote);
	request(&msg);
}

static void expect(struct kpptp_priv_msg *msg, uint32_t type, uint32_t handle)
{
	struct pollfd readable = { here.sock, POLLIN, 0 };
	static struct kpptp_priv_msg raw;
	char err[160] = "";
	ssize_t len;

	if (poll(&readable, 1, DEADLINE_MS) != 1)
		fail_msg("no %s comes", kpptp_priv_type_name(type));
	len = recv(here.sock, &raw, sizeof(raw), MSG_TRUNC);
	assert_true(len > 0);
	if (kpptp_priv_parse_answer(&raw, len, msg, err, sizeof(err)))
		fail_msg("%s", err);
	assert_string_equal(kpptp_priv_type_name(msg->type),
			    kpptp_priv_type_name(type));
	assert_int_equal(msg->handle, handle);
}

static void expect_end_of_file(void)
{
	struct pollfd readable = { here.sock, POLLIN, 0 };
	char byte;

	assert_int_equal(poll(&readable, 1, DEADLINE_MS), 1);
	assert_true(recv(here.sock, &byte, 1, 0) <= 0);
}

static void make_call(uint32_t handle)
{
	struct kpptp_priv_msg msg;

	request_call(handle, 64);
	expect(&msg, KPPTP_PRIV_CALL_READY, handle);
	assert_int_equal(msg.call_ready.err, 0);
	assert_int_equal(msg.call_ready.channel, 100 + msg.call_ready.id);
}

/* Starts a pppd and waits until the script plays its role. */
static pid_t make_ppp(uint32_t handle)
{
	int64_t deadline = now_ms() + DEADLINE_MS;
	struct kpptp_priv_msg msg;
	char path[128];

	request_ppp(handle, 0, 0);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, handle);
	path_of(path, "pid");
	while (access(path, F_OK)) {
		if (now_ms() > deadline)
			fail_msg("the script does not start");
		nap();
	}
	return msg.ppp_started.pid;
}

static void stop_in_order(void)
{
	struct kpptp_priv_msg msg;

	kill(here.monitor, SIGTERM);
	expect(&msg, KPPTP_PRIV_STOP, 0);
	kill(here.worker, SIGUSR1);
	assert_int_equal(wait_monitor(), 0);
}

static void assert_file(const char *name, const char *wanted)
{
	char path[128], text[1024];
	ssize_t len;
	int fd;

	path_of(path, name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	assert_true(len >= 0);
	text[len] = '\0';
	assert_string_equal(text, wanted);
}

/* pppd has /dev/null, one pipe and, being a script, that: no more of ours. */
static void assert_descriptors(pid_t pid)
{
	char path[300], link[256], pipe_link[256] = "";
	struct dirent *entry;
	ssize_t len;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = opendir(path);
	assert_non_null(fds);
	while ((entry = readdir(fds))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid,
			 entry->d_name);
		len = readlink(path, link, sizeof(link) - 1);
		assert_true(len > 0);
		link[len] = '\0';
		if (!strcmp(link, "/dev/null") || !strcmp(link, script))
			continue;
		if (!strncmp(link, "pipe:", 5) && !*pipe_link)
			memcpy(pipe_link, link, sizeof(pipe_link));
		assert_string_equal(link, pipe_link);
	}
	closedir(fds);
	assert_true(*pipe_link);
}

/* ---- the stories ---- */

static void test_life(void **state)
{
	struct kpptp_priv_msg msg;
	char wanted[512];
	pid_t pid;

	(void)state;
	set_role("fail");
	start();
	request_plain(KPPTP_PRIV_READY, 0);
	make_call(7);
	request_set(7, 1);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 7);
	assert_int_equal(msg.call_set_done.err, 0);
	request_plain(KPPTP_PRIV_CALL_STATS, 7);
	expect(&msg, KPPTP_PRIV_STATS, 7);
	assert_int_equal(msg.stats.stats.rx_packets, 1001);

	request_ppp(7, PPP_LOCAL, POOL_LAST);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 7);
	pid = msg.ppp_started.pid;
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 7);
	assert_int_equal(WEXITSTATUS(msg.ppp_exited.status), 19);
	assert_string_equal(
		msg.ppp_exited.text,
		"exit status 19 (the peer did not accept our authentication); it said: no secret found");
	snprintf(
		wanted, sizeof(wanted),
		"nologfd file %s/fail plugin kpptp.so kpptp-channel 101 ipparam 192.0.2.2 nodetach 10.0.0.1:10.0.0.19\n",
		dir);
	assert_file("args", wanted);
	assert_file("env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
	snprintf(wanted, sizeof(wanted), "%d %d\n", (int)pid, (int)pid);
	assert_file("groups", wanted);

	request_plain(KPPTP_PRIV_CALL_DEL, 7);
	request_plain(KPPTP_PRIV_CALL_STATS, 7);
	expect(&msg, KPPTP_PRIV_STATS, 7);
	assert_int_equal(msg.stats.err, -ENOENT);
	stop_in_order();
}

/* A call that fails is not in the table; its handle may be tried again. */
static void test_call_fails(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	request_call(1, 13);
	expect(&msg, KPPTP_PRIV_CALL_READY, 1);
	assert_int_equal(msg.call_ready.err, -EEXIST);
	assert_string_equal(msg.call_ready.text, "an unlucky window");
	request_set(1, 1);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 1);
	assert_int_equal(msg.call_set_done.err, -ENOENT);
	stop_in_order();
}

static void test_limit(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	for (uint32_t handle = 1; handle <= conf.max_calls; handle++)
		make_call(handle);
	request_call(99, 64);
	expect(&msg, KPPTP_PRIV_CALL_READY, 99);
	assert_int_equal(msg.call_ready.err, -ENOSPC);
	request_plain(KPPTP_PRIV_CALL_DEL, 2);
	make_call(100);
	stop_in_order();
}

static void test_addresses(void **state)
{
	static const struct {
		uint32_t local, remote;
		const char *text;
	} refused[] = {
		{ PPP_LOCAL + 1, 0, "10.0.0.2 is not local-address= in [ppp]" },
		{ 0, POOL_FIRST - 1,
		  "10.0.0.15 is not of remote-addresses= in [ppp]" },
		{ PPP_LOCAL, POOL_LAST + 1,
		  "10.0.0.20 is not of remote-addresses= in [ppp]" },
	};
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	make_call(1);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		request_ppp(1, refused[i].local, refused[i].remote);
		expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
		assert_int_equal(msg.ppp_exited.status, -1);
		assert_string_equal(msg.ppp_exited.text, refused[i].text);
	}
	request_ppp(5, 0, 0);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 5);
	assert_string_equal(msg.ppp_exited.text, "the call is gone");
	stop_in_order();
}

static void test_no_pppd(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.ppp.pppd = "/no/such/pppd";
	start();
	make_call(1);
	request_ppp(1, 0, 0);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(WEXITSTATUS(msg.ppp_exited.status), 127);
	assert_non_null(strstr(msg.ppp_exited.text,
			       "cannot execute /no/such/pppd: No such file"));
	stop_in_order();
}

static void test_ppp_stop(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	make_call(1);
	assert_descriptors(make_ppp(1));
	request_plain(KPPTP_PRIV_PPP_STOP, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(WTERMSIG(msg.ppp_exited.status), SIGTERM);
	/* The call is still there: another pppd may follow. */
	set_role("wait");
	make_ppp(1);
	/* Deleting the call ends pppd, which is reported all the same. */
	request_plain(KPPTP_PRIV_CALL_DEL, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	make_call(2);
	stop_in_order();
}

static void test_stubborn_ppp(void **state)
{
	struct kpptp_priv_msg msg;
	int64_t began;

	(void)state;
	set_role("stubborn");
	start();
	make_call(1);
	make_ppp(1);
	began = now_ms();
	request_plain(KPPTP_PRIV_PPP_STOP, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(WTERMSIG(msg.ppp_exited.status), SIGKILL);
	assert_true(now_ms() - began >= conf.ppp_grace - 1);
	stop_in_order();
}

/* Stopping waits for pppds, also for those that do not want to. */
static void test_stop_reaps(void **state)
{
	pid_t pid;

	(void)state;
	set_role("stubborn");
	start();
	make_call(1);
	pid = make_ppp(1);
	stop_in_order();
	assert_int_equal(kill(pid, 0), -1);
}

static void test_gone(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	make_call(1);
	make_call(2);
	make_ppp(1);
	/* The event is of an earlier call that had the same key. */
	request_set(1, DELETE_ANOTHER_CHANNEL);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 1);
	request_set(1, DELETE_IT);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 1);
	expect(&msg, KPPTP_PRIV_CALL_GONE, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	/* Events were lost: the monitor looks for itself. */
	make_call(3);
	request_set(2, LOSE_EVENTS_AND_IT);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 2);
	expect(&msg, KPPTP_PRIV_CALL_GONE, 2);
	request_plain(KPPTP_PRIV_CALL_STATS, 3);
	expect(&msg, KPPTP_PRIV_STATS, 3);
	assert_int_equal(msg.stats.err, 0);
	stop_in_order();
}

/* The worker broke the rules: it is killed, and pppd and monitor end. */
static void assert_all_ends(pid_t pppd)
{
	expect_end_of_file();
	assert_int_equal(wait_monitor(), 1);
	assert_int_equal(kill(pppd, 0), -1);
}

static void test_invalid_message(void **state)
{
	pid_t pppd;

	(void)state;
	start();
	make_call(1);
	pppd = make_ppp(1);
	request_call(2, 0);
	assert_all_ends(pppd);
}

static void test_short_message(void **state)
{
	pid_t pppd;

	(void)state;
	start();
	make_call(1);
	pppd = make_ppp(1);
	assert_int_equal(send(here.sock, "x", 1, 0), 1);
	assert_all_ends(pppd);
}

static void test_long_message(void **state)
{
	static char bytes[2 * sizeof(struct kpptp_priv_msg)];
	pid_t pppd;

	(void)state;
	start();
	make_call(1);
	pppd = make_ppp(1);
	assert_int_equal(send(here.sock, bytes, sizeof(bytes), 0),
			 sizeof(bytes));
	assert_all_ends(pppd);
}

static void test_answer_as_request(void **state)
{
	pid_t pppd;

	(void)state;
	start();
	make_call(1);
	pppd = make_ppp(1);
	request_plain(KPPTP_PRIV_CALL_GONE, 1);
	assert_all_ends(pppd);
}

static void test_second_pppd(void **state)
{
	pid_t pppd;

	(void)state;
	start();
	make_call(1);
	pppd = make_ppp(1);
	request_ppp(1, 0, 0);
	assert_all_ends(pppd);
}

static void test_handle_in_use(void **state)
{
	pid_t pppd;

	(void)state;
	start();
	make_call(1);
	pppd = make_ppp(1);
	request_call(1, 64);
	assert_all_ends(pppd);
}

static void test_worker_killed(void **state)
{
	pid_t pppd;

	(void)state;
	start();
	make_call(1);
	pppd = make_ppp(1);
	kill(here.worker, SIGSYS);
	assert_all_ends(pppd);
}

/* Status 0 is not enough where nobody asked it to stop. */
static void test_worker_leaves(void **state)
{
	(void)state;
	start();
	kill(here.worker, SIGUSR1);
	assert_int_equal(wait_monitor(), 1);
}

static void test_worker_hangs_up(void **state)
{
	(void)state;
	start();
	make_call(1);
	shutdown(here.sock, SHUT_RDWR);
	assert_int_equal(wait_monitor(), 1);
}

static void test_worker_does_not_stop(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	make_call(1);
	kill(here.monitor, SIGINT);
	expect(&msg, KPPTP_PRIV_STOP, 0);
	assert_int_equal(wait_monitor(), 1);
}

/* The monitor dies: the worker hears it, pppd gets its SIGTERM. */
static void test_monitor_dies(void **state)
{
	pid_t pppd;

	(void)state;
	start();
	make_call(1);
	pppd = make_ppp(1);
	kill(here.monitor, SIGKILL);
	waitpid(here.monitor, NULL, 0);
	here.monitor = 0;
	expect_end_of_file();
	wait_inherited(pppd);
}

static void test_no_kernel(void **state)
{
	(void)state;
	conf.kernel = &refusing;
	start();
	assert_int_equal(wait_monitor(), 1);
	expect_end_of_file();
}

static ssize_t reload_good(void *ctx, struct kpptp_monitor_conf *fresh,
			   void *blob, size_t size)
{
	if (ctx != &conf || size != KPPTP_MONITOR_BLOB_MAX)
		return -1;
	fresh->ppp.local.s_addr = htonl(PPP_LOCAL + 1);
	fresh->max_calls = 1;
	memcpy(blob, "new", 3);
	return 3;
}

static ssize_t reload_bad(void *ctx, struct kpptp_monitor_conf *fresh,
			  void *blob, size_t size)
{
	(void)ctx;
	memset(blob, 'x', size);
	fresh->ppp.local.s_addr = htonl(PPP_LOCAL + 2);
	return -1;
}

static void test_reload(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.reload = reload_good;
	conf.ctx = &conf;
	start();
	make_call(1);
	kill(here.monitor, SIGHUP);
	expect(&msg, KPPTP_PRIV_RELOAD, 0);
	assert_int_equal(msg.reload.len, 3);
	assert_memory_equal(msg.reload.blob, "new", 3);
	/* The address that was good is refused, the new one is not. */
	request_ppp(1, PPP_LOCAL, 0);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(msg.ppp_exited.status, -1);
	request_ppp(1, PPP_LOCAL + 1, 0);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	/* One call is all that is allowed now. */
	request_call(2, 64);
	expect(&msg, KPPTP_PRIV_CALL_READY, 2);
	assert_int_equal(msg.call_ready.err, -ENOSPC);
	stop_in_order();
}

static void test_reload_fails(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.reload = reload_bad;
	start();
	make_call(1);
	kill(here.monitor, SIGHUP);
	/* No message says that it was refused: the next one is the answer. */
	request_plain(KPPTP_PRIV_CALL_STATS, 1);
	expect(&msg, KPPTP_PRIV_STATS, 1);
	request_ppp(1, PPP_LOCAL, 0);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	stop_in_order();
}

/* One that asks and does not read is not read either, and loses nothing. */
static void test_flood(void **state)
{
	struct kpptp_priv_msg msg, reply;
	unsigned int sent = 0, idle = 0;

	(void)state;
	start();
	make_call(1);
	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_STATS, 1);
	while (idle < 100) {
		if (send(here.sock, &msg, 8, MSG_DONTWAIT) == 8) {
			idle = 0;
			sent++;
			continue;
		}
		assert_int_equal(errno, EAGAIN);
		idle++;
		nap();
	}
	assert_true(sent > KPPTP_PORT_QUEUE_MAX);
	assert_true(sent < 10 * KPPTP_PORT_QUEUE_MAX);
	for (unsigned int i = 0; i < sent; i++)
		expect(&reply, KPPTP_PRIV_STATS, 1);
	stop_in_order();
}

static int setup_all(void **state)
{
	int fd;

	(void)state;
	/* Orphans become ours, so that their end can be seen. */
	if (!mkdtemp(dir) || prctl(PR_SET_CHILD_SUBREAPER, 1))
		return -1;
	snprintf(script, sizeof(script), "%s/pppd", dir);
	fd = open(script, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
	if (fd < 0 || write(fd, script_text, sizeof(script_text) - 1) < 0)
		return -1;
	return close(fd);
}

static int teardown_all(void **state)
{
	static const char *const names[] = { "pppd",   "args", "env",
					     "groups", "pid",  "pid.tmp" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_of(path, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),
		TEST(test_call_fails),
		TEST(test_limit),
		TEST(test_addresses),
		TEST(test_no_pppd),
		TEST(test_ppp_stop),
		TEST(test_stubborn_ppp),
		TEST(test_stop_reaps),
		TEST(test_gone),
		TEST(test_invalid_message),
		TEST(test_short_message),
		TEST(test_long_message),
		TEST(test_answer_as_request),
		TEST(test_second_pppd),
		TEST(test_handle_in_use),
		TEST(test_worker_killed),
		TEST(test_worker_leaves),
		TEST(test_worker_hangs_up),
		TEST(test_worker_does_not_stop),
		TEST(test_monitor_dies),
		TEST(test_no_kernel),
		TEST(test_reload),
		TEST(test_reload_fails),
		TEST(test_flood),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
