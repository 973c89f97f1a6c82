/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by tests of the local socket: one of two servers has it, and its users send
 * lines and read JSON.
 *
 * To be included once, by the test itself, after harness.h.
 */
#ifndef KPPTP_TEST_USER_H
#define KPPTP_TEST_USER_H

#include <json-c/json.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "common/worker_conf.h"
#include "worker/local.h"
#include "two_hosts.h"

static struct kpptp_local *local;
static struct sockaddr_un local_addr;

static int setup(void **state)
{
	int fd;

	(void)state;
	start_two();
	local_addr.sun_family = AF_UNIX;
	snprintf(local_addr.sun_path, sizeof(local_addr.sun_path), "/tmp/kpptp-test-local.%d",
		 (int)getpid());
	unlink(local_addr.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&local_addr, sizeof(local_addr)), 0);
	chmod(local_addr.sun_path, 0666);
	assert_int_equal(listen(fd, 8), 0);
	/* Admit the user who runs the tests, root or not. */
	local = kpptp_local_new(client_host.server, fd,
				geteuid() ? getegid() : KPPTP_LOCAL_NO_GROUP);
	assert_non_null(local);
	log_clear();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kpptp_local_free(local);
	end_two();
	unlink(local_addr.sun_path);
	return 0;
}

/* A client of the socket: its descriptor, and what it has read. */
struct user {
	int fd;
	char buf[65536];
	size_t len;
};

static void user_open(struct user *u)
{
	u->len = 0;
	u->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(u->fd, (struct sockaddr *)&local_addr, sizeof(local_addr)), 0);
	fcntl(u->fd, F_SETFL, O_NONBLOCK);
}

static void user_send(struct user *u, const char *text)
{
	assert_int_equal(send(u->fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* The next line, as JSON; the caller puts it. */
static struct json_object *user_read(struct user *u)
{
	time_t end = time(NULL) + DEADLINE;
	struct json_object *object;
	char *newline;
	ssize_t n;

	while (!(newline = memchr(u->buf, '\n', u->len))) {
		if (time(NULL) > end)
			fail_msg("no line");
		event_base_loop(base, EVLOOP_NONBLOCK);
		n = read(u->fd, u->buf + u->len, sizeof(u->buf) - u->len);
		if (n == 0)
			fail_msg("closed instead of a line");
		if (n > 0)
			u->len += n;
		else
			usleep(100);
	}
	*newline = '\0';
	object = json_tokener_parse(u->buf);
	if (!object)
		fail_msg("not JSON: %s", u->buf);
	u->len -= newline + 1 - u->buf;
	memmove(u->buf, newline + 1, u->len);
	return object;
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, name, &value))
		fail_msg("no \"%s\" in %s", name, json_object_to_json_string(object));
	return value;
}

static const char *text_of(struct json_object *object, const char *name)
{
	return json_object_get_string(member(object, name));
}

static void expect_error(struct user *u, const char *named)
{
	struct json_object *reply = user_read(u);

	assert_false(json_object_get_boolean(member(reply, "ok")));
	if (!strstr(text_of(reply, "error"), named))
		fail_msg("\"%s\" is not named in: %s", named, text_of(reply, "error"));
	json_object_put(reply);
}

static void send_dial(struct user *u)
{
	char line[128];

	snprintf(line, sizeof(line), "{\"op\":\"dial\",\"servers\":[\"127.0.0.2\"],\"port\":%u}\n",
		 server_host.port);
	user_send(u, line);
}

/* Dials, and returns the reply. */
static struct json_object *user_dial(struct user *u)
{
	struct json_object *reply;

	send_dial(u);
	reply = user_read(u);
	if (!json_object_get_boolean(member(reply, "ok")))
		fail_msg("%s", json_object_to_json_string(reply));
	return reply;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* KPPTP_TEST_USER_H */
