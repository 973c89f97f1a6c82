/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TCP session of a control connection: messages in, messages out.
 *
 * It knows framing and TCP, and nothing of what messages mean. It never calls
 * back from inside a function of this file but kpptp_conn_poll(): every other
 * callback comes from the event loop.
 */
#ifndef KPPTP_CONN_H
#define KPPTP_CONN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

struct event_base;
struct kpptp_conn;

/* Most messages that may wait for a peer that does not read. */
#define KPPTP_CONN_QUEUE_MAX 256

/**
 * struct kpptp_conn_events - what a connection tells; every member must be set
 * @opened: TCP is open; after kpptp_conn_connect() only
 * @message: a message arrived; valid during the callback
 * @unknown: a well framed message of a type that we do not know; @text names it
 * @lost_sync: what arrived is no message (RFC 2637 section 1.4); @text names
 *	what is wrong with it. Nothing more is read: close.
 * @broken: TCP could not be opened, or the peer closed or reset it, or does
 *	not read; @text says which. Nothing more is read or sent: close.
 * @gone: comes once after kpptp_conn_close(), as the last callback; the
 *	descriptor is closed and the connection freed
 */
struct kpptp_conn_events {
	void (*opened)(void *ctx);
	void (*message)(void *ctx, const struct kpptp_msg *msg);
	void (*unknown)(void *ctx, const char *text);
	void (*lost_sync)(void *ctx, const char *text);
	void (*broken)(void *ctx, const char *text);
	void (*gone)(void *ctx);
};

/**
 * kpptp_conn_accept() - take over an accepted socket
 * @fd: non-blocking; owned by the connection when this succeeds
 *
 * Return: the connection, or NULL without memory.
 */
struct kpptp_conn *kpptp_conn_accept(struct event_base *base, int fd,
				     const struct kpptp_conn_events *events, void *ctx);

/**
 * kpptp_conn_connect() - open TCP to a peer
 * @local: source address; INADDR_ANY lets the routes choose
 * @peer: where to
 * @port: host byte order
 * @timeout: milliseconds that it may take
 *
 * Answered by @opened or @broken.
 *
 * Return: the connection, or NULL with errno set.
 */
struct kpptp_conn *kpptp_conn_connect(struct event_base *base, struct in_addr local,
				      struct in_addr peer, uint16_t port, uint32_t timeout,
				      const struct kpptp_conn_events *events, void *ctx);

/**
 * kpptp_conn_poll() - read what has arrived, before the event loop comes to it
 *
 * The only function that calls back: @message, @unknown and @lost_sync may come.
 */
void kpptp_conn_poll(struct kpptp_conn *conn);

/**
 * kpptp_conn_send() - send a message, as one TCP segment where TCP allows
 *
 * The NAT helper of Linux reads one message at the start of each segment.
 * What cannot go out now waits; when too much waits the connection breaks.
 */
void kpptp_conn_send(struct kpptp_conn *conn, const struct kpptp_msg *msg);

/**
 * kpptp_conn_close() - close it
 * @flush: send what waits first, and let the peer close before us, for some
 *	seconds at most: closing with unread octets would reset the connection
 *	and may destroy what the peer has not read yet
 *
 * No callback but @gone comes from now on. May be called again, without
 * @flush to make it short.
 */
void kpptp_conn_close(struct kpptp_conn *conn, bool flush);

/**
 * kpptp_conn_free() - close the descriptor and free it, without any callback
 * @conn: may be NULL
 *
 * For the end of the process; never from inside a callback of @conn.
 */
void kpptp_conn_free(struct kpptp_conn *conn);

/**
 * kpptp_conn_local() - our address, once TCP is open
 */
struct in_addr kpptp_conn_local(const struct kpptp_conn *conn);

#endif /* KPPTP_CONN_H */
