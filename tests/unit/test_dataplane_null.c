// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The data plane without a kernel: tests of the server rely on it, so it must keep the
 * promises of dataplane.h, above all on ordering.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <event2/event.h>

#include "worker/dataplane_null.h"
#include "unit.h"

/* All answers so far, one word each. */
static char answers[512];
static struct event_base *base;
static struct kpptp_dataplane *dp;
static bool close_on_gone;

static void __attribute__((format(printf, 1, 2))) hear(const char *fmt, ...)
{
	size_t len = strlen(answers);
	va_list args;

	va_start(args, fmt);
	vsnprintf(answers + len, sizeof(answers) - len, fmt, args);
	va_end(args);
}

static void call_ready(void *ctx, uint32_t handle, int err, const char *text, uint16_t id,
		       uint32_t channel)
{
	(void)ctx;
	assert_int_equal(!err, !*text);
	hear("ready(%u,%d,%u,%u) ", handle, err, id, channel);
}

static void call_set_done(void *ctx, uint32_t handle, int err, const char *text)
{
	(void)ctx;
	assert_int_equal(!err, !*text);
	hear("set(%u,%d) ", handle, err);
}

static void call_gone(void *ctx, uint32_t handle)
{
	(void)ctx;
	hear("gone(%u) ", handle);
	if (!close_on_gone)
		return;
	kpptp_dataplane_close(dp);
	dp = NULL;
}

static void ppp_started(void *ctx, uint32_t handle, pid_t pid)
{
	(void)ctx;
	hear("started(%u,%d) ", handle, (int)pid);
}

static void ppp_exited(void *ctx, uint32_t handle, int status, const char *text)
{
	(void)ctx;
	assert_true(*text);
	hear("exited(%u,%d) ", handle, status);
}

static void stats(void *ctx, uint32_t handle, int err, const struct kpptp_call_stats *counters)
{
	(void)ctx;
	assert_int_equal(!counters, !!err);
	hear("stats(%u,%d) ", handle, err);
}

static void stop(void *ctx)
{
	(void)ctx;
	hear("stop ");
}

static void reload(void *ctx, const void *blob, size_t len)
{
	(void)ctx;
	hear("reload(%.*s) ", (int)len, (const char *)blob);
}

static void closed(void *ctx, const char *text)
{
	(void)ctx;
	hear("closed(%s) ", text);
}

static const struct kpptp_dataplane_events events = {
	.call_ready = call_ready,
	.call_set_done = call_set_done,
	.call_gone = call_gone,
	.ppp_started = ppp_started,
	.ppp_exited = ppp_exited,
	.stats = stats,
	.stop = stop,
	.reload = reload,
	.closed = closed,
};

static const struct kpptp_dataplane_call call = { .window = 64 };

static int setup(void **state)
{
	(void)state;
	close_on_gone = false;
	answers[0] = '\0';
	base = event_base_new();
	dp = kpptp_dataplane_null_open(base, &events, NULL);
	return dp ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	kpptp_dataplane_close(dp);
	event_base_free(base);
	return 0;
}

/* No callback before the loop runs; then exactly these. */
static void assert_hears(const char *wanted)
{
	assert_string_equal(answers, "");
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_string_equal(answers, wanted);
	answers[0] = '\0';
}

static void test_grants(void **state)
{
	(void)state;
	kpptp_dataplane_call_new(dp, 10, &call);
	kpptp_dataplane_call_new(dp, 11, &call);
	kpptp_dataplane_call_set(dp, 10, 1, 2, 3);
	kpptp_dataplane_call_stats(dp, 11);
	kpptp_dataplane_ppp_start(dp, 10);
	assert_int_equal(kpptp_dataplane_null_calls(dp), 2);
	assert_hears("ready(10,0,1,1) ready(11,0,2,2) set(10,0) stats(11,0) started(10,10) ");
	kpptp_dataplane_ppp_stop(dp, 10);
	kpptp_dataplane_ppp_stop(dp, 10);
	assert_hears("exited(10,0) ");
	kpptp_dataplane_call_del(dp, 10);
	kpptp_dataplane_call_del(dp, 10);
	kpptp_dataplane_call_set(dp, 10, 1, 2, 3);
	kpptp_dataplane_ppp_start(dp, 10);
	assert_int_equal(kpptp_dataplane_null_calls(dp), 1);
	assert_hears("set(10,-2) exited(10,-1) ");
}

static void test_fails(void **state)
{
	(void)state;
	kpptp_dataplane_call_new(dp, 1, &call);
	kpptp_dataplane_null_fail(dp, -EBUSY);
	kpptp_dataplane_call_new(dp, 2, &call);
	kpptp_dataplane_ppp_start(dp, 1);
	kpptp_dataplane_call_stats(dp, 1);
	assert_hears("ready(1,0,1,1) ready(2,-16,0,0) exited(1,-1) stats(1,-16) ");
	kpptp_dataplane_null_fail(dp, 0);
	kpptp_dataplane_call_new(dp, 2, &call);
	assert_hears("ready(2,0,2,2) ");
}

/* What the kernel, pppd and the monitor do by themselves. */
static void test_by_itself(void **state)
{
	(void)state;
	kpptp_dataplane_call_new(dp, 1, &call);
	kpptp_dataplane_call_new(dp, 2, &call);
	kpptp_dataplane_ppp_start(dp, 1);
	kpptp_dataplane_ppp_start(dp, 2);
	event_base_loop(base, EVLOOP_NONBLOCK);
	answers[0] = '\0';
	kpptp_dataplane_null_exit(dp, 1, 0x1000);
	kpptp_dataplane_null_exit(dp, 1, 0);
	kpptp_dataplane_null_gone(dp, 2);
	kpptp_dataplane_null_gone(dp, 2);
	kpptp_dataplane_null_stop(dp);
	kpptp_dataplane_null_reload(dp, "new", 3);
	assert_hears("exited(1,4096) gone(2) exited(2,0) stop reload(new) ");
	assert_int_equal(kpptp_dataplane_null_calls(dp), 1);
}

static void test_close_in_callback(void **state)
{
	(void)state;
	kpptp_dataplane_call_new(dp, 1, &call);
	kpptp_dataplane_ppp_start(dp, 1);
	kpptp_dataplane_null_gone(dp, 1);
	close_on_gone = true;
	assert_hears("ready(1,0,1,1) started(1,1) gone(1) ");
	assert_null(dp);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_grants),
		TEST(test_fails),
		TEST(test_by_itself),
		TEST(test_close_in_callback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
