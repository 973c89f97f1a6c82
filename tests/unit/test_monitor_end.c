// SPDX-License-Identifier: GPL-2.0-or-later
/* The end of the monitor and of its worker, orderly or not: nothing is left. */
#include "monitor_run.h"
#include "monitor_talk.h"

/* Of a child that we inherited (see setup_all()) from the dead monitor. */
static void wait_inherited(pid_t pid)
{
	int64_t deadline = now_ms() + DEADLINE_MS;
	pid_t reaped;

	while ((reaped = waitpid(pid, NULL, WNOHANG)) == 0) {
		if (now_ms() > deadline)
			fail_msg("process %d does not end", (int)pid);
		nap();
	}
	assert_int_equal(reaped, pid);
}

/* Stopping waits for pppds, also for those that do not want to. */
static void test_stop_reaps(void **state)
{
	pid_t pid;

	(void)state;
	set_role("stubborn");
	pid = start_with_ppp();
	stop_in_order();
	assert_int_equal(kill(pid, 0), -1);
}

/* Status 0 is an error if it was not asked to stop. */
static void test_worker_leaves(void **state)
{
	(void)state;
	start();
	kill(here.worker, SIGUSR1);
	assert_int_equal(wait_monitor(), 1);
}

static void test_worker_hangs_up(void **state)
{
	(void)state;
	start();
	make_call(1);
	shutdown(here.sock, SHUT_RDWR);
	assert_int_equal(wait_monitor(), 1);
}

static void test_worker_does_not_stop(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	make_call(1);
	kill(here.monitor, SIGINT);
	expect(&msg, KPPTP_PRIV_STOP, 0);
	assert_int_equal(wait_monitor(), 1);
}

/* The monitor dies: the worker detects it, pppd gets SIGTERM. */
static void test_monitor_dies(void **state)
{
	pid_t pppd = start_with_ppp();

	(void)state;
	kill(here.monitor, SIGKILL);
	waitpid(here.monitor, NULL, 0);
	here.monitor = 0;
	expect_end_of_file();
	wait_inherited(pppd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stop_reaps),	    TEST(test_worker_leaves),
		TEST(test_worker_hangs_up), TEST(test_worker_does_not_stop),
		TEST(test_monitor_dies),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
