// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker's client of the monitor, over a real socket pair whose other end the test
 * holds: requests, answers, and that nothing blocks.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#include <event2/event.h>

#include "worker/dataplane.h"
#include "common/port.h"
#include "common/priv.h"
#include "unit.h"

/* The last callback, and the number of callbacks. */
static struct {
	unsigned int count;
	const char *name;
	uint32_t handle;
	int number;
	char text[300];
	uint16_t id;
	uint32_t channel;
	uint64_t rx_packets;
	uint8_t blob[8];
	size_t len;
} seen;

static struct event_base *base;
static struct kpptp_dataplane *dp;
static bool close_in_callback;
static int monitor;

static void note(const char *name, uint32_t handle, int number, const char *text)
{
	seen.count++;
	seen.name = name;
	seen.handle = handle;
	seen.number = number;
	snprintf(seen.text, sizeof(seen.text), "%s", text);
	if (!close_in_callback)
		return;
	kpptp_dataplane_close(dp);
	dp = NULL;
}

static void call_ready(void *ctx, uint32_t handle, int err, const char *text, uint16_t id,
		       uint32_t channel)
{
	assert_ptr_equal(ctx, &seen);
	seen.id = id;
	seen.channel = channel;
	note("call_ready", handle, err, text);
}

static void call_set_done(void *ctx, uint32_t handle, int err, const char *text)
{
	assert_ptr_equal(ctx, &seen);
	note("call_set_done", handle, err, text);
}

static void call_gone(void *ctx, uint32_t handle)
{
	assert_ptr_equal(ctx, &seen);
	note("call_gone", handle, 0, "");
}

static void ppp_started(void *ctx, uint32_t handle, pid_t pid)
{
	assert_ptr_equal(ctx, &seen);
	note("ppp_started", handle, pid, "");
}

static void ppp_exited(void *ctx, uint32_t handle, int status, const char *text)
{
	assert_ptr_equal(ctx, &seen);
	note("ppp_exited", handle, status, text);
}

static void stats(void *ctx, uint32_t handle, int err, const struct kpptp_call_stats *counters)
{
	assert_ptr_equal(ctx, &seen);
	assert_int_equal(!counters, !!err);
	seen.rx_packets = counters ? counters->rx_packets : 0;
	note("stats", handle, err, "");
}

static void stop(void *ctx)
{
	assert_ptr_equal(ctx, &seen);
	note("stop", 0, 0, "");
}

static void reload(void *ctx, const void *blob, size_t len)
{
	assert_ptr_equal(ctx, &seen);
	seen.len = len;
	memcpy(seen.blob, blob, len < sizeof(seen.blob) ? len : sizeof(seen.blob));
	note("reload", 0, 0, "");
}

