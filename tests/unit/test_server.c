// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the server end to end, on loopback addresses with a null data
 * plane: against a peer driven by hand, and against another server.
 */
#include "harness.h"
#include "requester.h"

/* --- the PAC, against a peer driven by hand --- */

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

	msg = (struct kpptp_msg){ .type = KPPTP_SLI,
				  .sli = { .peers_call_id = id,
					   .send_accm = 0xffffffff,
					   .receive_accm = 0xffffffff } };
	peer_send(&p, &msg);
	msg = (struct kpptp_msg){ .type = KPPTP_ECHORQ,
				  .echorq = { .identifier = 0xcafe } };
	peer_send(&p, &msg);
	peer_expect(&p, KPPTP_ECHORP, &msg);
	assert_int_equal(msg.echorp.identifier, 0xcafe);
	assert_int_equal(msg.echorp.result_code, KPPTP_RESULT_OK);

	msg = (struct kpptp_msg){ .type = KPPTP_CCRQ,
				  .ccrq = { .call_id = 0x1234 } };
	peer_send(&p, &msg);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_int_equal(msg.cdn.call_id, id);
	assert_int_equal(msg.cdn.result_code, KPPTP_CDN_REQUEST);
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
	struct kpptp_msg msg;
	struct peer one, two;

	peer_establish(&one, h);
	peer_establish(&two, h);
	peer_call(&one, 5);
	peer_call(&two, 5);
	/* Clearing the one leaves the other alone. */
	msg = (struct kpptp_msg){ .type = KPPTP_CCRQ, .ccrq = { 5 } };
	peer_send(&two, &msg);
	peer_expect(&two, KPPTP_CDN, &msg);
	pump_until(h->server->session_count == 1);
	/* On one connection it is an error, and named as section 2.16 does. */
	peer_request_call(&one, 5);
	peer_expect(&one, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_GENERAL_ERROR);
	assert_int_equal(msg.ocrp.error_code, KPPTP_ERR_BAD_CALL_ID);
	assert_int_equal(h->server->session_count, 1);
	peer_stop(&one);
	peer_stop(&two);
}

/* Nothing but the reply follows a request, unless the configuration says so. */
static void fact_22_a_server_sends_no_set_link_info(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg = { .type = KPPTP_ECHORQ };
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_send(&p, &msg);
	peer_expect(&p, KPPTP_ECHORP, &msg);
	peer_stop(&p);

	kpptp_config_defaults(&c);
	c.link_info = KPPTP_LINK_INFO_BOTH;
	kpptp_dataplane_null_reload(h->dp, &c, sizeof(c));
	pump_until(log_has("[call] set-link-info hold for connections and "
			   "calls to come"));
	peer_establish(&p, h);
	peer_call(&p, 2);
	peer_expect(&p, KPPTP_SLI, &msg);
	assert_int_equal(msg.sli.peers_call_id, 2);
	peer_stop(&p);
}

static void everything_at_once_and_bytewise(void **state)
{
	struct host *h = *state;
	struct kpptp_msg sccrq = { .type = KPPTP_SCCRQ,
				   .sccrq = { .protocol_version = 0x100 } };
	struct kpptp_msg ocrq = { .type = KPPTP_OCRQ,
				  .ocrq = { .call_id = 9,
					    .maximum_bps = 1000,
					    .bearer_type = 3,
					    .framing_type = 3,
					    .packet_recv_window_size = 1 } };
	struct kpptp_msg echo = { .type = KPPTP_ECHORQ };
	uint8_t buf[3 * KPPTP_MSG_MAX];
	struct kpptp_msg msg;
	struct peer p;
	size_t len, i;

	len = kpptp_wire_encode(&sccrq, buf);
	len += kpptp_wire_encode(&ocrq, buf + len);
	len += kpptp_wire_encode(&echo, buf + len);
	for (int bytewise = 0; bytewise < 2; bytewise++) {
		peer_open(&p, h);
		for (i = 0; bytewise && i < len; i++) {
			peer_write(&p, buf + i, 1);
			event_base_loop(base, EVLOOP_NONBLOCK);
		}
		if (!bytewise)
			peer_write(&p, buf, len);
		peer_expect(&p, KPPTP_SCCRP, &msg);
		/* The call waits for the data plane, the echo does not. */
		for (i = 0; i < 2; i++) {
			peer_expect(&p,
				    p.len >= 10 && p.buf[9] == KPPTP_OCRP
					    ? KPPTP_OCRP
					    : KPPTP_ECHORP,
				    &msg);
			while (i == 0 && p.len < 16)
				peer_read(&p);
		}
		peer_stop(&p);
	}
}

