/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv4 addresses and host names. PPTP's calls are known by IPv4 addresses
 * only, so other families do not appear.
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
 * Return: 0, or -EINVAL with the offender named.
 */
int kpptp_addr_parse(const char *text, struct in_addr *addr, struct kpptp_error *error);

/**
 * kpptp_addr_is_host() - can one host have this address?
 *
 * The kernel's rule for the ends of a call: any address but 0.0.0.0, broadcast
 * and multicast. Linux hosts may well have one of 240.0.0.0/4.
 */
bool kpptp_addr_is_host(struct in_addr addr);

/**
 * kpptp_addr_resolve() - the IPv4 addresses of a host, best first
 * @host: name or numeric address
 * @addrs: receives up to @size addresses, in the resolver's order
 *
 * May wait for the name servers. Return: how many addresses there are, at
 * least 1, or a negative errno with a text that names the host.
 */
int kpptp_addr_resolve(const char *host, struct in_addr *addrs, int size,
		       struct kpptp_error *error);

#endif /* KPPTP_ADDR_H */
