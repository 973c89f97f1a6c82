/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon has, as JSON: the reply to "show" (protocol: api.h).
 */
#ifndef KPPTP_SHOW_H
#define KPPTP_SHOW_H

struct json_object;
struct kpptp_server;

/**
 * kpptp_show_tunnels() - all control connections and their calls
 *
 * Return: the array, a new reference.
 */
struct json_object *kpptp_show_tunnels(const struct kpptp_server *server);

#endif /* KPPTP_SHOW_H */
