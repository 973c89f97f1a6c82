// SPDX-License-Identifier: GPL-2.0-or-later
/* Limits the log lines that a peer can cause, see limiter.h. */
#include "limiter.h"

#include <stdlib.h>
#include <string.h>

#include "lru.h"

#define KIND_SIZE 48

/**
 * struct record - the lines of one kind that one peer caused
 * @began: when the period began, monotonic milliseconds
 * @lines: number in this period, including suppressed ones
 * @peer: the peer that caused them
 * @kind: their common beginning
 */
struct record {
	uint64_t began;
	unsigned int lines;
	struct in_addr peer;
	char kind[KIND_SIZE];
};

struct kpptp_limiter {
	struct kpptp_lru *records;
	kpptp_limiter_report_fn report;
	void *ctx;
};

struct tick {
	struct kpptp_limiter *limiter;
	uint64_t now;
	bool more;
};

/* Report lines suppressed in the period, and start a new one. */
static void end_period(struct kpptp_limiter *limiter, struct record *record)
{
	unsigned int lines = record->lines;

	record->lines = 0;
	if (lines > KPPTP_LIMITER_LINES)
		limiter->report(limiter->ctx, record->kind, record->peer,
				lines - KPPTP_LIMITER_LINES);
}

static void on_forget(void *ctx, uint64_t key, void *record)
{
	(void)key;
	end_period(ctx, record);
}

struct kpptp_limiter *kpptp_limiter_new(kpptp_limiter_report_fn report, void *ctx)
{
	struct kpptp_limiter *limiter = calloc(1, sizeof(*limiter));

	if (!limiter)
		return NULL;
	limiter->report = report;
	limiter->ctx = ctx;
	limiter->records =
		kpptp_lru_new(KPPTP_LIMITER_RECORDS, sizeof(struct record), on_forget, limiter);
	if (limiter->records)
		return limiter;
	free(limiter);
	return NULL;
}

void kpptp_limiter_free(struct kpptp_limiter *limiter)
{
	if (!limiter)
		return;
	kpptp_lru_free(limiter->records);
	free(limiter);
}

static size_t kind_length(const char *line)
{
	size_t len = strcspn(line, "0123456789\":");

	while (len && line[len - 1] == ' ')
		len--;
	return len < KIND_SIZE ? len : KIND_SIZE - 1;
}

/* FNV-1a hash of the kind, and the address. */
static uint64_t make_key(struct in_addr peer, const char *kind, size_t len)
{
	uint32_t hash = 2166136261U;

	while (len--)
		hash = (hash ^ (unsigned char)*kind++) * 16777619U;
	return (uint64_t)hash << 32 | peer.s_addr;
}

static bool is_over(const struct record *record, uint64_t now)
{
	return now - record->began >= KPPTP_LIMITER_PERIOD * 1000ULL;
}

bool kpptp_limiter_allows(struct kpptp_limiter *limiter, struct in_addr peer, const char *line,
			  uint64_t now)
{
	size_t len = kind_length(line);
	struct record *record = kpptp_lru_use(limiter->records, make_key(peer, line, len));

	if (record->lines && is_over(record, now))
		end_period(limiter, record);
	if (!record->lines) {
		record->began = now;
		record->peer = peer;
		memcpy(record->kind, line, len);
		record->kind[len] = '\0';
	}
	return ++record->lines <= KPPTP_LIMITER_LINES;
}

static void tick_one(void *ctx, uint64_t key, void *data)
{
	struct record *record = data;
	struct tick *tick = ctx;

	(void)key;
	if (record->lines <= KPPTP_LIMITER_LINES)
		return;
	if (is_over(record, tick->now))
		end_period(tick->limiter, record);
	else
		tick->more = true;
}

bool kpptp_limiter_tick(struct kpptp_limiter *limiter, uint64_t now)
{
	struct tick tick = { .limiter = limiter, .now = now };

	kpptp_lru_each(limiter->records, tick_one, &tick);
	return tick.more;
}
