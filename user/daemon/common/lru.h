/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of records by key, in bounded memory: a new key replaces the one used
 * least recently.
 */
#ifndef KPPTP_LRU_H
#define KPPTP_LRU_H

#include <stddef.h>
#include <stdint.h>

struct kpptp_lru;

/**
 * typedef kpptp_lru_fn - called for a record
 * @key: its key
 * @record: the record, valid during the call
 */
typedef void (*kpptp_lru_fn)(void *ctx, uint64_t key, void *record);

/**
 * kpptp_lru_new() - make an empty table
 * @count: maximum number of records, not 0; all memory is allocated here
 * @size: size of a record in bytes
 * @forget: called before a record is reused for another key; may be NULL
 * @ctx: its first argument
 *
 * Return: the table, or NULL if out of memory.
 */
struct kpptp_lru *kpptp_lru_new(unsigned int count, size_t size, kpptp_lru_fn forget, void *ctx);

/**
 * kpptp_lru_free() - free it, without calling @forget
 * @lru: may be NULL
 */
void kpptp_lru_free(struct kpptp_lru *lru);

/**
 * kpptp_lru_use() - get the record of a key and mark it as used most recently
 *
 * Return: the record, zeroed if the key is new; valid until the next call.
 */
void *kpptp_lru_use(struct kpptp_lru *lru, uint64_t key);

/**
 * kpptp_lru_each() - call @fn for each record in use, in any order
 */
void kpptp_lru_each(struct kpptp_lru *lru, kpptp_lru_fn fn, void *ctx);

#endif /* KPPTP_LRU_H */
