// SPDX-License-Identifier: GPL-2.0-or-later
/* The TCP session of a control connection: framing, queue, closing. */
#include "conn.h"

#include <errno.h>
#include <event2/event.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

/* Seconds allowed for a flush, and then for the peer's own close. */
#define FLUSH_SECONDS 5

/* Size of a read in bytes: many messages. */
#define INPUT_SIZE 4096

struct output {
	STAILQ_ENTRY(output) next;
	size_t len;
	size_t sent;
	uint8_t bytes[KPPTP_MSG_MAX];
};

/**
 * enum phase - the life of a connection
 * @OPENING: connect() is in progress
 * @OPEN: messages go both ways
 * @DEAD: it broke or lost synchronisation; waits to be closed
 * @FLUSHING: will be closed when the queue is empty
 * @DRAINING: our end is shut down; waits for the peer to close its own
 * @CLOSING: @gone is due
 */
enum phase {
	OPENING,
	OPEN,
	DEAD,
	FLUSHING,
	DRAINING,
	CLOSING,
};

/**
 * struct kpptp_conn - one TCP session
 * @readable: persistent while reading
 * @writable: pending while the queue is not empty or connect() is in progress
 * @later: for callbacks that must not come from inside a function; also the
 *	timer of the phases that have one
 * @why: what broke it, for @later to report
 * @input: an incomplete message, always shorter than the longest one: complete
 *	ones are delivered at once, so that ten thousand connections do not keep
 *	ten thousand read buffers
 */
struct kpptp_conn {
	const struct kpptp_conn_events *events;
	void *ctx;
	int fd;
	enum phase phase;
	struct event *readable;
	struct event *writable;
	struct event *later;
	char why[160];
	unsigned int queued;
	STAILQ_HEAD(, output) queue;
	size_t input_len;
	uint8_t input[KPPTP_MSG_MAX];
};

static void on_readable(evutil_socket_t fd, short what, void *arg);
static void on_writable(evutil_socket_t fd, short what, void *arg);
static void on_later(evutil_socket_t fd, short what, void *arg);

static void conn_drop_queue(struct kpptp_conn *conn)
{
	while (!STAILQ_EMPTY(&conn->queue)) {
		struct output *out = STAILQ_FIRST(&conn->queue);

		STAILQ_REMOVE_HEAD(&conn->queue, next);
		free(out);
	}
	conn->queued = 0;
}

static void conn_free(struct kpptp_conn *conn)
{
	if (conn->readable)
		event_free(conn->readable);
	if (conn->writable)
		event_free(conn->writable);
	if (conn->later)
		event_free(conn->later);
	conn_drop_queue(conn);
	free(conn);
}

static struct kpptp_conn *conn_new(struct event_base *base, int fd,
				   const struct kpptp_conn_events *events, void *ctx)
{
	struct kpptp_conn *conn = calloc(1, sizeof(*conn));

	if (!conn)
		return NULL;
	conn->events = events;
	conn->ctx = ctx;
	conn->fd = fd;
	STAILQ_INIT(&conn->queue);
	conn->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, conn);
	conn->writable = event_new(base, fd, EV_WRITE, on_writable, conn);
	conn->later = evtimer_new(base, on_later, conn);
	if (!conn->readable || !conn->writable || !conn->later) {
		conn_free(conn);
		return NULL;
	}
	return conn;
}

