/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The route to the server, which must not lead through the tunnel itself. Knows
 * nothing of pppd.
 */
#ifndef KPPTP_PPPD_SERVER_ROUTE_H
#define KPPTP_PPPD_SERVER_ROUTE_H

#include <stdbool.h>

struct kpptp_dialled;
struct kpptp_error;

/**
 * kpptp_server_route_keep() - pin the current route to the server as a host route
 *
 * An existing host route is left alone, and is not ours. Only one at a time:
 * call kpptp_server_route_drop() first.
 *
 * Return: 0 or a negative errno.
 */
int kpptp_server_route_keep(const struct kpptp_dialled *call, struct kpptp_error *error);

/**
 * kpptp_server_route_drop() - remove the route made by kpptp_server_route_keep()
 *
 * Return: 0, also if there is nothing to remove, or a negative errno.
 */
int kpptp_server_route_drop(struct kpptp_error *error);

/**
 * kpptp_server_route_loops() - would packets to the server use the tunnel?
 * @ifname: the interface of the tunnel
 */
bool kpptp_server_route_loops(const struct kpptp_dialled *call, const char *ifname);

#endif /* KPPTP_PPPD_SERVER_ROUTE_H */
