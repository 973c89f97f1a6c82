// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "show" of very many tunnels: the reply is sent in parts, none of which blocks the
 * worker, and whatever vanishes between two parts is left out.
 */
#include "harness.h"
#include "user.h"

#include <event2/buffer.h>

#include "worker/show.h"

/* As many as a server may have. */
#define MANY 60000

/* Tunnels and calls that may be written in one turn of the loop. */
#define A_TURN 64

/* Listed, and nothing else: 60,000 connections would take 120,000 descriptors. */
static struct kpptp_tunnel *many;
static unsigned int many_count;

static void fill(unsigned int count)
{
	many = calloc(count, sizeof(*many));
	assert_non_null(many);
	many_count = count;
	for (unsigned int i = 0; i < count; i++) {
		TAILQ_INIT(&many[i].sessions);
		many[i].server = client_host.server;
		many[i].local = client_host.addr;
		many[i].peer.s_addr = htonl(0x0a000000 + i);
		many[i].ctrl.state = KPPTP_CTRL_ESTABLISHED;
		memset(many[i].ctrl.peer.host_name, 'h', KPPTP_NAME_LEN);
		memset(many[i].ctrl.peer.vendor_name, 'v', KPPTP_NAME_LEN);
		TAILQ_INSERT_TAIL(&client_host.server->tunnels, &many[i], entry);
	}
}

static void empty(unsigned int from, unsigned int count)
{
	for (unsigned int i = from; i < from + count; i++) {
		kpptp_show_tunnel_gone(&many[i]);
		TAILQ_REMOVE(&client_host.server->tunnels, &many[i], entry);
	}
}

/* What is still listed is none of the server's: it must not free them. */
static int teardown_many(void **state)
{
	struct kpptp_tunnel *t, *next;

	for (t = TAILQ_FIRST(&client_host.server->tunnels); t; t = next) {
		next = TAILQ_NEXT(t, entry);
		if (t >= many && t < many + many_count)
			empty(t - many, 1);
	}
	teardown(state);
	free(many);
	many = NULL;
	many_count = 0;
	return 0;
}

#define TEST_MANY(name) cmocka_unit_test_setup_teardown(name, setup, teardown_many)