static void conn_set_options(int fd)
{
	int on = 1;

	/* One message per segment. Best effort: the session works without it. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

struct kpptp_conn *kpptp_conn_accept(struct event_base *base, int fd,
				     const struct kpptp_conn_events *events, void *ctx)
{
	struct kpptp_conn *conn = conn_new(base, fd, events, ctx);

	if (!conn)
		return NULL;
	conn_set_options(fd);
	conn->phase = OPEN;
	event_add(conn->readable, NULL);
	return conn;
}

static int conn_connect_to(int fd, struct in_addr local, struct in_addr peer, uint16_t port)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr = local };
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr = peer,
		.sin_port = htons(port),
	};

	if (local.s_addr != htonl(INADDR_ANY) &&
	    bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS)
		return -1;
	return 0;
}

struct kpptp_conn *kpptp_conn_connect(struct event_base *base, struct in_addr local,
				      struct in_addr peer, uint16_t port, uint32_t timeout,
				      const struct kpptp_conn_events *events, void *ctx)
{
	struct timeval tv = { timeout / 1000, timeout % 1000 * 1000 };
	struct kpptp_conn *conn;
	int fd, err;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	conn_set_options(fd);
	if (conn_connect_to(fd, local, peer, port) < 0)
		goto close_fd;
	conn = conn_new(base, fd, events, ctx);
	if (!conn) {
		errno = ENOMEM;
		goto close_fd;
	}
	conn->phase = OPENING;
	snprintf(conn->why, sizeof(conn->why), "TCP connection timed out after %u s",
		 timeout / 1000);
	event_add(conn->writable, NULL);
	event_add(conn->later, &tv);
	return conn;

close_fd:
	err = errno;
	close(fd);
	errno = err;
	return NULL;
}

/* Stop all I/O; report @why from the event loop. */
static void conn_fail(struct kpptp_conn *conn, const char *why)
{
	conn->phase = DEAD;
	event_del(conn->readable);
	event_del(conn->writable);
	conn_drop_queue(conn);
	snprintf(conn->why, sizeof(conn->why), "%s", why);
	event_active(conn->later, EV_TIMEOUT, 0);
}

static void conn_close_now(struct kpptp_conn *conn)
{
	conn->phase = CLOSING;
	event_del(conn->readable);
	event_del(conn->writable);
	conn_drop_queue(conn);
	event_active(conn->later, EV_TIMEOUT, 0);
}

static void conn_drain(struct kpptp_conn *conn)
{
	struct timeval tv = { FLUSH_SECONDS, 0 };

	conn->phase = DRAINING;
	if (shutdown(conn->fd, SHUT_WR) < 0) {
		conn_close_now(conn);
		return;
	}
	event_add(conn->readable, NULL);
	event_add(conn->later, &tv);
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_conn *conn = arg;
	const struct kpptp_conn_events *events = conn->events;
	void *ctx = conn->ctx;

	(void)fd;
	(void)what;
	switch (conn->phase) {
	case OPENING:
		conn->phase = DEAD;
		event_del(conn->writable);
		/* fall through */
	case DEAD:
		events->broken(ctx, conn->why);
		break;
	case FLUSHING:
	case DRAINING:
		conn_close_now(conn);
		break;
	case CLOSING:
		close(conn->fd);
		conn_free(conn);
		events->gone(ctx);
		break;
	case OPEN:
		break;
	}
}

static void conn_connected(struct kpptp_conn *conn)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	event_del(conn->later);
	if (err) {
		conn_fail(conn, strerror(err));
		return;
	}
	conn->phase = OPEN;
	event_add(conn->readable, NULL);
	conn->events->opened(conn->ctx);
}

/*
 * Returns false if the rest must wait or the connection broke. MSG_EOR keeps TCP
 * from filling the segment with the next message, as it would if both have to
 * wait for the window.
 */
static bool conn_write_one(struct kpptp_conn *conn, struct output *out)
{
	ssize_t n = send(conn->fd, out->bytes + out->sent, out->len - out->sent,
			 MSG_NOSIGNAL | MSG_EOR);

	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			event_add(conn->writable, NULL);
		else if (conn->phase == OPEN)
			conn_fail(conn, strerror(errno));
		else
			conn_close_now(conn);
		return false;
	}
	out->sent += n;
	if (out->sent < out->len) {
		event_add(conn->writable, NULL);
		return false;
	}
	return true;
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_conn *conn = arg;

	(void)fd;
	(void)what;
	if (conn->phase == OPENING) {
		conn_connected(conn);
		return;
	}
	while (!STAILQ_EMPTY(&conn->queue)) {
		struct output *out = STAILQ_FIRST(&conn->queue);

		if (!conn_write_one(conn, out))
			return;
		STAILQ_REMOVE_HEAD(&conn->queue, next);
		conn->queued--;
		free(out);
	}
	if (conn->phase == FLUSHING)
		conn_drain(conn);
}

void kpptp_conn_send(struct kpptp_conn *conn, const struct kpptp_msg *msg)
{
	struct output *out;

	if (conn->phase != OPEN)
		return;
	if (conn->queued == KPPTP_CONN_QUEUE_MAX) {
		conn_fail(conn, "the peer does not read what we send");
		return;
	}
	out = calloc(1, sizeof(*out));
	if (!out) {
		conn_fail(conn, strerror(ENOMEM));
		return;
	}
	out->len = kpptp_wire_encode(msg, out->bytes);
	if (conn->queued == 0 && conn_write_one(conn, out)) {
		free(out);
		return;
	}
	if (conn->phase != OPEN) {
		free(out);
		return;
	}
	STAILQ_INSERT_TAIL(&conn->queue, out, next);
	conn->queued++;
}

