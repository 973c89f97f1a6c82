/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One end of the socket pair between the two halves: messages of priv.h in
 * and out of an event loop, without ever blocking. What a message says is not
 * looked at here.
 */
#ifndef KPPTP_PORT_H
#define KPPTP_PORT_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;
struct kpptp_port;
struct kpptp_priv_msg;

/* Messages that may wait for the other half to read. */
#define KPPTP_PORT_QUEUE_MAX 1024

/**
 * struct kpptp_port_events - what a port reports, always from the loop
 * @message: a packet came; @len may be more than any message has, then only
 *	the beginning is in @buf
 * @closed: the other half closed its end or died; comes once, and last
 *
 * Both may free the port.
 */
struct kpptp_port_events {
	void (*message)(void *ctx, const void *buf, size_t len);
	void (*closed)(void *ctx);
};

/**
 * kpptp_port_new() - make one
 * @sock: SOCK_SEQPACKET; owned by the port from now on
 * @throttle: read nothing while KPPTP_PORT_QUEUE_MAX messages wait to be
 *	sent, so that a sender of requests that does not read its answers
 *	cannot make us hoard them. One half only may do this, or both could
 *	wait for each other.
 *
 * Return: the port, or NULL without memory (@sock is then untouched).
 */
struct kpptp_port *kpptp_port_new(struct event_base *base, int sock, bool throttle,
				  const struct kpptp_port_events *events, void *ctx);

/**
 * kpptp_port_free() - close it; what waits to be sent is lost
 * @port: may be NULL
 */
void kpptp_port_free(struct kpptp_port *port);

/**
 * kpptp_port_send() - send a message, now or when there is room
 * @msg: of a valid type; copied
 * @always: queue it even above KPPTP_PORT_QUEUE_MAX; for messages whose
 *	number is bounded by something else, such as one for each call
 *
 * Return: 0, -ENOBUFS (queue full), -ENOMEM, or -EPIPE (the other half is
 * gone; closed() comes or has come).
 */
int kpptp_port_send(struct kpptp_port *port, const struct kpptp_priv_msg *msg, bool always);

#endif /* KPPTP_PORT_H */
