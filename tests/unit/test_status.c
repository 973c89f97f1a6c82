// SPDX-License-Identifier: GPL-2.0-or-later
/* The status line, sent to a socket like systemd's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <event2/event.h>

#include "monitor/status.h"
#include "unit.h"

static struct {
	struct event_base *base;
	struct kpptp_status *status;
	int manager;
} here;

static int setup(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	char path[64];

	(void)state;
	/* An abstract socket: "@" stands for the zero byte. */
	snprintf(path, sizeof(path), "@kpptp-status-%d", (int)getpid());
	memcpy(sun.sun_path, path, strlen(path));
	sun.sun_path[0] = '\0';
	here.manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_return_code(bind(here.manager, (struct sockaddr *)&sun,
				offsetof(struct sockaddr_un, sun_path) + strlen(path)),
			   0);
	setenv("NOTIFY_SOCKET", path, 1);
	here.base = event_base_new();
	here.status = kpptp_status_new(here.base);
	assert_non_null(here.status);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kpptp_status_free(here.status);
	event_base_free(here.base);
	close(here.manager);
	unsetenv("NOTIFY_SOCKET");
	return 0;
}

/* The loop ends when nothing is pending any more. */
static void expect_status(const char *expected)
{
	char text[64];
	ssize_t len;

	event_base_dispatch(here.base);
	len = recv(here.manager, text, sizeof(text) - 1, 0);
	if (!expected) {
		assert_int_equal(len, -1);
		return;
	}
	assert_return_code(len, 0);
	text[len] = '\0';
	assert_string_equal(text, expected);
}

static void test_number(void **state)
{
	(void)state;
	kpptp_status_calls(here.status, 0);
	expect_status("STATUS=0 calls");
	kpptp_status_calls(here.status, 1);
	expect_status("STATUS=1 call");
	kpptp_status_calls(here.status, 65535);
	expect_status("STATUS=65535 calls");
}

static void test_same(void **state)
{
	(void)state;
	expect_status(NULL);
	kpptp_status_calls(here.status, 3);
	expect_status("STATUS=3 calls");
	kpptp_status_calls(here.status, 3);
	expect_status(NULL);
}

/* A burst of changes is sent once, in its final state. */
static void test_burst(void **state)
{
	unsigned int calls;

	(void)state;
	for (calls = 1; calls <= 1000; calls++)
		kpptp_status_calls(here.status, calls);
	kpptp_status_calls(here.status, 999);
	expect_status("STATUS=999 calls");
	expect_status(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_number),
		TEST(test_same),
		TEST(test_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
