/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's state as JSON: the reply to "show", in parts, and the events for
 * subscribers (protocol: api.h).
 */
#ifndef KPPTP_SHOW_H
#define KPPTP_SHOW_H

#include <stdbool.h>

struct evbuffer;
struct kpptp_server;
struct kpptp_session;
struct kpptp_show;
struct kpptp_tunnel;

/* Tunnels and calls in one part. */
#define KPPTP_SHOW_PART 64

/**
 * kpptp_show_new() - begin a reply: all control connections and their calls
 *
 * What begins or ends between two parts may or may not be in it; what exists
 * throughout is in it once.
 *
 * Return: the reply, to be freed with kpptp_show_free() before the server is, or
 * NULL if out of memory.
 */
struct kpptp_show *kpptp_show_new(struct kpptp_server *server);

/**
 * kpptp_show_part() - write the next part of the reply
 * @out: gets KPPTP_SHOW_PART tunnels and calls, or the rest; the last part ends
 *	the line
 *
 * Return: whether there is more.
 */
bool kpptp_show_part(struct kpptp_show *show, struct evbuffer *out);

/**
 * kpptp_show_free()
 * @show: may be NULL
 */
void kpptp_show_free(struct kpptp_show *show);

/**
 * kpptp_show_tunnel_gone() - call before a tunnel leaves the server's list
 *
 * Replies that would continue with it continue with the next one.
 */
void kpptp_show_tunnel_gone(const struct kpptp_tunnel *tunnel);

/**
 * kpptp_show_call_gone() - call before a call leaves its tunnel's list
 */
void kpptp_show_call_gone(const struct kpptp_session *session);

/**
 * kpptp_show_tunnel_event() - tell subscribers that a tunnel's state changed
 * @text: what the log says about it, or NULL
 */
void kpptp_show_tunnel_event(const struct kpptp_tunnel *tunnel, const char *text);

/**
 * kpptp_show_call_event() - likewise, for a call
 */
void kpptp_show_call_event(const struct kpptp_session *session, const char *text);

#endif /* KPPTP_SHOW_H */
