/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon has, as JSON: the reply to "show", and the events of those
 * who watch (protocol: api.h).
 */
#ifndef KPPTP_SHOW_H
#define KPPTP_SHOW_H

struct json_object;
struct kpptp_server;
struct kpptp_session;
struct kpptp_tunnel;

/**
 * kpptp_show_tunnels() - all control connections and their calls
 *
 * Return: the array, a new reference.
 */
struct json_object *kpptp_show_tunnels(const struct kpptp_server *server);

/**
 * kpptp_show_tunnel_event() - tell those who watch that a tunnel's state changed
 * @text: what the log says of it, or NULL
 */
void kpptp_show_tunnel_event(const struct kpptp_tunnel *tunnel,
			     const char *text);

/**
 * kpptp_show_call_event() - likewise, of a call
 */
void kpptp_show_call_event(const struct kpptp_session *session,
			   const char *text);

#endif /* KPPTP_SHOW_H */
