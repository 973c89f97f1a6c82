/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection under test over loopback TCP, its peer's plain socket, and the callbacks
 * it made.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_CONN_FIXTURE_H
#define KPPTP_TEST_CONN_FIXTURE_H

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "worker/conn.h"
#include "unit.h"

#define DEADLINE 10

/* One connection under test, the peer's plain socket, and the callbacks. */
struct fixture {
	struct event_base *base;
	struct kpptp_conn *conn;
	int fd; /* the connection's own descriptor, for options */
	int peer;
	int opened, messages, unknown, lost, broken, gone;
	uint32_t last_echo;
	unsigned int types;
	char text[256];
	bool close_on_message;
};

static inline void on_opened(void *ctx)
{
	((struct fixture *)ctx)->opened++;
}

static inline void on_message(void *ctx, const struct kpptp_msg *msg)
{
	struct fixture *f = ctx;

	f->messages++;
	f->types |= 1U << msg->type;
	if (msg->type == KPPTP_ECHORQ) {
		assert_int_equal(msg->echorq.identifier, f->last_echo + 1);
		f->last_echo = msg->echorq.identifier;
	}
	if (f->close_on_message)
		kpptp_conn_close(f->conn, false);
}

static inline void on_unknown(void *ctx, const char *text)
{
	struct fixture *f = ctx;

	f->unknown++;
	snprintf(f->text, sizeof(f->text), "%s", text);
}

static inline void on_lost_sync(void *ctx, const char *text)
{
	struct fixture *f = ctx;

	f->lost++;
	snprintf(f->text, sizeof(f->text), "%s", text);
}

static inline void on_broken(void *ctx, const char *text)
{
	struct fixture *f = ctx;

	f->broken++;
	snprintf(f->text, sizeof(f->text), "%s", text);
}

static inline void on_gone(void *ctx)
{
	struct fixture *f = ctx;

	f->gone++;
	f->conn = NULL;
}

static const struct kpptp_conn_events events = {
	.opened = on_opened,
	.message = on_message,
	.unknown = on_unknown,
	.lost_sync = on_lost_sync,
	.broken = on_broken,
	.gone = on_gone,
};

/* Run the loop until @condition or the deadline. */
#define pump_until(f, condition)                                                                   \
	do {                                                                                       \
		time_t end_ = time(NULL) + DEADLINE;                                               \
		while (!(condition)) {                                                             \
			if (time(NULL) > end_)                                                     \
				fail_msg("timeout: %s", #condition);                               \
			event_base_loop((f)->base, EVLOOP_NONBLOCK);                               \
			usleep(100);                                                               \
		}                                                                                  \
	} while (0)

static inline void pump(struct fixture *f)
{
	for (int i = 0; i < 5; i++)
		event_base_loop(f->base, EVLOOP_NONBLOCK);
}

static inline int listen_loopback(struct sockaddr_in *sin)
{
	socklen_t len = sizeof(*sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)sin, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)sin, &len), 0);
	return fd;
}

static inline int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct sockaddr_in sin;
	int listener = listen_loopback(&sin);

	f->base = event_base_new();
	f->peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(f->peer, (struct sockaddr *)&sin, sizeof(sin)), 0);
	f->fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(f->fd >= 0);
	close(listener);
	f->conn = kpptp_conn_accept(f->base, f->fd, &events, f);
	assert_non_null(f->conn);
	*state = f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	if (f->peer >= 0)
		close(f->peer);
	if (f->conn) {
		kpptp_conn_close(f->conn, false);
		pump(f);
		assert_int_equal(f->gone, 1);
	}
	event_base_free(f->base);
	free(f);
	return 0;
}

static inline size_t encode_echo(uint8_t *buf, uint32_t id)
{
	struct kpptp_msg msg = {
		.type = KPPTP_ECHORQ,
		.echorq = { .identifier = id },
	};
	uint8_t whole[KPPTP_MSG_MAX];
	size_t len = kpptp_wire_encode(&msg, whole);

	memcpy(buf, whole, len);
	return len;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* KPPTP_TEST_CONN_FIXTURE_H */
