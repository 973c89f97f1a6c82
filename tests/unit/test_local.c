// SPDX-License-Identifier: GPL-2.0-or-later
/* The real local socket of a server that dials another on loopback addresses. */
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "harness.h"
#include "user.h"

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
	int unread;

	(void)state;
	user_open(&u);
	user_send(&u, "{\"op\":\"show\"}\nnonsense\n{\"op\":\"what\"}\n{\"op\":");
	reply = user_read(&u);
	assert_true(json_object_get_boolean(member(reply, "ok")));
	assert_int_equal(json_object_array_length(member(reply, "tunnels")), 0);
	json_object_put(reply);
	expect_error(&u, "JSON");
	expect_error(&u, "what");
	/* A line may come in pieces: the first has been read. */
	pump_until(ioctl(u.fd, SIOCOUTQ, &unread) == 0 && unread == 0);
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
	assert_true(json_object_is_type(member(reply, "seconds"), json_type_double));
	json_object_put(reply);

	user_open(&other);
	user_send(&other, "{\"op\":\"show\"}\n");
	reply = user_read(&other);
	tunnel = json_object_array_get_idx(member(reply, "tunnels"), 0);
	assert_string_equal(text_of(tunnel, "role"), "pns");
	assert_string_equal(text_of(tunnel, "state"), "established");
	assert_string_equal(text_of(tunnel, "vendor"), "kpptp");
	assert_true(json_object_get_boolean(member(tunnel, "originator")));
	assert_int_equal(json_object_get_int(member(tunnel, "port")), server_host.port);
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
	assert_non_null(strstr(text_of(object, "reason"), "stopped by the peer"));
	json_object_put(object);
	user_expect_end(&u);
	nothing_is_left();
}

static void hang_up_a_call_of_another_client(void **state)
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
static void other_users_are_refused(void **state)
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
		    connect(fd, (struct sockaddr *)&local_addr, sizeof(local_addr)) ||
		    read(fd, buf, sizeof(buf) - 1) <= 0)
			_exit(1);
		_exit(strstr(buf, "permission denied") ? 0 : 2);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests_in_order),
		TEST(dial_and_close),
		TEST(closing_while_it_dials),
		TEST(the_call_ends),
		TEST(hang_up_a_call_of_another_client),
		TEST(a_dial_that_fails),
		TEST(a_line_that_is_too_long),
		TEST(half_closed),
		TEST(other_users_are_refused),
	};

	return run_with_log("local", tests);
}
