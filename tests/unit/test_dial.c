// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outgoing calls (RFC 2637 section 3.2.4) between two of our servers: one places them
 * as PNS, the other answers as PAC.
 */
#include "harness.h"
#include "peer.h"
#include "requester.h"

static void dial(struct requester *r, struct host *from, const struct host *to)
{
	place(r, from, to, KPPTP_CALL_PNS_OUT);
}

static void dial_and_hang_up(void **state)
{
	struct requester r;

	(void)state;
	dial(&r, &client_host, &server_host);
	pump_until(r.up == 1);
	pump_until(log_has("pppd runs"));
	assert_int_equal(kpptp_dataplane_null_calls(client_host.dp), 1);
	assert_int_equal(kpptp_dataplane_null_calls(server_host.dp), 1);
	session_of(&client_host, &server_host, r.id);
	session_of(&server_host, &client_host, r.peer_id);
	kpptp_dialer_free(r.dialer);
	nothing_is_left();
	assert_int_equal(r.down + r.failed, 0);
	/* CCRQ, CDN, StopCCRQ, StopCCRP: an orderly end. */
	assert_true(log_has("cleared by the peer"));
	assert_true(log_has("no calls left"));
	assert_true(log_has("control connection stopped"));
	assert_false(log_has("control connection lost"));
}

static void fact_03_the_client_is_the_pns(void **state)
{
	struct requester r;

	(void)state;
	dial(&r, &client_host, &server_host);
	pump_until(r.up == 1);
	assert_int_equal(session_of(&client_host, &server_host, r.id)->call.role,
			 KPPTP_CALL_PNS_OUT);
	assert_int_equal(session_of(&server_host, &client_host, r.peer_id)->call.role,
			 KPPTP_CALL_PAC_OUT);
	kpptp_dialer_free(r.dialer);
	nothing_is_left();
}

static void the_server_ends_the_call(void **state)
{
	(void)state;
	pppd_of_the_server_ends(KPPTP_CALL_PNS_OUT, "Lost Carrier");
}

static void the_server_stops(void **state)
{
	struct requester r;

	(void)state;
	dial(&r, &client_host, &server_host);
	pump_until(r.up == 1);
	kpptp_dataplane_null_stop(server_host.dp);
	pump_until(r.down == 1);
	assert_non_null(strstr(r.text, "stopped by the peer"));
	pump_until(server_host.stopped == 1);
	nothing_is_left();
}

static void one_connection_for_many_calls(void **state)
{
	struct requester r[10];

	(void)state;
	for (int i = 0; i < 10; i++)
		dial(&r[i], &client_host, &server_host);
	for (int i = 0; i < 10; i++)
		pump_until(r[i].up == 1);
	assert_int_equal(client_host.server->tunnel_count, 1);
	assert_int_equal(server_host.server->tunnel_count, 1);
	assert_int_equal(server_host.server->session_count, 10);
	for (int i = 0; i < 9; i++)
		kpptp_dialer_free(r[i].dialer);
	pump_until(server_host.server->session_count == 1);
	assert_int_equal(client_host.server->tunnel_count, 1);
	kpptp_dialer_free(r[9].dialer);
	nothing_is_left();
}

static void hang_up_at_any_time(void **state)
{
	(void)state;
	hang_up_after_each_turn(KPPTP_CALL_PNS_OUT);
}

static void the_next_server_is_tried(void **state)
{
	struct kpptp_dialer_request request = {
		.count = 3,
		.port = server_host.port,
		.window = 32,
	};
	struct requester r = { 0 };

	(void)state;
	/* 127.0.0.3 does not listen; 127.0.0.1 is ourselves, and refuses. */
	client_host.server->config.allow.count = 1;
	client_host.server->config.allow.prefix[0].addr.s_addr = inet_addr("192.0.2.1");
	client_host.server->config.allow.prefix[0].mask.s_addr = UINT32_MAX;
	inet_pton(AF_INET, "127.0.0.3", &request.servers[0]);
	request.servers[1] = client_host.addr;
	request.servers[2] = server_host.addr;
	r.dialer = kpptp_dialer_new(client_host.server, &request, &requester_events, &r);
	pump_until(r.up == 1);
	kpptp_dialer_free(r.dialer);
	nothing_is_left();

	memset(&r, 0, sizeof(r));
	request.count = 2;
	r.dialer = kpptp_dialer_new(client_host.server, &request, &requester_events, &r);
	pump_until(r.failed == 1);
	assert_non_null(strstr(r.text, "127.0.0.3: Connection refused; 127.0.0.1: "));
	nothing_is_left();
}

