// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A server that comes back, and two thousand clients that dial at once: with the
 * limits as they are, but for the number of connections and calls, each gets in.
 */
#include "harness.h"
#include "peer.h"

#include <sys/resource.h>

#define CLIENTS 2000

static struct peer peers[CLIENTS];

/* As pppd does that has authenticated its peer. */
static void let_in_who_has_a_pppd(struct host *h)
{
	const struct kpptp_session *s;

	TAILQ_FOREACH(s, &h->server->newcomers.running, newcomer_entry)
		if (s->ppp_running)
			kpptp_dataplane_null_authenticated(h->dp, s->handle);
}

static void answered(struct host *h, struct peer *p)
{
	time_t end = time(NULL) + DEADLINE;
	struct kpptp_msg msg;

	while (p->len < kpptp_msg_len(KPPTP_OCRP)) {
		let_in_who_has_a_pppd(h);
		if (!peer_read(p) || time(NULL) > end)
			fail_msg("client %td has no answer", p - peers);
	}
	peer_expect(p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_OK);
}

/* All have opened TCP before the first of them says a word. */
static void dial(struct host *h, unsigned int addresses)
{
	struct kpptp_config c;
	struct kpptp_msg msg;
	int i;

	kpptp_config_defaults(&c);
	c.connections = c.calls = CLIENTS;
	host_restart(h, &c);
	log_clear();
	for (i = 0; i < CLIENTS; i++) {
		peer_open_from(&peers[i], h, 0x7f000002 + i % addresses);
		event_base_loop(base, EVLOOP_NONBLOCK);
	}
	pump_until(h->server->tunnel_count == CLIENTS);
	assert_int_equal(h->server->hosts.half_open_count, CLIENTS);
	for (i = 0; i < CLIENTS; i++)
		peer_say_start(&peers[i]);
	for (i = 0; i < CLIENTS; i++) {
		peer_expect(&peers[i], KPPTP_SCCRP, &msg);
		assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
		peer_request_call(&peers[i], i);
	}
	for (i = 0; i < CLIENTS; i++)
		answered(h, &peers[i]);
	pump_until(h->server->newcomers.waiting_count == 0);
	assert_int_equal(h->server->session_count, CLIENTS);
	assert_false(log_has("limit"));
	for (i = 0; i < CLIENTS; i++)
		close(peers[i].fd);
	pump_until(h->server->tunnel_count == 0);
}

static void from_two_thousand_addresses(void **state)
{
	dial(*state, CLIENTS);
}

/* As few as per-address=16 and calls-per-address=64 allow: NATs. */
static void from_few_addresses(void **state)
{
	dial(*state, CLIENTS / 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_HOST(from_two_thousand_addresses),
		TEST_HOST(from_few_addresses),
	};
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = 2 * CLIENTS + 100;
	if (files.rlim_cur > files.rlim_max)
		files.rlim_max = files.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &files)) {
		fprintf(stderr, "test_server_mass: skipped, it needs descriptors\n");
		return 77;
	}
	return run_with_log("server_mass", tests);
}