static void conn_lose_sync(struct kpptp_conn *conn, const struct kpptp_reason *why)
{
	event_del(conn->readable);
	conn->events->lost_sync(conn->ctx, why->text);
}

/* Deliver one whole message; returns false if reading must end. */
static bool conn_deliver(struct kpptp_conn *conn, const uint8_t *frame, size_t len)
{
	struct kpptp_reason why;
	struct kpptp_msg msg;

	switch (kpptp_wire_decode(frame, len, &msg, &why)) {
	case KPPTP_DECODE_OK:
		conn->events->message(conn->ctx, &msg);
		break;
	case KPPTP_DECODE_UNKNOWN:
		conn->events->unknown(conn->ctx, why.text);
		break;
	case KPPTP_DECODE_BAD:
		conn_lose_sync(conn, &why);
		return false;
	}
	return conn->phase == OPEN;
}

/* Deliver all whole messages of @buf and keep the rest. */
static void conn_deliver_all(struct kpptp_conn *conn, const uint8_t *buf, size_t size)
{
	struct kpptp_reason why;
	size_t at = 0, len;

	conn->input_len = 0;
	while (at < size) {
		switch (kpptp_wire_frame(buf + at, size - at, &len, &why)) {
		case KPPTP_FRAME_MORE:
			conn->input_len = size - at;
			memcpy(conn->input, buf + at, conn->input_len);
			return;
		case KPPTP_FRAME_LOST:
			conn_lose_sync(conn, &why);
			return;
		case KPPTP_FRAME_WHOLE:
			if (!conn_deliver(conn, buf + at, len))
				return;
			at += len;
			break;
		}
	}
}

static void conn_read_end(struct kpptp_conn *conn, ssize_t n)
{
	char why[96];

	if (n < 0)
		snprintf(why, sizeof(why), "%s", strerror(errno));
	else if (conn->input_len)
		snprintf(why, sizeof(why), "closed by the peer after %zu bytes of a message",
			 conn->input_len);
	else
		snprintf(why, sizeof(why), "closed by the peer");
	conn_fail(conn, why);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_conn *conn = arg;
	size_t used = conn->phase == OPEN ? conn->input_len : 0;
	uint8_t buf[KPPTP_MSG_MAX + INPUT_SIZE];
	ssize_t n = recv(fd, buf + used, INPUT_SIZE, 0);

	(void)what;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (conn->phase != OPEN) {
		/* Draining: ignore data, wait for the end of file. */
		if (n <= 0)
			conn_close_now(conn);
		return;
	}
	if (n <= 0) {
		conn_read_end(conn, n);
		return;
	}
	memcpy(buf, conn->input, used);
	conn_deliver_all(conn, buf, used + n);
}

void kpptp_conn_poll(struct kpptp_conn *conn)
{
	if (conn->phase == OPEN && event_pending(conn->readable, EV_READ, NULL))
		on_readable(conn->fd, EV_READ, conn);
}

void kpptp_conn_close(struct kpptp_conn *conn, bool flush)
{
	struct timeval tv = { FLUSH_SECONDS, 0 };

	if (conn->phase == CLOSING)
		return;
	if (!flush || conn->phase == OPENING || conn->phase == DEAD) {
		conn_close_now(conn);
		return;
	}
	if (conn->phase != OPEN)
		return;
	event_del(conn->readable);
	if (STAILQ_EMPTY(&conn->queue)) {
		conn_drain(conn);
		return;
	}
	conn->phase = FLUSHING;
	event_add(conn->later, &tv);
}

void kpptp_conn_free(struct kpptp_conn *conn)
{
	if (!conn)
		return;
	close(conn->fd);
	conn_free(conn);
}

struct in_addr kpptp_conn_local(const struct kpptp_conn *conn)
{
	struct sockaddr_in sin = { 0 };
	socklen_t len = sizeof(sin);

	getsockname(conn->fd, (struct sockaddr *)&sin, &len);
	return sin.sin_addr;
}
