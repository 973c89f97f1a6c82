// SPDX-License-Identifier: GPL-2.0-or-later
/* A worker that violates the protocol is killed, and all its calls and pppds end. */
#include "monitor_run.h"
#include "monitor_talk.h"

static void assert_all_ends(pid_t pppd)
{
	expect_end_of_file();
	assert_int_equal(wait_monitor(), 1);
	assert_int_equal(kill(pppd, 0), -1);
}

static void test_invalid_message(void **state)
{
	pid_t pppd = start_with_ppp();

	(void)state;
	request_call(2, 0);
	assert_all_ends(pppd);
}

static void test_short_message(void **state)
{
	pid_t pppd = start_with_ppp();

	(void)state;
	assert_int_equal(send(here.sock, "x", 1, 0), 1);
	assert_all_ends(pppd);
}

static void test_long_message(void **state)
{
	static char bytes[2 * sizeof(struct kpptp_priv_msg)];
	pid_t pppd = start_with_ppp();

	(void)state;
	assert_int_equal(send(here.sock, bytes, sizeof(bytes), 0), sizeof(bytes));
	assert_all_ends(pppd);
}

static void test_answer_as_request(void **state)
{
	pid_t pppd = start_with_ppp();

	(void)state;
	request_plain(KPPTP_PRIV_CALL_GONE, 1);
	assert_all_ends(pppd);
}

static void test_second_pppd(void **state)
{
	pid_t pppd = start_with_ppp();

	(void)state;
	request_plain(KPPTP_PRIV_PPP_START, 1);
	assert_all_ends(pppd);
}

static void test_handle_in_use(void **state)
{
	pid_t pppd = start_with_ppp();

	(void)state;
	request_call(1, 64);
	assert_all_ends(pppd);
}

static void test_worker_killed(void **state)
{
	pid_t pppd = start_with_ppp();

	(void)state;
	kill(here.worker, SIGSYS);
	assert_all_ends(pppd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_invalid_message),   TEST(test_short_message), TEST(test_long_message),
		TEST(test_answer_as_request), TEST(test_second_pppd),	TEST(test_handle_in_use),
		TEST(test_worker_killed),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
