// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of request.c by table, and of local.c over a real AF_UNIX socket, with
 * a server that dials another one on loopback addresses.
 */
#include <sys/wait.h>

#include "harness.h"
#include "user.h"

#include "request.h"

/* --- requests --- */

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
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"port\":0}",
	  "\"port\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"port\":65536}",
	  "\"port\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"port\":\"1723\"}",
	  "\"port\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"port\":1e3}",
	  "\"port\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"window\":0}",
	  "\"window\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"local\":\"::1\"}",
	  "\"local\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"flow-control\":"
	  "\"x\"}",
	  "\"flow-control\"" },
	{ "{\"op\":\"dial\",\"servers\":[\"192.0.2.1\"],\"number\":7}",
	  "\"number\"" },
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
	{ "{\"op\":\"hangup\",\"local\":\"1.2.3.4\",\"peer\":\"1.2.3.5\"}",
	  "\"id\"" },
	{ "{\"op\":\"hangup\",\"local\":\"1.2.3.4\",\"id\":1}", "\"peer\"" },
	{ "{\"op\":\"hangup\",\"local\":\"1.2.3.4\",\"peer\":\"1.2.3.5\","
	  "\"id\":-1}",
	  "\"id\"" },
};

static void bad_requests_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kpptp_request request = { 0 };
		struct kpptp_error error = { "" };

		if (kpptp_request_parse(bad[i].line, strlen(bad[i].line),
					&request, &error) == 0)
			fail_msg("accepted: %s", bad[i].line);
		if (!strstr(error.text, bad[i].named))
			fail_msg("%s: \"%s\" is not named in: %s", bad[i].line,
				 bad[i].named, error.text);
		assert_null(strchr(error.text, '\n'));
	}
}

static void good_requests(void **state)
{
	static const char dial[] =
		" {\"op\":\"dial\",\"servers\":[\"192.0.2.1\",\"192.0.2.2\"],"
		"\"port\":1724,\"local\":\"192.0.2.9\",\"number\":\"123\","
		"\"window\":16,\"flow-control\":\"strict\"}\r";
	static const char plain[] =
		"{\"servers\":[\"192.0.2.1\"],\"op\":\"dial\"}";
	static const char offer[] =
		"{\"op\":\"offer\",\"servers\":[\"192.0.2.1\"],\"number\":\"1\","
		"\"physical-channel\":2147483647,\"dialing-number\":\"2\"}";
	static const char hangup[] = "{\"op\":\"hangup\",\"local\":\"192.0.2."
				     "1\",\"peer\":\"192.0.2.2\",\"id\":65535}";
	struct kpptp_request r = { .dial = { .port = 1723, .window = 64 } };
	struct kpptp_error error;

	(void)state;
	assert_int_equal(kpptp_request_parse(plain, strlen(plain), &r, &error),
			 0);
	assert_int_equal(r.op, KPPTP_REQUEST_DIAL);
	assert_int_equal(r.dial.count, 1);
	assert_int_equal(r.dial.port, 1723);
	assert_int_equal(r.dial.window, 64);
	assert_int_equal(kpptp_request_parse(dial, strlen(dial), &r, &error),
			 0);
	assert_int_equal(r.dial.count, 2);
	assert_int_equal(r.dial.servers[1].s_addr, inet_addr("192.0.2.2"));
	assert_int_equal(r.dial.port, 1724);
	assert_int_equal(r.dial.local.s_addr, inet_addr("192.0.2.9"));
	assert_string_equal(r.dial.number, "123");
	assert_int_equal(r.dial.window, 16);
	assert_int_equal(r.dial.flow_control, KPPTP_FLOW_CONTROL_STRICT);
	assert_int_equal(r.dial.role, KPPTP_CALL_PNS_OUT);
	assert_int_equal(kpptp_request_parse(offer, strlen(offer), &r, &error),
			 0);
	assert_int_equal(r.op, KPPTP_REQUEST_OFFER);
	assert_int_equal(r.dial.role, KPPTP_CALL_PAC_IN);
	assert_int_equal(r.dial.physical_channel, INT32_MAX);
	assert_string_equal(r.dial.number, "1");
	assert_string_equal(r.dial.dialing_number, "2");
	assert_int_equal(
		kpptp_request_parse(hangup, strlen(hangup), &r, &error), 0);
	assert_int_equal(r.op, KPPTP_REQUEST_HANGUP);
	assert_int_equal(r.hangup.id, 65535);
	assert_int_equal(
		kpptp_request_parse("{\"op\":\"show\"}", 13, &r, &error), 0);
	assert_int_equal(r.op, KPPTP_REQUEST_SHOW);
	assert_int_equal(
		kpptp_request_parse("{\"op\":\"events\"}", 15, &r, &error), 0);
	assert_int_equal(r.op, KPPTP_REQUEST_EVENTS);
}

