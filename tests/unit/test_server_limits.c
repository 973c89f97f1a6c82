// SPDX-License-Identifier: GPL-2.0-or-later
/* Admission and limits of a server: connections and calls. */
#include "harness.h"
#include "peer.h"

static void limit_of_one_address(void **state)
{
	struct peer one, two, three;
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.per_address = 1;
	host_restart(h, &c);
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
	host_restart(h, &c);
	peer_establish(&one, h);
	/* With a call it is not evicted. */
	peer_call(&one, 1);
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
	host_restart(h, &c);
	for (int i = 0; i < 3; i++)
		peer_establish(&peers[i], h);
	peer_open(&another, h);
	peer_expect_end(&another);
	assert_true(log_has("connection-rate=3"));
	for (int i = 0; i < 3; i++)
		peer_stop(&peers[i]);
}

static void stopped_to_make_room(struct peer *p)
{
	struct kpptp_msg msg;

	peer_expect(p, KPPTP_STOPCCRQ, &msg);
	assert_int_equal(msg.stopccrq.reason, KPPTP_STOP_NONE);
	peer_expect_end(p);
}

/* Loud addresses fill the server with connections that have no call. */
static void a_full_server_makes_room(void **state)
{
	enum { LIMIT = 12, EACH = 4 };
	struct peer loud[LIMIT], honest, another;
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	int i;

	kpptp_config_defaults(&c);
	c.connections = LIMIT;
	host_restart(h, &c);
	for (i = 0; i < LIMIT; i++) {
		peer_open_from(&loud[i], h, 0x7f000003 + i / EACH);
		peer_say_start(&loud[i]);
		peer_expect(&loud[i], KPPTP_SCCRP, &msg);
	}
	peer_open_from(&honest, h, 0x7f000002);
	peer_say_start(&honest);
	peer_expect(&honest, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
	assert_true(log_has("limit connections=12 is reached: evicted to make room, as it has no call"));
	stopped_to_make_room(&loud[0]);
	peer_call(&honest, 1);
	/* One that has a call stays, were it the oldest. */
	peer_call(&loud[1], 1);
	peer_open_from(&another, h, 0x7f000002);
	peer_say_start(&another);
	peer_expect(&another, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
	stopped_to_make_room(&loud[4]);
	peer_stop(&honest);
	peer_stop(&another);
	for (i = 1; i < LIMIT; i++)
		if (i != 4)
			peer_stop(&loud[i]);
	pump_until(h->server->tunnel_count == 0);
	assert_int_equal(h->server->closing, 0);
}

/* One of which only the TCP session is left takes no place. */
static void closing_connection_is_not_counted(void **state)
{
	struct peer busy, closing, another;
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.connections = c.half_open = 2;
	host_restart(h, &c);
	peer_establish(&busy, h);
	peer_call(&busy, 1);
	peer_establish(&closing, h);
	/* It is answered, and does not close. */
	peer_send(&closing,
		  &(struct kpptp_msg){ .type = KPPTP_STOPCCRQ, .stopccrq = { .reason = 1 } });
	peer_expect(&closing, KPPTP_STOPCCRP, &msg);
	assert_int_equal(h->server->tunnel_count, 2);
	assert_int_equal(h->server->closing, 1);
	peer_establish(&another, h);
	peer_call(&another, 1);
	assert_int_equal(h->server->tunnel_count, 3);
	close(closing.fd);
	peer_stop(&another);
	peer_stop(&busy);
}

/* A peer that neither closes nor reads keeps its place only briefly. */
static void closing_has_a_timeout(void **state)
{
	enum { MANY = KPPTP_SERVER_CLOSING_MAX + 20 };
	static struct peer peers[MANY];
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.connections = 2;
	c.per_address = 1000;
	host_restart(h, &c);
	for (int i = 0; i < MANY; i++) {
		peer_start(&peers[i], h);
		peer_expect(&peers[i], KPPTP_SCCRP, &msg);
		assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
		assert_in_range(h->server->tunnel_count, 1, 2 + KPPTP_SERVER_CLOSING_MAX + 2);
	}
	assert_int_equal(h->server->hosts.idle_count, 2);
	for (int i = 0; i < MANY; i++)
		close(peers[i].fd);
	pump_until(h->server->tunnel_count == 0);
}

static void a_connection_without_calls_is_stopped(void **state)
{
	struct host *h = *state;
	struct peer busy, idle;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.idle_timeout = 1;
	host_restart(h, &c);
	peer_establish(&busy, h);
	peer_call(&busy, 1);
	peer_establish(&idle, h);
	peer_expect(&idle, KPPTP_STOPCCRQ, &msg);
	assert_int_equal(msg.stopccrq.reason, KPPTP_STOP_NONE);
	assert_true(log_has("no call for idle-timeout=1 s"));
	assert_int_equal(h->server->session_count, 1);
	close(idle.fd);
	/* With its last call it becomes idle. */
	peer_clear_call(&busy, 1);
	peer_expect(&busy, KPPTP_CDN, &msg);
	peer_expect(&busy, KPPTP_STOPCCRQ, &msg);
	msg.type = KPPTP_STOPCCRP;
	msg.stopccrp.result_code = 1;
	peer_send(&busy, &msg);
	peer_expect_end(&busy);
	pump_until(h->server->tunnel_count == 0);
}

/* A timeout that is shortened holds for what is idle already. */
static void an_idle_timeout_may_be_changed(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer idle;

	kpptp_config_defaults(&c);
	c.idle_timeout = 0;
	host_restart(h, &c);
	peer_establish(&idle, h);
	assert_false(event_pending(h->server->idle_timer, EV_TIMEOUT, NULL));
	c.idle_timeout = 1;
	kpptp_dataplane_null_reload(h->dp, &c, sizeof(c));
	peer_expect(&idle, KPPTP_STOPCCRQ, &msg);
	close(idle.fd);
	pump_until(h->server->tunnel_count == 0);
}

/* Calls in a loop, from connections that are opened anew. */
static void limit_of_the_rate_of_calls(void **state)
{
	struct host *h = *state;
	struct peer p, another;
	struct kpptp_config c;
	struct kpptp_msg msg;

	kpptp_config_defaults(&c);
	c.call_rate = 3;
	host_restart(h, &c);
	for (int i = 0; i < 3; i++) {
		peer_establish(&p, h);
		peer_call(&p, 1);
		peer_stop(&p);
	}
	pump_until(h->server->tunnel_count == 0);
	peer_establish(&p, h);
	peer_call_refused(&p, 1, KPPTP_ERR_NO_RESOURCE);
	assert_true(log_has("refusing the call with result 2 (General Error), "
			    "error 4 (No-Resource): limit call-rate=3 per minute is reached"));
	/* Other addresses have their own rate. */
	peer_open_from(&another, h, 0x7f000002);
	peer_say_start(&another);
	peer_expect(&another, KPPTP_SCCRP, &msg);
	peer_call(&another, 1);
	peer_stop(&another);
	peer_stop(&p);
}

/* A peer that repeats itself does not fill the log. */
static void limit_of_lines(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct peer p;

	kpptp_config_defaults(&c);
	c.call_rate = 1;
	host_restart(h, &c);
	log_clear();
	peer_establish(&p, h);
	peer_call(&p, 1);
	for (int i = 2; i < 200; i++)
		peer_call_refused(&p, i, KPPTP_ERR_NO_RESOURCE);
	assert_int_equal(log_count("refusing the call"), 60);
	peer_stop(&p);
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
	host_restart(h, &c);
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
	struct peer one, two;

	kpptp_config_defaults(&c);
	c.calls_per_connection = 1;
	c.calls = 2;
	host_restart(h, &c);
	peer_establish(&one, h);
	peer_call(&one, 1);
	peer_call_refused(&one, 2, KPPTP_ERR_NO_RESOURCE);
	assert_true(log_has("calls-per-connection=1"));
	pump_until(h->server->session_count == 1);
	/* A new configuration applies to later connections. */
	c.calls_per_connection = 10;
	kpptp_dataplane_null_reload(h->dp, &c, sizeof(c));
	pump_until(log_has("configuration reloaded"));
	peer_call(&one, 3);
	peer_establish(&two, h);
	peer_call_refused(&two, 1, KPPTP_ERR_NO_RESOURCE);
	assert_true(log_has("calls=2"));
	peer_stop(&one);
	peer_stop(&two);
}

/* Whatever the number of connections: a NAT has one address for many hosts. */
static void limit_of_calls_of_one_address(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct peer one, two;

	kpptp_config_defaults(&c);
	c.calls_per_address = 2;
	host_restart(h, &c);
	peer_establish(&one, h);
	peer_establish(&two, h);
	peer_call(&one, 1);
	peer_call(&two, 1);
	peer_call_refused(&two, 2, KPPTP_ERR_NO_RESOURCE);
	assert_true(log_has("calls-per-address=2"));
	peer_stop(&one);
	pump_until(h->server->session_count == 1);
	peer_call(&two, 3);
	peer_stop(&two);
}

/* Whatever the monitor lacks, an address for one: it is the peer's answer. */
static void what_the_monitor_refuses(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	kpptp_dataplane_null_fail(h->dp, -ENOSPC);
	peer_call_refused(&p, 2, KPPTP_ERR_NO_RESOURCE);
	assert_true(log_has("No space left on device"));
	kpptp_dataplane_null_fail(h->dp, 0);
	peer_call(&p, 3);
	pump_until(h->server->session_count == 2);
	peer_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_HOST(limit_of_one_address),
		TEST_HOST(limit_of_connections),
		TEST_HOST(limit_of_rate),
		TEST_HOST(a_full_server_makes_room),
		TEST_HOST(closing_connection_is_not_counted),
		TEST_HOST(closing_has_a_timeout),
		TEST_HOST(a_connection_without_calls_is_stopped),
		TEST_HOST(an_idle_timeout_may_be_changed),
		TEST_HOST(limit_of_the_rate_of_calls),
		TEST_HOST(limit_of_lines),
		TEST_HOST(the_allow_list),
		TEST_HOST(limits_of_calls),
		TEST_HOST(limit_of_calls_of_one_address),
		TEST_HOST(what_the_monitor_refuses),
	};

	return run_with_log("server_limits", tests);
}
