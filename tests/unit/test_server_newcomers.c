// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unauthenticated calls of a server: which are answered, which wait, and what becomes
 * of those.
 */
#include "harness.h"
#include "peer.h"

/* Calls beyond the limit are answered once there is a place. */
static void limit_of_unauthenticated_calls(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer p;

	kpptp_config_defaults(&c);
	c.unauthenticated = 2;
	host_restart(h, &c);
	log_clear();
	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_call(&p, 2);
	peer_request_call(&p, 3);
	peer_request_call(&p, 4);
	pump_until(log_count("pppd runs") == 2);
	pump_until(h->server->newcomers.waiting_count == 2);
	peer_echo(&p);
	assert_int_equal(h->server->session_count, 4);
	/* One is let in, one leaves: two places. */
	kpptp_dataplane_null_authenticated(h->dp, 1);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.peers_call_id, 3);
	pump_until(log_count("pppd runs") == 3);
	assert_int_equal(h->server->newcomers.waiting_count, 1);
	kpptp_dataplane_null_exit(h->dp, 2, 0);
	pump_until(log_count("pppd runs") == 4);
	assert_int_equal(h->server->newcomers.waiting_count, 0);
	assert_int_equal(h->server->newcomers.running_count, 2);
	peer_send(&p, &(struct kpptp_msg){ .type = KPPTP_STOPCCRQ, .stopccrq = { .reason = 1 } });
	pump_until(h->server->session_count == 0);
	assert_int_equal(h->server->newcomers.running_count, 0);
	close(p.fd);
}

/* Nothing was asked of the monitor for them: they are gone at once. */
static void waiting_call_may_end(void **state)
{
	struct host *h = *state;
	struct peer p, another;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.unauthenticated = 1;
	host_restart(h, &c);
	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_request_call(&p, 2);
	peer_request_call(&p, 3);
	pump_until(h->server->newcomers.waiting_count == 2);
	/* By a request, ... */
	peer_clear_call(&p, 2);
	peer_expect(&p, KPPTP_CDN, &msg);
	pump_until(h->server->session_count == 2);
	assert_int_equal(h->server->newcomers.waiting_count, 1);
	/* ... and with their connection, of whatever host. */
	peer_open_from(&another, h, 0x7f000002);
	peer_say_start(&another);
	peer_expect(&another, KPPTP_SCCRP, &msg);
	peer_request_call(&another, 1);
	pump_until(h->server->newcomers.waiting_count == 2);
	close(another.fd);
	pump_until(h->server->session_count == 2);
	assert_int_equal(h->server->newcomers.waiting_count, 1);
	/* Each is made only when it is its turn. */
	kpptp_dataplane_null_authenticated(h->dp, 1);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.peers_call_id, 3);
	peer_stop(&p);
}

/* It has a place, and goes away before the monitor has answered. */
static void starting_call_may_end(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct peer p, another;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.unauthenticated = 1;
	host_restart(h, &c);
	kpptp_dataplane_null_hold(h->dp, true);
	peer_open_from(&another, h, 0x7f000002);
	peer_say_start(&another);
	peer_expect(&another, KPPTP_SCCRP, &msg);
	peer_request_call(&another, 1);
	pump_until(h->server->newcomers.running_count == 1);
	close(another.fd);
	pump_until(h->server->tunnel_count == 0);
	assert_int_equal(h->server->newcomers.running_count, 0);
	assert_int_equal(h->server->session_count, 1);
	kpptp_dataplane_null_hold(h->dp, false);
	pump_until(h->server->session_count == 0);
	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_stop(&p);
}

/* Its time begins when its pppd does, however long the monitor took. */
static void timeout_starts_with_pppd(void **state)
{
	const struct kpptp_session *s;
	struct host *h = *state;
	struct kpptp_msg msg;
	uint64_t placed;
	struct peer p;

	peer_establish(&p, h);
	kpptp_dataplane_null_hold(h->dp, true);
	peer_request_call(&p, 1);
	pump_until(h->server->newcomers.running_count == 1);
	s = TAILQ_FIRST(&h->server->newcomers.running);
	placed = s->newcomer_since;
	pump_until(kpptp_clock_now() > placed);
	kpptp_dataplane_null_hold(h->dp, false);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(h->server->newcomers.running_count, 1);
	assert_true(s->newcomer_since > placed);
	peer_stop(&p);
}