static void closed(void *ctx, const char *text)
{
	assert_ptr_equal(ctx, &seen);
	note("closed", 0, 0, text);
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

static int setup(void **state)
{
	int pair[2];

	(void)state;
	memset(&seen, 0, sizeof(seen));
	close_in_callback = false;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	monitor = pair[1];
	base = event_base_new();
	dp = kpptp_dataplane_open(base, pair[0], &events, &seen);
	return dp ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	kpptp_dataplane_close(dp);
	dp = NULL;
	event_base_free(base);
	if (monitor >= 0)
		close(monitor);
	return 0;
}

static void run_loop(void)
{
	event_base_loop(base, EVLOOP_NONBLOCK);
}

static void expect_request(struct kpptp_priv_msg *msg, uint32_t type, uint32_t handle)
{
	struct kpptp_priv_msg raw;
	char err[160] = "";
	ssize_t len;

	len = recv(monitor, &raw, sizeof(raw), MSG_DONTWAIT | MSG_TRUNC);
	assert_true(len > 0);
	if (kpptp_priv_parse_request(&raw, len, msg, err, sizeof(err)))
		fail_msg("%s", err);
	assert_int_equal(msg->type, type);
	assert_int_equal(msg->handle, handle);
}

static void answer(const struct kpptp_priv_msg *msg)
{
	size_t len = kpptp_priv_size(msg->type);

	assert_int_equal(send(monitor, msg, len, MSG_DONTWAIT), len);
}

static void test_requests(void **state)
{
	struct kpptp_dataplane_call call = {
		.local.s_addr = htonl(0xc0000201),
		.peer.s_addr = htonl(0xc0000202),
		.window = 64,
		.flow_control = KPPTP_FLOW_CONTROL_STRICT,
		.peer_id = 7, /* ignored: has_peer is not set */
	};
	struct kpptp_priv_msg msg;

	(void)state;
	assert_int_equal(kpptp_dataplane_ready(dp), 0);
	expect_request(&msg, KPPTP_PRIV_READY, 0);

	assert_int_equal(kpptp_dataplane_call_new(dp, 1, &call), 0);
	expect_request(&msg, KPPTP_PRIV_CALL_NEW, 1);
	assert_int_equal(msg.call_new.local, call.local.s_addr);
	assert_int_equal(msg.call_new.peer, call.peer.s_addr);
	assert_int_equal(msg.call_new.window, 64);
	assert_int_equal(msg.call_new.flow_control, KPPTP_FLOW_CONTROL_STRICT);
	assert_int_equal(msg.call_new.has_peer, 0);

	call.has_peer = true;
	call.peer_window = 8;
	call.peer_ppd = 3;
	assert_int_equal(kpptp_dataplane_call_new(dp, 2, &call), 0);
	expect_request(&msg, KPPTP_PRIV_CALL_NEW, 2);
	assert_int_equal(msg.call_new.has_peer, 1);
	assert_int_equal(msg.call_new.peer_id, 7);
	assert_int_equal(msg.call_new.peer_window, 8);
	assert_int_equal(msg.call_new.peer_ppd, 3);

	assert_int_equal(kpptp_dataplane_call_set(dp, 1, 9, 16, 2), 0);
	expect_request(&msg, KPPTP_PRIV_CALL_SET, 1);
	assert_int_equal(msg.call_set.peer_id, 9);
	assert_int_equal(msg.call_set.peer_window, 16);
	assert_int_equal(msg.call_set.peer_ppd, 2);

	assert_int_equal(kpptp_dataplane_ppp_start(dp, 2), 0);
	expect_request(&msg, KPPTP_PRIV_PPP_START, 2);

	assert_int_equal(kpptp_dataplane_call_stats(dp, 2), 0);
	expect_request(&msg, KPPTP_PRIV_CALL_STATS, 2);
	assert_int_equal(kpptp_dataplane_ppp_stop(dp, 2), 0);
	expect_request(&msg, KPPTP_PRIV_PPP_STOP, 2);
	assert_int_equal(kpptp_dataplane_call_del(dp, 1), 0);
	expect_request(&msg, KPPTP_PRIV_CALL_DEL, 1);
	assert_int_equal(seen.count, 0);
}

static void expect_event(const char *name, uint32_t handle, int number, const char *text)
{
	unsigned int before = seen.count;

	run_loop();
	assert_int_equal(seen.count, before + 1);
	assert_string_equal(seen.name, name);
	assert_int_equal(seen.handle, handle);
	assert_int_equal(seen.number, number);
	assert_string_equal(seen.text, text);
}

static void test_answers(void **state)
{
	static struct kpptp_priv_msg msg;

	(void)state;
	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_READY, 5);
	msg.call_ready.id = 4711;
	msg.call_ready.channel = 12;
	answer(&msg);
	expect_event("call_ready", 5, 0, "");
	assert_int_equal(seen.id, 4711);
	assert_int_equal(seen.channel, 12);

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_SET_DONE, 5);
	msg.call_set_done.err = -ENOENT;
	kpptp_priv_set_text(msg.call_set_done.text, "the call is gone");
	answer(&msg);
	expect_event("call_set_done", 5, -ENOENT, "the call is gone");

	kpptp_priv_init(&msg, KPPTP_PRIV_STATS, 5);
	msg.stats.stats.rx_packets = 1ULL << 40;
	answer(&msg);
	expect_event("stats", 5, 0, "");
	assert_true(seen.rx_packets == 1ULL << 40);
	kpptp_priv_init(&msg, KPPTP_PRIV_STATS, 5);
	msg.stats.err = -ENOENT;
	answer(&msg);
	expect_event("stats", 5, -ENOENT, "");

	kpptp_priv_init(&msg, KPPTP_PRIV_PPP_STARTED, 5);
	msg.ppp_started.pid = 1234;
	answer(&msg);
	expect_event("ppp_started", 5, 1234, "");
	kpptp_priv_init(&msg, KPPTP_PRIV_PPP_EXITED, 5);
	msg.ppp_exited.status = 0x1000;
	kpptp_priv_set_text(msg.ppp_exited.text, "exit status 16");
	answer(&msg);
	expect_event("ppp_exited", 5, 0x1000, "exit status 16");

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_GONE, 5);
	answer(&msg);
	expect_event("call_gone", 5, 0, "");
	kpptp_priv_init(&msg, KPPTP_PRIV_STOP, 0);
	answer(&msg);
	expect_event("stop", 0, 0, "");

	kpptp_priv_init(&msg, KPPTP_PRIV_RELOAD, 0);
	msg.reload.len = 3;
	memcpy(msg.reload.blob, "abc", 3);
	answer(&msg);
	expect_event("reload", 0, 0, "");
	assert_int_equal(seen.len, 3);
	assert_memory_equal(seen.blob, "abc", 3);
}

