/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of calls between two servers of ours share: the two, and a
 * local requester that has one of them place a call.
 *
 * To be included once, by the test itself, after harness.h.
 */
#ifndef KPPTP_TEST_REQUESTER_H
#define KPPTP_TEST_REQUESTER_H

struct requester {
	struct kpptp_dialer *dialer;
	int up, failed, down;
	uint16_t id, peer_id;
	char text[600];
};

static void requester_up(void *ctx, const struct kpptp_session *session,
			 double seconds)
{
	struct requester *r = ctx;

	r->up++;
	r->id = session->call.call_id;
	r->peer_id = session->call.peer.call_id;
	assert_true(seconds >= 0 && seconds < DEADLINE);
}

static void requester_failed(void *ctx, const char *text)
{
	struct requester *r = ctx;

	r->failed++;
	snprintf(r->text, sizeof(r->text), "%s", text);
	kpptp_dialer_free(r->dialer);
}

static void requester_down(void *ctx, const char *text)
{
	struct requester *r = ctx;

	r->down++;
	snprintf(r->text, sizeof(r->text), "%s", text);
	kpptp_dialer_free(r->dialer);
}

static const struct kpptp_dialer_events requester_events = {
	.up = requester_up,
	.failed = requester_failed,
	.down = requester_down,
};

static void place(struct requester *r, struct host *from, const struct host *to,
		  enum kpptp_call_role role)
{
	struct kpptp_dialer_request request = {
		.role = role,
		.servers = { to->addr },
		.count = 1,
		.port = to->port,
		.local = from->addr,
		.number = "12345",
		.dialing_number = "67890",
		.physical_channel = 7,
		.window = 32,
	};

	memset(r, 0, sizeof(*r));
	r->dialer =
		kpptp_dialer_new(from->server, &request, &requester_events, r);
	assert_non_null(r->dialer);
}

static struct host client;

static int setup_two(void **state)
{
	static struct host host;
	struct host *server = &host;
	struct kpptp_config config;

	kpptp_config_defaults(&config);
	base = event_base_new();
	host_start(server, "127.0.0.2", 0, &config);
	/* The same port on both, as it is in the world. */
	host_start(&client, "127.0.0.1", server->port, &config);
	log_clear();
	*state = server;
	return 0;
}

static int teardown_two(void **state)
{
	host_end(&client);
	host_end(*state);
	event_base_free(base);
	return 0;
}

static void nothing_is_left(struct host *server)
{
	pump_until(client.server->session_count == 0 &&
		   server->server->session_count == 0);
	pump_until(client.server->tunnel_count == 0 &&
		   server->server->tunnel_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(client.dp), 0);
	assert_int_equal(kpptp_dataplane_null_calls(server->dp), 0);
}

#define TEST_TWO(name)                                                         \
	cmocka_unit_test_setup_teardown(name, setup_two, teardown_two)

/* After a growing number of turns of the loop. */
static void hang_up_after_each_turn(struct host *server,
				    enum kpptp_call_role role)
{
	struct requester r;

	for (int turns = 0; turns < 40; turns++) {
		place(&r, &client, server, role);
		for (int i = 0; i < turns; i++)
			event_base_loop(base, EVLOOP_NONBLOCK);
		kpptp_dialer_free(r.dialer);
		nothing_is_left(server);
		assert_int_equal(r.failed, 0);
	}
	assert_int_equal(r.up, 1);
}

/* The server's pppd ends, and the requester is told as @named. */
static void pppd_of_the_server_ends(struct host *server,
				    enum kpptp_call_role role,
				    const char *named)
{
	struct requester r;

	place(&r, &client, server, role);
	pump_until(r.up == 1);
	pump_until(log_has("pppd runs"));
	kpptp_dataplane_null_exit(server->dp, server->server->last_handle, 0);
	pump_until(r.down == 1);
	assert_non_null(strstr(r.text, named));
	nothing_is_left(server);
}

/* Whom we dial may not place or offer calls to us on our connection. */
static void request_back_is_not_taken(struct host *server,
				      const struct kpptp_msg *request)
{
	kpptp_tunnel_send(TAILQ_FIRST(&server->server->tunnels), request);
	pump_until(log_has("to place calls, not to take them"));
	pump();
	assert_int_equal(client.server->session_count, 1);
	assert_int_equal(kpptp_dataplane_null_calls(client.dp), 1);
}

#endif /* KPPTP_TEST_REQUESTER_H */
