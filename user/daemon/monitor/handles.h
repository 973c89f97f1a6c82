/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker's handles: the monitor's table of calls and their pppds. A handle
 * is found by its number, which the worker chose, and, while its call exists, by
 * the call's key.
 */
#ifndef KPPTP_HANDLES_H
#define KPPTP_HANDLES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "nl.h"
#include "starts.h"

struct kpptp_handles;
struct kpptp_spawn;

/**
 * struct kpptp_handle - a call and its pppd
 * @number: chosen by the worker
 * @key: of the call
 * @channel: its PPP channel's index
 * @live: the call exists in the kernel, as far as we know
 * @ppp: pppd, or NULL
 * @remote: the peer's PPP address (addresses.h); INADDR_ANY: none
 * @start: of that pppd
 *
 * Exists as long as the call or its pppd does. The list entries are the table's.
 */
struct kpptp_handle {
	LIST_ENTRY(kpptp_handle) by_number;
	LIST_ENTRY(kpptp_handle) by_key;
	uint32_t number;
	struct kpptp_call_key key;
	uint32_t channel;
	bool live;
	struct kpptp_spawn *ppp;
	struct in_addr remote;
	struct kpptp_start start;
};

/**
 * kpptp_handles_new() - make a table
 * @max: maximum number of calls
 *
 * Return: NULL if out of memory.
 */
struct kpptp_handles *kpptp_handles_new(unsigned int max);

/**
 * kpptp_handles_limit() - change the maximum number of calls
 * @max: the new maximum; calls above it may stay
 */
void kpptp_handles_limit(struct kpptp_handles *table, unsigned int max);

/**
 * kpptp_handles_free() - free it with its handles
 * @table: may be NULL
 */
void kpptp_handles_free(struct kpptp_handles *table);

/**
 * kpptp_handles_full() - whether there is no room for another call
 *
 * A call that ended makes room at once, though its pppd may take a minute to
 * report to RADIUS. With those there may be twice @max handles.
 */
bool kpptp_handles_full(const struct kpptp_handles *table);

/**
 * kpptp_handles_live() - number of handles with a call
 */
unsigned int kpptp_handles_live(const struct kpptp_handles *table);

/**
 * kpptp_handles_count() - number of handles
 */
unsigned int kpptp_handles_count(const struct kpptp_handles *table);

/**
 * kpptp_handles_add() - add a handle whose call exists
 * @number: not in the table
 *
 * Return: the handle, live; NULL if out of memory.
 */
struct kpptp_handle *kpptp_handles_add(struct kpptp_handles *table, uint32_t number,
				       const struct kpptp_call_key *key, uint32_t channel);

/**
 * kpptp_handles_find() - find by number; NULL if there is none
 */
struct kpptp_handle *kpptp_handles_find(const struct kpptp_handles *table, uint32_t number);

/**
 * kpptp_handles_find_key() - find by the key of a live call
 * @channel: must match too
 *
 * Return: NULL if there is none.
 */
struct kpptp_handle *kpptp_handles_find_key(const struct kpptp_handles *table,
					    const struct kpptp_call_key *key, uint32_t channel);

/**
 * kpptp_handles_call_over() - the call of a handle no longer exists
 * @handle: freed, unless it still has a pppd
 */
void kpptp_handles_call_over(struct kpptp_handles *table, struct kpptp_handle *handle);

/**
 * kpptp_handles_ppp_over() - the pppd of a handle was reaped
 * @handle: freed, unless its call still exists
 */
void kpptp_handles_ppp_over(struct kpptp_handles *table, struct kpptp_handle *handle);

/**
 * kpptp_handles_each_live() - call @fn for every handle whose call exists
 * @fn: may end the call of the handle that it is given
 */
void kpptp_handles_each_live(struct kpptp_handles *table,
			     void (*fn)(void *ctx, struct kpptp_handle *handle), void *ctx);

/**
 * kpptp_handles_each() - call @fn for every handle
 * @fn: must not free one
 */
void kpptp_handles_each(const struct kpptp_handles *table,
			void (*fn)(void *ctx, struct kpptp_handle *handle), void *ctx);

#endif /* KPPTP_HANDLES_H */
