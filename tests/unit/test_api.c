// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The client of the daemon's socket, against a thread at the other end of a real one:
 * framing, refusals, and broken connections.
 */

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <json-c/json.h>
#include <sys/socket.h>

#include "api_peer.h"
#include "nl.h"

#define DIALLED                                                                                    \
	"{\"ok\":true,\"id\":4660,\"peer-id\":0,\"channel\":3,"                                    \
	"\"local\":\"192.0.2.1\",\"peer\":\"192.0.2.2\",\"seconds\":0.25}\n"
#define CLOSED "{\"event\":\"closed\",\"reason\":\"the peer cleared it\"}\n"

static const struct kpptp_dial dial_local = { .host = "127.0.0.1" };

static void check_dialled(const struct kpptp_dialled *dialled)
{
	assert_int_equal(dialled->id, 4660);
	assert_int_equal(dialled->peer_id, 0);
	assert_int_equal(dialled->channel, 3);
	assert_int_equal(dialled->local.s_addr, htonl(0xc0000201));
	assert_int_equal(dialled->peer.s_addr, htonl(0xc0000202));
	assert_true(dialled->seconds == 0.25);
}

/* A message in many reads, and two messages in one. */
static void test_framing(void **state)
{
	static const size_t steps[] = { 0, 1, 7 };
	struct kpptp_error error, reason;
	struct kpptp_dialled dialled;
	struct peer peer;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		start_peer(&peer, DIALLED CLOSED, steps[i]);
		assert_int_equal(kpptp_api_dial(peer.api, &dial_local, &dialled, &error), 0);
		check_dialled(&dialled);
		assert_int_equal(kpptp_api_wait(peer.api, -1, &reason, &error), 0);
		assert_string_equal(reason.text, "the peer cleared it");
		stop_peer(&peer);
	}
}

static void check_request(const char *line, const char *expected)
{
	struct json_object *a = json_tokener_parse(line);
	struct json_object *b = json_tokener_parse(expected);

	assert_non_null(b);
	if (!json_object_equal(a, b))
		fail_msg("sent %s instead of %s", line, expected);
	json_object_put(a);
	json_object_put(b);
}

/* Unset options are not sent: the daemon's defaults apply. */
static void test_dial_request(void **state)
{
	static const struct kpptp_dial full = {
		.host = "127.0.0.2",
		.port = 1724,
		.number = "555",
		.window = 32,
		.flow_control = "strict",
		.local = { 0x0100007f },
	};
	struct kpptp_dialled dialled;
	struct kpptp_error error;
	struct peer peer;

	(void)state;
	start_peer(&peer, DIALLED, 0);
	assert_int_equal(kpptp_api_dial(peer.api, &dial_local, &dialled, &error), 0);
	check_request(peer.request, "{\"op\":\"dial\",\"servers\":[\"127.0.0.1\"]}");
	stop_peer(&peer);

	start_peer(&peer, DIALLED, 0);
	assert_int_equal(kpptp_api_dial(peer.api, &full, &dialled, &error), 0);
	check_request(peer.request, "{\"op\":\"dial\",\"servers\":[\"127.0.0.2\"],"
				    "\"port\":1724,\"local\":\"127.0.0.1\",\"number\":\"555\","
				    "\"window\":32,\"flow-control\":\"strict\"}");
	stop_peer(&peer);
}

static void test_offer_request(void **state)
{
	static const struct kpptp_offer plain = {
		.call = { .host = "127.0.0.1" },
	};
	static const struct kpptp_offer full = {
		.call = { .host = "127.0.0.2", .number = "555", .window = 32 },
		.channel = 7,
		.dialing_number = "666",
	};
	struct kpptp_dialled dialled;
	struct kpptp_error error;
	struct peer peer;

	(void)state;
	start_peer(&peer, DIALLED, 0);
	assert_int_equal(kpptp_api_offer(peer.api, &plain, &dialled, &error), 0);
	check_dialled(&dialled);
	check_request(peer.request, "{\"op\":\"offer\",\"servers\":[\"127.0.0.1\"],"
				    "\"physical-channel\":0}");
	stop_peer(&peer);

	start_peer(&peer, DIALLED, 0);
	assert_int_equal(kpptp_api_offer(peer.api, &full, &dialled, &error), 0);
	check_request(peer.request, "{\"op\":\"offer\",\"servers\":[\"127.0.0.2\"],"
				    "\"number\":\"555\",\"window\":32,"
				    "\"physical-channel\":7,\"dialing-number\":\"666\"}");
	stop_peer(&peer);
}

