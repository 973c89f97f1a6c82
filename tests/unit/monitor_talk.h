/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Play the worker: send requests to the monitor, and check its replies.
 *
 * To be included once, by the test itself, after monitor_run.h.
 */
#ifndef KPPTP_TEST_MONITOR_TALK_H
#define KPPTP_TEST_MONITOR_TALK_H

#include "common/port.h"
#include "common/priv.h"

#define LOCAL 0xc0000201
#define PEER  0xc0000202

static inline void request(const struct kpptp_priv_msg *msg)
{
	ssize_t len = kpptp_priv_size(msg->type);

	assert_int_equal(send(here.sock, msg, len, MSG_NOSIGNAL), len);
}

static inline void request_plain(uint32_t type, uint32_t handle)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, type, handle);
	request(&msg);
}

static inline void request_call(uint32_t handle, uint16_t window)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_NEW, handle);
	msg.call_new.local = htonl(LOCAL);
	msg.call_new.peer = htonl(PEER);
	msg.call_new.window = window;
	request(&msg);
}

/* A call requested by the peer: it will get a pppd and an address. */
static inline void request_of_peer(uint32_t handle, uint16_t peer_window)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_NEW, handle);
	msg.call_new.local = htonl(LOCAL);
	msg.call_new.peer = htonl(PEER);
	msg.call_new.window = 64;
	msg.call_new.has_peer = 1;
	msg.call_new.peer_id = handle;
	msg.call_new.peer_window = peer_window;
	request(&msg);
}

static inline void request_served(uint32_t handle)
{
	request_of_peer(handle, 64);
}

/* An incoming call: the peer's window is known once it is connected. */
static inline void request_incoming(uint32_t handle)
{
	request_of_peer(handle, 0);
}

static inline void request_set(uint32_t handle, uint16_t peer_id)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_SET, handle);
	msg.call_set.peer_id = peer_id;
	request(&msg);
}

static inline void expect(struct kpptp_priv_msg *msg, uint32_t type, uint32_t handle)
{
	struct pollfd readable = { here.sock, POLLIN, 0 };
	static struct kpptp_priv_msg raw;
	char err[160] = "";
	ssize_t len;

	if (poll(&readable, 1, DEADLINE_MS) != 1)
		fail_msg("no %s comes", kpptp_priv_type_name(type));
	len = recv(here.sock, &raw, sizeof(raw), MSG_TRUNC);
	assert_true(len > 0);
	if (kpptp_priv_parse_answer(&raw, len, msg, err, sizeof(err)))
		fail_msg("%s", err);
	assert_string_equal(kpptp_priv_type_name(msg->type), kpptp_priv_type_name(type));
	assert_int_equal(msg->handle, handle);
}

/* The monitor works in order: earlier requests were answered, or are queued. */
static inline void expect_nothing_before_stats(uint32_t handle)
{
	struct kpptp_priv_msg msg;

	request_plain(KPPTP_PRIV_CALL_STATS, handle);
	expect(&msg, KPPTP_PRIV_STATS, handle);
}

static inline void expect_end_of_file(void)
{
	struct pollfd readable = { here.sock, POLLIN, 0 };
	char byte;

	assert_int_equal(poll(&readable, 1, DEADLINE_MS), 1);
	assert_true(recv(here.sock, &byte, 1, 0) <= 0);
}

static inline void make_call(uint32_t handle)
{
	struct kpptp_priv_msg msg;

	request_call(handle, 64);
	expect(&msg, KPPTP_PRIV_CALL_READY, handle);
	assert_int_equal(msg.call_ready.err, 0);
	assert_int_equal(msg.call_ready.channel, 100 + msg.call_ready.id);
}

/* Start a pppd and wait until the script has started. */
static inline pid_t make_ppp(uint32_t handle)
{
	int64_t deadline = now_ms() + DEADLINE_MS;
	struct kpptp_priv_msg msg;
	char path[128];

	request_plain(KPPTP_PRIV_PPP_START, handle);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, handle);
	path_of(path, "pid");
	while (access(path, F_OK)) {
		if (now_ms() > deadline)
			fail_msg("the script does not start");
		nap();
	}
	return msg.ppp_started.pid;
}

/* The minimum of a busy worker: a call with a pppd. */
static inline pid_t start_with_ppp(void)
{
	start();
	make_call(1);
	return make_ppp(1);
}

static inline void stop_in_order(void)
{
	struct kpptp_priv_msg msg;

	kill(here.monitor, SIGTERM);
	expect(&msg, KPPTP_PRIV_STOP, 0);
	kill(here.worker, SIGUSR1);
	assert_int_equal(wait_monitor(), 0);
}

#endif /* KPPTP_TEST_MONITOR_TALK_H */
