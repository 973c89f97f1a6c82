/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tunnel: one control connection, that is, a TCP session (conn.h) driven by a
 * state machine (ctrl_fsm.h), and the calls on it (session.h).
 */
#ifndef KPPTP_TUNNEL_H
#define KPPTP_TUNNEL_H

#include "state.h"

/**
 * kpptp_tunnel_accept() - serve an accepted connection
 * @fd: owned by the tunnel on success
 * @peer: its source address
 * @admission: not KPPTP_ADMIT_DROP
 *
 * Return: 0, or -1 if out of memory.
 */
int kpptp_tunnel_accept(struct kpptp_server *server, int fd, const struct sockaddr_in *peer,
			const struct kpptp_admission *admission);

/**
 * kpptp_tunnel_get() - get a control connection to a peer, for a call of ours
 * @local: source address; INADDR_ANY lets the routes choose
 *
 * There is one between a PNS and a PAC (section 3.1.3), so reuse one that we
 * opened, or that won a collision. Do not reuse one that the peer opened: hosts
 * behind a NAT share an address. Nor one that may be about to end: it is
 * stopping, or the peer has not answered a Call-Clear-Request, and if it never
 * does the connection is closed with all its calls (section 3.2.1).
 *
 * Return: the tunnel, established or opening, or NULL with errno set.
 */
struct kpptp_tunnel *kpptp_tunnel_get(struct kpptp_server *server, struct in_addr local,
				      struct in_addr peer, uint16_t port);

/**
 * kpptp_tunnel_send() - send a message of a call
 */
void kpptp_tunnel_send(struct kpptp_tunnel *tunnel, const struct kpptp_msg *msg);

/**
 * kpptp_tunnel_stop() - end it: Stop-Control-Connection-Request
 * @reason: KPPTP_STOP_NONE or KPPTP_STOP_LOCAL_SHUTDOWN
 * @why: for the log
 *
 * Not from inside a step; see kpptp_tunnel_stop_later().
 */
void kpptp_tunnel_stop(struct kpptp_tunnel *tunnel, uint8_t reason, const char *why);

/**
 * kpptp_tunnel_stop_later() - likewise, from inside a step of a call
 */
void kpptp_tunnel_stop_later(struct kpptp_tunnel *tunnel, const char *why);

/**
 * kpptp_tunnel_poll() - read what a half-open one has already received
 *
 * Not from inside a step.
 *
 * Return: whether it was a request: then it is no longer half-open.
 */
bool kpptp_tunnel_poll(struct kpptp_tunnel *tunnel);

/**
 * kpptp_tunnel_drop() - close a half-open one at once, silently
 *
 * Neither the peer nor the log is told.
 */
void kpptp_tunnel_drop(struct kpptp_tunnel *tunnel);

/**
 * kpptp_tunnel_evict() - end one without a call at once: its place is needed
 * @why: for the log
 *
 * An established peer gets a Stop-Control-Connection-Request, but its reply is
 * not awaited. Not from inside a step.
 */
void kpptp_tunnel_evict(struct kpptp_tunnel *tunnel, const char *why);

/**
 * kpptp_tunnel_log() - log a line that begins with the peer
 * @priority: as for kpptp_log()
 */
void kpptp_tunnel_log(const struct kpptp_tunnel *tunnel, int priority, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * kpptp_tunnel_add() - put a call on a tunnel
 */
void kpptp_tunnel_add(struct kpptp_tunnel *tunnel, struct kpptp_session *session);

/**
 * kpptp_tunnel_remove() - remove a call from it
 *
 * An originated connection without calls is closed soon afterwards.
 */
void kpptp_tunnel_remove(struct kpptp_tunnel *tunnel, struct kpptp_session *session);

/**
 * kpptp_tunnel_free() - free it now, sending nothing to the peer
 *
 * Only for the end of the process, after the calls are gone: otherwise a tunnel
 * frees itself.
 */
void kpptp_tunnel_free(struct kpptp_tunnel *tunnel);

#endif /* KPPTP_TUNNEL_H */