/* One place is enough for one, though it is free at once. */
static void one_eviction_per_waiting_call(void **state)
{
	struct kpptp_session *s;
	struct host *h = *state;
	struct peer p, another;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.unauthenticated = 3;
	host_restart(h, &c);
	kpptp_dataplane_null_hold(h->dp, true);
	peer_establish(&p, h);
	for (int i = 1; i <= 3; i++)
		peer_request_call(&p, i);
	pump_until(h->server->newcomers.running_count == 3);
	/* They have had their five seconds, and the monitor has not answered. */
	TAILQ_FOREACH(s, &h->server->newcomers.running, newcomer_entry)
		s->newcomer_since -= 5000;
	peer_open_from(&another, h, 0x7f000002);
	peer_say_start(&another);
	peer_expect(&another, KPPTP_SCCRP, &msg);
	peer_request_call(&another, 1);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.peers_call_id, 1);
	assert_int_equal(msg.ocrp.result_code, KPPTP_OCRP_DO_NOT_ACCEPT);
	assert_true(log_has("limit unauthenticated=3 is reached: evicted to make room"));
	assert_int_equal(h->server->newcomers.running_count, 3);
	assert_int_equal(h->server->newcomers.waiting_count, 0);
	kpptp_dataplane_null_hold(h->dp, false);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.peers_call_id, 2);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_OK);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.peers_call_id, 3);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_OK);
	peer_expect(&another, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_OK);
	peer_stop(&p);
	peer_stop(&another);
}

/* All calls are taken by one address, and most of them have no pppd yet. */
static void waiting_call_is_evicted_first(void **state)
{
	struct host *h = *state;
	struct peer p, another;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.calls = 4;
	c.unauthenticated = 2;
	host_restart(h, &c);
	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_call(&p, 2);
	peer_request_call(&p, 3);
	peer_request_call(&p, 4);
	pump_until(h->server->newcomers.waiting_count == 2);
	peer_open_from(&another, h, 0x7f000002);
	peer_say_start(&another);
	peer_expect(&another, KPPTP_SCCRP, &msg);
	peer_request_call(&another, 1);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.peers_call_id, 3);
	assert_int_equal(msg.ocrp.result_code, KPPTP_OCRP_DO_NOT_ACCEPT);
	assert_true(log_has("limit calls=4 is reached: evicted to make room"));
	assert_int_equal(h->server->session_count, 4);
	/* The next place is for the one that has none. */
	kpptp_dataplane_null_authenticated(h->dp, 1);
	peer_expect(&another, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_OK);
	peer_stop(&p);
	peer_stop(&another);
}

/* What a peer is told that was never let in. */
static void waiting_too_long_is_refused(void **state)
{
	struct host *h = *state;
	struct kpptp_session *s;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer p;

	kpptp_config_defaults(&c);
	c.unauthenticated = 1;
	host_restart(h, &c);
	log_clear();
	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_request_call(&p, 2);
	pump_until(h->server->newcomers.waiting_count == 1);
	/* Almost a minute has passed. */
	s = TAILQ_FIRST(&h->server->newcomers.waiting);
	s->call.deadline = kpptp_clock_now();
	kpptp_clock_arm(s->timer, s->call.deadline);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.peers_call_id, 2);
	assert_int_equal(msg.ocrp.result_code, KPPTP_OCRP_TIME_OUT);
	assert_true(log_has("refusing the call with result 6 (Time-out): limit unauthenticated=1 "
			    "is reached: no place became free in time"));
	pump_until(h->server->session_count == 1);
	assert_int_equal(h->server->newcomers.waiting_count, 0);
	peer_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_HOST(limit_of_unauthenticated_calls), TEST_HOST(waiting_call_may_end),
		TEST_HOST(starting_call_may_end),	   TEST_HOST(timeout_starts_with_pppd),
		TEST_HOST(one_eviction_per_waiting_call),  TEST_HOST(waiting_call_is_evicted_first),
		TEST_HOST(waiting_too_long_is_refused),
	};

	return run_with_log("server_newcomers", tests);
}
