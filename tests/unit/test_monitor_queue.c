// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor when many calls are requested at once, and when they end: which wait for
 * a pppd, which pppd is killed, and what happens to its scripts.
 */
#include "monitor_run.h"
#include "monitor_talk.h"
#include "monitor/starts.h"

static unsigned int limit;

/* Served calls 1 to @count, of which those up to the limit are answered. */
static void request_many(unsigned int count)
{
	struct kpptp_priv_msg msg;

	limit = kpptp_starts_limit();
	for (uint32_t i = 1; i <= count; i++)
		request_served(i);
	for (uint32_t i = 1; i <= limit; i++) {
		expect(&msg, KPPTP_PRIV_CALL_READY, i);
		assert_int_equal(msg.call_ready.err, 0);
	}
	expect_nothing_before_stats(1);
}

static void expect_ready(uint32_t handle)
{
	struct kpptp_priv_msg msg;

	expect(&msg, KPPTP_PRIV_CALL_READY, handle);
	assert_int_equal(msg.call_ready.err, 0);
}

static void few_start_at_a_time(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.max_calls = 100;
	pool_of(POOL_FIRST, POOL_FIRST + 99);
	set_role("attach");
	start();
	request_many(kpptp_starts_limit() + 3);
	/* The next one's turn comes when a pppd has its channel, ... */
	request_plain(KPPTP_PRIV_PPP_START, 1);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	expect_ready(limit + 1);
	/* ... when a call ends that has none yet, ... */
	request_plain(KPPTP_PRIV_CALL_DEL, 2);
	expect_ready(limit + 2);
	/* ... and while they wait, calls that we place do not. */
	make_call(1000);
	request_plain(KPPTP_PRIV_CALL_DEL, limit + 2);
	expect_ready(limit + 3);
	stop_in_order();
}

/* A pppd that ends before it has its channel makes room, too. */
static void a_start_that_fails_makes_room(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.max_calls = 100;
	pool_of(POOL_FIRST, POOL_FIRST + 99);
	set_role("fail");
	start();
	request_many(kpptp_starts_limit() + 1);
	request_plain(KPPTP_PRIV_PPP_START, 1);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	expect_ready(limit + 1);
	stop_in_order();
}

/* So does one that cannot even be started, at once. */
static void a_failing_fork_makes_room(void **state)
{
	struct kpptp_priv_msg msg;
	int64_t began;

	(void)state;
	conf.max_calls = 100;
	pool_of(POOL_FIRST, POOL_FIRST + 99);
	no_forks = true;
	start();
	request_many(kpptp_starts_limit());
	for (uint32_t i = 1; i <= limit; i++) {
		request_plain(KPPTP_PRIV_PPP_START, i);
		expect(&msg, KPPTP_PRIV_PPP_EXITED, i);
		assert_int_equal(msg.ppp_exited.status, -1);
		assert_non_null(strstr(msg.ppp_exited.text, "cannot start"));
	}
	began = now_ms();
	request_served(limit + 1);
	expect_ready(limit + 1);
	assert_true(now_ms() - began < KPPTP_STARTS_TIMEOUT - 1000);
	stop_in_order();
}

/*
 * A place is not kept for long for a pppd that is not asked for; one that has started
 * has it until it has its channel.
 */
static void a_start_counts_from_the_start(void **state)
{
	struct kpptp_priv_msg msg;
	int64_t began;

	(void)state;
	conf.max_calls = 100;
	pool_of(POOL_FIRST, POOL_FIRST + 99);
	start();
	began = now_ms();
	request_many(2 * kpptp_starts_limit());
	for (uint32_t i = 1; i <= limit; i++)
		expect_ready(limit + i);
	assert_true(now_ms() - began < KPPTP_STARTS_TIMEOUT - 1000);
	for (uint32_t i = 1; i <= limit; i++) {
		request_plain(KPPTP_PRIV_PPP_START, i);
		expect(&msg, KPPTP_PRIV_PPP_STARTED, i);
	}
	began = now_ms();
	request_served(1000);
	expect_ready(1000);
	assert_true(now_ms() - began > KPPTP_STARTS_TIMEOUT - 1000);
	stop_in_order();
}

