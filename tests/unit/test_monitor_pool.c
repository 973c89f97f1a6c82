// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor's address pool: who gets an address, who is refused, when it is free
 * again. No address is given twice, whatever the worker requests.
 */
#include "monitor_run.h"
#include "monitor_talk.h"

static void serve(uint32_t handle)
{
	struct kpptp_priv_msg msg;

	request_served(handle);
	expect(&msg, KPPTP_PRIV_CALL_READY, handle);
	assert_string_equal(msg.call_ready.text, "");
	assert_int_equal(msg.call_ready.err, 0);
}

static void refused(uint32_t handle)
{
	struct kpptp_priv_msg msg;

	expect(&msg, KPPTP_PRIV_CALL_READY, handle);
	assert_int_equal(msg.call_ready.err, -ENOSPC);
	assert_string_equal(msg.call_ready.text, "all of remote-addresses are in use");
}

/* The addresses that pppd was told: "LOCAL:REMOTE", the last argument. */
static void assert_addresses(const char *wanted)
{
	char path[128], text[1024];
	ssize_t len;
	int fd;

	path_of(path, "args");
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	assert_true(len > 1);
	text[len - 1] = '\0';
	assert_string_equal(strrchr(text, ' ') + 1, wanted);
}

/* As make_ppp(), with addresses. */
static void start_ppp(uint32_t handle, const char *addresses)
{
	set_role("wait");
	make_ppp(handle);
	assert_addresses(addresses);
}

static void stop_ppp(uint32_t handle)
{
	struct kpptp_priv_msg msg;

	request_plain(KPPTP_PRIV_PPP_STOP, handle);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, handle);
}

static void test_last_address(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	pool_of(POOL_FIRST, POOL_FIRST);
	start();
	/* Both ask before one is answered. */
	request_served(1);
	request_served(2);
	expect(&msg, KPPTP_PRIV_CALL_READY, 1);
	assert_int_equal(msg.call_ready.err, 0);
	refused(2);
	start_ppp(1, "10.0.0.1:10.0.0.16");
	/* Nothing is left of the one that was refused. */
	request_plain(KPPTP_PRIV_CALL_STATS, 2);
	expect(&msg, KPPTP_PRIV_STATS, 2);
	assert_int_equal(msg.stats.err, -ENOENT);
	/* A call that we place needs none. */
	make_call(3);
	stop_in_order();
}

static void test_own_address(void **state)
{
	(void)state;
	pool_of(PPP_LOCAL - 1, PPP_LOCAL + 1);
	start();
	serve(1);
	serve(2);
	request_served(3);
	refused(3);
	start_ppp(1, "10.0.0.1:10.0.0.0");
	start_ppp(2, "10.0.0.1:10.0.0.2");
	stop_in_order();
}

/* An address is freed with a call that had no pppd, or when the pppd ends. */
static void test_free_again(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	pool_of(POOL_FIRST, POOL_FIRST);
	start();
	serve(1);
	request_plain(KPPTP_PRIV_CALL_DEL, 1);
	serve(2);
	set_role("stubborn");
	request_plain(KPPTP_PRIV_CALL_DEL, 2);
	serve(3);
	start_ppp(3, "10.0.0.1:10.0.0.16");
	/* The call ends at once, its pppd later: until then it has the address. */
	request_plain(KPPTP_PRIV_CALL_DEL, 3);
	request_served(4);
	refused(4);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 3);
	serve(5);
	start_ppp(5, "10.0.0.1:10.0.0.16");
	stop_in_order();
}

/* A pppd that ended leaves its address; another one on the call gets one. */
static void test_second_pppd(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	pool_of(POOL_FIRST, POOL_FIRST);
	start();
	serve(1);
	start_ppp(1, "10.0.0.1:10.0.0.16");
	stop_ppp(1);
	serve(2);
	request_plain(KPPTP_PRIV_PPP_START, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(msg.ppp_exited.status, -1);
	assert_string_equal(msg.ppp_exited.text, "all of remote-addresses are in use");
	start_ppp(2, "10.0.0.1:10.0.0.16");
	stop_in_order();
}

/* A worker that never asks for an address gets one all the same. */
static void test_not_asked_for(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	pool_of(POOL_FIRST, POOL_FIRST);
	start();
	make_call(1);
	make_call(2);
	start_ppp(1, "10.0.0.1:10.0.0.16");
	request_plain(KPPTP_PRIV_PPP_START, 2);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 2);
	assert_string_equal(msg.ppp_exited.text, "all of remote-addresses are in use");
	stop_in_order();
}

static void test_no_pool(void **state)
{
	(void)state;
	pool_of(0, 0);
	start();
	serve(1);
	serve(2);
	start_ppp(1, "10.0.0.1:");
	stop_in_order();
}

/* The pool moves on by one, and our own address is the first peer's. */
static ssize_t reload_pool(void *ctx, struct kpptp_monitor_conf *fresh, void *blob, size_t size)
{
	(void)ctx;
	(void)blob;
	(void)size;
	fresh->ppp.local.s_addr = htonl(POOL_FIRST);
	fresh->ppp.remote_first.s_addr = htonl(POOL_FIRST);
	fresh->ppp.remote_last.s_addr = htonl(POOL_FIRST + 2);
	return 0;
}

static void test_reload(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.reload = reload_pool;
	pool_of(POOL_FIRST, POOL_FIRST + 1);
	start();
	serve(1);
	serve(2);
	start_ppp(1, "10.0.0.1:10.0.0.16");
	kill(here.monitor, SIGHUP);
	expect(&msg, KPPTP_PRIV_RELOAD, 0);
	/* What was given stays; one address is new. */
	serve(3);
	request_served(4);
	refused(4);
	start_ppp(2, "10.0.0.16:10.0.0.17");
	start_ppp(3, "10.0.0.16:10.0.0.18");
	/* The address that is ours now is not free when its peer leaves. */
	stop_ppp(1);
	request_served(4);
	refused(4);
	stop_ppp(2);
	serve(4);
	start_ppp(4, "10.0.0.16:10.0.0.17");
	stop_in_order();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_last_address), TEST(test_own_address),   TEST(test_free_again),
		TEST(test_second_pppd),	 TEST(test_not_asked_for), TEST(test_no_pool),
		TEST(test_reload),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
