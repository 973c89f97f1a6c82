// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The log limiter: so many lines per peer and kind, a count of the suppressed ones, in
 * bounded memory.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "common/limiter.h"
#include "common/lru.h"

#define LINES  KPPTP_LIMITER_LINES
#define PERIOD (KPPTP_LIMITER_PERIOD * 1000ULL)
#define START  5000000ULL

static struct {
	unsigned int calls;
	unsigned int count;
	char kind[64];
	struct in_addr peer;
} reported;

static void report(void *ctx, const char *kind, struct in_addr peer, unsigned int count)
{
	assert_ptr_equal(ctx, &reported);
	reported.calls++;
	reported.count += count;
	reported.peer = peer;
	snprintf(reported.kind, sizeof(reported.kind), "%s", kind);
}

static struct in_addr addr(uint32_t host)
{
	return (struct in_addr){ htonl(host) };
}

/* Return how many of @n lines are written. */
static unsigned int written(struct kpptp_limiter *l, uint32_t peer, const char *line,
			    unsigned int n, uint64_t now)
{
	unsigned int yes = 0;

	while (n--)
		yes += kpptp_limiter_allows(l, addr(peer), line, now);
	return yes;
}

static void limit_per_kind_and_period(void **state)
{
	struct kpptp_limiter *l = *state;

	assert_int_equal(written(l, 1, "hello", LINES + 7, START), LINES);
	assert_int_equal(written(l, 1, "hello", 1, START + PERIOD - 1), 0);
	assert_int_equal(reported.calls, 0);
	/* The next period begins with what the last one left out. */
	assert_int_equal(written(l, 1, "hello", LINES + 1, START + PERIOD), LINES);
	assert_int_equal(reported.calls, 1);
	assert_int_equal(reported.count, 8);
	assert_string_equal(reported.kind, "hello");
	assert_int_equal(reported.peer.s_addr, htonl(1));
}

static void nothing_suppressed_nothing_reported(void **state)
{
	struct kpptp_limiter *l = *state;

	assert_int_equal(written(l, 1, "hello", LINES, START), LINES);
	assert_int_equal(written(l, 1, "hello", LINES, START + PERIOD), LINES);
	assert_false(kpptp_limiter_tick(l, START + 3 * PERIOD));
	assert_int_equal(reported.calls, 0);
}

static void peers_and_kinds_do_not_share(void **state)
{
	struct kpptp_limiter *l = *state;

	assert_int_equal(written(l, 1, "hello", LINES + 1, START), LINES);
	assert_int_equal(written(l, 2, "hello", LINES + 1, START), LINES);
	assert_int_equal(written(l, 1, "hallo", LINES + 1, START), LINES);
	assert_int_equal(written(l, 1, "hell", LINES + 1, START), LINES);
}

/* A peer's text cannot create kinds of its own. */
static void peers_text_is_not_part_of_the_kind(void **state)
{
	static const char *const same[] = {
		"call from \"a\"", "call from \"b\"", "call from 17", "call from: x", "call from",
	};
	struct kpptp_limiter *l = *state;

	assert_int_equal(written(l, 1, same[0], LINES, START), LINES);
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		assert_int_equal(written(l, 1, same[i], 1, START), 0);
	kpptp_limiter_tick(l, START + PERIOD);
	assert_string_equal(reported.kind, "call from");
}

/* However long the words before them are. */
static void a_long_kind_is_cut(void **state)
{
	char one[128], two[128];
	struct kpptp_limiter *l = *state;

	memset(one, 'x', sizeof(one));
	memset(two, 'x', sizeof(two));
	one[127] = two[127] = '\0';
	two[120] = 'y';
	assert_int_equal(written(l, 1, one, LINES, START), LINES);
	assert_int_equal(written(l, 1, two, 1, START), 0);
	kpptp_limiter_tick(l, START + PERIOD);
	assert_int_equal(strlen(reported.kind), 47);
}

