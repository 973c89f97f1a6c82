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
	struct host *server = *state;
	struct kpptp_config config;

	kpptp_config_defaults(&config);
	base = event_base_new();
	host_start(server, "127.0.0.2", 0, &config);
	/* The same port on both, as it is in the world. */
	host_start(&client, "127.0.0.1", server->port, &config);
	log_clear();
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

#endif /* KPPTP_TEST_REQUESTER_H */
