/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPP addresses of the peers. The monitor assigns them, so that a compromised
 * worker can neither choose one nor have one assigned twice.
 */
#ifndef KPPTP_ADDRESSES_H
#define KPPTP_ADDRESSES_H

#include <stdbool.h>
#include <netinet/in.h>

struct kpptp_handle;
struct kpptp_handles;
struct kpptp_monitor_ppp;
struct kpptp_pool;

/**
 * struct kpptp_addresses - the addresses for peers; zero before use
 * @pool: NULL if pppd's options decide
 * @local: our own, never given to a peer
 */
struct kpptp_addresses {
	struct kpptp_pool *pool;
	struct in_addr local;
};

/**
 * kpptp_addresses_set() - use the pool of a configuration
 * @handles: they keep their addresses, even outside the new pool
 *
 * Return: 0, or -ENOMEM; the old pool then stays in use.
 */
int kpptp_addresses_set(struct kpptp_addresses *addresses, const struct kpptp_monitor_ppp *ppp,
			struct kpptp_handles *handles);

/**
 * kpptp_addresses_left() - whether kpptp_addresses_give() would succeed
 */
bool kpptp_addresses_left(const struct kpptp_addresses *addresses);

/**
 * kpptp_addresses_give() - assign a handle an address, unless it has one
 *
 * Without a pool its address stays INADDR_ANY.
 *
 * Return: 0, or -ENOSPC if all are in use.
 */
int kpptp_addresses_give(struct kpptp_addresses *addresses, struct kpptp_handle *handle);

/**
 * kpptp_addresses_take_back() - call when no pppd uses the address any more
 */
void kpptp_addresses_take_back(struct kpptp_addresses *addresses, struct kpptp_handle *handle);

/**
 * kpptp_addresses_free() - free the pool
 */
void kpptp_addresses_free(struct kpptp_addresses *addresses);

#endif /* KPPTP_ADDRESSES_H */
