/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv4 routes of the network namespace that the process is in: looking up where
 * a packet goes, and host routes of our own. Knows nothing of calls.
 */
#ifndef KPPTP_ROUTE_H
#define KPPTP_ROUTE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"

struct nl_sock;

/* An IPv6 address after its family: the longest possible next hop. */
#define KPPTP_ROUTE_HOP_MAX 18

/**
 * struct kpptp_route - the route to one address
 * @to: the address
 * @unicast: it leads to another host
 * @device: index of the outgoing interface
 * @hop_type: RTA_GATEWAY or RTA_VIA; 0: directly connected
 * @hop_len: bytes of @hop in use
 * @hop: the next hop, in the kernel's format
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
 * kpptp_route_open() - open a socket for the functions below
 * @sk: receives it; free it with nl_socket_free()
 *
 * Return: 0 or a negative errno.
 */
int kpptp_route_open(struct nl_sock **sk, struct kpptp_error *error);

/**
 * kpptp_route_get() - look up the route that a packet takes now
 * @from: its source address
 * @to: its destination
 *
 * Return: 0, or a negative errno if there is none.
 */
int kpptp_route_get(struct nl_sock *sk, struct in_addr from, struct in_addr to,
		    struct kpptp_route *route, struct kpptp_error *error);

/**
 * kpptp_route_add() - add @route as a host route to the main table
 *
 * Return: 0 or a negative errno; -EEXIST: one exists already.
 */
int kpptp_route_add(struct nl_sock *sk, const struct kpptp_route *route, struct kpptp_error *error);

/**
 * kpptp_route_del() - undo kpptp_route_add()
 *
 * Return: 0 or a negative errno; -ESRCH: it is gone.
 */
int kpptp_route_del(struct nl_sock *sk, const struct kpptp_route *route, struct kpptp_error *error);

#endif /* KPPTP_ROUTE_H */
