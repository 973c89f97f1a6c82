// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A server's calls with a null data plane, driven by the peer, by pppd and by the
 * kernel.
 */
#include "harness.h"
#include "peer.h"

static void a_call_from_start_to_stop(void **state)
{
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;
	uint16_t id;

	peer_establish(&p, h);
	id = peer_call(&p, 0x1234);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 1);
	assert_int_equal(h->server->session_count, 1);
	pump_until(log_has("pppd runs"));

	msg = (struct kpptp_msg){
		.type = KPPTP_SLI,
		.sli = { .peers_call_id = id, .send_accm = 0xffffffff, .receive_accm = 0xffffffff }
	};
	peer_send(&p, &msg);
	peer_echo(&p);

	peer_clear_call(&p, 0x1234);
	peer_expect_disconnect(&p, id, KPPTP_CDN_REQUEST);
	pump_until(h->server->session_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);

	peer_stop(&p);
	pump_until(h->server->tunnel_count == 0);
	assert_true(log_has("127.0.0.1"));
	assert_true(log_has("stopped by the peer"));
}

static void fact_04_a_call_id_of_zero(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 0);
	peer_stop(&p);
	pump_until(h->server->session_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
}

/* Section 3.2.2: a Call ID is unique between two hosts, and no further. */
static void fact_04_two_peers_may_choose_one_call_id(void **state)
{
	struct host *h = *state;
	struct peer one, two;
	uint16_t id;

	peer_establish(&one, h);
	peer_establish(&two, h);
	peer_call(&one, 5);
	id = peer_call(&two, 5);
	/* Clearing the one leaves the other alone. */
	peer_clear_call(&two, 5);
	peer_expect_disconnect(&two, id, KPPTP_CDN_REQUEST);
	pump_until(h->server->session_count == 1);
	/* On one connection it is an error, and named as section 2.16 does. */
	peer_call_refused(&one, 5, KPPTP_ERR_BAD_CALL_ID);
	assert_int_equal(h->server->session_count, 1);
	peer_stop(&one);
	peer_stop(&two);
}

/* Nothing but the reply follows a request, unless the configuration says so. */
static void fact_22_a_server_sends_no_set_link_info(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_echo(&p);
	peer_stop(&p);

	kpptp_config_defaults(&c);
	c.link_info = KPPTP_LINK_INFO_BOTH;
	kpptp_dataplane_null_reload(h->dp, &c, sizeof(c));
	pump_until(log_has("[call] set-link-info apply to new connections and calls"));
	peer_establish(&p, h);
	peer_call(&p, 2);
	peer_expect(&p, KPPTP_SLI, &msg);
	assert_int_equal(msg.sli.peers_call_id, 2);
	peer_stop(&p);
}

/* The peer disconnects before the data plane has answered. */
static void peer_leaves_during_call_creation(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_request_call(&p, 1);
	close(p.fd);
	pump_until(h->server->tunnel_count == 0);
	pump_until(h->server->session_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
}

static void pppd_ends(void **state)
{
	struct host *h = *state;
	struct peer p;
	uint16_t id;

	peer_establish(&p, h);
	id = peer_call(&p, 1);
	pump_until(log_has("pppd runs"));
	kpptp_dataplane_null_exit(h->dp, h->server->last_handle, 16 << 8);
	peer_expect_disconnect(&p, id, KPPTP_CDN_LOST_CARRIER);
	pump_until(h->server->session_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
	peer_stop(&p);
}

static void call_deleted_by_others(void **state)
{
	struct host *h = *state;
	struct peer p;
	uint16_t id;

	peer_establish(&p, h);
	id = peer_call(&p, 1);
	kpptp_dataplane_null_gone(h->dp, h->server->last_handle);
	peer_expect_disconnect(&p, id, KPPTP_CDN_ADMIN_SHUTDOWN);
	assert_true(log_has("deleted by someone else"));
	pump_until(h->server->session_count == 0);
	peer_stop(&p);
}

static void the_kernel_refuses(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	kpptp_dataplane_null_fail(h->dp, -ENOMEM);
	peer_call_refused(&p, 1, KPPTP_ERR_NO_RESOURCE);
	kpptp_dataplane_null_fail(h->dp, 0);
	peer_call(&p, 1);
	peer_stop(&p);
	pump_until(h->server->session_count == 0);
}

static void an_incoming_call(void **state)
{
	struct kpptp_msg msg = {
		.type = KPPTP_ICRQ,
		.icrq = { .call_id = 77, .call_bearer_type = 1, .dialing_number = "555" }
	};
	struct host *h = *state;
	struct peer p;
	uint16_t id;

	peer_establish(&p, h);
	peer_send(&p, &msg);
	peer_expect(&p, KPPTP_ICRP, &msg);
	assert_int_equal(msg.icrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(msg.icrp.peers_call_id, 77);
	id = msg.icrp.call_id;
	msg = (struct kpptp_msg){
		.type = KPPTP_ICCN,
		.iccn = { .peers_call_id = id, .packet_recv_window_size = 8, .framing_type = 1 }
	};
	peer_send(&p, &msg);
	pump_until(log_has("pppd runs"));
	peer_expect(&p, KPPTP_SLI, &msg);
	assert_int_equal(msg.sli.peers_call_id, 77);
	msg = (struct kpptp_msg){ .type = KPPTP_CDN, .cdn = { .call_id = 77, .result_code = 1 } };
	peer_send(&p, &msg);
	pump_until(h->server->session_count == 0);
	peer_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_HOST(a_call_from_start_to_stop),
		TEST_HOST(fact_04_a_call_id_of_zero),
		TEST_HOST(fact_04_two_peers_may_choose_one_call_id),
		TEST_HOST(fact_22_a_server_sends_no_set_link_info),
		TEST_HOST(peer_leaves_during_call_creation),
		TEST_HOST(pppd_ends),
		TEST_HOST(call_deleted_by_others),
		TEST_HOST(the_kernel_refuses),
		TEST_HOST(an_incoming_call),
	};

	return run_with_log("server_calls", tests);
}
