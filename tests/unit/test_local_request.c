// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsing of the local socket's lines, valid and invalid. */
#include <arpa/inet.h>
#include <linux/kpptp.h>
#include <string.h>

#include "worker/local_request.h"
#include "unit.h"

static const struct {
	const char *line;
	const char *named;
} bad[] = {
	{ "", "JSON" },
	{ "{", "JSON" },
	{ "{\"op\":\"show\"", "JSON" },
	{ "{\"op\":\"show\"} x", "JSON" },
	{ "{\"op\":\"show\"}{}", "JSON" },
	{ "{'op':'show'}", "JSON" },
	{ "nonsense", "JSON" },
	{ "[[[[[[[[[[[[[[[[", "JSON" },
	{ "[]", "object" },
	{ "null", "object" },
	{ "1", "object" },
	{ "{}", "\"op\"" },
	{ "{\"op\":1}", "\"op\"" },
	{ "{\"op\":\"dail\"}", "dail" },
	{ "{\"op\":\"show\",\"x\":1}", "\"x\"" },
	{ "{\"op\":\"dial\"}", "\"servers\"" },
	{ "{\"op\":\"dial\",\"servers\":\"192.0.2.1\"}", "\"servers\"" },
	{ "{\"op\":\"dial\",\"servers\":[]}", "\"servers\"" },
	{ "{\"op\":\"dial\",\"servers\":[1]}", "\"servers\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"host.example\"]}", "host.example" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"port\":0}", "\"port\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"port\":65536}", "\"port\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"port\":\"1723\"}", "\"port\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"port\":1e3}", "\"port\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"window\":0}", "\"window\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"local\":\"::1\"}", "\"local\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"flow-control\":"
	  "\"x\"}",
	  "\"flow-control\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"number\":7}", "\"number\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"number\":"
	  "\"a\\u0000b\"}",
	  "\"number\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"number\":\""
	  "0123456789012345678901234567890123456789012345678901234567890123\"}",
	  "\"number\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],"
	  "\"dialing-number\":\"1\"}",
	  "\"dialing-number\"" },
	{ "{\"op\":\"offer\",\"channel\":1}", "\"channel\"" },
	{ "{\"op\":\"offer\"}", "\"servers\"" },
	{ "{\"op\":\"offer\",\"servers\":[\"192.0.2.1\"],"
	  "\"physical-channel\":-1}",
	  "\"physical-channel\"" },
	{ "{\"op\":\"offer\",\"servers\":[\"192.0.2.1\"],"
	  "\"physical-channel\":2147483648}",
	  "\"physical-channel\"" },
	{ "{\"op\":\"offer\",\"servers\":[\"192.0.2.1\"],"
	  "\"dialing-number\":"
	  "\"0123456789012345678901234567890123456789012345678901234567890123\""
	  "}",
	  "\"dialing-number\"" },
	{ "{\"op\":\"hangup\",\"local\":\"1.2.3.4\",\"peer\":\"1.2.3.5\"}", "\"id\"" },
	{ "{\"op\":\"hangup\",\"local\":\"1.2.3.4\",\"id\":1}", "\"peer\"" },
	{ "{\"op\":\"hangup\",\"local\":\"1.2.3.4\",\"peer\":\"1.2.3.5\","
	  "\"id\":-1}",
	  "\"id\"" },
};

static void bad_requests_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct kpptp_local_request request = { 0 };
		struct kpptp_error error = { "" };

		if (kpptp_local_request_parse(bad[i].line, strlen(bad[i].line), &request, &error) ==
		    0)
			fail_msg("accepted: %s", bad[i].line);
		if (!strstr(error.text, bad[i].named))
			fail_msg("%s: \"%s\" is not named in: %s", bad[i].line, bad[i].named,
				 error.text);
		assert_null(strchr(error.text, '\n'));
	}
}

static void good_requests(void **state)
{
	static const char dial[] = " {\"op\":\"dial\",\"servers\":[\"192.0.2.1\",\"192.0.2.2\"],"
				   "\"port\":1724,\"local\":\"192.0.2.9\",\"number\":\"123\","
				   "\"window\":16,\"flow-control\":\"strict\"}\r";
	static const char plain[] = "{\"servers\":[\"192.0.2.1\"],\"op\":\"dial\"}";
	static const char offer[] =
		"{\"op\":\"offer\",\"servers\":[\"192.0.2.1\"],\"number\":\"1\","
		"\"physical-channel\":2147483647,\"dialing-number\":\"2\"}";
	static const char hangup[] = "{\"op\":\"hangup\",\"local\":\"192.0.2."
				     "1\",\"peer\":\"192.0.2.2\",\"id\":65535}";
	struct kpptp_local_request r = { .dial = { .port = 1723, .window = 64 } };
	struct kpptp_error error;

	(void)state;
	assert_int_equal(kpptp_local_request_parse(plain, strlen(plain), &r, &error), 0);
	assert_int_equal(r.op, KPPTP_LOCAL_REQUEST_DIAL);
	assert_int_equal(r.dial.count, 1);
	assert_int_equal(r.dial.port, 1723);
	assert_int_equal(r.dial.window, 64);
	assert_int_equal(kpptp_local_request_parse(dial, strlen(dial), &r, &error), 0);
	assert_int_equal(r.dial.count, 2);
	assert_int_equal(r.dial.servers[1].s_addr, inet_addr("192.0.2.2"));
	assert_int_equal(r.dial.port, 1724);
	assert_int_equal(r.dial.local.s_addr, inet_addr("192.0.2.9"));
	assert_string_equal(r.dial.number, "123");
	assert_int_equal(r.dial.window, 16);
	assert_int_equal(r.dial.flow_control, KPPTP_FLOW_CONTROL_STRICT);
	assert_int_equal(r.dial.role, KPPTP_CALL_PNS_OUT);
	assert_int_equal(kpptp_local_request_parse(offer, strlen(offer), &r, &error), 0);
	assert_int_equal(r.op, KPPTP_LOCAL_REQUEST_OFFER);
	assert_int_equal(r.dial.role, KPPTP_CALL_PAC_IN);
	assert_int_equal(r.dial.physical_channel, INT32_MAX);
	assert_string_equal(r.dial.number, "1");
	assert_string_equal(r.dial.dialing_number, "2");
	assert_int_equal(kpptp_local_request_parse(hangup, strlen(hangup), &r, &error), 0);
	assert_int_equal(r.op, KPPTP_LOCAL_REQUEST_HANGUP);
	assert_int_equal(r.hangup.id, 65535);
	assert_int_equal(kpptp_local_request_parse("{\"op\":\"show\"}", 13, &r, &error), 0);
	assert_int_equal(r.op, KPPTP_LOCAL_REQUEST_SHOW);
	assert_int_equal(kpptp_local_request_parse("{\"op\":\"events\"}", 15, &r, &error), 0);
	assert_int_equal(r.op, KPPTP_LOCAL_REQUEST_EVENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_requests_are_named),
		cmocka_unit_test(good_requests),
	};

	return cmocka_run_group_tests_name("local_request", tests, NULL, NULL);
}
