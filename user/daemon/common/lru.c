// SPDX-License-Identifier: GPL-2.0-or-later
/* Records by key, in bounded memory, see lru.h. */
#include "lru.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

/* Size of the hash table; a power of two. */
#define CHAINS 1024

struct entry {
	TAILQ_ENTRY(entry) order;
	LIST_ENTRY(entry) chain;
	uint64_t key;
	bool used;
	alignas(max_align_t) unsigned char record[];
};

struct kpptp_lru {
	/* Unused ones first, then by use, the least recent first. */
	TAILQ_HEAD(entries, entry) order;
	LIST_HEAD(chain, entry) chains[CHAINS];
	size_t size;
	kpptp_lru_fn forget;
	void *ctx;
};

static struct chain *chain_of(struct kpptp_lru *lru, uint64_t key)
{
	return &lru->chains[(key * 0x9e3779b97f4a7c15U >> 32) % CHAINS];
}

struct kpptp_lru *kpptp_lru_new(unsigned int count, size_t size, kpptp_lru_fn forget, void *ctx)
{
	struct kpptp_lru *lru = calloc(1, sizeof(*lru));
	struct entry *entry;

	if (!lru)
		return NULL;
	TAILQ_INIT(&lru->order);
	lru->size = size;
	lru->forget = forget;
	lru->ctx = ctx;
	while (count--) {
		entry = calloc(1, sizeof(*entry) + size);
		if (!entry) {
			kpptp_lru_free(lru);
			return NULL;
		}
		TAILQ_INSERT_TAIL(&lru->order, entry, order);
	}
	return lru;
}

void kpptp_lru_free(struct kpptp_lru *lru)
{
	struct entry *entry;

	if (!lru)
		return;
	while ((entry = TAILQ_FIRST(&lru->order))) {
		TAILQ_REMOVE(&lru->order, entry, order);
		free(entry);
	}
	free(lru);
}

/* Reuse an unused entry, or the least recently used one, for a new key. */
static struct entry *replace(struct kpptp_lru *lru, uint64_t key)
{
	struct entry *entry = TAILQ_FIRST(&lru->order);

	if (entry->used) {
		if (lru->forget)
			lru->forget(lru->ctx, entry->key, entry->record);
		LIST_REMOVE(entry, chain);
	}
	memset(entry->record, 0, lru->size);
	entry->used = true;
	entry->key = key;
	LIST_INSERT_HEAD(chain_of(lru, key), entry, chain);
	return entry;
}

void *kpptp_lru_use(struct kpptp_lru *lru, uint64_t key)
{
	struct entry *entry;

	LIST_FOREACH(entry, chain_of(lru, key), chain)
		if (entry->key == key)
			break;
	if (!entry)
		entry = replace(lru, key);
	TAILQ_REMOVE(&lru->order, entry, order);
	TAILQ_INSERT_TAIL(&lru->order, entry, order);
	return entry->record;
}

void kpptp_lru_each(struct kpptp_lru *lru, kpptp_lru_fn fn, void *ctx)
{
	struct entry *entry;

	TAILQ_FOREACH(entry, &lru->order, order)
		if (entry->used)
			fn(ctx, entry->key, entry->record);
}