static const struct {
	uint8_t bytes[16];
	const char *named;
} garbage[] = {
	{ { 0, 156, 0, 1, 0xde, 0xad, 0xbe, 0xef, 0, 1 }, "deadbeef" },
	{ { 0, 157, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1 }, "157" },
	{ { 0, 156, 0, 2, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1 }, "Message Type 2" },
	{ { 0, 16, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 16 }, "16" },
	{ { 0, 16, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 5 }, "Echo-Request" },
};

static void garbage_closes_and_is_named(void **state)
{
	struct host *h = *state;
	struct peer p;

	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		log_clear();
		peer_open(&p, h);
		peer_write(&p, garbage[i].bytes, 16);
		peer_expect_end(&p);
		if (!log_has(garbage[i].named))
			fail_msg("case %zu: the log does not name \"%s\"", i,
				 garbage[i].named);
		pump_until(h->server->tunnel_count == 0);
	}
}

static void garbage_ends_the_calls(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_call(&p, 2);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 2);
	peer_write(&p, garbage[0].bytes, 16);
	peer_expect_end(&p);
	pump_until(h->server->session_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
}

static void a_reset_ends_the_calls(void **state)
{
	struct linger linger = { .l_onoff = 1 };
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	setsockopt(p.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(p.fd);
	pump_until(h->server->session_count == 0);
	pump_until(h->server->tunnel_count == 0);
	assert_true(log_has(strerror(ECONNRESET)));
}

/* The peer asks and is gone before the data plane has answered. */
static void gone_while_the_call_is_made(void **state)
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
	struct kpptp_msg msg;
	struct peer p;
	uint16_t id;

	peer_establish(&p, h);
	id = peer_call(&p, 1);
	pump_until(log_has("pppd runs"));
	kpptp_dataplane_null_exit(h->dp, h->server->last_handle, 16 << 8);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_int_equal(msg.cdn.call_id, id);
	assert_int_equal(msg.cdn.result_code, KPPTP_CDN_LOST_CARRIER);
	pump_until(h->server->session_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
	peer_stop(&p);
}

static void deleted_behind_our_back(void **state)
{
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;
	uint16_t id;

	peer_establish(&p, h);
	id = peer_call(&p, 1);
	kpptp_dataplane_null_gone(h->dp, h->server->last_handle);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_int_equal(msg.cdn.call_id, id);
	assert_true(log_has("deleted by someone else"));
	pump_until(h->server->session_count == 0);
	peer_stop(&p);
}

static void the_kernel_refuses(void **state)
{
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;

	peer_establish(&p, h);
	kpptp_dataplane_null_fail(h->dp, -ENOMEM);
	peer_request_call(&p, 1);
	peer_expect(&p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_GENERAL_ERROR);
	assert_int_equal(msg.ocrp.error_code, KPPTP_ERR_NO_RESOURCE);
	kpptp_dataplane_null_fail(h->dp, 0);
	peer_call(&p, 1);
	peer_stop(&p);
	pump_until(h->server->session_count == 0);
}

static void an_incoming_call(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_ICRQ,
				 .icrq = { .call_id = 77,
					   .call_bearer_type = 1,
					   .dialing_number = "555" } };
	struct host *h = *state;
	struct peer p;
	uint16_t id;

	peer_establish(&p, h);
	peer_send(&p, &msg);
	peer_expect(&p, KPPTP_ICRP, &msg);
	assert_int_equal(msg.icrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(msg.icrp.peers_call_id, 77);
	id = msg.icrp.call_id;
	msg = (struct kpptp_msg){ .type = KPPTP_ICCN,
				  .iccn = { .peers_call_id = id,
					    .packet_recv_window_size = 8,
					    .framing_type = 1 } };
	peer_send(&p, &msg);
	pump_until(log_has("pppd runs"));
	msg = (struct kpptp_msg){ .type = KPPTP_CDN,
				  .cdn = { .call_id = 77, .result_code = 1 } };
	p.len = 0;
	peer_send(&p, &msg);
	pump_until(h->server->session_count == 0);
	/* A Set-Link-Info of the PNS may have come; nothing else did. */
	while (p.len == 0 && peer_read(&p) && !h->server->session_count)
		if (p.len || log_has("call ended"))
			break;
	if (p.len)
		peer_expect(&p, KPPTP_SLI, &msg);
	peer_stop(&p);
}

/* --- limits --- */

static void restart(struct host *h, const struct kpptp_config *config)
{
	host_end(h);
	host_start(h, "127.0.0.1", 0, config);
}

static void limit_of_one_address(void **state)
{
	struct peer one, two, three;
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.per_address = 1;
	restart(h, &c);
	peer_establish(&one, h);
	peer_start(&two, h);
	peer_expect(&two, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_GENERAL_ERROR);
	assert_int_equal(msg.sccrp.error_code, KPPTP_ERR_NO_RESOURCE);
	assert_true(log_has("per-address=1"));
	/* As long as both are there, a third is not even listened to. */
	peer_open(&three, h);
	peer_expect_end(&three);
	peer_expect_end(&two);
	peer_stop(&one);
}

static void limit_of_connections(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer one, two;

	kpptp_config_defaults(&c);
	c.connections = c.half_open = 1;
	restart(h, &c);
	peer_establish(&one, h);
	peer_start(&two, h);
	peer_expect(&two, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_GENERAL_ERROR);
	peer_expect_end(&two);
	peer_stop(&one);
}

static void limit_of_rate(void **state)
{
	struct peer peers[3], another;
	struct host *h = *state;
	struct kpptp_config c;

	kpptp_config_defaults(&c);
	c.connection_rate = 3;
	restart(h, &c);
	for (int i = 0; i < 3; i++)
		peer_establish(&peers[i], h);
	peer_open(&another, h);
	peer_expect_end(&another);
	assert_true(log_has("connection-rate=3"));
	for (int i = 0; i < 3; i++)
		peer_stop(&peers[i]);
}

static void the_allow_list(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer p;

	kpptp_config_defaults(&c);
	c.allow.count = 1;
	c.allow.prefix[0].addr.s_addr = inet_addr("192.0.2.0");
	c.allow.prefix[0].mask.s_addr = inet_addr("255.255.255.0");
	restart(h, &c);
	peer_start(&p, h);
	peer_expect(&p, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_SCCRP_NOT_AUTHORIZED);
	peer_expect_end(&p);
	assert_true(log_has("\"allow\""));
}

static void limits_of_calls(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer one, two;

	kpptp_config_defaults(&c);
	c.calls_per_connection = 1;
	c.calls = 2;
	restart(h, &c);
	peer_establish(&one, h);
	peer_call(&one, 1);
	peer_request_call(&one, 2);
	peer_expect(&one, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_GENERAL_ERROR);
	assert_int_equal(msg.ocrp.error_code, KPPTP_ERR_NO_RESOURCE);
	assert_int_equal(msg.ocrp.peers_call_id, 2);
	assert_true(log_has("calls-per-connection=1"));
	pump_until(h->server->session_count == 1);
	/* A new configuration is for what is to come. */
	c.calls_per_connection = 10;
	kpptp_dataplane_null_reload(h->dp, &c, sizeof(c));
	pump_until(log_has("configuration reloaded"));
	peer_call(&one, 3);
	peer_establish(&two, h);
	peer_request_call(&two, 1);
	peer_expect(&two, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_GENERAL_ERROR);
	assert_true(log_has("calls=2"));
	peer_stop(&one);
	peer_stop(&two);
}

/* Whatever the number of connections: a NAT has one address for many hosts. */
static void limit_of_calls_of_one_address(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer one, two;

	kpptp_config_defaults(&c);
	c.calls_per_address = 2;
	restart(h, &c);
	peer_establish(&one, h);
	peer_establish(&two, h);
	peer_call(&one, 1);
	peer_call(&two, 1);
	peer_request_call(&two, 2);
	peer_expect(&two, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_GENERAL_ERROR);
	assert_int_equal(msg.ocrp.error_code, KPPTP_ERR_NO_RESOURCE);
	assert_true(log_has("calls-per-address=2"));
	peer_stop(&one);
	pump_until(h->server->session_count == 1);
	peer_call(&two, 3);
	peer_stop(&two);
}

static void the_pool_of_addresses(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer p;
	uint16_t one, two;

	kpptp_config_defaults(&c);
	c.local_address.s_addr = inet_addr("10.0.0.1");
	c.remote_addresses.first.s_addr = inet_addr("10.0.0.1");
	c.remote_addresses.last.s_addr = inet_addr("10.0.0.2");
	restart(h, &c);
	peer_establish(&p, h);
	one = peer_call(&p, 1);
	/* Our own address is in the range, and not given: one was all. */
	two = peer_call(&p, 2);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_int_equal(msg.cdn.call_id, two);
	assert_true(log_has("remote-addresses"));
	msg = (struct kpptp_msg){ .type = KPPTP_CCRQ, .ccrq = { 1 } };
	peer_send(&p, &msg);
	peer_expect(&p, KPPTP_CDN, &msg);
	assert_int_equal(msg.cdn.call_id, one);
	pump_until(h->server->session_count == 0);
	/* It is free again. */
	peer_call(&p, 3);
	pump();
	assert_int_equal(h->server->session_count, 1);
	peer_stop(&p);
}

static void silence_is_not_waited_for(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer mute, dead;

	kpptp_config_defaults(&c);
	c.reply_timeout = c.echo_interval = 1;
	restart(h, &c);
	peer_open(&mute, h);
	peer_establish(&dead, h);
	peer_expect_end(&mute);
	assert_true(log_has("no Start-Control-Connection-Request"));
	peer_expect(&dead, KPPTP_ECHORQ, &msg);
	peer_expect_end(&dead);
	assert_true(log_has("no Echo-Reply"));
	pump_until(h->server->tunnel_count == 0);
}

static void a_stop_closes_all_in_order(void **state)
{
	struct host *h = *state;
	struct peer established, half_open;
	struct kpptp_msg msg;

	peer_establish(&established, h);
	peer_call(&established, 1);
	peer_open(&half_open, h);
	pump_until(h->server->tunnel_count == 2);
	kpptp_dataplane_null_stop(h->dp);
	peer_expect_end(&half_open);
	peer_expect(&established, KPPTP_STOPCCRQ, &msg);
	assert_int_equal(msg.stopccrq.reason, KPPTP_STOP_LOCAL_SHUTDOWN);
	assert_int_equal(h->stopped, 0);
	msg = (struct kpptp_msg){ .type = KPPTP_STOPCCRP,
				  .stopccrp = { .result_code = 1 } };
	peer_send(&established, &msg);
	peer_expect_end(&established);
	pump_until(h->stopped == 1);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
}

static void a_stop_does_not_wait_for_ever(void **state)
{
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;

	peer_establish(&p, h);
	kpptp_dataplane_null_stop(h->dp);
	peer_expect(&p, KPPTP_STOPCCRQ, &msg);
	pump_until(h->stopped == 1);
	close(p.fd);
}

static void a_stop_with_nothing_to_do(void **state)
{
	struct host *h = *state;

	kpptp_dataplane_null_stop(h->dp);
	pump_until(h->stopped == 1);
}

/* The null data plane counts no packets, as if GRE were blocked. */
static void the_hint_about_gre(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	assert_true(event_pending(
		TAILQ_FIRST(&TAILQ_FIRST(&h->server->tunnels)->sessions)->watch,
		EV_TIMEOUT, NULL));
	/* Its time comes early. */
	event_active(
		TAILQ_FIRST(&TAILQ_FIRST(&h->server->tunnels)->sessions)->watch,
		EV_TIMEOUT, 0);
	pump_until(log_has(
		"no GRE from 127.0.0.1 in 10 s: is protocol 47 blocked?"));
	peer_stop(&p);
}

/* --- the PNS, against another server --- */

static void dial(struct requester *r, struct host *from, const struct host *to)
{
	place(r, from, to, KPPTP_CALL_PNS_OUT);
}

static void dial_and_hang_up(void **state)
{
	struct host *server = *state;
	struct requester r;

	dial(&r, &client, server);
	pump_until(r.up == 1);
	pump_until(log_has("pppd runs"));
	assert_int_equal(kpptp_dataplane_null_calls(client.dp), 1);
	assert_int_equal(kpptp_dataplane_null_calls(server->dp), 1);
	assert_non_null(kpptp_server_find_call(client.server, client.addr,
					       server->addr, r.id));
	assert_non_null(kpptp_server_find_call(server->server, server->addr,
					       client.addr, r.peer_id));
	kpptp_dialer_free(r.dialer);
	nothing_is_left(server);
	assert_int_equal(r.down + r.failed, 0);
	/* CCRQ, CDN, StopCCRQ, StopCCRP: nobody just closed. */
	assert_true(log_has("cleared by the peer"));
	assert_true(log_has("no calls left"));
	assert_true(log_has("control connection stopped"));
	assert_false(log_has("control connection lost"));
}

static void fact_03_the_client_is_the_pns(void **state)
{
	struct host *server = *state;
	struct requester r;

	dial(&r, &client, server);
	pump_until(r.up == 1);
	assert_int_equal(kpptp_server_find_call(client.server, client.addr,
						server->addr, r.id)
				 ->call.role,
			 KPPTP_CALL_PNS_OUT);
	assert_int_equal(kpptp_server_find_call(server->server, server->addr,
						client.addr, r.peer_id)
				 ->call.role,
			 KPPTP_CALL_PAC_OUT);
	kpptp_dialer_free(r.dialer);
	nothing_is_left(server);
}

static void the_server_ends_the_call(void **state)
{
	struct host *server = *state;
	struct requester r;

	dial(&r, &client, server);
	pump_until(r.up == 1);
	pump_until(log_has("pppd runs"));
	kpptp_dataplane_null_exit(server->dp, server->server->last_handle, 0);
	pump_until(r.down == 1);
	assert_non_null(strstr(r.text, "Lost Carrier"));
	nothing_is_left(server);
}

static void the_server_stops(void **state)
{
	struct host *server = *state;
	struct requester r;

	dial(&r, &client, server);
	pump_until(r.up == 1);
	kpptp_dataplane_null_stop(server->dp);
	pump_until(r.down == 1);
	assert_non_null(strstr(r.text, "stopped by the peer"));
	pump_until(server->stopped == 1);
	nothing_is_left(server);
}

static void one_connection_for_many_calls(void **state)
{
	struct host *server = *state;
	struct requester r[10];

	for (int i = 0; i < 10; i++)
		dial(&r[i], &client, server);
	for (int i = 0; i < 10; i++)
		pump_until(r[i].up == 1);
	assert_int_equal(client.server->tunnel_count, 1);
	assert_int_equal(server->server->tunnel_count, 1);
	assert_int_equal(server->server->session_count, 10);
	for (int i = 0; i < 9; i++)
		kpptp_dialer_free(r[i].dialer);
	pump_until(server->server->session_count == 1);
	assert_int_equal(client.server->tunnel_count, 1);
	kpptp_dialer_free(r[9].dialer);
	nothing_is_left(server);
}

static void hang_up_at_any_moment(void **state)
{
	struct host *server = *state;
	struct requester r;

	/* After a growing number of turns of the loop. */
	for (int turns = 0; turns < 40; turns++) {
		dial(&r, &client, server);
		for (int i = 0; i < turns; i++)
			event_base_loop(base, EVLOOP_NONBLOCK);
		kpptp_dialer_free(r.dialer);
		nothing_is_left(server);
		assert_int_equal(r.failed, 0);
	}
	assert_int_equal(r.up, 1);
}

static void the_next_server_is_tried(void **state)
{
	struct host *server = *state;
	struct kpptp_dialer_request request = {
		.count = 3,
		.port = server->port,
		.window = 32,
	};
	struct requester r = { 0 };

	/* 127.0.0.3 does not listen; 127.0.0.1 is ourselves, and refuses. */
	client.server->config.allow.count = 1;
	client.server->config.allow.prefix[0].addr.s_addr =
		inet_addr("192.0.2.1");
	client.server->config.allow.prefix[0].mask.s_addr = UINT32_MAX;
	inet_pton(AF_INET, "127.0.0.3", &request.servers[0]);
	request.servers[1] = client.addr;
	request.servers[2] = server->addr;
	r.dialer = kpptp_dialer_new(client.server, &request, &requester_events,
				    &r);
	pump_until(r.up == 1);
	kpptp_dialer_free(r.dialer);
	nothing_is_left(server);

	memset(&r, 0, sizeof(r));
	request.count = 2;
	r.dialer = kpptp_dialer_new(client.server, &request, &requester_events,
				    &r);
	pump_until(r.failed == 1);
	assert_non_null(
		strstr(r.text, "127.0.0.3: Connection refused; 127.0.0.1: "));
	nothing_is_left(server);
}

static void a_refused_call_says_why(void **state)
{
	struct host *server = *state;
	struct requester r;

	kpptp_dataplane_null_fail(server->dp, -ENOMEM);
	dial(&r, &client, server);
	pump_until(r.failed == 1);
	assert_non_null(strstr(r.text, "127.0.0.2: "));
	assert_non_null(strstr(r.text, "No-Resource"));
	nothing_is_left(server);
	assert_int_equal(r.up, 0);
}

/* Whom we dial may not place calls to us. */
static void no_call_back(void **state)
{
	struct host *server = *state;
	struct kpptp_tunnel *t;
	struct kpptp_msg ocrq = { .type = KPPTP_OCRQ,
				  .ocrq = { .call_id = 5,
					    .maximum_bps = 1000,
					    .bearer_type = 3,
					    .framing_type = 3,
					    .packet_recv_window_size = 1 } };
	struct requester r;

	dial(&r, &client, server);
	pump_until(r.up == 1);
	t = TAILQ_FIRST(&server->server->tunnels);
	kpptp_tunnel_send(t, &ocrq);
	pump_until(log_has("to place calls, not to take them"));
	pump();
	assert_int_equal(client.server->session_count, 1);
	assert_int_equal(kpptp_dataplane_null_calls(client.dp), 1);
	kpptp_dialer_free(r.dialer);
	nothing_is_left(server);
}

/* Both dial each other: section 3.1.3 leaves one connection for both calls. */
static void a_collision(void **state)
{
	struct host *server = *state;
	struct requester one, two;

	dial(&one, &client, server);
	dial(&two, server, &client);
	pump_until(one.up == 1 && two.up == 1);
	pump_until(client.server->tunnel_count == 1 &&
		   server->server->tunnel_count == 1);
	assert_true(log_has("collision won"));
	assert_true(log_has("collision lost"));
	assert_int_equal(client.server->session_count, 2);
	assert_int_equal(server->server->session_count, 2);
	/* 127.0.0.2 is the higher address: its connection remains. */
	assert_true(TAILQ_FIRST(&server->server->tunnels)->originator);
	assert_false(TAILQ_FIRST(&client.server->tunnels)->originator);
	kpptp_dialer_free(one.dialer);
	pump_until(client.server->session_count == 1);
	kpptp_dialer_free(two.dialer);
	nothing_is_left(server);
}

static int setup(void **state)
{
	struct kpptp_config config;

	kpptp_config_defaults(&config);
	base = event_base_new();
	host_start(*state, "127.0.0.1", 0, &config);
	log_clear();
	return 0;
}

static int teardown(void **state)
{
	host_end(*state);
	event_base_free(base);
	return 0;
}

static struct host the_host;

#define TEST(name)                                                             \
	cmocka_unit_test_prestate_setup_teardown(name, setup, teardown,        \
						 &the_host)
#define TEST_TWO(name)                                                         \
	cmocka_unit_test_prestate_setup_teardown(name, setup_two,              \
						 teardown_two, &the_host)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_call_from_start_to_stop),
		TEST(fact_04_a_call_id_of_zero),
		TEST(fact_04_two_peers_may_choose_one_call_id),
		TEST(fact_22_a_server_sends_no_set_link_info),
		TEST(everything_at_once_and_bytewise),
		TEST(garbage_closes_and_is_named),
		TEST(garbage_ends_the_calls),
		TEST(a_reset_ends_the_calls),
		TEST(gone_while_the_call_is_made),
		TEST(pppd_ends),
		TEST(deleted_behind_our_back),
		TEST(the_kernel_refuses),
		TEST(an_incoming_call),
		TEST(limit_of_one_address),
		TEST(limit_of_connections),
		TEST(limit_of_rate),
		TEST(the_allow_list),
		TEST(limits_of_calls),
		TEST(limit_of_calls_of_one_address),
		TEST(the_pool_of_addresses),
		TEST(silence_is_not_waited_for),
		TEST(a_stop_closes_all_in_order),
		TEST(a_stop_does_not_wait_for_ever),
		TEST(a_stop_with_nothing_to_do),
		TEST(the_hint_about_gre),
		TEST_TWO(dial_and_hang_up),
		TEST_TWO(fact_03_the_client_is_the_pns),
		TEST_TWO(the_server_ends_the_call),
		TEST_TWO(the_server_stops),
		TEST_TWO(one_connection_for_many_calls),
		TEST_TWO(hang_up_at_any_moment),
		TEST_TWO(the_next_server_is_tried),
		TEST_TWO(a_refused_call_says_why),
		TEST_TWO(no_call_back),
		TEST_TWO(a_collision),
	};
	int failed;

	signal(SIGPIPE, SIG_IGN);
	log_capture();
	failed = cmocka_run_group_tests_name("server", tests, NULL, NULL);
	log_release(failed);
	return failed;
}
