/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One end of the socket pair between the two processes: messages of priv.h in
 * and out of an event loop, without blocking. The contents of messages are not
 * checked here.
 */
#ifndef KPPTP_PORT_H
#define KPPTP_PORT_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;
struct kpptp_port;
struct kpptp_priv_msg;

/* Maximum number of messages waiting for the other process to read. */
#define KPPTP_PORT_QUEUE_MAX 1024

/**
 * struct kpptp_port_events - what a port reports, always from the loop
 * @message: a packet arrived; @len may exceed the size of any message, then @buf
 *	holds only the beginning
 * @closed: the other process closed its end or died; called once, and last
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
 * @throttle: stop reading while KPPTP_PORT_QUEUE_MAX messages wait to be sent,
 *	so that a sender that does not read its answers cannot make us hoard
 *	them. Only one end may do this, or both could wait for each other.
 *
 * Return: the port, or NULL if out of memory (@sock is then untouched).
 */
struct kpptp_port *kpptp_port_new(struct event_base *base, int sock, bool throttle,
				  const struct kpptp_port_events *events, void *ctx);

/**
 * kpptp_port_free() - close it; messages waiting to be sent are lost
 * @port: may be NULL
 */
void kpptp_port_free(struct kpptp_port *port);

/**
 * kpptp_port_send() - send a message, now or when there is room
 * @msg: of a valid type; copied
 * @always: queue it even above KPPTP_PORT_QUEUE_MAX; for messages whose number
 *	is bounded otherwise, such as one per call
 *
 * Return: 0, -ENOBUFS (queue full), -ENOMEM, or -EPIPE (the other process is
 * gone; closed() is or was called).
 */
int kpptp_port_send(struct kpptp_port *port, const struct kpptp_priv_msg *msg, bool always);

#endif /* KPPTP_PORT_H */
