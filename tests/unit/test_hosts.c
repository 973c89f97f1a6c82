// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Per-address state, and eviction: which connections are closed when too many are
 * half-open.
 */
#include "harness.h"
#include "peer.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "worker/hosts.h"

#define HONEST	0x7f000002
#define LOUD	0x7f000003
#define ANOTHER 0x7f000004

static void with_limits(struct host *h, unsigned int half_open, unsigned int connections)
{
	struct kpptp_config c;

	kpptp_config_defaults(&c);
	c.half_open = half_open;
	c.connections = connections;
	host_start(h, "127.0.0.1", 0, &c);
}

/* Apply the limit at once, as after a recent attack. */
static void with_room_for(struct host *h, unsigned int half_open)
{
	with_limits(h, half_open, 1000);
	h->server->fire_until = UINT64_MAX;
}

/* All that are half-open have waited longer. */
static void let_pass(struct host *h, unsigned int ms)
{
	struct kpptp_tunnel *t;

	TAILQ_FOREACH(t, &h->server->hosts.half_open, half_open_entry)
		t->waits_since -= ms;
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
}

static void establish(struct peer *p)
{
	struct kpptp_msg msg;

	peer_say_start(p);
	peer_expect(p, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
}

static void oldest_half_open_is_evicted(void **state)
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

/* The address with the most loses one, even if it is the newcomer's own. */
static void address_with_the_most_is_evicted(void **state)
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

/* A partial request does not count; a complete one is safe at once. */
static void established_is_not_evicted(void **state)
{
	struct peer established, octet, newcomer;
	struct host *h = *state;
	int unread;

	with_room_for(h, 1);
	open_from(&established, h, HONEST);
	establish(&established);
	assert_int_equal(h->server->hosts.half_open_count, 0);
	open_from(&octet, h, LOUD);
	peer_write(&octet, "\0", 1);
	/* It has arrived when it is acknowledged; then one turn reads it. */
	pump_until(ioctl(octet.fd, SIOCOUTQ, &unread) == 0 && unread == 0);
	event_base_loop(base, EVLOOP_NONBLOCK);
	open_from(&newcomer, h, HONEST);
	peer_expect_end(&octet);
	establish(&newcomer);
	peer_stop(&established);
	peer_stop(&newcomer);
}

/* A request that came with the connection is read before it can be evicted. */
static void received_request_is_not_evicted(void **state)
{
	struct peer one, two, three;
	struct host *h = *state;
	struct kpptp_msg msg;

	with_room_for(h, 1);
	/* All of them in one iteration of the loop. */
	peer_open_from(&one, h, HONEST);
	peer_say_start(&one);
	peer_open_from(&two, h, LOUD);
	peer_open_from(&three, h, ANOTHER);
	peer_expect(&one, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
	peer_expect_end(&two);
	establish(&three);
	peer_stop(&one);
	peer_stop(&three);
}

/* Many dial at once: each has three seconds for its request, whatever the limit. */
static void a_mass_dial_is_no_attack(void **state)
{
	enum { MANY = 12 };
	struct host *h = *state;
	struct peer p[MANY];

	with_limits(h, 2, 1000);
	for (int i = 0; i < 5; i++)
		open_from(&p[i], h, HONEST + i);
	/* As many as the limit says may take longer. */
	establish(&p[0]);
	establish(&p[1]);
	establish(&p[2]);
	let_pass(h, 60000);
	for (int i = 5; i < MANY - 1; i++)
		open_from(&p[i], h, HONEST + i);
	let_pass(h, 2000);
	open_from(&p[MANY - 1], h, HONEST + MANY - 1);
	assert_int_equal(h->server->hosts.half_open_count, MANY - 3);
	for (int i = 3; i < MANY; i++)
		establish(&p[i]);
	for (int i = 0; i < MANY; i++)
		peer_stop(&p[i]);
}

/* Many are to be evicted, but in batches, not to delay others. */
static void evictions_are_batched(void **state)
{
	static const unsigned int left[] = { 7, 4, 2 };
	struct host *h = *state;
	struct peer p[13];

	with_limits(h, 2, 1000);
	for (int i = 0; i < 10; i++)
		open_from(&p[i], h, HONEST + i);
	let_pass(h, 3000);
	for (int i = 0; i < 3; i++) {
		open_from(&p[10 + i], h, HONEST + 10 + i);
		assert_int_equal(h->server->hosts.half_open_count, left[i]);
	}
	for (int i = 0; i < 11; i++)
		peer_expect_end(&p[i]);
	establish(&p[11]);
	establish(&p[12]);
	peer_stop(&p[11]);
	peer_stop(&p[12]);
}

/* More than the limit are silent for 3 s: from now on it is enforced. */
static void silent_connections_are_an_attack(void **state)
{
	struct host *h = *state;
	struct peer p[8];

	with_limits(h, 2, 1000);
	for (int i = 0; i < 3; i++)
		open_from(&p[i], h, HONEST + i);
	let_pass(h, 3000);
	open_from(&p[3], h, HONEST + 3);
	peer_expect_end(&p[0]);
	peer_expect_end(&p[1]);
	assert_int_equal(h->server->hosts.half_open_count, 2);
	assert_true(log_has("127.0.0.2: dropping the TCP connection: limit "
			    "half-open=2 is reached"));
	/* The youngest are no better. */
	open_from(&p[4], h, HONEST + 4);
	peer_expect_end(&p[2]);
	assert_in_range(h->server->fire_until, kpptp_clock_now() + 50000,
			kpptp_clock_now() + 60000);
	/* A minute later it is lifted. */
	h->server->fire_until = kpptp_clock_now();
	for (int i = 5; i < 8; i++)
		open_from(&p[i], h, HONEST + i);
	assert_int_equal(h->server->hosts.half_open_count, 5);
	for (int i = 3; i < 8; i++) {
		establish(&p[i]);
		peer_stop(&p[i]);
	}
}

/* Those beyond the limit are there only because there is room. */
static void full_server_evicts_excess_half_open_first(void **state)
{
	struct peer idle, speaks, silent[2], another;
	struct host *h = *state;
	struct kpptp_msg msg;

	with_limits(h, 1, 4);
	open_from(&idle, h, HONEST);
	establish(&idle);
	/* The others in one iteration of the loop. */
	peer_open_from(&speaks, h, LOUD);
	peer_say_start(&speaks);
	for (int i = 0; i < 2; i++)
		peer_open_from(&silent[i], h, ANOTHER + i);
	peer_open_from(&another, h, HONEST);
	peer_expect(&speaks, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
	peer_expect_end(&silent[0]);
	peer_echo(&idle);
	establish(&another);
	peer_stop(&another);
	peer_stop(&speaks);
	peer_stop(&idle);
	close(silent[1].fd);
	pump_until(h->server->tunnel_count == 0);
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
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->accepted, 2);
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->half_open, 1);
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->calls, 1);
	close(two.fd);
	pump_until(h->server->tunnel_count == 1);
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->accepted, 1);
	assert_int_equal(kpptp_hosts_find(&h->server->hosts, addr)->half_open, 0);
	peer_stop(&one);
	pump_until(h->server->tunnel_count == 0);
	assert_null(kpptp_hosts_find(&h->server->hosts, addr));
	assert_int_equal(h->server->hosts.half_open_count, 0);
}

