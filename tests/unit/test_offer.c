// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Incoming calls (RFC 2637 section 3.2.3) between two of our servers: one offers them
 * as PAC, the other answers as PNS.
 */
#include "harness.h"
#include "requester.h"

#include <event2/buffer.h>
#include <json-c/json.h>

#include "api.h"
#include "worker/show.h"

static void offer(struct requester *r, struct host *from, const struct host *to)
{
	place(r, from, to, KPPTP_CALL_PAC_IN);
}

/* Check a member of the host's only call in the output of show. */
static bool shows(const struct host *host, const char *name, const char *text)
{
	struct kpptp_show *show = kpptp_show_new(host->server);
	struct evbuffer *line = evbuffer_new();
	struct json_object *reply, *object;
	bool found;

	while (kpptp_show_part(show, line))
		;
	kpptp_show_free(show);
	evbuffer_add(line, "", 1);
	reply = json_tokener_parse((char *)evbuffer_pullup(line, -1));
	evbuffer_free(line);
	assert_non_null(reply);
	object = json_object_array_get_idx(json_object_object_get(reply, KPPTP_API_TUNNELS), 0);
	found = json_object_object_get_ex(object, KPPTP_API_CALLS, &object);
	object = json_object_array_get_idx(object, 0);
	found = found && json_object_object_get_ex(object, name, &object) &&
		!strcmp(json_object_get_string(object), text);
	json_object_put(reply);
	return found;
}

static void offer_and_hang_up(void **state)
{
	const struct kpptp_session *pac, *pns;
	struct requester r;

	(void)state;
	offer(&r, &client_host, &server_host);
	pump_until(r.up == 1);
	pump_until(log_has("pppd runs"));
	pac = session_of(&client_host, &server_host, r.id);
	pns = session_of(&server_host, &client_host, r.peer_id);
	assert_int_equal(pac->call.role, KPPTP_CALL_PAC_IN);
	assert_int_equal(pns->call.role, KPPTP_CALL_PNS_IN);
	/* The one who answers has pppd, the one who offers a channel. */
	assert_true(pns->ppp_running);
	assert_false(pac->ppp_running);
	assert_true(pac->call.channel > 0);
	assert_int_equal(pns->call.peer.recv_window_size, 32);
	/* Both say who called whom. */
	assert_true(shows(&client_host, KPPTP_API_NUMBER, "12345"));
	assert_true(shows(&client_host, KPPTP_API_DIALING, "67890"));
	assert_true(shows(&server_host, KPPTP_API_NUMBER, "12345"));
	assert_true(shows(&server_host, KPPTP_API_DIALING, "67890"));
	kpptp_dialer_free(r.dialer);
	nothing_is_left();
	assert_int_equal(r.down + r.failed, 0);
	assert_true(log_has("Admin Shutdown"));
	assert_true(log_has("control connection stopped"));
	assert_false(log_has("control connection lost"));
}

static void the_peers_pppd_ends(void **state)
{
	(void)state;
	pppd_of_the_server_ends(KPPTP_CALL_PAC_IN, "cleared by the peer");
}

static void hang_up_at_any_time(void **state)
{
	(void)state;
	hang_up_after_each_turn(KPPTP_CALL_PAC_IN);
}

/* Its limits bind the calls that it answers as PNS, too. */
static void a_refused_offer_has_a_reason(void **state)
{
	struct requester r;

	(void)state;
	server_host.server->config.calls = 0;
	offer(&r, &client_host, &server_host);
	pump_until(r.failed == 1);
	assert_non_null(strstr(r.text, "127.0.0.2: refused by the peer"));
	assert_true(log_has("limit calls=0 is reached"));
	nothing_is_left();
	assert_int_equal(r.up, 0);
}

static void no_offer_back(void **state)
{
	static const struct kpptp_msg icrq = {
		.type = KPPTP_ICRQ,
		.icrq = { .call_id = 5, .call_bearer_type = KPPTP_BEARER_DIGITAL },
	};
	struct requester dialled, offered;

	(void)state;
	place(&dialled, &client_host, &server_host, KPPTP_CALL_PNS_OUT);
	pump_until(dialled.up == 1);
	request_back_is_not_taken(&icrq);
	/* In the other direction it is allowed. */
	offer(&offered, &client_host, &server_host);
	pump_until(offered.up == 1);
	assert_int_equal(client_host.server->tunnel_count, 1);
	assert_int_equal(server_host.server->session_count, 2);
	kpptp_dialer_free(offered.dialer);
	kpptp_dialer_free(dialled.dialer);
	nothing_is_left();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_TWO(offer_and_hang_up),
		TEST_TWO(the_peers_pppd_ends),
		TEST_TWO(hang_up_at_any_time),
		TEST_TWO(no_offer_back),
		TEST_TWO(a_refused_offer_has_a_reason),
	};

	return run_with_log("offer", tests);
}