static void test_bad_dials_are_not_sent(void **state)
{
	static const struct kpptp_dial bad[] = {
		{ .host = "127.0.0.1", .flow_control = "sometimes" },
		{ .host = "127.0.0.1",
		  .number = "0123456789012345678901234567890123456789"
			    "012345678901234567890123" },
		{ .host = "::1" },
	};
	struct kpptp_dialled dialled;
	struct kpptp_error error;
	struct peer peer;
	size_t i;

	(void)state;
	start_peer(&peer, DIALLED, 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		error.text[0] = '\0';
		assert_true(kpptp_api_dial(peer.api, &bad[i], &dialled, &error) < 0);
		assert_true(error.text[0]);
	}
	stop_peer(&peer);
	assert_string_equal(peer.request, "");
}

static void test_answers(void **state)
{
	static const struct {
		const char *answer;
		int err;
		const char *words;
	} cases[] = {
		{ "{\"ok\":false,\"error\":\"no such host\"}\n", -EREMOTEIO, "no such host" },
		{ "{\"ok\":false}\n", -EREMOTEIO, "without saying why" },
		{ "{\"ok\":1}\n", -EBADMSG, "'ok'" },
		{ "{}\n", -EBADMSG, "'ok'" },
		{ "[1]\n", -EBADMSG, "not a JSON object" },
		{ "nonsense\n", -EBADMSG, "not a JSON object" },
		{ "\n", -EBADMSG, "not a JSON object" },
		{ "{\"ok\":true}\n", -EBADMSG, "'id'" },
		{ "{\"ok\":true,\"id\":65536,\"peer-id\":1,\"channel\":1}\n", -EBADMSG, "'id'" },
		{ "{\"ok\":true,\"id\":\"1\"}\n", -EBADMSG, "'id'" },
		{ "{\"ok\":true,\"id\":1,\"peer-id\":1,\"channel\":-1}\n", -EBADMSG, "'channel'" },
		{ "{\"ok\":true,\"id\":1,\"peer-id\":1,\"channel\":1,\"local\":"
		  "\"here\"}\n",
		  -EBADMSG, "'local'" },
		{ CLOSED, -ECONNRESET, "the peer cleared it" },
		{ "", -ECONNRESET, "closed the connection" },
		{ "{\"ok\":true", -ECONNRESET, "closed the connection" },
	};
	struct kpptp_dialled dialled;
	struct kpptp_error error;
	struct peer peer;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		start_peer(&peer, cases[i].answer, 0);
		error.text[0] = '\0';
		assert_int_equal(kpptp_api_dial(peer.api, &dial_local, &dialled, &error),
				 cases[i].err);
		if (!strstr(error.text, cases[i].words))
			fail_msg("'%s' does not say '%s'", error.text, cases[i].words);
		stop_peer(&peer);
	}
}

static void test_hangup(void **state)
{
	static const struct kpptp_call_key key = {
		.local = { 0x0100007f },
		.peer = { 0x0200007f },
		.id = 7,
	};
	struct kpptp_error error;
	struct peer peer;

	(void)state;
	start_peer(&peer, "{\"ok\":true}\n", 0);
	assert_int_equal(kpptp_api_hangup(peer.api, &key, &error), 0);
	check_request(peer.request, "{\"op\":\"hangup\",\"local\":\"127.0.0.1\","
				    "\"peer\":\"127.0.0.2\",\"id\":7}");
	stop_peer(&peer);
}