static struct kpptp_hosts table;

static void add(struct kpptp_tunnel *t, uint32_t peer)
{
	memset(t, 0, sizeof(*t));
	t->peer.s_addr = htonl(peer);
	assert_int_equal(kpptp_hosts_add(&table, t), 0);
}

static void remove_all(struct kpptp_tunnel *t, size_t count)
{
	while (count--)
		kpptp_hosts_remove(&table, &t[count]);
	assert_int_equal(table.half_open_count, 0);
	assert_int_equal(table.idle_count, 0);
}

static void the_oldest_idle_one_is_overdue_first(void **state)
{
	struct kpptp_tunnel t[3];

	(void)state;
	kpptp_hosts_init(&table);
	for (int i = 0; i < 3; i++) {
		add(&t[i], 0x0a000001 + i);
		kpptp_hosts_idle(&table, &t[i], 1000 + i);
	}
	assert_int_equal(table.idle_count, 3);
	assert_null(kpptp_hosts_overdue(&table, 1299, 300));
	assert_ptr_equal(kpptp_hosts_overdue(&table, 1300, 300), &t[0]);
	/* Idle again is idle from then on. */
	kpptp_hosts_idle(&table, &t[0], 1300);
	assert_int_equal(table.idle_count, 3);
	assert_int_equal(t[0].host->idle, 1);
	assert_null(kpptp_hosts_overdue(&table, 1300, 300));
	assert_ptr_equal(kpptp_hosts_overdue(&table, 1301, 300), &t[1]);
	kpptp_hosts_busy(&table, &t[1]);
	kpptp_hosts_busy(&table, &t[1]);
	assert_int_equal(table.idle_count, 2);
	assert_int_equal(t[1].host->idle, 0);
	assert_null(kpptp_hosts_overdue(&table, 1301, 300));
	assert_ptr_equal(kpptp_hosts_overdue(&table, 1302, 300), &t[2]);
	remove_all(t, 3);
}

