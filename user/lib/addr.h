/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv4 addresses and host names. PPTP identifies calls by IPv4 addresses only,
 * so no other family is supported.
 */
#ifndef KPPTP_ADDR_H
#define KPPTP_ADDR_H

#include <netinet/in.h>

#include <stdbool.h>

#include "error.h"

/**
 * kpptp_addr_parse() - read a numeric IPv4 address
 * @text: dotted quad, all four parts
 * @addr: receives it
 *
 * Return: 0, or -EINVAL with an error that names the bad text.
 */
int kpptp_addr_parse(const char *text, struct in_addr *addr, struct kpptp_error *error);

/**
 * kpptp_addr_is_host() - can a single host have this address?
 *
 * The kernel's rule for the ends of a call: any address except 0.0.0.0, broadcast
 * and multicast. Linux does allow hosts in 240.0.0.0/4.
 */
bool kpptp_addr_is_host(struct in_addr addr);

/**
 * kpptp_addr_resolve() - the IPv4 addresses of a host, best first
 * @host: name or numeric address
 * @addrs: receives up to @size addresses, in the resolver's order
 *
 * May block on DNS. Return: the number of addresses, at least 1, or a negative
 * errno with an error that names the host.
 */
int kpptp_addr_resolve(const char *host, struct in_addr *addrs, int size,
		       struct kpptp_error *error);

#endif /* KPPTP_ADDR_H */