static void a_refused_call_has_a_reason(void **state)
{
	struct requester r;

	(void)state;
	kpptp_dataplane_null_fail(server_host.dp, -ENOMEM);
	dial(&r, &client_host, &server_host);
	pump_until(r.failed == 1);
	assert_non_null(strstr(r.text, "127.0.0.2: "));
	assert_non_null(strstr(r.text, "No-Resource"));
	nothing_is_left();
	assert_int_equal(r.up, 0);
}

static void no_call_back(void **state)
{
	struct kpptp_msg ocrq = call_request(5);
	struct requester r;

	(void)state;
	dial(&r, &client_host, &server_host);
	pump_until(r.up == 1);
	request_back_is_not_taken(&ocrq);
	kpptp_dialer_free(r.dialer);
	nothing_is_left();
}

/* A server played by the test, on an address where nothing else listens. */
static int listen_as_server(struct host *h)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(sin);

	memset(h, 0, sizeof(*h));
	inet_pton(AF_INET, "127.0.0.9", &sin.sin_addr);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, len), 0);
	assert_int_equal(listen(fd, 4), 0);
	getsockname(fd, (struct sockaddr *)&sin, &len);
	h->addr = sin.sin_addr;
	h->port = ntohs(sin.sin_port);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* Accepts the connection, and the call on it. */
static void serve(struct peer *p, int listener, uint16_t id)
{
	struct kpptp_msg msg;

	memset(p, 0, sizeof(*p));
	pump_until((p->fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0);
	peer_expect(p, KPPTP_SCCRQ, &msg);
	peer_send(p, &(struct kpptp_msg){ .type = KPPTP_SCCRP,
					  .sccrp = { .protocol_version = KPPTP_VERSION,
						     .result_code = KPPTP_RESULT_OK } });
	peer_expect(p, KPPTP_OCRQ, &msg);
	peer_send(p, &(struct kpptp_msg){ .type = KPPTP_OCRP,
					  .ocrp = { .call_id = id,
						    .peers_call_id = msg.ocrq.call_id,
						    .result_code = KPPTP_RESULT_OK,
						    .packet_recv_window_size = 16 } });
	peer_expect(p, KPPTP_SLI, &msg);
}

/* The server may never answer the clear: that connection is about to be closed. */
static void a_dial_does_not_join_an_unanswered_clear(void **state)
{
	struct peer first, second;
	struct requester r, again;
	struct kpptp_msg msg;
	struct host silent;
	int listener;

	(void)state;
	listener = listen_as_server(&silent);
	dial(&r, &client_host, &silent);
	serve(&first, listener, 77);
	pump_until(r.up == 1);
	kpptp_dialer_free(r.dialer);
	/* Nothing is sent before the clear, and nothing answered to it. */
	peer_expect(&first, KPPTP_CCRQ, &msg);
	dial(&again, &client_host, &silent);
	serve(&second, listener, 78);
	pump_until(again.up == 1);
	assert_int_equal(client_host.server->tunnel_count, 2);
	/* A third call joins the second, which is as it should be. */
	dial(&r, &client_host, &silent);
	peer_expect(&second, KPPTP_OCRQ, &msg);
	kpptp_dialer_free(r.dialer);
	kpptp_dialer_free(again.dialer);
	close(first.fd);
	close(second.fd);
	close(listener);
	nothing_is_left();
}

/* Both dial each other: section 3.1.3 leaves one connection for both calls. */
static void a_collision(void **state)
{
	struct requester one, two;

	(void)state;
	dial(&one, &client_host, &server_host);
	dial(&two, &server_host, &client_host);
	pump_until(one.up == 1 && two.up == 1);
	pump_until(client_host.server->tunnel_count == 1 && server_host.server->tunnel_count == 1);
	assert_true(log_has("collision won"));
	assert_true(log_has("collision lost"));
	assert_int_equal(client_host.server->session_count, 2);
	assert_int_equal(server_host.server->session_count, 2);
	/* 127.0.0.2 is the higher address: its connection remains. */
	assert_true(TAILQ_FIRST(&server_host.server->tunnels)->originator);
	assert_false(TAILQ_FIRST(&client_host.server->tunnels)->originator);
	kpptp_dialer_free(one.dialer);
	pump_until(client_host.server->session_count == 1);
	kpptp_dialer_free(two.dialer);
	nothing_is_left();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_TWO(dial_and_hang_up),
		TEST_TWO(fact_03_the_client_is_the_pns),
		TEST_TWO(the_server_ends_the_call),
		TEST_TWO(the_server_stops),
		TEST_TWO(one_connection_for_many_calls),
		TEST_TWO(hang_up_at_any_time),
		TEST_TWO(the_next_server_is_tried),
		TEST_TWO(a_refused_call_has_a_reason),
		TEST_TWO(no_call_back),
		TEST_TWO(a_dial_does_not_join_an_unanswered_clear),
		TEST_TWO(a_collision),
	};

	return run_with_log("dial", tests);
}
