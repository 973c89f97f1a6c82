// SPDX-License-Identifier: GPL-2.0-or-later
/* The worker's handles, see handles.h. Two hash tables. */
#include "handles.h"

#include <stdlib.h>

LIST_HEAD(bucket, kpptp_handle);

struct kpptp_handles {
	unsigned int max;
	unsigned int count;
	unsigned int live;
	unsigned int mask;
	struct bucket *numbers;
	struct bucket *keys;
};

/* Spreads neighbours: handles count up, addresses share their prefix. */
static uint32_t mix(uint32_t value)
{
	value ^= value >> 16;
	value *= 0x7feb352dU;
	value ^= value >> 15;
	value *= 0x846ca68bU;
	return value ^ value >> 16;
}

static struct bucket *number_bucket(const struct kpptp_handles *table, uint32_t number)
{
	return &table->numbers[mix(number) & table->mask];
}

static struct bucket *key_bucket(const struct kpptp_handles *table,
				 const struct kpptp_call_key *key)
{
	uint32_t hash = mix(key->local.s_addr);

	hash = mix(hash ^ key->peer.s_addr);
	return &table->keys[mix(hash ^ key->id) & table->mask];
}

struct kpptp_handles *kpptp_handles_new(unsigned int max)
{
	struct kpptp_handles *table = calloc(1, sizeof(*table));
	unsigned int buckets = 64;

	if (!table)
		return NULL;
	while (buckets < max && buckets < 1U << 20)
		buckets *= 2;
	table->max = max;
	table->mask = buckets - 1;
	table->numbers = calloc(buckets, sizeof(*table->numbers));
	table->keys = calloc(buckets, sizeof(*table->keys));
	if (table->numbers && table->keys)
		return table;
	free(table->numbers);
	free(table->keys);
	free(table);
	return NULL;
}

void kpptp_handles_limit(struct kpptp_handles *table, unsigned int max)
{
	table->max = max;
}

void kpptp_handles_free(struct kpptp_handles *table)
{
	struct kpptp_handle *handle;

	if (!table)
		return;
	for (unsigned int i = 0; i <= table->mask; i++) {
		while ((handle = LIST_FIRST(&table->numbers[i]))) {
			LIST_REMOVE(handle, by_number);
			free(handle);
		}
	}
	free(table->numbers);
	free(table->keys);
	free(table);
}

bool kpptp_handles_full(const struct kpptp_handles *table)
{
	return table->live >= table->max || table->count / 2 >= table->max;
}

unsigned int kpptp_handles_live(const struct kpptp_handles *table)
{
	return table->live;
}

unsigned int kpptp_handles_count(const struct kpptp_handles *table)
{
	return table->count;
}

struct kpptp_handle *kpptp_handles_add(struct kpptp_handles *table, uint32_t number,
				       const struct kpptp_call_key *key, uint32_t channel)
{
	struct kpptp_handle *handle = calloc(1, sizeof(*handle));

	if (!handle)
		return NULL;
	handle->number = number;
	handle->key = *key;
	handle->channel = channel;
	handle->live = true;
	table->count++;
	table->live++;
	LIST_INSERT_HEAD(number_bucket(table, number), handle, by_number);
	LIST_INSERT_HEAD(key_bucket(table, key), handle, by_key);
	return handle;
}

struct kpptp_handle *kpptp_handles_find(const struct kpptp_handles *table, uint32_t number)
{
	struct kpptp_handle *handle;

	LIST_FOREACH(handle, number_bucket(table, number), by_number) {
		if (handle->number == number)
			return handle;
	}
	return NULL;
}

struct kpptp_handle *kpptp_handles_find_key(const struct kpptp_handles *table,
					    const struct kpptp_call_key *key, uint32_t channel)
{
	struct kpptp_handle *handle;

	LIST_FOREACH(handle, key_bucket(table, key), by_key) {
		if (handle->channel == channel && handle->key.id == key->id &&
		    handle->key.local.s_addr == key->local.s_addr &&
		    handle->key.peer.s_addr == key->peer.s_addr)
			return handle;
	}
	return NULL;
}

static void free_if_over(struct kpptp_handles *table, struct kpptp_handle *handle)
{
	if (handle->live || handle->ppp)
		return;
	LIST_REMOVE(handle, by_number);
	table->count--;
	free(handle);
}

void kpptp_handles_call_over(struct kpptp_handles *table, struct kpptp_handle *handle)
{
	handle->live = false;
	table->live--;
	LIST_REMOVE(handle, by_key);
	free_if_over(table, handle);
}

void kpptp_handles_ppp_over(struct kpptp_handles *table, struct kpptp_handle *handle)
{
	handle->ppp = NULL;
	free_if_over(table, handle);
}

void kpptp_handles_each_live(struct kpptp_handles *table,
			     void (*fn)(void *ctx, struct kpptp_handle *handle), void *ctx)
{
	struct kpptp_handle *handle, *next;

	for (unsigned int i = 0; i <= table->mask; i++) {
		for (handle = LIST_FIRST(&table->keys[i]); handle; handle = next) {
			next = LIST_NEXT(handle, by_key);
			fn(ctx, handle);
		}
	}
}

void kpptp_handles_each(const struct kpptp_handles *table,
			void (*fn)(void *ctx, struct kpptp_handle *handle), void *ctx)
{
	struct kpptp_handle *handle;

	for (unsigned int i = 0; i <= table->mask; i++)
		LIST_FOREACH(handle, &table->numbers[i], by_number)
			fn(ctx, handle);
}
