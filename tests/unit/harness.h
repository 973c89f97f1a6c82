/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the server share: servers on loopback addresses with a
 * null data plane, a peer that is driven by hand, and the log, captured.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_HARNESS_H
#define KPPTP_TEST_HARNESS_H

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "config.h"
#include "dataplane_null.h"
#include "dialer.h"
#include "log.h"
#include "server.h"
#include "session.h"
#include "tunnel.h"

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

#define pump_until(condition)                                                  \
	do {                                                                   \
		time_t end_ = time(NULL) + DEADLINE;                           \
		while (!(condition)) {                                         \
			if (time(NULL) > end_)                                 \
				fail_msg("in vain: %s", #condition);           \
			event_base_loop(base, EVLOOP_NONBLOCK);                \
			usleep(100);                                           \
		}                                                              \
	} while (0)

static inline void pump(void)
{
	for (int i = 0; i < 20; i++) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		usleep(50);
	}
}

/* The log goes to a file, which a test may search and which a failure shows. */
static char log_path[] = "/tmp/kpptp-test-log.XXXXXX";

static int log_stderr;

static inline void log_capture(void)
{
	int fd = mkstemp(log_path);

	if (fd < 0)
		abort();
	log_stderr = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
	kpptp_log_open(KPPTP_LOG_STDERR, LOG_DEBUG);
}

/* All of it, or what came since log_clear() only. */
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

static inline void log_clear(void)
{
	log_mark = lseek(STDERR_FILENO, 0, SEEK_END);
}

/* Sanitizers report to standard error at the very end. */
static inline void log_release(bool failed)
{
	dup2(log_stderr, STDERR_FILENO);
	close(log_stderr);
	if (failed)
		fputs(log_text(0), stderr);
	unlink(log_path);
}

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
	h->dp = kpptp_dataplane_null_open(base, &kpptp_server_dataplane_events,
					  h->server);
	kpptp_server_set_dataplane(h->server, h->dp);
	assert_int_equal(kpptp_server_listen(h->server, fd), 0);
}

static inline void host_end(struct host *h)
{
	kpptp_server_free(h->server);
	h->server = NULL;
}

/* A peer driven by hand: a socket, and what it has read. */
struct peer {
	int fd;
	uint8_t buf[8192];
	size_t len;
};

/* From a source address; INADDR_ANY lets the kernel choose. */
static inline void peer_open_from(struct peer *p, const struct host *h,
				  in_addr_t from)
{
	struct sockaddr_in source = {
		.sin_family = AF_INET,
		.sin_addr = { htonl(from) },
	};
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr = h->addr,
		.sin_port = htons(h->port),
	};

	memset(p, 0, sizeof(*p));
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(p->fd, (struct sockaddr *)&source, sizeof(source)), 0);
	assert_int_equal(connect(p->fd, (struct sockaddr *)&sin, sizeof(sin)),
			 0);
	fcntl(p->fd, F_SETFL, O_NONBLOCK);
}

static inline void peer_open(struct peer *p, const struct host *h)
{
	peer_open_from(p, h, INADDR_ANY);
}

static inline void peer_write(struct peer *p, const void *buf, size_t len)
{
	assert_int_equal(send(p->fd, buf, len, MSG_NOSIGNAL), len);
}

static inline void peer_send(struct peer *p, const struct kpptp_msg *msg)
{
	uint8_t buf[KPPTP_MSG_MAX];

	peer_write(p, buf, kpptp_wire_encode(msg, buf));
}

/* Read what is there; returns false at the end of the connection. */
static inline bool peer_read(struct peer *p)
{
	ssize_t n;

	event_base_loop(base, EVLOOP_NONBLOCK);
	n = read(p->fd, p->buf + p->len, sizeof(p->buf) - p->len);
	if (n > 0)
		p->len += n;
	else if (n < 0 && errno == EAGAIN)
		usleep(100);
	else
		return false;
	return true;
}

/* The next message must be a @type. */
static inline void peer_expect(struct peer *p, enum kpptp_msg_type type,
			       struct kpptp_msg *msg)
{
	time_t end = time(NULL) + DEADLINE;
	struct kpptp_reason why;
	size_t len = 0;

	while (kpptp_wire_frame(p->buf, p->len, &len, &why) !=
	       KPPTP_FRAME_WHOLE) {
		if (!peer_read(p))
			fail_msg("closed instead of %s", kpptp_msg_name(type));
		if (time(NULL) > end)
			fail_msg("no %s", kpptp_msg_name(type));
	}
	assert_int_equal(kpptp_wire_decode(p->buf, len, msg, &why),
			 KPPTP_DECODE_OK);
	memmove(p->buf, p->buf + len, p->len - len);
	p->len -= len;
	if (msg->type != type)
		fail_msg("%s instead of %s", kpptp_msg_name(msg->type),
			 kpptp_msg_name(type));
}

/* The connection must end without another octet. */
static inline void peer_expect_end(struct peer *p)
{
	time_t end = time(NULL) + DEADLINE;

	while (peer_read(p))
		if (time(NULL) > end)
			fail_msg("the connection does not end");
	assert_int_equal(p->len, 0);
	close(p->fd);
	p->fd = -1;
	pump();
}

static inline void peer_say_start(struct peer *p)
{
	struct kpptp_msg msg = {
		.type = KPPTP_SCCRQ,
		.sccrq = { .protocol_version = KPPTP_VERSION,
			   .framing_capabilities = 3,
			   .bearer_capabilities = 3,
			   .host_name = "peer",
			   .vendor_name = "test" },
	};

	peer_send(p, &msg);
}

static inline void peer_start(struct peer *p, const struct host *h)
{
	peer_open(p, h);
	peer_say_start(p);
}

static inline void peer_establish(struct peer *p, const struct host *h)
{
	struct kpptp_msg msg;

	peer_start(p, h);
	peer_expect(p, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(msg.sccrp.protocol_version, KPPTP_VERSION);
}

static inline void peer_request_call(struct peer *p, uint16_t id)
{
	struct kpptp_msg msg = {
		.type = KPPTP_OCRQ,
		.ocrq = { .call_id = id,
			  .call_serial_number = 7,
			  .minimum_bps = 300,
			  .maximum_bps = 100000000,
			  .bearer_type = 3,
			  .framing_type = 3,
			  .packet_recv_window_size = 64 },
	};

	peer_send(p, &msg);
}

/* Returns the Call ID that the server chose. */
static inline uint16_t peer_call(struct peer *p, uint16_t id)
{
	struct kpptp_msg msg;

	peer_request_call(p, id);
	peer_expect(p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(msg.ocrp.peers_call_id, id);
	assert_int_not_equal(msg.ocrp.packet_recv_window_size, 0);
	return msg.ocrp.call_id;
}

static inline void peer_stop(struct peer *p)
{
	struct kpptp_msg msg = {
		.type = KPPTP_STOPCCRQ,
		.stopccrq = { .reason = KPPTP_STOP_NONE },
	};

	peer_send(p, &msg);
	peer_expect(p, KPPTP_STOPCCRP, &msg);
	assert_int_equal(msg.stopccrp.result_code, KPPTP_RESULT_OK);
	peer_expect_end(p);
}

#endif /* KPPTP_TEST_HARNESS_H */
