// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor's calls: created, refused, limited, deleted by others. Every message
 * about them is answered, however many.
 */
#include "monitor_run.h"
#include "monitor_talk.h"

/* A call that fails is not in the table; its handle may be tried again. */
static void test_call_fails(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	request_call(1, 13);
	expect(&msg, KPPTP_PRIV_CALL_READY, 1);
	assert_int_equal(msg.call_ready.err, -EEXIST);
	assert_string_equal(msg.call_ready.text, "an unlucky window");
	request_set(1, 1);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 1);
	assert_int_equal(msg.call_set_done.err, -ENOENT);
	stop_in_order();
}

static void test_limit(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	for (uint32_t handle = 1; handle <= conf.max_calls; handle++)
		make_call(handle);
	request_call(99, 64);
	expect(&msg, KPPTP_PRIV_CALL_READY, 99);
	assert_int_equal(msg.call_ready.err, -ENOSPC);
	request_plain(KPPTP_PRIV_CALL_DEL, 2);
	make_call(100);
	stop_in_order();
}

static void test_gone(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	make_call(1);
	make_call(2);
	make_ppp(1);
	/* The event is of an earlier call that had the same key. */
	request_set(1, DELETE_ANOTHER_CHANNEL);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 1);
	request_set(1, DELETE_IT);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 1);
	expect(&msg, KPPTP_PRIV_CALL_GONE, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	/* Events were lost: the monitor checks the calls itself. */
	make_call(3);
	request_set(2, LOSE_EVENTS_AND_IT);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 2);
	expect(&msg, KPPTP_PRIV_CALL_GONE, 2);
	request_plain(KPPTP_PRIV_CALL_STATS, 3);
	expect(&msg, KPPTP_PRIV_STATS, 3);
	assert_int_equal(msg.stats.err, 0);
	stop_in_order();
}

/* A worker that does not read answers is not read either, and loses nothing. */
static void test_flood(void **state)
{
	struct kpptp_priv_msg msg, reply;
	unsigned int sent = 0, idle = 0;

	(void)state;
	start();
	make_call(1);
	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_STATS, 1);
	while (idle < 100) {
		if (send(here.sock, &msg, 8, MSG_DONTWAIT) == 8) {
			idle = 0;
			sent++;
			continue;
		}
		assert_int_equal(errno, EAGAIN);
		idle++;
		nap();
	}
	assert_true(sent > KPPTP_PORT_QUEUE_MAX);
	assert_true(sent < 10 * KPPTP_PORT_QUEUE_MAX);
	for (unsigned int i = 0; i < sent; i++)
		expect(&reply, KPPTP_PRIV_STATS, 1);
	stop_in_order();
}

static void test_no_kernel(void **state)
{
	(void)state;
	conf.kernel = &refusing;
	start();
	assert_int_equal(wait_monitor(), 1);
	expect_end_of_file();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_call_fails), TEST(test_limit),     TEST(test_gone),
		TEST(test_flood),      TEST(test_no_kernel),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