/* Handle what is ready now, not what becomes ready meanwhile. */
static void one_turn(void)
{
	event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

/* What a reader has of a reply that is longer than a struct user can hold. */
static struct {
	char *text;
	size_t len, size;
} got;

static size_t read_some(const struct user *u)
{
	ssize_t n;
	size_t len = 0;

	do {
		if (got.size - got.len < 65536) {
			got.size = got.size ? 2 * got.size : 1 << 20;
			got.text = realloc(got.text, got.size);
			assert_non_null(got.text);
		}
		n = read(u->fd, got.text + got.len, got.size - got.len - 1);
		if (n > 0) {
			got.len += n;
			len += n;
		}
	} while (n > 0);
	got.text[got.len] = '\0';
	return len;
}

static unsigned int count_of(const char *text, const char *part)
{
	unsigned int count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

static bool whole(void)
{
	return got.len && got.text[got.len - 1] == '\n';
}

/* The reply, which ends in a newline; the caller puts it. */
static struct json_object *parsed(void)
{
	struct json_object *reply = json_tokener_parse(got.text);

	assert_non_null(reply);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	free(got.text);
	memset(&got, 0, sizeof(got));
	return reply;
}

/* A turn of the loop, after which all that was written is read. */
static unsigned int turn(const struct user *u)
{
	size_t before = got.len;

	one_turn();
	read_some(u);
	return count_of(got.text + before, "\"since\":");
}

static void parts_of_a_long_reply(void **state)
{
	unsigned int most = 0, turns = 0, n;
	struct json_object *reply;
	struct user u, other;

	(void)state;
	fill(MANY);
	user_open(&u);
	user_open(&other);
	user_send(&u, "{\"op\":\"show\"}\n");
	for (; !whole(); turns++) {
		n = turn(&u);
		most = n > most ? n : most;
		/* Others are answered as if there was nothing else to do. */
		if (turns == 10) {
			user_send(&other, "{\"op\":\"nothing\"}\n");
			for (int i = 0; i < 5; i++)
				turn(&u);
			assert_true(read(other.fd, other.buf, sizeof(other.buf)) > 0);
			assert_false(whole());
		}
		assert_in_range(turns, 0, 4 * MANY);
	}
	assert_in_range(most, 1, A_TURN);
	reply = parsed();
	assert_int_equal(json_object_array_length(member(reply, "tunnels")), MANY);
	json_object_put(reply);
	print_message("%u tunnels in %u turns, at most %u in one\n", MANY, turns, most);
	close(u.fd);
	close(other.fd);
}

/* Be they tunnels or calls; and all of them are there. */
static void parts_are_small(void **state)
{
	enum { TUNNELS = 3, CALLS = 200 };
	struct evbuffer *line = evbuffer_new(), *part = evbuffer_new();
	struct json_object *reply, *tunnels;
	struct kpptp_session *calls;
	struct kpptp_show *show;
	bool more = true;

	(void)state;
	fill(TUNNELS);
	calls = calloc(TUNNELS * CALLS, sizeof(*calls));
	assert_non_null(calls);
	for (int i = 0; i < TUNNELS * CALLS; i++) {
		calls[i].call.call_id = i;
		TAILQ_INSERT_TAIL(&many[i / CALLS].sessions, &calls[i], entry);
	}
	show = kpptp_show_new(client_host.server);
	while (more) {
		more = kpptp_show_part(show, part);
		evbuffer_add(part, "", 1);
		assert_in_range(count_of((char *)evbuffer_pullup(part, -1), "\"role\":"),
				more ? A_TURN : 0, A_TURN);
		evbuffer_remove_buffer(part, line, evbuffer_get_length(part) - 1);
		evbuffer_drain(part, 1);
	}
	kpptp_show_free(show);
	evbuffer_add(line, "", 1);
	reply = json_tokener_parse((char *)evbuffer_pullup(line, -1));
	assert_non_null(reply);
	tunnels = member(reply, "tunnels");
	for (int i = 0; i < TUNNELS * CALLS; i++)
		assert_int_equal(json_object_get_int(member(
					 json_object_array_get_idx(member(json_object_array_get_idx(tunnels,
												    i / CALLS),
									  "calls"),
								   i % CALLS),
					 "id")),
				 i);
	json_object_put(reply);
	evbuffer_free(part);
	evbuffer_free(line);
	free(calls);
}

/* It costs the daemon no memory, and the others nothing. */
static void slow_reader_waits(void **state)
{
	struct json_object *reply;
	struct user u, other;

	(void)state;
	fill(MANY);
	user_open(&u);
	for (int i = 0; i < 20; i++)
		user_send(&u, "{\"op\":\"show\"}\n");
	for (int i = 0; i < 200; i++)
		one_turn();
	user_open(&other);
	user_send(&other, "{\"op\":\"nothing\"}\n");
	expect_error(&other, "nothing");
	/* What it could not read was not written: these are in no list now. */
	empty(MANY / 2, MANY - MANY / 2);
	while (!whole())
		turn(&u);
	*strchr(got.text, '\n') = '\0';
	reply = json_tokener_parse(got.text);
	assert_int_equal(json_object_array_length(member(reply, "tunnels")), MANY / 2);
	json_object_put(reply);
	free(got.text);
	memset(&got, 0, sizeof(got));
	close(other.fd);
	close(u.fd);
	/* It is gone in the middle of the next reply. */
	pump_until(LIST_EMPTY(&client_host.server->shows));
}

/*
 * After @turns turns of the loop, everything vanishes, and the reply ends. So it
 * does, or does not begin, where the reader vanishes.
 */
static void vanish_after(int turns, bool reader)
{
	struct json_object *reply;
	struct user u;

	fill(4 * A_TURN);
	user_open(&u);
	user_send(&u, "{\"op\":\"show\"}\n");
	for (int i = 0; i < turns; i++)
		one_turn();
	if (reader)
		close(u.fd);
	else
		empty(0, 4 * A_TURN);
	if (!reader) {
		while (!whole())
			turn(&u);
		reply = parsed();
		assert_in_range(json_object_array_length(member(reply, "tunnels")), 0, 4 * A_TURN);
		json_object_put(reply);
		close(u.fd);
	} else {
		pump_until(LIST_EMPTY(&client_host.server->shows));
		empty(0, 4 * A_TURN);
	}
	free(many);
	many = NULL;
	many_count = 0;
}

static void tunnels_vanish(void **state)
{
	(void)state;
	for (int turns = 0; turns < 12; turns++)
		vanish_after(turns, false);
}

/* Under a flood there is always one more: those that came after the request are not shown. */
static void later_tunnels_are_not_shown(void **state)
{
	struct evbuffer *out = evbuffer_new();
	struct kpptp_show *show;
	char *text;

	(void)state;
	fill(2 * A_TURN);
	show = kpptp_show_new(client_host.server);
	assert_true(kpptp_show_part(show, out));
	/* Each of them leaves and comes back, the last one that is to be shown among them. */
	for (unsigned int i = 0; i < 2 * A_TURN; i += 3) {
		empty(i, 1);
		TAILQ_INSERT_TAIL(&client_host.server->tunnels, &many[i], entry);
	}
	empty(2 * A_TURN - 1, 1);
	TAILQ_INSERT_TAIL(&client_host.server->tunnels, &many[2 * A_TURN - 1], entry);
	while (kpptp_show_part(show, out))
		;
	kpptp_show_free(show);
	evbuffer_add(out, "", 1);
	text = (char *)evbuffer_pullup(out, -1);
	/* 64 at first, then those of the other 64 that have stayed. */
	assert_int_equal(count_of(text, "\"since\":"), A_TURN + A_TURN - 21 - 1);
	evbuffer_free(out);
}

static void readers_vanish(void **state)
{
	(void)state;
	for (int turns = 0; turns < 12; turns++)
		vanish_after(turns, true);
}

/*
 * A real tunnel with a call comes after @before others. When one part is written
 * it ends: before its turn, or between itself and its call.
 */
static void real_one_ends_after(unsigned int before, bool shown)
{
	struct evbuffer *line = evbuffer_new();
	struct json_object *reply, *tunnels;
	struct kpptp_show *show;
	struct user dialling;

	fill(before);
	user_open(&dialling);
	json_object_put(user_dial(&dialling));
	show = kpptp_show_new(client_host.server);
	assert_true(kpptp_show_part(show, line));
	close(dialling.fd);
	nothing_is_left();
	assert_false(kpptp_show_part(show, line));
	kpptp_show_free(show);
	evbuffer_add(line, "", 1);
	reply = json_tokener_parse((char *)evbuffer_pullup(line, -1));
	evbuffer_free(line);
	tunnels = member(reply, "tunnels");
	assert_int_equal(json_object_array_length(tunnels), before + shown);
	if (shown)
		assert_int_equal(json_object_array_length(member(json_object_array_get_idx(tunnels,
											   before),
								 "calls")),
				 0);
	json_object_put(reply);
}

static void a_tunnel_ends_before_its_turn(void **state)
{
	(void)state;
	real_one_ends_after(A_TURN, false);
}

static void a_call_ends_before_its_turn(void **state)
{
	(void)state;
	real_one_ends_after(A_TURN - 1, true);
}

/* Events wait until the reply is whole, and lines that were sent behind it, too. */
static void one_after_the_other(void **state)
{
	static struct user u;
	struct json_object *object;

	(void)state;
	fill(2 * A_TURN);
	user_open(&u);
	user_send(&u, "{\"op\":\"events\"}\n{\"op\":\"show\"}\n{\"op\":\"x\"}\n");
	while (LIST_EMPTY(&client_host.server->shows))
		one_turn();
	kpptp_show_tunnel_event(&many[0], "an event");
	json_object_put(user_read(&u));
	object = user_read(&u);
	assert_int_equal(json_object_array_length(member(object, "tunnels")), 2 * A_TURN);
	json_object_put(object);
	object = user_read(&u);
	assert_string_equal(text_of(object, "text"), "an event");
	json_object_put(object);
	expect_error(&u, "\"x\"");
	close(u.fd);
}

/* A client that half-closes after its requests still gets all replies. */
static void half_closed(void **state)
{
	static struct user u;
	struct json_object *object;

	(void)state;
	fill(2 * A_TURN);
	user_open(&u);
	user_send(&u, "{\"op\":\"show\"}\n{\"op\":\"show\"}\n{\"op\":\"show\"}\n");
	shutdown(u.fd, SHUT_WR);
	for (int i = 0; i < 3; i++) {
		object = user_read(&u);
		assert_int_equal(json_object_array_length(member(object, "tunnels")), 2 * A_TURN);
		json_object_put(object);
	}
	pump_until(read(u.fd, u.buf, 1) == 0);
	close(u.fd);
}

/* A watcher that does not read is dropped, also during a reply to show. */
static void slow_watcher_is_dropped(void **state)
{
	static char text[1024];
	struct user u, other;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	fill(MANY);
	user_open(&u);
	user_send(&u, "{\"op\":\"events\"}\n{\"op\":\"show\"}\n");
	while (LIST_EMPTY(&client_host.server->shows))
		one_turn();
	for (int i = 0; i < 12 * 1024; i++)
		kpptp_show_tunnel_event(&many[0], text);
	assert_int_equal(client_host.server->watcher.count, 1);
	for (int i = 0; i < 6 * 1024; i++)
		kpptp_show_tunnel_event(&many[0], text);
	assert_int_equal(client_host.server->watcher.count, 0);
	user_open(&other);
	user_send(&other, "{\"op\":\"nothing\"}\n");
	expect_error(&other, "nothing");
	assert_true(LIST_EMPTY(&client_host.server->shows));
	close(u.fd);
	close(other.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_MANY(parts_of_a_long_reply),
		TEST_MANY(parts_are_small),
		TEST_MANY(slow_reader_waits),
		TEST_MANY(tunnels_vanish),
		TEST_MANY(later_tunnels_are_not_shown),
		TEST_MANY(readers_vanish),
		TEST_MANY(a_tunnel_ends_before_its_turn),
		TEST_MANY(a_call_ends_before_its_turn),
		TEST_MANY(one_after_the_other),
		TEST_MANY(half_closed),
		TEST_MANY(slow_watcher_is_dropped),
	};

	return run_with_log("show", tests);
}
