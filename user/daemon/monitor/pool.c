// SPDX-License-Identifier: GPL-2.0-or-later
/* The pool of the peers' PPP addresses: a map and the position of the search. */
#include "pool.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "config.h"

/**
 * struct kpptp_pool - a range of addresses
 * @first: lowest address, host byte order
 * @count: number of addresses
 * @taken: how many of them are taken
 * @next: index at which the next search begins
 * @map: a byte for each address, true = taken
 */
struct kpptp_pool {
	uint32_t first;
	uint32_t count;
	uint32_t taken;
	uint32_t next;
	bool map[];
};

struct kpptp_pool *kpptp_pool_new(struct in_addr first, struct in_addr last)
{
	uint32_t low = ntohl(first.s_addr);
	uint32_t high = ntohl(last.s_addr);
	struct kpptp_pool *pool;

	if (high < low || high - low >= KPPTP_POOL_MAX)
		return NULL;
	pool = calloc(1, sizeof(*pool) + high - low + 1);
	if (!pool)
		return NULL;
	pool->first = low;
	pool->count = high - low + 1;
	return pool;
}

void kpptp_pool_free(struct kpptp_pool *pool)
{
	free(pool);
}

struct in_addr kpptp_pool_take(struct kpptp_pool *pool)
{
	struct in_addr none = { .s_addr = htonl(INADDR_ANY) };
	uint32_t i;

	for (i = 0; i < pool->count; i++) {
		uint32_t at = (pool->next + i) % pool->count;

		if (!pool->map[at]) {
			struct in_addr addr = {
				.s_addr = htonl(pool->first + at),
			};

			pool->map[at] = true;
			pool->taken++;
			pool->next = (at + 1) % pool->count;
			return addr;
		}
	}
	return none;
}

static bool *pool_find(struct kpptp_pool *pool, struct in_addr addr)
{
	/* Below the range this wraps around to far more than the count. */
	uint32_t at = ntohl(addr.s_addr) - pool->first;

	return at < pool->count ? &pool->map[at] : NULL;
}

void kpptp_pool_reserve(struct kpptp_pool *pool, struct in_addr addr)
{
	bool *taken = pool_find(pool, addr);

	if (taken && !*taken) {
		*taken = true;
		pool->taken++;
	}
}

void kpptp_pool_put(struct kpptp_pool *pool, struct in_addr addr)
{
	bool *taken = pool_find(pool, addr);

	if (taken && *taken) {
		*taken = false;
		pool->taken--;
	}
}

unsigned int kpptp_pool_available(const struct kpptp_pool *pool)
{
	return pool->count - pool->taken;
}
