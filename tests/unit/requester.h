/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by tests of calls between two of our servers: a local requester that has one
 * of them place a call.
 *
 * To be included once, by the test itself, after harness.h.
 */
#ifndef KPPTP_TEST_REQUESTER_H
#define KPPTP_TEST_REQUESTER_H

#include "two_hosts.h"

struct requester {
	struct kpptp_dialer *dialer;
	int up, failed, down;
	uint16_t id, peer_id;
	char text[600];
};

static void requester_up(void *ctx, const struct kpptp_session *session, double seconds)
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
	r->dialer = kpptp_dialer_new(from->server, &request, &requester_events, r);
	assert_non_null(r->dialer);
}

static int setup_two(void **state)
{
	(void)state;
	start_two();
	log_clear();
	return 0;
}

static int teardown_two(void **state)
{
	(void)state;
	end_two();
	return 0;
}

#define TEST_TWO(name) cmocka_unit_test_setup_teardown(name, setup_two, teardown_two)

/* The session of the call, at @host and with @peer. */
static const struct kpptp_session *session_of(const struct host *host, const struct host *peer,
					      uint16_t id)
{
	const struct kpptp_session *s =
		kpptp_server_find_call(host->server, host->addr, peer->addr, id);

	assert_non_null(s);
	return s;
}

/* Hang up after 0, 1, 2 ... iterations of the loop. */
static void hang_up_after_each_turn(enum kpptp_call_role role)
{
	struct requester r;

	for (int turns = 0; turns < 40; turns++) {
		place(&r, &client_host, &server_host, role);
		for (int i = 0; i < turns; i++)
			event_base_loop(base, EVLOOP_NONBLOCK);
		kpptp_dialer_free(r.dialer);
		nothing_is_left();
		assert_int_equal(r.failed, 0);
	}
	assert_int_equal(r.up, 1);
}

/* The server's pppd ends, which is reported to the requester as @named. */
static void pppd_of_the_server_ends(enum kpptp_call_role role, const char *named)
{
	struct requester r;

	place(&r, &client_host, &server_host, role);
	pump_until(r.up == 1);
	pump_until(log_has("pppd runs"));
	kpptp_dataplane_null_exit(server_host.dp, server_host.server->last_handle, 0);
	pump_until(r.down == 1);
	assert_non_null(strstr(r.text, named));
	nothing_is_left();
}

/* A peer that we dialled may not place or offer calls on our connection. */
static void request_back_is_not_taken(const struct kpptp_msg *request)
{
	const struct kpptp_msg echo = {
		.type = KPPTP_ECHORQ,
		.echorq.identifier = 0x2637,
	};
	struct kpptp_tunnel *t = TAILQ_FIRST(&server_host.server->tunnels);

	/* The second is answered after everything about the first. */
	kpptp_tunnel_send(t, request);
	kpptp_tunnel_send(t, &echo);
	pump_until(log_has("ignoring an Echo-Reply with identifier 0x00002637"));
	assert_true(log_has("to place calls, not to take them"));
	assert_int_equal(client_host.server->session_count, 1);
	assert_int_equal(kpptp_dataplane_null_calls(client_host.dp), 1);
}

#endif /* KPPTP_TEST_REQUESTER_H */