/* A reply to "show" may be longer than a request. */
static void test_long_reply(void **state)
{
	static const char tunnel[] = "{\"peer\":\"192.0.2.2\",\"calls\":[]},";
	const size_t n = 20000;
	struct json_object *tunnels;
	struct kpptp_error error;
	struct peer peer;
	char *answer, *at;
	size_t i;

	(void)state;
	answer = malloc(n * sizeof(tunnel) + 64);
	assert_non_null(answer);
	at = stpcpy(answer, "{\"ok\":true,\"tunnels\":[");
	for (i = 0; i < n; i++)
		at = stpcpy(at, tunnel);
	strcpy(at - 1, "]}\n");
	start_peer(&peer, answer, 0);
	assert_int_equal(kpptp_api_show(peer.api, &tunnels, &error), 0);
	check_request(peer.request, "{\"op\":\"show\"}");
	assert_int_equal(json_object_array_length(tunnels), n);
	json_object_put(tunnels);
	stop_peer(&peer);
	free(answer);
}

static void test_endless_line(void **state)
{
	struct json_object *tunnels;
	struct kpptp_error error;
	struct peer peer;
	char *answer;

	(void)state;
	answer = malloc(KPPTP_API_REPLY_MAX + 2);
	assert_non_null(answer);
	memset(answer, ' ', KPPTP_API_REPLY_MAX + 1);
	answer[KPPTP_API_REPLY_MAX + 1] = '\0';
	start_peer(&peer, answer, 0);
	assert_int_equal(kpptp_api_show(peer.api, &tunnels, &error), -EMSGSIZE);
	stop_peer(&peer);
	free(answer);
}

static void test_long_request(void **state)
{
	struct json_object *request = json_object_new_object();
	struct json_object *reply;
	char text[KPPTP_API_LINE_MAX];
	struct kpptp_error error;
	struct peer peer;

	(void)state;
	memset(text, 'x', sizeof(text));
	json_object_object_add(request, "op", json_object_new_string_len(text, sizeof(text)));
	start_peer(&peer, "{\"ok\":true}\n", 0);
	assert_int_equal(kpptp_api_request(peer.api, request, &reply, &error), -EMSGSIZE);
	stop_peer(&peer);
	assert_string_equal(peer.request, "");
	json_object_put(request);
}

static bool abort_at_once(void *ctx)
{
	++*(int *)ctx;
	return true;
}

/* A silent peer: the wait ends by timeout, or when the caller cancels it. */
static void test_silence(void **state)
{
	struct kpptp_error error, reason;
	struct kpptp_dialled dialled;
	struct kpptp_api *api;
	int asked = 0;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(kpptp_api_adopt(&api, fds[1], NULL), 0);
	assert_int_equal(kpptp_api_wait(api, 0, &reason, &error), -EAGAIN);
	assert_int_equal(kpptp_api_wait(api, 20, &reason, &error), -EAGAIN);
	kpptp_api_set_abort(api, abort_at_once, &asked);
	assert_int_equal(kpptp_api_dial(api, &dial_local, &dialled, &error), -EINTR);
	assert_int_equal(asked, 1);
	kpptp_api_close(api);
	close(fds[0]);
}

static void test_no_daemon(void **state)
{
	struct kpptp_error error;
	struct kpptp_api *api;
	char path[200];

	(void)state;
	assert_int_equal(kpptp_api_open(&api, "/nonexistent/socket", &error), -ENOENT);
	assert_non_null(strstr(error.text, "kpptpd is not running"));
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(kpptp_api_open(&api, path, &error), -ENAMETOOLONG);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_framing),	      cmocka_unit_test(test_dial_request),
		cmocka_unit_test(test_offer_request), cmocka_unit_test(test_bad_dials_are_not_sent),
		cmocka_unit_test(test_answers),	      cmocka_unit_test(test_hangup),
		cmocka_unit_test(test_long_reply),    cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_long_request),  cmocka_unit_test(test_silence),
		cmocka_unit_test(test_no_daemon),
	};

	return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
