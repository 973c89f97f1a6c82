// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of who has to make room when too many connections are half-open, and of
 * what is known of an address.
 */
#include "harness.h"
#include "peer.h"

#include "hosts.h"

#define HONEST	0x7f000002
#define LOUD	0x7f000003
#define ANOTHER 0x7f000004

static void with_room_for(struct host *h, unsigned int half_open)
{
	struct kpptp_config c;

	kpptp_config_defaults(&c);
	c.half_open = half_open;
	host_start(h, "127.0.0.1", 0, &c);
}

static void open_from(struct peer *p, struct host *h, in_addr_t from)
{
	struct sockaddr_in sin = { 0 };
	socklen_t len = sizeof(sin);
	char accepted[64];

	peer_open_from(p, h, from);
	getsockname(p->fd, (struct sockaddr *)&sin, &len);
	snprintf(accepted, sizeof(accepted), "port %u: TCP connection accepted",
		 ntohs(sin.sin_port));
	pump_until(log_has(accepted));
	pump();
}

static void establish(struct peer *p)
{
	struct kpptp_msg msg;

	peer_say_start(p);
	peer_expect(p, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
}

static void the_oldest_makes_room(void **state)
{
	struct host *h = *state;
	struct peer one, two, three;

	with_room_for(h, 2);
	open_from(&one, h, HONEST);
	open_from(&two, h, LOUD);
	open_from(&three, h, ANOTHER);
	peer_expect_end(&one);
	assert_true(log_has("127.0.0.2: dropping the TCP connection: limit "
			    "half-open=2 is reached"));
	establish(&two);
	establish(&three);
	peer_stop(&two);
	peer_stop(&three);
}

/* Who takes many loses his own, be he the newcomer or not. */
static void the_address_with_the_most_makes_room(void **state)
{
	struct peer honest, loud[3], another;
	struct host *h = *state;

	with_room_for(h, 3);
	open_from(&honest, h, HONEST);
	open_from(&loud[0], h, LOUD);
	open_from(&loud[1], h, LOUD);
	open_from(&loud[2], h, LOUD);
	peer_expect_end(&loud[0]);
	open_from(&another, h, ANOTHER);
	peer_expect_end(&loud[1]);
	establish(&honest);
	establish(&another);
	peer_stop(&honest);
	peer_stop(&another);
	close(loud[2].fd);
	pump_until(h->server->tunnel_count == 0);
}

/* An octet of a request is none; the whole of it is safe from that moment on. */
static void what_is_established_does_not_make_room(void **state)
{
	struct peer established, octet, newcomer;
	struct host *h = *state;

	with_room_for(h, 1);
	open_from(&established, h, HONEST);
	establish(&established);
	assert_int_equal(h->server->hosts.half_open_count, 0);
	open_from(&octet, h, LOUD);
	peer_write(&octet, "\0", 1);
	pump();
	open_from(&newcomer, h, HONEST);
	peer_expect_end(&octet);
	establish(&newcomer);
	peer_stop(&established);
	peer_stop(&newcomer);
}

/* Nothing is left of a host that has no connection, whichever way it ended. */
static void a_host_is_forgotten(void **state)
{
	const struct in_addr addr = { htonl(HONEST) };
	struct host *h = *state;
	struct peer one, two;

	with_room_for(h, 10);
	open_from(&one, h, HONEST);
	open_from(&two, h, HONEST);
	establish(&one);
	peer_call(&one, 1);
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->accepted,
			 2);
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->half_open,
			 1);
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->calls, 1);
	close(two.fd);
	pump_until(h->server->tunnel_count == 1);
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->half_open,
			 0);
	peer_stop(&one);
	pump_until(h->server->tunnel_count == 0);
	assert_null(kpptp_hosts_find(&h->server->hosts, addr));
	assert_int_equal(h->server->hosts.half_open_count, 0);
}

static int setup(void **state)
{
	static struct host host;

	log_clear();
	*state = &host;
	return 0;
}

static int teardown(void **state)
{
	host_end(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_oldest_makes_room),
		TEST(the_address_with_the_most_makes_room),
		TEST(what_is_established_does_not_make_room),
		TEST(a_host_is_forgotten),
	};
	int failed;

	log_capture();
	base = event_base_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	event_base_free(base);
	return log_release(failed);
}
