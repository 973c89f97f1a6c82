/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TCP session of a control connection: messages in, messages out.
 *
 * Knows framing and TCP, but not what messages mean. Of the functions in this
 * file only kpptp_conn_poll() calls back; every other callback comes from the
 * event loop.
 */
#ifndef KPPTP_CONN_H
#define KPPTP_CONN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

struct event_base;
struct kpptp_conn;

/* Maximum number of messages waiting for a peer that does not read. */
#define KPPTP_CONN_QUEUE_MAX 256

/**
 * struct kpptp_conn_events - callbacks of a connection; every member must be set
 * @opened: TCP is open; only after kpptp_conn_connect()
 * @message: a message arrived; valid during the callback
 * @unknown: a well-framed message of unknown type; @text names it
 * @lost_sync: the data received is not a message (RFC 2637 section 1.4); @text
 *	says what is wrong with it. Nothing more is read: close.
 * @broken: TCP could not be opened, or the peer closed or reset it, or does not
 *	read; @text says which. Nothing more is read or sent: close.
 * @gone: called once after kpptp_conn_close(), as the last callback; the
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
 * @fd: non-blocking; owned by the connection on success
 *
 * Return: the connection, or NULL if out of memory.
 */
struct kpptp_conn *kpptp_conn_accept(struct event_base *base, int fd,
				     const struct kpptp_conn_events *events, void *ctx);

/**
 * kpptp_conn_connect() - open TCP to a peer
 * @local: source address; INADDR_ANY lets the routes choose
 * @peer: destination address
 * @port: host byte order
 * @timeout: maximum time in milliseconds
 *
 * Answered by @opened or @broken.
 *
 * Return: the connection, or NULL with errno set.
 */
struct kpptp_conn *kpptp_conn_connect(struct event_base *base, struct in_addr local,
				      struct in_addr peer, uint16_t port, uint32_t timeout,
				      const struct kpptp_conn_events *events, void *ctx);

/**
 * kpptp_conn_poll() - read what has arrived, without waiting for the event loop
 *
 * The only function that calls back: may call @message, @unknown and @lost_sync.
 */
void kpptp_conn_poll(struct kpptp_conn *conn);

/**
 * kpptp_conn_send() - send a message, as one TCP segment if TCP allows it
 *
 * The NAT helper of Linux reads one message at the start of each segment. What
 * cannot be sent now is queued; if the queue is full the connection breaks.
 */
void kpptp_conn_send(struct kpptp_conn *conn, const struct kpptp_msg *msg);

/**
 * kpptp_conn_close() - close it
 * @flush: send queued data first, and let the peer close before us, waiting a
 *	few seconds at most: closing with unread data would reset the connection
 *	and could destroy what the peer has not read yet
 *
 * No callback but @gone follows. May be called again without @flush to cut it
 * short.
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
