// SPDX-License-Identifier: GPL-2.0-or-later
/* The queue of calls that wait for their pppd to be started. */
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "common/log.h"
#include "common/priv.h"
#include "monitor/starts.h"
#include "unit.h"

#define LIMIT 3
#define MANY  200

static struct event_base *base;
static struct kpptp_starts *starts;
static struct kpptp_start running[MANY + 1];
static uint32_t turns[MANY + LIMIT + 2];
static unsigned int turn_count;

/* Calls with a window of 1 do not come about; of those with 3 pppd is yet to come. */
static void on_turn(void *ctx, uint32_t handle, const struct kpptp_priv_call_new *call)
{
	assert_ptr_equal(ctx, &turns);
	assert_int_equal(call->peer_id, handle + 7);
	assert_true(turn_count < ARRAY_SIZE(turns));
	turns[turn_count++] = handle;
	if (call->window == 3)
		kpptp_starts_expect(starts, &running[handle]);
	if (call->window == 2)
		kpptp_starts_begin(starts, &running[handle]);
}

static void add(uint32_t handle, uint16_t window)
{
	const struct kpptp_priv_call_new call = { .peer_id = handle + 7, .window = window };

	assert_int_equal(kpptp_starts_add(starts, handle, &call), 0);
}

static void run(void)
{
	for (int i = 0; i < 3; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static void end(uint32_t handle)
{
	kpptp_starts_end(starts, &running[handle]);
	run();
}

static int setup(void **state)
{
	(void)state;
	memset(running, 0, sizeof(running));
	turn_count = 0;
	base = event_base_new();
	starts = kpptp_starts_new(base, LIMIT, on_turn, &turns);
	return starts ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	kpptp_starts_free(starts);
	event_base_free(base);
	return 0;
}

static int64_t ms_since(const struct timespec *before)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - before->tv_sec) * 1000 + (now.tv_nsec - before->tv_nsec) / 1000000;
}

static void a_few_at_a_time_in_order(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= MANY; i++)
		add(i, 2);
	run();
	assert_int_equal(turn_count, LIMIT);
	assert_int_equal(kpptp_starts_waiting(starts), MANY - LIMIT);
	/* They may end in any order, and twice. */
	end(2);
	end(2);
	assert_int_equal(turn_count, LIMIT + 1);
	for (uint32_t i = 1; i <= MANY; i++)
		end(i);
	assert_int_equal(turn_count, MANY);
	assert_int_equal(kpptp_starts_waiting(starts), 0);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(turns[i], i + 1);
	/* All places are free again. */
	for (uint32_t i = 1; i <= LIMIT; i++)
		add(i, 2);
	assert_int_equal(kpptp_starts_waiting(starts), 0);
	add(LIMIT + 1, 2);
	assert_int_equal(kpptp_starts_waiting(starts), 1);
}

/* A newcomer does not overtake those that wait. */
static void newcomer_is_queued_last(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= LIMIT + 2; i++)
		add(i, 2);
	kpptp_starts_end(starts, &running[1]);
	add(LIMIT + 3, 2);
	run();
	assert_int_equal(turn_count, LIMIT + 1);
	assert_int_equal(turns[LIMIT], LIMIT + 1);
	end(2);
	end(3);
	assert_int_equal(turns[LIMIT + 2], LIMIT + 3);
}

/* A failed call takes no place, and never stalls the queue. */
static void failures_take_no_place(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= LIMIT; i++)
		add(i, 2);
	for (uint32_t i = LIMIT + 1; i <= 50; i++)
		add(i, 1);
	add(51, 2);
	end(1);
	assert_int_equal(turn_count, 51);
	assert_int_equal(kpptp_starts_waiting(starts), 0);
	add(52, 2);
	assert_int_equal(kpptp_starts_waiting(starts), 1);
}

/*
 * A place that nobody starts a pppd in is given on after a moment, and a pppd that
 * comes late counts all the same: from its own start.
 */
static void a_turn_may_be_wasted(void **state)
{
	struct timespec before;

	(void)state;
	for (uint32_t i = 1; i <= LIMIT; i++)
		add(i, 3);
	add(LIMIT + 1, 2);
	add(LIMIT + 2, 2);
	assert_int_equal(kpptp_starts_waiting(starts), 2);
	clock_gettime(CLOCK_MONOTONIC, &before);
	/* Its pppd begins in time: that place is not free soon. */
	kpptp_starts_begin(starts, &running[1]);
	while (turn_count < LIMIT + 2)
		event_base_loop(base, EVLOOP_ONCE);
	assert_in_range(ms_since(&before), KPPTP_STARTS_TURN - 10, KPPTP_STARTS_TIMEOUT - 500);
	/* One that is late is one more; all of them end, one by one. */
	kpptp_starts_begin(starts, &running[2]);
	add(LIMIT + 3, 2);
	end(2);
	assert_int_equal(turn_count, LIMIT + 2);
	end(1);
	assert_int_equal(turn_count, LIMIT + 3);
	/* What was given on ends without a place to give. */
	add(LIMIT + 4, 2);
	end(3);
	assert_int_equal(turn_count, LIMIT + 3);
	end(LIMIT + 1);
	assert_int_equal(turn_count, LIMIT + 4);
}

/* Whatever pppd does: the place is free after a while, and not before. */
static void a_start_takes_too_long(void **state)
{
	struct timespec before;

	(void)state;
	for (uint32_t i = 1; i <= LIMIT + 1; i++)
		add(i, 2);
	clock_gettime(CLOCK_MONOTONIC, &before);
	while (turn_count == LIMIT)
		event_base_loop(base, EVLOOP_ONCE);
	assert_in_range(ms_since(&before), KPPTP_STARTS_TIMEOUT - 100, KPPTP_STARTS_TIMEOUT + 5000);
	/* It may still end afterwards: that frees nothing twice. */
	for (uint32_t i = 1; i <= LIMIT; i++)
		end(i);
	for (uint32_t i = 5; i < 5 + LIMIT; i++)
		add(i, 2);
	assert_int_equal(kpptp_starts_waiting(starts), 1);
}

static void queue_can_be_cleared(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= MANY; i++)
		add(i, 2);
	kpptp_starts_clear(starts);
	assert_int_equal(kpptp_starts_waiting(starts), 0);
	for (uint32_t i = 1; i <= LIMIT; i++)
		end(i);
	assert_int_equal(turn_count, LIMIT);
	/* And some may wait when all is freed. */
	for (uint32_t i = 1; i <= MANY; i++)
		add(i, 2);
}

static void as_many_as_there_are_cpus(void **state)
{
	(void)state;
	assert_true(kpptp_starts_limit() >= 2);
	assert_int_equal(kpptp_starts_limit() % 2, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_few_at_a_time_in_order),	 TEST(newcomer_is_queued_last),
		TEST(failures_take_no_place),	 TEST(a_turn_may_be_wasted),
		TEST(a_start_takes_too_long),	 TEST(queue_can_be_cleared),
		TEST(as_many_as_there_are_cpus),
	};

	kpptp_log_open(KPPTP_LOG_STDERR, -1);
	return cmocka_run_group_tests_name("starts", tests, NULL, NULL);
}
