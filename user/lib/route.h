/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IPv4 routes of the network namespace that the process is in: where does
 * a packet go, and host routes of our own. Knows nothing of calls.
 */
#ifndef KPPTP_ROUTE_H
#define KPPTP_ROUTE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"

struct nl_sock;

/* An address of IPv6 behind its family, the longest next hop that there is. */
#define KPPTP_ROUTE_HOP_MAX 18

/**
 * struct kpptp_route - the way to one address
 * @to: the address
 * @unicast: it leads to another host
 * @device: index of the interface that packets leave by
 * @hop_type: RTA_GATEWAY or RTA_VIA; 0: there is no host between
 * @hop_len: octets of @hop in use
 * @hop: the next hop, as the kernel has it
 */
struct kpptp_route {
	struct in_addr to;
	bool unicast;
	unsigned int device;
	uint16_t hop_type;
	uint16_t hop_len;
	uint8_t hop[KPPTP_ROUTE_HOP_MAX];
};

/**
 * kpptp_route_open() - a socket for the functions below
 * @sk: receives it; to be freed with nl_socket_free()
 *
 * Return: 0 or a negative errno.
 */
int kpptp_route_open(struct nl_sock **sk, struct kpptp_error *error);

/**
 * kpptp_route_get() - the way that a packet takes now
 * @from: its source address
 * @to: its destination
 *
 * Return: 0 or a negative errno: there is none.
 */
int kpptp_route_get(struct nl_sock *sk, struct in_addr from, struct in_addr to,
		    struct kpptp_route *route, struct kpptp_error *error);

/**
 * kpptp_route_add() - make it a host route of the main table
 *
 * Return: 0 or a negative errno; -EEXIST: there is one already.
 */
int kpptp_route_add(struct nl_sock *sk, const struct kpptp_route *route, struct kpptp_error *error);

/**
 * kpptp_route_del() - undo kpptp_route_add()
 *
 * Return: 0 or a negative errno; -ESRCH: it is gone.
 */
int kpptp_route_del(struct nl_sock *sk, const struct kpptp_route *route, struct kpptp_error *error);

#endif /* KPPTP_ROUTE_H */