/* It is up to the peer of an incoming call when its pppd is started. */
static void incoming_calls_reserve_no_place(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.max_calls = 100;
	pool_of(POOL_FIRST, POOL_FIRST + 99);
	start();
	limit = kpptp_starts_limit();
	for (uint32_t i = 1; i <= 2 * limit; i++)
		request_incoming(i);
	request_plain(KPPTP_PRIV_CALL_STATS, 1);
	for (uint32_t i = 1; i <= 2 * limit; i++)
		expect_ready(i);
	expect(&msg, KPPTP_PRIV_STATS, 1);
	/* But each waits for its turn. */
	for (uint32_t i = 1; i <= limit; i++)
		request_served(100 + i);
	request_incoming(200);
	for (uint32_t i = 1; i <= limit; i++)
		expect_ready(100 + i);
	expect_nothing_before_stats(1);
	request_plain(KPPTP_PRIV_CALL_DEL, 101);
	expect_ready(200);
	/* Its pppd counts when it starts. */
	request_plain(KPPTP_PRIV_PPP_START, 200);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 200);
	request_served(201);
	expect_nothing_before_stats(1);
	request_plain(KPPTP_PRIV_CALL_DEL, 200);
	expect_ready(201);
	stop_in_order();
}

/* Those that wait count as calls. */
static void queue_is_bounded(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.max_calls = kpptp_starts_limit() + 2;
	pool_of(POOL_FIRST, POOL_FIRST + 99);
	start();
	request_many(conf.max_calls);
	request_served(conf.max_calls + 1);
	expect(&msg, KPPTP_PRIV_CALL_READY, conf.max_calls + 1);
	assert_int_equal(msg.call_ready.err, -ENOSPC);
	assert_non_null(strstr(msg.call_ready.text, "in [limits] is reached"));
	/* Stopping forgets them. */
	stop_in_order();
}

/* pppd learns of a hang-up from PPP: a signal would interfere. */
static void hang_up_sends_no_signal(void **state)
{
	struct kpptp_priv_msg msg;
	int64_t began;

	(void)state;
	start_with_ppp();
	began = now_ms();
	request_plain(KPPTP_PRIV_CALL_DEL, 1);
	/* The call is gone, and makes room. */
	expect_nothing_before_stats(1);
	for (uint32_t i = 2; i < 2 + conf.max_calls; i++)
		make_call(i);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(WTERMSIG(msg.ppp_exited.status), SIGKILL);
	assert_true(now_ms() - began >= conf.ppp_grace - 1);
	stop_in_order();
}

static bool script_says(char byte)
{
	char path[128], text = 0;
	int fd;

	path_of(path, "script");
	fd = open(path, O_RDONLY);
	if (fd >= 0 && read(fd, &text, 1) < 0)
		text = 0;
	if (fd >= 0)
		close(fd);
	return text == byte;
}

static void wait_script(char byte)
{
	int64_t deadline = now_ms() + DEADLINE_MS;

	while (!script_says(byte)) {
		if (now_ms() > deadline)
			fail_msg("the script does not get to %c", byte);
		nap();
	}
}

static void scripts_survive_their_pppd(void **state)
{
	struct kpptp_priv_msg msg;
	char path[128];

	(void)state;
	path_of(path, "script");
	unlink(path);
	set_role("script");
	start_with_ppp();
	wait_script('1');
	request_plain(KPPTP_PRIV_CALL_DEL, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(WTERMSIG(msg.ppp_exited.status), SIGKILL);
	assert_true(script_says('1'));
	wait_script('2');
	stop_in_order();
}

/* When the daemon stops they have the same time, and end with it. */
static void scripts_end_with_the_daemon(void **state)
{
	char path[128];
	int fd;

	(void)state;
	path_of(path, "script");
	unlink(path);
	path_of(path, "long");
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	set_role("script");
	start_with_ppp();
	wait_script('1');
	/* Check that nothing is left: all_ended(). */
	stop_in_order();
	unlink(path);
	path_of(path, "script");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(few_start_at_a_time),
		TEST(a_start_that_fails_makes_room),
		TEST(a_failing_fork_makes_room),
		TEST(a_start_counts_from_the_start),
		TEST(incoming_calls_reserve_no_place),
		TEST(queue_is_bounded),
		TEST(hang_up_sends_no_signal),
		TEST(scripts_survive_their_pppd),
		TEST(scripts_end_with_the_daemon),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
