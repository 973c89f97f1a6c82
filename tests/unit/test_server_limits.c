// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whom a server admits, and how many connections and calls it has.
 */
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
	peer_call_in_vain(&one, 2, KPPTP_ERR_NO_RESOURCE);
	assert_true(log_has("calls-per-connection=1"));
	pump_until(h->server->session_count == 1);
	/* A new configuration is for what is to come. */
	c.calls_per_connection = 10;
	kpptp_dataplane_null_reload(h->dp, &c, sizeof(c));
	pump_until(log_has("configuration reloaded"));
	peer_call(&one, 3);
	peer_establish(&two, h);
	peer_call_in_vain(&two, 1, KPPTP_ERR_NO_RESOURCE);
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
	peer_call_in_vain(&two, 2, KPPTP_ERR_NO_RESOURCE);
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
	peer_call_in_vain(&p, 2, KPPTP_ERR_NO_RESOURCE);
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
		TEST_HOST(the_allow_list),
		TEST_HOST(limits_of_calls),
		TEST_HOST(limit_of_calls_of_one_address),
		TEST_HOST(what_the_monitor_refuses),
	};

	return run_with_log("server_limits", tests);
}