/* A flood that is over is reported, too, once its period is. */
static void a_tick_reports(void **state)
{
	struct kpptp_limiter *l = *state;

	assert_false(kpptp_limiter_tick(l, START));
	written(l, 1, "hello", LINES + 312, START);
	assert_true(kpptp_limiter_tick(l, START + PERIOD - 1));
	assert_int_equal(reported.calls, 0);
	assert_false(kpptp_limiter_tick(l, START + PERIOD));
	assert_int_equal(reported.calls, 1);
	assert_int_equal(reported.count, 312);
	assert_false(kpptp_limiter_tick(l, START + 2 * PERIOD));
	assert_int_equal(reported.calls, 1);
	/* And a new period has begun. */
	assert_int_equal(written(l, 1, "hello", LINES + 1, START + PERIOD + 5), LINES);
}

/* Memory is bounded; what it forgets, it reports. */
static void the_least_recent_is_forgotten(void **state)
{
	struct kpptp_limiter *l = *state;
	uint32_t i;

	written(l, 0x0a000000, "hello", LINES + 3, START);
	for (i = 1; i < KPPTP_LIMITER_RECORDS; i++)
		written(l, 0x0a000000 + i, "hello", 1, START);
	assert_int_equal(reported.calls, 0);
	assert_int_equal(written(l, 0x0a000000, "hello", 1, START), 0);
	/* The one after it is the oldest now, and had nothing to report. */
	written(l, 0x0b000000, "hello", 1, START);
	assert_int_equal(reported.calls, 0);
	for (i = 1; i < KPPTP_LIMITER_RECORDS; i++)
		written(l, 0x0b000000 + i, "hello", 1, START);
	assert_int_equal(reported.calls, 1);
	assert_int_equal(reported.count, 4);
	assert_int_equal(reported.peer.s_addr, htonl(0x0a000000));
}

static int setup(void **state)
{
	memset(&reported, 0, sizeof(reported));
	*state = kpptp_limiter_new(report, &reported);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	kpptp_limiter_free(*state);
	return 0;
}

static uint64_t forgotten[8];
static unsigned int forgotten_count;

static void on_forget(void *ctx, uint64_t key, void *record)
{
	assert_null(ctx);
	assert_int_equal(*(uint32_t *)record, key * 10);
	forgotten[forgotten_count++] = key;
}

static void on_each(void *ctx, uint64_t key, void *record)
{
	assert_int_equal(*(uint32_t *)record, key * 10);
	*(unsigned int *)ctx += key;
}

static void records_in_the_order_of_use(void **state)
{
	struct kpptp_lru *lru = kpptp_lru_new(3, sizeof(uint32_t), on_forget, NULL);
	unsigned int sum = 0;
	uint32_t *record;

	(void)state;
	for (uint64_t key = 1; key <= 3; key++) {
		record = kpptp_lru_use(lru, key);
		assert_int_equal(*record, 0);
		*record = key * 10;
	}
	assert_int_equal(forgotten_count, 0);
	assert_int_equal(*(uint32_t *)kpptp_lru_use(lru, 1), 10);
	record = kpptp_lru_use(lru, 4);
	assert_int_equal(*record, 0);
	*record = 40;
	assert_int_equal(forgotten_count, 1);
	assert_int_equal(forgotten[0], 2);
	kpptp_lru_each(lru, on_each, &sum);
	assert_int_equal(sum, 1 + 3 + 4);
	/* Forgotten is forgotten. */
	record = kpptp_lru_use(lru, 2);
	assert_int_equal(*record, 0);
	assert_int_equal(forgotten[1], 3);
	/* Keys that differ in the upper half only are different ones. */
	*record = 20;
	record = kpptp_lru_use(lru, 2 | 1ULL << 40);
	assert_int_equal(*record, 0);
	kpptp_lru_free(lru);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(limit_per_kind_and_period),
		TEST(nothing_suppressed_nothing_reported),
		TEST(peers_and_kinds_do_not_share),
		TEST(peers_text_is_not_part_of_the_kind),
		TEST(a_long_kind_is_cut),
		TEST(a_tick_reports),
		TEST(the_least_recent_is_forgotten),
		cmocka_unit_test(records_in_the_order_of_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
