// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Uses of a call's counters: as pure functions, then in calls of a server with a null
 * data plane.
 */
#include "harness.h"
#include "peer.h"

#include "fsm/statistics.h"

static void text_of_the_counters(void **state)
{
	const struct kpptp_call_stats stats = {
		.rx_packets = 1,
		.rx_bytes = 2,
		.tx_packets = 3,
		.tx_bytes = 4,
		.rx_lost = 5,
		.ack_timeouts = 6,
	};
	char text[KPPTP_STATISTICS_LEN + 1];

	(void)state;
	kpptp_statistics_text(&stats, text, sizeof(text));
	assert_string_equal(text, "rx-packets 1 rx-bytes 2 tx-packets 3 "
				  "tx-bytes 4 rx-lost 5 ack-timeouts 6");
}

/* A number whose end is missing would be a wrong one. */
static void text_ends_with_a_whole_number(void **state)
{
	static const char *const whole =
		"rx-packets 18446744073709551615 rx-bytes 18446744073709551615 "
		"tx-packets 18446744073709551615 tx-bytes 18446744073709551615 "
		"rx-lost 18446744073709551615 "
		"ack-timeouts 18446744073709551615";
	struct kpptp_call_stats stats;
	char text[256];

	(void)state;
	memset(&stats, 0xff, sizeof(stats));
	for (size_t size = 1; size <= sizeof(text); size++) {
		memset(text, 'x', sizeof(text));
		kpptp_statistics_text(&stats, text, size);
		assert_true(strlen(text) < size);
		assert_memory_equal(text, whole, strlen(text));
		if (*text)
			assert_int_equal(text[strlen(text) - 1], '5');
		if (size > strlen(whole))
			assert_string_equal(text, whole);
	}
}

static void counters_of_wan_error_notify(void **state)
{
	struct kpptp_call_stats stats = {
		.rx_packets = 1000,
		.rx_malformed = 1,
		.rx_reorder_overflows = 10,
		.rx_no_memory = 20,
		.rx_backlog_drops = 40,
		.tx_no_memory = 30,
		.ack_timeouts = 100,
		.rx_reorder_timeouts = 200,
	};
	struct kpptp_call_wan_errors errors;

	(void)state;
	kpptp_statistics_wan_errors(&stats, &errors);
	assert_int_equal(errors.crc_errors, 0);
	assert_int_equal(errors.framing_errors, 1);
	assert_int_equal(errors.hardware_overruns, 0);
	assert_int_equal(errors.buffer_overruns, 100);
	assert_int_equal(errors.time_out_errors, 300);
	assert_int_equal(errors.alignment_errors, 0);
	stats.ack_timeouts = 1ULL << 40;
	kpptp_statistics_wan_errors(&stats, &errors);
	assert_int_equal(errors.time_out_errors, UINT32_MAX);
}

static const struct kpptp_call_stats some = {
	.rx_packets = 11,
	.rx_bytes = 22,
	.tx_packets = 33,
	.tx_bytes = 44,
};

static void disconnect_carries_counters(void **state)
{
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	kpptp_dataplane_null_stats(h->dp, &some);
	/* Requested twice, answered once. */
	peer_clear_call(&p, 1);
	peer_clear_call(&p, 1);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_int_equal(msg.cdn.result_code, KPPTP_CDN_REQUEST);
	assert_string_equal(msg.cdn.call_statistics, "rx-packets 11 rx-bytes 22 tx-packets 33 "
						     "tx-bytes 44 rx-lost 0 ack-timeouts 0");
	pump_until(h->server->session_count == 0);
	/* Nor does pppd's end make a second one. */
	peer_call(&p, 2);
	pump_until(log_has("pppd runs"));
	kpptp_dataplane_null_exit(h->dp, h->server->last_handle, 16 << 8);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_int_equal(msg.cdn.result_code, KPPTP_CDN_LOST_CARRIER);
	assert_non_null(strstr(msg.cdn.call_statistics, "rx-packets 11"));
	assert_true(log_has("call ended: pppd ended: ended by itself"));
	peer_stop(&p);
}

/* The kernel's call may be broken: its end does not depend on counters. */
static void disconnect_without_counters(void **state)
{
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	kpptp_dataplane_null_fail(h->dp, -EIO);
	peer_clear_call(&p, 1);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_string_equal(msg.cdn.call_statistics, "");
	pump_until(h->server->session_count == 0);
	kpptp_dataplane_null_fail(h->dp, 0);
	peer_stop(&p);
}

/* What ends the call before the counters have come. */
static void call_ends_while_counters_are_requested(void **state)
{
	const struct kpptp_msg stop = { .type = KPPTP_STOPCCRQ, .stopccrq = { .reason = 1 } };
	const struct kpptp_msg ccrq = { .type = KPPTP_CCRQ, .ccrq = { 1 } };
	uint8_t buf[2 * KPPTP_MSG_MAX];
	size_t len;
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	/* In one read, so that no answer can come between. */
	len = kpptp_wire_encode(&ccrq, buf);
	len += kpptp_wire_encode(&stop, buf + len);
	peer_write(&p, buf, len);
	peer_expect(&p, KPPTP_STOPCCRP, &msg);
	peer_expect_end(&p);
	pump_until(h->server->session_count == 0);
	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_clear_call(&p, 1);
	kpptp_dataplane_null_gone(h->dp, h->server->last_handle);
	peer_expect(&p, KPPTP_CDN, &msg);
	pump_until(h->server->session_count == 0);
	peer_stop(&p);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
}

