/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by tests of the server: servers on loopback addresses with a null data plane,
 * and the captured log.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_HARNESS_H
#define KPPTP_TEST_HARNESS_H

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "worker/clock.h"
#include "worker/dataplane_null.h"
#include "worker/dialer.h"
#include "common/log.h"
#include "worker/server.h"
#include "worker/session.h"
#include "worker/tunnel.h"
#include "unit.h"

#define DEADLINE 10

static struct event_base *base;

/* One server under test. */
struct host {
	struct kpptp_server *server;
	struct kpptp_dataplane *dp;
	struct in_addr addr;
	uint16_t port;
	int stopped;
};

#define pump_until(condition)                                                                      \
	do {                                                                                       \
		time_t end_ = time(NULL) + DEADLINE;                                               \
		while (!(condition)) {                                                             \
			if (time(NULL) > end_)                                                     \
				fail_msg("timeout: %s", #condition);                               \
			event_base_loop(base, EVLOOP_NONBLOCK);                                    \
			usleep(100);                                                               \
		}                                                                                  \
	} while (0)

/* The log goes to a file, for tests to search, and is shown on failure. */
static char log_path[] = "/tmp/kpptp-test-log.XXXXXX";

static int log_stderr;

static inline void log_capture(void)
{
	int fd = mkstemp(log_path);

	if (fd < 0)
		abort();
	/* Ignore SIGPIPE: writing to a closed connection must return an error. */
	signal(SIGPIPE, SIG_IGN);
	log_stderr = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
	kpptp_log_open(KPPTP_LOG_STDERR, LOG_DEBUG);
}

/* The log, or what was added since log_clear(). */
static off_t log_mark;

static inline const char *log_text(off_t from)
{
	static char log[4 << 20];
	int fd = open(log_path, O_RDONLY);
	ssize_t n = pread(fd, log, sizeof(log) - 1, from);

	close(fd);
	log[n > 0 ? n : 0] = '\0';
	return log;
}

static inline bool log_has(const char *text)
{
	return strstr(log_text(log_mark), text) != NULL;
}

/* Count occurrences of the text. */
static inline unsigned int log_count(const char *part)
{
	const char *at = log_text(log_mark);
	unsigned int n = 0;

	while ((at = strstr(at, part))) {
		at += strlen(part);
		n++;
	}
	return n;
}

static inline void log_clear(void)
{
	log_mark = lseek(STDERR_FILENO, 0, SEEK_END);
}

/*
 * Sanitizers report to standard error at the very end. Returns @failed, what
 * cmocka has counted, for main() to return.
 */
static inline int log_release(int failed)
{
	dup2(log_stderr, STDERR_FILENO);
	close(log_stderr);
	if (failed)
		fputs(log_text(0), stderr);
	unlink(log_path);
	return failed;
}

/* The body of main(): run a group of tests with the log captured. */
#define run_with_log(group, tests)                                                                 \
	(log_capture(), log_release(cmocka_run_group_tests_name(group, tests, NULL, NULL)))

static inline void on_stopped(void *ctx)
{
	((struct host *)ctx)->stopped++;
}

static inline void on_lost(void *ctx, const char *text)
{
	(void)ctx;
	fail_msg("the data plane is lost: %s", text);
}

static const struct kpptp_server_hooks hooks = { on_stopped, on_lost };

/* @port 0 lets the kernel choose. */
static inline void host_start(struct host *h, const char *addr, uint16_t port,
			      const struct kpptp_config *config)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(sin);
	int on = 1;

	memset(h, 0, sizeof(*h));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	inet_pton(AF_INET, addr, &sin.sin_addr);
	sin.sin_port = htons(port);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, len), 0);
	assert_int_equal(listen(fd, 16), 0);
	getsockname(fd, (struct sockaddr *)&sin, &len);
	h->addr = sin.sin_addr;
	h->port = ntohs(sin.sin_port);
	h->server = kpptp_server_new(base, config, &hooks, h);
	assert_non_null(h->server);
	/* Dial the port that the kernel chose. */
	h->server->config.dial_ports.count = 0;
	h->dp = kpptp_dataplane_null_open(base, &kpptp_server_dataplane_events, h->server);
	kpptp_server_set_dataplane(h->server, h->dp);
	assert_int_equal(kpptp_server_listen(h->server, fd), 0);
}

static inline void host_end(struct host *h)
{
	kpptp_server_free(h->server);
	h->server = NULL;
}

/* Restart with this configuration. */
static inline void host_restart(struct host *h, const struct kpptp_config *config)
{
	host_end(h);
	host_start(h, "127.0.0.1", 0, config);
}

static inline int setup_host(void **state)
{
	static struct host host;
	struct kpptp_config config;

	kpptp_config_defaults(&config);
	base = event_base_new();
	host_start(&host, "127.0.0.1", 0, &config);
	log_clear();
	*state = &host;
	return 0;
}

static inline int teardown_host(void **state)
{
	host_end(*state);
	event_base_free(base);
	return 0;
}

#define TEST_HOST(name) cmocka_unit_test_setup_teardown(name, setup_host, teardown_host)

#endif /* KPPTP_TEST_HARNESS_H */
