// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events on the local socket: watchers are notified of each state change of tunnels and
 * calls, other clients are not.
 */
#include "harness.h"
#include "peer.h"
#include "user.h"

static void watch_from_now(struct user *u)
{
	struct json_object *reply;

	user_open(u);
	user_send(u, "{\"op\":\"events\"}\n");
	reply = user_read(u);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	json_object_put(reply);
}

/* The next event: of a tunnel or a call, with this state. */
static struct json_object *expect_event(struct user *u, const char *name, const char *state)
{
	struct json_object *event = user_read(u);

	assert_string_equal(text_of(event, "event"), name);
	assert_string_equal(text_of(member(event, name), "state"), state);
	return event;
}

static void expect(struct user *u, const char *name, const char *state)
{
	json_object_put(expect_event(u, name, state));
}

static void a_call_from_dial_to_end(void **state)
{
	struct json_object *reply, *event;
	struct user watcher, dialling;

	(void)state;
	watch_from_now(&watcher);
	user_open(&dialling);
	reply = user_dial(&dialling);
	expect(&watcher, "tunnel", "wait_ctl_reply");
	event = expect_event(&watcher, "tunnel", "established");
	assert_string_equal(text_of(member(event, "tunnel"), "peer"), "127.0.0.2");
	assert_non_null(strstr(text_of(event, "text"), "is up"));
	assert_false(json_object_object_get_ex(member(event, "tunnel"), "calls", NULL));
	json_object_put(event);
	expect(&watcher, "call", "prepare");
	expect(&watcher, "call", "wait_reply");
	event = expect_event(&watcher, "call", "established");
	assert_string_equal(text_of(event, "local"), "127.0.0.1");
	assert_string_equal(text_of(event, "peer"), "127.0.0.2");
	assert_int_equal(json_object_get_int(member(member(event, "call"), "id")),
			 json_object_get_int(member(reply, "id")));
	json_object_put(event);
	json_object_put(reply);

	close(dialling.fd);
	expect(&watcher, "call", "wait_disconnect");
	event = expect_event(&watcher, "call", "idle");
	assert_non_null(strstr(text_of(event, "text"), "call ended"));
	json_object_put(event);
	expect(&watcher, "tunnel", "wait_stop_reply");
	event = expect_event(&watcher, "tunnel", "idle");
	assert_non_null(strstr(text_of(event, "text"), "stopped"));
	json_object_put(event);
	nothing_is_left();
	close(watcher.fd);
}

/* It never leaves the state "idle", but is reported. */
static void a_call_that_is_refused(void **state)
{
	struct json_object *event;
	struct user watcher;
	struct peer p;

	(void)state;
	client_host.server->config.calls = 0;
	watch_from_now(&watcher);
	peer_establish(&p, &client_host);
	peer_call_refused(&p, 1, KPPTP_ERR_NO_RESOURCE);
	expect(&watcher, "tunnel", "established");
	event = expect_event(&watcher, "call", "idle");
	assert_non_null(strstr(text_of(event, "text"), "calls=0"));
	json_object_put(event);
	peer_stop(&p);
	nothing_is_left();
	expect(&watcher, "tunnel", "idle");
	close(watcher.fd);
}

static void only_watchers_get_events(void **state)
{
	struct user idle, watcher, dialling;

	(void)state;
	user_open(&idle);
	watch_from_now(&watcher);
	close(watcher.fd);
	user_open(&dialling);
	json_object_put(user_dial(&dialling));
	close(dialling.fd);
	nothing_is_left();
	assert_int_equal(client_host.server->watcher.count, 0);
	assert_int_equal(read(idle.fd, idle.buf, sizeof(idle.buf)), -1);
	close(idle.fd);
}

/* The end of its call would be reported from within a step of another call. */
static void watcher_may_not_dial(void **state)
{
	struct user watcher, dialling;

	(void)state;
	watch_from_now(&watcher);
	send_dial(&watcher);
	expect_error(&watcher, "open another one to dial");
	user_open(&dialling);
	json_object_put(user_dial(&dialling));
	user_send(&dialling, "{\"op\":\"events\"}\n");
	expect_error(&dialling, "open another one for events");
	close(watcher.fd);
	close(dialling.fd);
	nothing_is_left();
}

/* A watcher that never reads is disconnected, and uses no memory. */
static void slow_watcher_is_dropped(void **state)
{
	struct user watcher, dialling;

	(void)state;
	watch_from_now(&watcher);
	for (int i = 0; i < 100000 && client_host.server->watcher.count; i++) {
		struct json_object *event = json_object_new_object();
		char text[1024];

		memset(text, 'x', sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		json_object_object_add(event, "text", json_object_new_string(text));
		client_host.server->watcher.event(client_host.server->watcher.ctx, event);
		json_object_put(event);
	}
	assert_int_equal(client_host.server->watcher.count, 0);
	user_open(&dialling);
	json_object_put(user_dial(&dialling));
	close(dialling.fd);
	nothing_is_left();
	close(watcher.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_call_from_dial_to_end),	TEST(a_call_that_is_refused),
		TEST(only_watchers_get_events), TEST(watcher_may_not_dial),
		TEST(slow_watcher_is_dropped),
	};

	return run_with_log("events", tests);
}