static struct kpptp_session *only_session(const struct host *h)
{
	return TAILQ_FIRST(&TAILQ_FIRST(&h->server->tunnels)->sessions);
}

static void look_now(const struct host *h)
{
	assert_true(event_pending(only_session(h)->watch, EV_TIMEOUT, NULL));
	event_active(only_session(h)->watch, EV_TIMEOUT, 0);
	/* The null data plane answers from the loop, and at once. */
	do
		event_base_loop(base, EVLOOP_NONBLOCK);
	while (event_base_get_num_events(base, EVENT_BASE_COUNT_ACTIVE) > 0);
}

/* The time comes early, as often as the test likes. */
static void fact_18_wan_error_notify(void **state)
{
	struct kpptp_call_stats stats = some;
	struct kpptp_msg msg;
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 7);
	kpptp_dataplane_null_stats(h->dp, &stats);
	look_now(h);
	stats.rx_malformed = 3;
	kpptp_dataplane_null_stats(h->dp, &stats);
	look_now(h);
	/* Only now was there an error. */
	peer_expect(&p, KPPTP_WEN, &msg);
	assert_int_equal(msg.wen.peers_call_id, 7);
	assert_int_equal(msg.wen.framing_errors, 3);
	/* Another within the minute waits. */
	stats.rx_malformed = 4;
	kpptp_dataplane_null_stats(h->dp, &stats);
	look_now(h);
	peer_echo(&p);
	assert_true(event_pending(only_session(h)->timer, EV_TIMEOUT, NULL));
	assert_int_equal(p.len, 0);
	peer_stop(&p);
}

/* The null data plane counts no packets, as if GRE were blocked. */
static void the_hint_about_gre(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	look_now(h);
	assert_true(log_has("no GRE from 127.0.0.1 in 10 s: is protocol 47 blocked?"));
	peer_stop(&p);
}

/* Frames dropped because of df: the remedy is logged, once per call. */
static void the_hint_about_the_mtu(void **state)
{
	struct kpptp_call_stats stats = some;
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	kpptp_dataplane_null_stats(h->dp, &stats);
	look_now(h);
	assert_false(log_has("too large"));
	stats.tx_too_big = 5;
	kpptp_dataplane_null_stats(h->dp, &stats);
	look_now(h);
	assert_true(log_has("frames are too large for the path and df is on, so "
			    "they are dropped (tx-too-big 5 so far): lower the "
			    "MTU of the PPP interface, or turn df off"));
	log_clear();
	stats.tx_too_big = 6;
	kpptp_dataplane_null_stats(h->dp, &stats);
	look_now(h);
	assert_false(log_has("too large"));
	peer_stop(&p);
}

/* A call that ends before the next look has its hint, too. */
static void the_hint_about_the_mtu_at_the_end(void **state)
{
	struct kpptp_call_stats stats = some;
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	stats.tx_too_big = 5;
	kpptp_dataplane_null_stats(h->dp, &stats);
	peer_clear_call(&p, 1);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_true(log_has("lower the MTU of the PPP interface"));
	peer_stop(&p);
}

/* Ten seconds without a packet: said once, and not to those who have one. */
static void the_hint_comes_once(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	look_now(h);
	assert_true(log_has("is protocol 47 blocked?"));
	log_clear();
	look_now(h);
	assert_false(log_has("is protocol 47 blocked?"));
	peer_stop(&p);
	kpptp_dataplane_null_stats(h->dp, &some);
	peer_establish(&p, h);
	peer_call(&p, 1);
	look_now(h);
	assert_false(log_has("is protocol 47 blocked?"));
	peer_stop(&p);
}

/* Only control messages defer the echo, however many packets a call has. */
static void fact_10_packets_of_a_call_do_not_count(void **state)
{
	struct kpptp_call_stats stats = some;
	time_t end = time(NULL) + DEADLINE;
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer p;

	kpptp_config_defaults(&c);
	c.echo_interval = 1;
	host_restart(h, &c);
	peer_establish(&p, h);
	peer_call(&p, 1);
	while (!p.len) {
		if (time(NULL) > end)
			fail_msg("no Echo-Request beside packets");
		stats.rx_packets++;
		stats.tx_packets++;
		kpptp_dataplane_null_stats(h->dp, &stats);
		look_now(h);
		assert_true(peer_read(&p));
	}
	peer_expect(&p, KPPTP_ECHORQ, &msg);
	peer_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_the_counters),
		cmocka_unit_test(text_ends_with_a_whole_number),
		cmocka_unit_test(counters_of_wan_error_notify),
		TEST_HOST(disconnect_carries_counters),
		TEST_HOST(disconnect_without_counters),
		TEST_HOST(call_ends_while_counters_are_requested),
		TEST_HOST(fact_18_wan_error_notify),
		TEST_HOST(the_hint_about_gre),
		TEST_HOST(the_hint_about_the_mtu),
		TEST_HOST(the_hint_about_the_mtu_at_the_end),
		TEST_HOST(the_hint_comes_once),
		TEST_HOST(fact_10_packets_of_a_call_do_not_count),
	};

	return run_with_log("statistics", tests);
}
