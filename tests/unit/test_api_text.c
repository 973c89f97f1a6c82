// SPDX-License-Identifier: GPL-2.0-or-later
/* The client of the daemon's socket cleans texts, even if the daemon did not. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "api_peer.h"
#include "text.h"

/* Control characters, raw and escaped, invalid UTF-8, and valid characters. */
#define ODD "a\\u001b[2J\\u009b\x9b\xc2\x9b\xe2\x80\xae\\u0000\x7f\xff\xc3\xa4"

static void check_clean(const char *text)
{
	char copy[KPPTP_ERROR_SIZE];

	snprintf(copy, sizeof(copy), "%s", text);
	kpptp_text_clean(copy);
	assert_string_equal(text, copy);
	assert_non_null(strstr(text, "?[2J??"));
}

/* No text contains terminal controls, and all is valid UTF-8. */
static void test_foreign_texts(void **state)
{
	struct json_object *tunnels, *tunnel, *event;
	struct kpptp_error error, reason;
	struct peer peer;

	(void)state;
	start_peer(&peer,
		   "{\"ok\":true,\"tunnels\":[{\"host-name\":\"" ODD
		   "\",\"calls\":[{\"number\":\"" ODD "\"}]}]}\n"
		   "{\"event\":\"" ODD "\",\"text\":\"" ODD "\"}\n"
		   "{\"event\":\"closed\",\"reason\":\"" ODD "\"}\n",
		   0);
	assert_int_equal(kpptp_api_show(peer.api, &tunnels, &error), 0);
	tunnel = json_object_array_get_idx(tunnels, 0);
	check_clean(json_object_get_string(json_object_object_get(tunnel, "host-name")));
	tunnel = json_object_array_get_idx(json_object_object_get(tunnel, "calls"), 0);
	check_clean(json_object_get_string(json_object_object_get(tunnel, "number")));
	json_object_put(tunnels);
	while (kpptp_api_event(peer.api, &event, &error) == -EAGAIN)
		;
	check_clean(json_object_get_string(json_object_object_get(event, "event")));
	check_clean(json_object_get_string(json_object_object_get(event, "text")));
	json_object_put(event);
	assert_int_equal(kpptp_api_wait(peer.api, -1, &reason, &error), 0);
	check_clean(reason.text);
	stop_peer(&peer);

	start_peer(&peer, "{\"ok\":false,\"error\":\"" ODD "\"}\n", 0);
	assert_int_equal(kpptp_api_show(peer.api, &tunnels, &error), -EREMOTEIO);
	check_clean(error.text);
	stop_peer(&peer);

	start_peer(&peer, "a\033[2J\x9b\x9b\n", 0);
	assert_int_equal(kpptp_api_show(peer.api, &tunnels, &error), -EBADMSG);
	check_clean(error.text);
	stop_peer(&peer);
}

/* kpptpd never sends odd member names: such a peer is not kpptpd. */
static void test_foreign_names(void **state)
{
	static const char *const answers[] = {
		"{\"ok\":true,\"tunnels\":[],\"a\\u001b[2J\":1}\n",
		"{\"ok\":true,\"tunnels\":[{\"a\x9b\":1}]}\n",
	};
	struct json_object *tunnels;
	struct kpptp_error error;
	struct peer peer;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		start_peer(&peer, answers[i], 0);
		assert_int_equal(kpptp_api_show(peer.api, &tunnels, &error), -EBADMSG);
		stop_peer(&peer);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign_texts),
		cmocka_unit_test(test_foreign_names),
	};

	return cmocka_run_group_tests_name("api_text", tests, NULL, NULL);
}
