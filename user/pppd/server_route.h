/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The route to the server: it must not lead through the tunnel itself. Knows
 * nothing of pppd.
 */
#ifndef KPPTP_PPPD_SERVER_ROUTE_H
#define KPPTP_PPPD_SERVER_ROUTE_H

#include <stdbool.h>

struct kpptp_dialled;
struct kpptp_error;

/**
 * kpptp_server_route_keep() - a host route to the server, as packets go now
 *
 * A host route that is there already stays as it is, and is not ours. One at a
 * time: until kpptp_server_route_drop().
 *
 * Return: 0 or a negative errno.
 */
int kpptp_server_route_keep(const struct kpptp_dialled *call, struct kpptp_error *error);

/**
 * kpptp_server_route_drop() - remove what kpptp_server_route_keep() has made
 *
 * Return: 0, also when there is nothing to remove, or a negative errno.
 */
int kpptp_server_route_drop(struct kpptp_error *error);

/**
 * kpptp_server_route_loops() - do packets to the server leave by the tunnel?
 * @ifname: the interface of the tunnel
 */
bool kpptp_server_route_loops(const struct kpptp_dialled *call, const char *ifname);

#endif /* KPPTP_PPPD_SERVER_ROUTE_H */
