// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker's sandbox: the worker's operations work in it, all privileges are dropped,
 * and an ineffective setup is refused beforehand. Requires root.
 */
#include "sandbox_child.h"

static bool has_landlock_net(void)
{
	/* Version 4, Linux 6.7. */
	return syscall(444, NULL, 0, 1) >= 4;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	*(bool *)arg = true;
}

static enum outcome do_event_loop(void)
{
	const struct timeval soon = { 0, 1000 };
	struct event_base *base = event_base_new();
	bool fired = false;

	if (!base || event_base_once(base, -1, EV_TIMEOUT, on_timer, &fired, &soon))
		return FAILS;
	event_base_dispatch(base);
	event_base_free(base);
	return outcome(fired);
}

static enum outcome do_memory(void)
{
	/* Both of malloc's ways: the heap, and a mapping of its own. */
	char *small = malloc(100);
	char *large = malloc(4 << 20);

	if (!small || !large)
		return FAILS;
	memset(large, 1, 4 << 20);
	large = realloc(large, 8 << 20);
	free(small);
	free(large);
	return outcome(large);
}

static enum outcome do_dial(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int sock = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (sock < 0 || bind(sock, (struct sockaddr *)&to, sizeof(to)))
		return FAILS;
	if (setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
		return FAILS;
	to.sin_port = htons(2);
	if (connect(sock, (struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS &&
	    errno != ECONNREFUSED)
		return FAILS;
	return outcome(!close(sock));
}

/* Refused by the kernel at once, or by a host where nobody listens. */
static int connect_error(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), err = 0;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(sock, (struct sockaddr *)&to, sizeof(to)))
		err = errno;
	close(sock);
	return err;
}

static enum outcome do_connect_elsewhere(void)
{
	return outcome(connect_error(1) != EACCES || connect_error(22) != EACCES);
}

static enum outcome do_connect_allowed(void)
{
	return outcome(connect_error(2) != EACCES && connect_error(1723) != EACCES);
}

static enum outcome do_bind_port(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_port = htons(20000 + getpid() % 10000);
	return outcome(!bind(sock, (struct sockaddr *)&to, sizeof(to)) || errno != EACCES);
}

static enum outcome do_print(void)
{
	char line[64];
	FILE *null;
	int pair[2];

	/* A pipe() of ours, so that stdio looks at a new descriptor. */
	if (pipe2(pair, O_CLOEXEC))
		return FAILS;
	null = fdopen(pair[1], "w");
	if (!null || fprintf(null, "%f %ld\n", 1.5, (long)time(NULL)) < 0)
		return FAILS;
	if (fclose(null) || read(pair[0], line, sizeof(line)) <= 0)
		return FAILS;
	return outcome(!strncmp(line, "1.5", 3));
}

static void test_works(void **state)
{
	(void)state;
	assert_works(do_event_loop, "event loop");
	assert_works(do_memory, "memory");
	assert_works(do_dial, "dial");
	assert_works(do_print, "stdio");
}

static void test_ports(void **state)
{
	(void)state;
	assert_works(do_connect_allowed, "connect to a port of the list");
	if (!has_landlock_net()) {
		print_message("no Landlock for TCP here\n");
		skip();
	}
	assert_fails(do_connect_elsewhere, "connect to another port");
	assert_fails(do_bind_port, "bind to a port");
}

/* abort() must end the worker as such, not as a forbidden call. */
static enum outcome do_abort(void)
{
	abort();
}

static void test_abort(void **state)
{
	int status = in_sandbox(do_abort);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* /proc is not there inside: the parent reads it of a child that waits. */
static void read_status(char *text, size_t size)
{
	char path[64], err[256], byte;
	int entered[2], go_on[2];
	ssize_t len;
	pid_t pid;
	int fd;

	assert_false(pipe(entered) || pipe(go_on));
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(go_on[1]);
		if (kpptp_sandbox_enter(&conf, err, sizeof(err)) || write(entered[1], "", 1) != 1)
			_exit(NOT_ENTERED);
		_exit(read(go_on[0], &byte, 1) ? FAILS : WORKS);
	}
	close(entered[1]);
	assert_int_equal(read(entered[0], &byte, 1), 1);
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY);
	len = read(fd, text, size - 1);
	assert_true(len > 0);
	text[len] = '\0';
	close(fd);
	close(go_on[0]);
	close(go_on[1]);
	close(entered[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_status(void **state)
{
	static const char *const lines[] = {
		"\nCapInh:\t0000000000000000\n",
		"\nCapPrm:\t0000000000000000\n",
		"\nCapEff:\t0000000000000000\n",
		"\nCapBnd:\t0000000000000000\n",
		"\nCapAmb:\t0000000000000000\n",
		"\nNoNewPrivs:\t1\n",
		"\nSeccomp:\t2\n",
		"\nGroups:\t \n",
	};
	char text[8192];

	(void)state;
	read_status(text, sizeof(text));
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!strstr(text, lines[i]))
			fail_msg("no %s in:\n%s", lines[i] + 1, text);
	}
	assert_null(strstr(text, "\nUid:\t0"));
	assert_null(strstr(text, "\nGid:\t0"));
}

/* Refusals must come before anything is given up, and say what to do. */
static void assert_refused(const struct kpptp_sandbox *wrong, const char *says)
{
	char err[256] = "";

	assert_int_equal(kpptp_sandbox_enter(wrong, err, sizeof(err)), -1);
	if (!strstr(err, says))
		fail_msg("\"%s\" does not say \"%s\"", err, says);
}

static void test_refused(void **state)
{
	struct kpptp_sandbox wrong = conf;
	char file[sizeof(root) + 8];
	char here[4096];
	int fd;

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	wrong.user = "no-such-user";
	assert_refused(&wrong, "no user no-such-user");
	wrong.user = "root";
	assert_refused(&wrong, "is root");

	wrong = conf;
	wrong.root = "/no-such-directory/below";
	assert_refused(&wrong, wrong.root);
	assert_false(chmod(root, 0777));
	assert_refused(&conf, "write to it");
	assert_false(chmod(root, 0555));
	snprintf(file, sizeof(file), "%s/file", root);
	fd = open(file, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_refused(&conf, "not empty");
	assert_false(unlink(file));
	assert_false(chdir(here));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_works),	cmocka_unit_test(test_ports),
		cmocka_unit_test(test_abort),	cmocka_unit_test(test_status),
		cmocka_unit_test(test_refused),
	};

	if (geteuid()) {
		fprintf(stderr, "test_sandbox: skipped, it needs root\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