/* Time enough for a request: two seconds. */
static void half_open_ones_are_evicted_first(void **state)
{
	struct kpptp_tunnel t[5];

	(void)state;
	kpptp_hosts_init(&table);
	assert_null(kpptp_hosts_evict(&table, 5000));
	for (int i = 0; i < 5; i++)
		add(&t[i], i < 2 ? 0x0a000001 : i < 4 ? 0x0a000002 : 0x0a000003);
	kpptp_hosts_opened(&table, &t[4], 1000);
	kpptp_hosts_opened(&table, &t[2], 1001);
	kpptp_hosts_opened(&table, &t[3], 1002);
	assert_null(kpptp_hosts_evict(&table, 2999));
	kpptp_hosts_idle(&table, &t[0], 2000);
	kpptp_hosts_idle(&table, &t[1], 2001);
	/* None of them has had the time. */
	assert_ptr_equal(kpptp_hosts_evict(&table, 2999), &t[0]);
	/* One has; then two, of an address that has more. */
	assert_ptr_equal(kpptp_hosts_evict(&table, 3000), &t[4]);
	assert_ptr_equal(kpptp_hosts_evict(&table, 3001), &t[2]);
	kpptp_hosts_settled(&table, &t[2]);
	assert_ptr_equal(kpptp_hosts_evict(&table, 3002), &t[4]);
	remove_all(t, 5);
}

/* The oldest of the address that has the most of them. */
static void then_an_idle_one_is_evicted(void **state)
{
	struct kpptp_tunnel t[6];

	(void)state;
	kpptp_hosts_init(&table);
	for (int i = 0; i < 6; i++) {
		add(&t[i], i == 0 ? 0x0a000001 : i < 4 ? 0x0a000002 : 0x0a000003);
		kpptp_hosts_idle(&table, &t[i], 1000 + i);
	}
	assert_ptr_equal(kpptp_hosts_evict(&table, 2000), &t[1]);
	kpptp_hosts_busy(&table, &t[1]);
	assert_ptr_equal(kpptp_hosts_evict(&table, 2000), &t[2]);
	kpptp_hosts_busy(&table, &t[2]);
	assert_ptr_equal(kpptp_hosts_evict(&table, 2000), &t[4]);
	kpptp_hosts_busy(&table, &t[4]);
	assert_ptr_equal(kpptp_hosts_evict(&table, 2000), &t[0]);
	remove_all(t, 6);
}

/* Only a bounded number is examined, however many there are. */
static void evicting_is_cheap(void **state)
{
	enum { SEEN = 1024 };
	static struct kpptp_tunnel t[SEEN + 2];

	(void)state;
	kpptp_hosts_init(&table);
	for (int i = 0; i < SEEN + 2; i++) {
		add(&t[i], i < SEEN ? 0x0a000000 + i : 0x0b000000);
		kpptp_hosts_idle(&table, &t[i], 1000);
	}
	assert_ptr_equal(kpptp_hosts_evict(&table, 2000), &t[0]);
	kpptp_hosts_busy(&table, &t[0]);
	assert_ptr_equal(kpptp_hosts_evict(&table, 2000), &t[SEEN]);
	for (int i = 0; i < SEEN + 2; i++) {
		kpptp_hosts_busy(&table, &t[i]);
		kpptp_hosts_opened(&table, &t[i], 1000);
	}
	assert_ptr_equal(kpptp_hosts_victim(&table), &t[0]);
	assert_ptr_equal(kpptp_hosts_evict(&table, 5000), &t[0]);
	kpptp_hosts_settled(&table, &t[0]);
	assert_ptr_equal(kpptp_hosts_victim(&table), &t[SEEN]);
	assert_ptr_equal(kpptp_hosts_evict(&table, 5000), &t[SEEN]);
	remove_all(t, SEEN + 2);
}

static void silent_connections_are_counted(void **state)
{
	struct kpptp_tunnel t[3];

	(void)state;
	kpptp_hosts_init(&table);
	for (int i = 0; i < 3; i++) {
		add(&t[i], 0x0a000001);
		kpptp_hosts_opened(&table, &t[i], 1000 + i);
	}
	assert_int_equal(kpptp_hosts_silent(&table, 999, 0), 0);
	assert_int_equal(kpptp_hosts_silent(&table, 1299, 300), 0);
	assert_int_equal(kpptp_hosts_silent(&table, 1300, 300), 1);
	assert_int_equal(kpptp_hosts_silent(&table, 1301, 300), 2);
	kpptp_hosts_settled(&table, &t[0]);
	assert_int_equal(kpptp_hosts_silent(&table, 9999, 300), 2);
	remove_all(t, 3);
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
		TEST(oldest_half_open_is_evicted),
		TEST(address_with_the_most_is_evicted),
		TEST(established_is_not_evicted),
		TEST(received_request_is_not_evicted),
		TEST(a_mass_dial_is_no_attack),
		TEST(evictions_are_batched),
		TEST(silent_connections_are_an_attack),
		TEST(full_server_evicts_excess_half_open_first),
		TEST(a_host_is_forgotten),
	};
	const struct CMUnitTest pure[] = {
		cmocka_unit_test(the_oldest_idle_one_is_overdue_first),
		cmocka_unit_test(half_open_ones_are_evicted_first),
		cmocka_unit_test(then_an_idle_one_is_evicted),
		cmocka_unit_test(evicting_is_cheap),
		cmocka_unit_test(silent_connections_are_counted),
	};
	int failed;

	log_capture();
	base = event_base_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	failed += cmocka_run_group_tests(pure, NULL, NULL);
	event_base_free(base);
	return log_release(failed);
}