/* --- the socket --- */

static void user_expect_end(struct user *u)
{
	time_t end = time(NULL) + DEADLINE;
	ssize_t n;

	while ((n = read(u->fd, u->buf, sizeof(u->buf))) != 0) {
		if (n > 0)
			fail_msg("more to read: %.*s", (int)n, u->buf);
		if (time(NULL) > end)
			fail_msg("it is not closed");
		event_base_loop(base, EVLOOP_NONBLOCK);
		usleep(100);
	}
	close(u->fd);
}

static void requests_in_order(void **state)
{
	struct json_object *reply;
	struct user u;

	(void)state;
	user_open(&u);
	user_send(&u,
		  "{\"op\":\"show\"}\nnonsense\n{\"op\":\"what\"}\n{\"op\":");
	reply = user_read(&u);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	assert_int_equal(json_object_array_length(member(reply, "tunnels")), 0);
	json_object_put(reply);
	expect_error(&u, "JSON");
	expect_error(&u, "what");
	/* A line may come in pieces. */
	pump();
	user_send(&u, "\"show\"}\n");
	reply = user_read(&u);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	json_object_put(reply);
	close(u.fd);
}

static void dial_and_close(void **state)
{
	struct json_object *reply, *tunnel, *call;
	struct user u, other;

	(void)state;
	user_open(&u);
	reply = user_dial(&u);
	assert_string_equal(text_of(reply, "local"), "127.0.0.1");
	assert_string_equal(text_of(reply, "peer"), "127.0.0.2");
	assert_true(json_object_get_int(member(reply, "id")) > 0);
	assert_true(json_object_get_int(member(reply, "peer-id")) > 0);
	assert_true(json_object_get_int(member(reply, "channel")) > 0);
	assert_true(json_object_is_type(member(reply, "seconds"),
					json_type_double));
	json_object_put(reply);

	user_open(&other);
	user_send(&other, "{\"op\":\"show\"}\n");
	reply = user_read(&other);
	tunnel = json_object_array_get_idx(member(reply, "tunnels"), 0);
	assert_string_equal(text_of(tunnel, "role"), "pns");
	assert_string_equal(text_of(tunnel, "state"), "established");
	assert_string_equal(text_of(tunnel, "vendor"), "kpptp");
	assert_true(json_object_get_boolean(member(tunnel, "originator")));
	assert_int_equal(json_object_get_int(member(tunnel, "port")),
			 server_host.port);
	call = json_object_array_get_idx(member(tunnel, "calls"), 0);
	assert_string_equal(text_of(call, "role"), "pns");
	assert_string_equal(text_of(call, "state"), "established");
	json_object_put(reply);

	send_dial(&u);
	expect_error(&u, "dialled already");
	close(u.fd);
	nothing_is_left();
	close(other.fd);
}

static void closing_while_it_dials(void **state)
{
	struct user u;

	(void)state;
	for (int turns = 0; turns < 20; turns++) {
		user_open(&u);
		send_dial(&u);
		for (int i = 0; i < turns; i++)
			event_base_loop(base, EVLOOP_NONBLOCK);
		close(u.fd);
		nothing_is_left();
	}
}

static void the_call_ends(void **state)
{
	struct json_object *object;
	struct user u;

	(void)state;
	user_open(&u);
	json_object_put(user_dial(&u));
	kpptp_server_stop(server_host.server);
	object = user_read(&u);
	assert_string_equal(text_of(object, "event"), "closed");
	assert_non_null(
		strstr(text_of(object, "reason"), "stopped by the peer"));
	json_object_put(object);
	user_expect_end(&u);
	nothing_is_left();
}

