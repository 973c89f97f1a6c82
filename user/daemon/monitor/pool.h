/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pool of the peers' PPP addresses. Pure: knows nothing of pppd, only which
 * addresses of one range are taken.
 */
#ifndef KPPTP_POOL_H
#define KPPTP_POOL_H

#include <netinet/in.h>

struct kpptp_pool;

/**
 * kpptp_pool_new() - make a pool with no address taken
 * @first: lowest address
 * @last: highest address, included
 *
 * Return: the pool, or NULL if out of memory, or if the range is reversed or has
 * more than KPPTP_POOL_MAX addresses.
 */
struct kpptp_pool *kpptp_pool_new(struct in_addr first, struct in_addr last);

/**
 * kpptp_pool_free() - free a pool
 * @pool: may be NULL
 */
void kpptp_pool_free(struct kpptp_pool *pool);

/**
 * kpptp_pool_take() - take roughly the address that was free longest
 *
 * The search is circular, so that an address is not reused for another peer soon
 * after it was returned: its connections may still be dying.
 *
 * Return: the address, or INADDR_ANY if all are taken.
 */
struct in_addr kpptp_pool_take(struct kpptp_pool *pool);

/**
 * kpptp_pool_reserve() - take this address
 * @addr: ignored if out of range
 *
 * For addresses that must not be assigned, such as our own, and for those in use
 * when a new pool replaces another.
 */
void kpptp_pool_reserve(struct kpptp_pool *pool, struct in_addr addr);

/**
 * kpptp_pool_put() - return an address
 * @addr: ignored if out of range
 */
void kpptp_pool_put(struct kpptp_pool *pool, struct in_addr addr);

/**
 * kpptp_pool_available() - number of free addresses
 */
unsigned int kpptp_pool_available(const struct kpptp_pool *pool);

#endif /* KPPTP_POOL_H */
