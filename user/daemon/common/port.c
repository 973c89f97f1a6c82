// SPDX-License-Identifier: GPL-2.0-or-later
/* One end of the socket pair between the two processes, see port.h. */
#include "port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <event2/event.h>

#include "priv.h"

/* Messages read in a row, so that the other end cannot monopolise our loop. */
#define READ_BURST 64

struct queued {
	STAILQ_ENTRY(queued) next;
	size_t len;
	uint8_t bytes[];
};

struct kpptp_port {
	const struct kpptp_port_events *events;
	void *ctx;
	struct event *readable;
	struct event *writable;
	STAILQ_HEAD(, queued) queue;
	unsigned int queued;
	int sock;
	bool throttle;
	bool broken;
	/* Freed by a callback: the memory is released when that has returned. */
	bool reporting;
	bool freed;
};

static void dequeue(struct kpptp_port *port)
{
	struct queued *first = STAILQ_FIRST(&port->queue);

	STAILQ_REMOVE_HEAD(&port->queue, next);
	port->queued--;
	free(first);
}

/*
 * The other process is gone, but what it sent before can still be read: stop
 * sending only. The end of file, which closed() reports, follows by itself.
 */
static int send_failed(struct kpptp_port *port)
{
	port->broken = true;
	while (port->queued)
		dequeue(port);
	event_del(port->writable);
	event_add(port->readable, NULL);
	shutdown(port->sock, SHUT_RDWR);
	return -EPIPE;
}

/* Returns 0, -EAGAIN or another negative errno. */
static int send_now(struct kpptp_port *port, const void *bytes, size_t len)
{
	ssize_t sent;

	do {
		sent = send(port->sock, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return 0;
	if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)
		return -EAGAIN;
	return -errno;
}

static void on_writable(evutil_socket_t sock, short what, void *arg)
{
	struct kpptp_port *port = arg;

	(void)sock;
	(void)what;
	while (port->queued) {
		const struct queued *first = STAILQ_FIRST(&port->queue);
		int err = send_now(port, first->bytes, first->len);

		if (err == -EAGAIN)
			break;
		if (err) {
			send_failed(port);
			break;
		}
		dequeue(port);
	}
	if (!port->queued)
		event_del(port->writable);
	if (port->throttle && port->queued < KPPTP_PORT_QUEUE_MAX)
		event_add(port->readable, NULL);
}

static int enqueue(struct kpptp_port *port, const void *bytes, size_t len)
{
	struct queued *last = malloc(sizeof(*last) + len);

	if (!last)
		return -ENOMEM;
	last->len = len;
	memcpy(last->bytes, bytes, len);
	STAILQ_INSERT_TAIL(&port->queue, last, next);
	port->queued++;
	event_add(port->writable, NULL);
	if (port->throttle && port->queued >= KPPTP_PORT_QUEUE_MAX)
		event_del(port->readable);
	return 0;
}

int kpptp_port_send(struct kpptp_port *port, const struct kpptp_priv_msg *msg, bool always)
{
	size_t len = kpptp_priv_size(msg->type);
	int err = -EAGAIN;

	if (port->broken)
		return -EPIPE;
	if (!port->queued)
		err = send_now(port, msg, len);
	if (!err)
		return 0;
	if (err != -EAGAIN)
		return send_failed(port);
	if (!always && port->queued >= KPPTP_PORT_QUEUE_MAX)
		return -ENOBUFS;
	return enqueue(port, msg, len);
}

/* Returns whether there may be more to read; false if the port was freed. */
static bool read_one(struct kpptp_port *port)
{
	struct kpptp_priv_msg buf;
	ssize_t len;

	/* MSG_TRUNC: return the packet's full length, even if it is truncated. */
	len = recv(port->sock, &buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* Reported once if our messages died unread; incoming ones remain. */
	if (len < 0 && errno == ECONNRESET)
		return true;
	port->reporting = true;
	if (len > 0) {
		port->events->message(port->ctx, &buf, len);
	} else {
		/* No message is empty: 0 is end of file. */
		port->broken = true;
		event_del(port->readable);
		event_del(port->writable);
		port->events->closed(port->ctx);
	}
	port->reporting = false;
	if (port->freed) {
		free(port);
		return false;
	}
	return len > 0 && !(port->throttle && port->queued >= KPPTP_PORT_QUEUE_MAX);
}

static void on_readable(evutil_socket_t sock, short what, void *arg)
{
	int burst = READ_BURST;

	(void)sock;
	(void)what;
	while (burst-- && read_one(arg))
		;
}

struct kpptp_port *kpptp_port_new(struct event_base *base, int sock, bool throttle,
				  const struct kpptp_port_events *events, void *ctx)
{
	struct kpptp_port *port = calloc(1, sizeof(*port));

	if (!port)
		return NULL;
	STAILQ_INIT(&port->queue);
	port->events = events;
	port->ctx = ctx;
	port->throttle = throttle;
	port->sock = sock;
	port->readable = event_new(base, sock, EV_READ | EV_PERSIST, on_readable, port);
	port->writable = event_new(base, sock, EV_WRITE | EV_PERSIST, on_writable, port);
	if (!port->readable || !port->writable || event_add(port->readable, NULL)) {
		port->sock = -1;
		kpptp_port_free(port);
		return NULL;
	}
	return port;
}

void kpptp_port_free(struct kpptp_port *port)
{
	if (!port)
		return;
	if (port->readable)
		event_free(port->readable);
	if (port->writable)
		event_free(port->writable);
	while (port->queued)
		dequeue(port);
	if (port->sock >= 0)
		close(port->sock);
	port->freed = true;
	if (!port->reporting)
		free(port);
}