static void hang_up_anothers_call(void **state)
{
	struct json_object *reply, *object;
	char line[128];
	struct user u, other;

	(void)state;
	user_open(&u);
	user_open(&other);
	reply = user_dial(&u);
	user_send(&other, "{\"op\":\"hangup\",\"local\":\"127.0.0.1\",\"peer\":"
			  "\"127.0.0.2\",\"id\":4242}\n");
	expect_error(&other, "no call 4242");
	snprintf(line, sizeof(line),
		 "{\"op\":\"hangup\",\"local\":\"127.0.0.1\",\"peer\":\"127.0."
		 "0.2\",\"id\":%d}\n",
		 json_object_get_int(member(reply, "id")));
	json_object_put(reply);
	user_send(&other, line);
	reply = user_read(&other);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	json_object_put(reply);
	object = user_read(&u);
	assert_string_equal(text_of(object, "event"), "closed");
	json_object_put(object);
	user_expect_end(&u);
	close(other.fd);
	nothing_is_left();
}

static void a_dial_that_fails(void **state)
{
	struct json_object *reply;
	char line[160];
	struct user u;

	(void)state;
	user_open(&u);
	/* What was sent behind it is answered after it. */
	snprintf(line, sizeof(line),
		 "{\"op\":\"dial\",\"servers\":[\"127.0.0.9\"],\"port\":%u}\n{"
		 "\"op\":\"show\"}\n",
		 server_host.port);
	user_send(&u, line);
	expect_error(&u, "127.0.0.9: Connection refused");
	reply = user_read(&u);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	json_object_put(reply);
	close(u.fd);
	nothing_is_left();
}

static void a_line_that_is_too_long(void **state)
{
	char line[KPPTP_API_LINE_MAX + 1];
	struct json_object *reply;
	struct user u;

	(void)state;
	/* The longest that is allowed, with its newline. */
	user_open(&u);
	memset(line, ' ', sizeof(line));
	memcpy(line, "{\"op\":\"show\"}", 13);
	line[KPPTP_API_LINE_MAX - 1] = '\n';
	line[KPPTP_API_LINE_MAX] = '\0';
	user_send(&u, line);
	reply = user_read(&u);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	json_object_put(reply);
	/* One more. */
	line[KPPTP_API_LINE_MAX - 1] = ' ';
	user_send(&u, line);
	user_send(&u, "\n");
	expect_error(&u, "longer than 4096");
	user_expect_end(&u);
}

static void half_closed(void **state)
{
	struct json_object *reply;
	struct user u;

	(void)state;
	user_open(&u);
	user_send(&u, "{\"op\":\"show\"}\n");
	shutdown(u.fd, SHUT_WR);
	reply = user_read(&u);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	json_object_put(reply);
	user_expect_end(&u);
}

/* A child that is neither root nor in the group is told so. */
static void others_are_not_admitted(void **state)
{
	struct user u;
	int status;
	pid_t pid;

	(void)state;
	if (geteuid())
		skip();
	pid = fork();
	if (pid == 0) {
		char buf[512] = "";
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		if (setgid(65534) || setuid(65534) ||
		    connect(fd, (struct sockaddr *)&local_addr,
			    sizeof(local_addr)) ||
		    read(fd, buf, sizeof(buf) - 1) <= 0)
			_exit(1);
		_exit(strstr(buf, "not admitted") ? 0 : 2);
	}
	pump_until(waitpid(pid, &status, WNOHANG) == pid);
	assert_int_equal(status, 0);
	assert_true(log_has("of user 65534"));
	/* Root still is. */
	user_open(&u);
	user_send(&u, "{\"op\":\"show\"}\n");
	json_object_put(user_read(&u));
	close(u.fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_requests_are_named),
		cmocka_unit_test(good_requests),
		TEST(requests_in_order),
		TEST(dial_and_close),
		TEST(closing_while_it_dials),
		TEST(the_call_ends),
		TEST(hang_up_anothers_call),
		TEST(a_dial_that_fails),
		TEST(a_line_that_is_too_long),
		TEST(half_closed),
		TEST(others_are_not_admitted),
	};
	int failed;

	signal(SIGPIPE, SIG_IGN);
	log_capture();
	failed = cmocka_run_group_tests_name("local", tests, NULL, NULL);
	log_release(failed);
	return failed;
}
