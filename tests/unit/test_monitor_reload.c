// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A new configuration for the monitor, good or bad.
 */
#include "monitor_run.h"
#include "monitor_talk.h"

static ssize_t reload_good(void *ctx, struct kpptp_monitor_conf *fresh,
			   void *blob, size_t size)
{
	if (ctx != &conf || size != KPPTP_MONITOR_BLOB_MAX)
		return -1;
	fresh->ppp.local.s_addr = htonl(PPP_LOCAL + 1);
	fresh->max_calls = 1;
	memcpy(blob, "new", 3);
	return 3;
}

static ssize_t reload_bad(void *ctx, struct kpptp_monitor_conf *fresh,
			  void *blob, size_t size)
{
	(void)ctx;
	memset(blob, 'x', size);
	fresh->ppp.local.s_addr = htonl(PPP_LOCAL + 2);
	return -1;
}

static void test_reload(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.reload = reload_good;
	conf.ctx = &conf;
	start();
	make_call(1);
	kill(here.monitor, SIGHUP);
	expect(&msg, KPPTP_PRIV_RELOAD, 0);
	assert_int_equal(msg.reload.len, 3);
	assert_memory_equal(msg.reload.blob, "new", 3);
	request_plain(KPPTP_PRIV_PPP_START, 1);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	/* One call is all that is allowed now. */
	request_call(2, 64);
	expect(&msg, KPPTP_PRIV_CALL_READY, 2);
	assert_int_equal(msg.call_ready.err, -ENOSPC);
	stop_in_order();
}

static void test_reload_fails(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.reload = reload_bad;
	start();
	make_call(1);
	kill(here.monitor, SIGHUP);
	/* No message says that it was refused: the next one is the answer. */
	request_plain(KPPTP_PRIV_CALL_STATS, 1);
	expect(&msg, KPPTP_PRIV_STATS, 1);
	request_plain(KPPTP_PRIV_PPP_START, 1);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	stop_in_order();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reload),
		TEST(test_reload_fails),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