/* Requests wait in order for a monitor that is slow, up to a limit. */
static void test_queue(void **state)
{
	struct kpptp_priv_msg msg;
	uint32_t sent = 0;
	int err;

	(void)state;
	while (!(err = kpptp_dataplane_call_stats(dp, sent + 1)))
		sent++;
	assert_int_equal(err, -ENOBUFS);
	assert_true(sent > KPPTP_PORT_QUEUE_MAX);
	/* Requests that only release something are never refused. */
	assert_int_equal(kpptp_dataplane_call_del(dp, sent + 1), 0);
	assert_int_equal(kpptp_dataplane_ppp_stop(dp, sent + 2), 0);

	for (uint32_t handle = 1; handle <= sent; handle++) {
		expect_request(&msg, KPPTP_PRIV_CALL_STATS, handle);
		run_loop();
	}
	expect_request(&msg, KPPTP_PRIV_CALL_DEL, sent + 1);
	expect_request(&msg, KPPTP_PRIV_PPP_STOP, sent + 2);
	assert_int_equal(kpptp_dataplane_call_stats(dp, 1), 0);
	assert_int_equal(seen.count, 0);
}

/* Messages sent before the monitor died are delivered, then its death. */
static void test_closed(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	/* Unread by the monitor: its death resets the connection. */
	assert_int_equal(kpptp_dataplane_ready(dp), 0);
	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_GONE, 3);
	answer(&msg);
	close(monitor);
	monitor = -1;
	assert_int_equal(kpptp_dataplane_call_stats(dp, 3), -EPIPE);
	run_loop();
	run_loop();
	assert_int_equal(seen.count, 2);
	assert_string_equal(seen.name, "closed");
	assert_string_equal(seen.text, "the monitor has exited");
	assert_int_equal(kpptp_dataplane_call_del(dp, 3), -EPIPE);
	run_loop();
	assert_int_equal(seen.count, 2);
}

static void test_closed_with_queue(void **state)
{
	(void)state;
	while (!kpptp_dataplane_call_stats(dp, 1))
		;
	close(monitor);
	monitor = -1;
	run_loop();
	run_loop();
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.name, "closed");
}

static void test_invalid_answer(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_GONE, 0);
	answer(&msg);
	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_GONE, 1);
	answer(&msg);
	expect_event("closed", 0, 0,
		     "the monitor sent an invalid message: message call_gone has handle 0");
	run_loop();
	assert_int_equal(seen.count, 1);
}

static void test_close_in_callback(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	close_in_callback = true;
	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_GONE, 1);
	answer(&msg);
	answer(&msg);
	run_loop();
	assert_int_equal(seen.count, 1);
	assert_null(dp);
}

static void test_close_in_closed(void **state)
{
	(void)state;
	close_in_callback = true;
	close(monitor);
	monitor = -1;
	run_loop();
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.name, "closed");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_requests),
		TEST(test_answers),
		TEST(test_queue),
		TEST(test_closed),
		TEST(test_closed_with_queue),
		TEST(test_invalid_answer),
		TEST(test_close_in_callback),
		TEST(test_close_in_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
