// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor's table: found by number and, while the call exists, by key;
 * gone when both call and pppd are.
 */
#include <string.h>
#include <arpa/inet.h>

#include "monitor/handles.h"
#include "unit.h"

#define MANY 5000

static struct kpptp_handles *table;

static struct kpptp_call_key key_of(uint32_t i)
{
	const struct kpptp_call_key key = {
		.local.s_addr = htonl(0x0a000001),
		.peer.s_addr = htonl(0x0a000002 + i / 100),
		.id = i % 100,
	};

	return key;
}

static int setup(void **state)
{
	(void)state;
	table = kpptp_handles_new(MANY);
	return table ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	kpptp_handles_free(table);
	return 0;
}

static struct kpptp_handle *add(uint32_t i)
{
	struct kpptp_call_key key = key_of(i);
	struct kpptp_handle *handle;

	handle = kpptp_handles_add(table, i + 1, &key, 1000 + i);
	assert_non_null(handle);
	assert_true(handle->live);
	return handle;
}

static void test_many(void **state)
{
	struct kpptp_call_key key;
	struct kpptp_handle *handle;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		assert_false(kpptp_handles_full(table));
		add(i);
	}
	assert_true(kpptp_handles_full(table));
	assert_null(kpptp_handles_find(table, 0));
	assert_null(kpptp_handles_find(table, MANY + 1));
	for (uint32_t i = 0; i < MANY; i++) {
		key = key_of(i);
		handle = kpptp_handles_find(table, i + 1);
		assert_non_null(handle);
		assert_int_equal(handle->channel, 1000 + i);
		assert_ptr_equal(kpptp_handles_find_key(table, &key, 1000 + i), handle);
		assert_null(kpptp_handles_find_key(table, &key, 1001 + i));
		if (i % 2)
			kpptp_handles_call_over(table, handle);
	}
	assert_false(kpptp_handles_full(table));
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(!kpptp_handles_find(table, i + 1), i % 2);
}

static void test_life(void **state)
{
	struct kpptp_handle *handle = add(0);
	struct kpptp_call_key key = key_of(0);
	char pppd;

	(void)state;
	/* pppd outlives the call: still there by number, not by key. */
	handle->ppp = (struct kpptp_spawn *)&pppd;
	kpptp_handles_call_over(table, handle);
	assert_ptr_equal(kpptp_handles_find(table, 1), handle);
	assert_null(kpptp_handles_find_key(table, &key, 1000));
	/* Meanwhile the kernel may give the same key to another call. */
	key = key_of(0);
	assert_non_null(kpptp_handles_add(table, 2, &key, 2000));
	kpptp_handles_ppp_over(table, handle);
	assert_null(kpptp_handles_find(table, 1));
	assert_non_null(kpptp_handles_find_key(table, &key, 2000));

	/* The call outlives pppd. */
	handle = kpptp_handles_find(table, 2);
	handle->ppp = (struct kpptp_spawn *)&pppd;
	kpptp_handles_ppp_over(table, handle);
	assert_ptr_equal(kpptp_handles_find(table, 2), handle);
	kpptp_handles_call_over(table, handle);
	assert_null(kpptp_handles_find(table, 2));
}

static void end_odd(void *ctx, struct kpptp_handle *handle)
{
	++*(unsigned int *)ctx;
	if (handle->number % 2)
		kpptp_handles_call_over(table, handle);
}

static void test_each(void **state)
{
	unsigned int seen = 0;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++)
		add(i);
	kpptp_handles_each_live(table, end_odd, &seen);
	assert_int_equal(seen, MANY);
	seen = 0;
	kpptp_handles_each_live(table, end_odd, &seen);
	assert_int_equal(seen, MANY / 2);
}

/* An ended call frees a place, but pppds must not accumulate. */
static void test_room(void **state)
{
	struct kpptp_handle *handle;
	char pppd;

	(void)state;
	kpptp_handles_limit(table, 2);
	for (uint32_t i = 0; i < 4; i++) {
		assert_false(kpptp_handles_full(table));
		handle = add(i);
		if (i >= 2)
			continue;
		handle->ppp = (struct kpptp_spawn *)&pppd;
		assert_int_equal(kpptp_handles_live(table), 1);
		kpptp_handles_call_over(table, handle);
		assert_int_equal(kpptp_handles_live(table), 0);
		assert_int_equal(kpptp_handles_count(table), i + 1);
	}
	assert_true(kpptp_handles_full(table));
	/* One call less, but four handles for two calls. */
	handle = kpptp_handles_find(table, 4);
	handle->ppp = (struct kpptp_spawn *)&pppd;
	kpptp_handles_call_over(table, handle);
	assert_int_equal(kpptp_handles_live(table), 1);
	assert_true(kpptp_handles_full(table));
	kpptp_handles_ppp_over(table, handle);
	assert_false(kpptp_handles_full(table));
	for (uint32_t i = 1; i <= 2; i++)
		kpptp_handles_ppp_over(table, kpptp_handles_find(table, i));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_many),
		TEST(test_life),
		TEST(test_room),
		TEST(test_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
