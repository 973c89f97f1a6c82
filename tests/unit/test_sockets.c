// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Listening sockets passed by the service manager, mismatches with the configuration,
 * and addresses that appear later.
 */
#include "harness.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "common/worker_conf.h"
#include "monitor/sockets.h"

/* TEST-NET-1: no host has it. */
#define NOT_OURS "192.0.2.77"
#define GROUP	 12345

static char path[64];
static struct kpptp_config config;
static struct kpptp_sockets sockets;

static int listening(int type, const void *addr, socklen_t len)
{
	int fd = socket(type, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, addr, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void announce(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "2", 1);
}

/* Pass both sockets, as systemd does, at the descriptors from 3 on. */
static void pass(uint16_t *port)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int tcp, local;

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	strcpy(sun.sun_path, path);
	tcp = listening(AF_INET, &sin, sizeof(sin));
	local = listening(AF_UNIX, &sun, sizeof(sun));
	getsockname(tcp, (struct sockaddr *)&sin, &len);
	*port = ntohs(sin.sin_port);
	/* Above what is moved about. */
	tcp = fcntl(tcp, F_DUPFD_CLOEXEC, 20);
	local = fcntl(local, F_DUPFD_CLOEXEC, 20);
	dup2(tcp, 3);
	dup2(local, 4);
	close(tcp);
	close(local);
	announce();
}

/*
 * In a child, whose descriptors can be moved about: @port_off is added to the
 * port that is passed, to be the configured one.
 */
static void in_child(void (*check)(void), uint16_t port_off, gid_t group)
{
	uint16_t port;
	int status;
	pid_t pid;

	fflush(NULL);
	log_clear();
	pid = fork();
	if (pid == 0) {
		pass(&port);
		config.port = port + port_off;
		if (kpptp_sockets_open(&sockets, &config, group))
			_exit(97);
		check();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status)
		fail_msg("status %#x", status);
}

static int setup(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/kpptp-test-sockets.%d", (int)getpid());
	unlink(path);
	kpptp_config_defaults(&config);
	config.listen.s_addr = htonl(INADDR_LOOPBACK);
	strcpy(config.socket, path);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static void both_are_taken(void)
{
	if (sockets.tcp != 3 || sockets.local != 4 || sockets.own_path[0] ||
	    !(fcntl(3, F_GETFL) & O_NONBLOCK))
		_exit(96);
}

static void matching_sockets(void **state)
{
	(void)state;
	in_child(both_are_taken, 0, KPPTP_LOCAL_NO_GROUP);
	assert_string_equal(log_text(log_mark), "");
}

static void another_port(void **state)
{
	(void)state;
	in_child(both_are_taken, 1, KPPTP_LOCAL_NO_GROUP);
	assert_true(log_has("listening on 127.0.0.1 port "));
	assert_true(log_has("not on 127.0.0.1 port "));
	assert_true(log_has("systemctl edit kpptpd.socket"));
}

static void another_address(void **state)
{
	(void)state;
	config.listen.s_addr = htonl(INADDR_ANY);
	in_child(both_are_taken, 0, KPPTP_LOCAL_NO_GROUP);
	assert_true(log_has("not on 0.0.0.0 port "));
}

static void another_path(void **state)
{
	(void)state;
	strcpy(config.socket, "/run/elsewhere.sock");
	in_child(both_are_taken, 0, KPPTP_LOCAL_NO_GROUP);
	assert_true(log_has(path));
	assert_true(log_has("not /run/elsewhere.sock as [control] socket"));
}

static void group_has_it(void)
{
	struct stat st;

	if (stat(path, &st) || st.st_gid != GROUP || (st.st_mode & 07777) != 0660)
		_exit(95);
}

static void group_is_set_on_the_socket(void **state)
{
	(void)state;
	if (geteuid())
		skip();
	in_child(group_has_it, 0, GROUP);
	assert_string_equal(log_text(log_mark), "");
}

static void group_is_not_root(void)
{
	/* Now as systemd would have made it, for a group of its own. */
	if (chown(path, 0, GROUP) || chmod(path, 0660))
		_exit(94);
	announce();
	if (kpptp_sockets_open(&sockets, &config, KPPTP_LOCAL_NO_GROUP))
		_exit(93);
}

static void a_group_that_is_not_answered(void **state)
{
	(void)state;
	if (geteuid())
		skip();
	in_child(group_is_not_root, 0, KPPTP_LOCAL_NO_GROUP);
	assert_true(log_has("lets a group (12345) connect"));
	assert_true(log_has("only root is served"));
}

/* At boot, the address is often later than the daemon. */
static void an_address_that_comes_later(void **state)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);

	(void)state;
	log_clear();
	config.listen.s_addr = inet_addr(NOT_OURS);
	config.port = 20000 + getpid() % 10000;
	assert_int_equal(kpptp_sockets_open(&sockets, &config, KPPTP_LOCAL_NO_GROUP), 0);
	assert_true(log_has("does not have the address " NOT_OURS " yet"));
	assert_int_equal(getsockname(sockets.tcp, (struct sockaddr *)&sin, &len), 0);
	assert_int_equal(sin.sin_addr.s_addr, config.listen.s_addr);
	assert_int_equal(ntohs(sin.sin_port), config.port);
	kpptp_sockets_close(&sockets);
}

static void an_address_that_is_there(void **state)
{
	(void)state;
	log_clear();
	config.port = 20000 + getpid() % 10000;
	assert_int_equal(kpptp_sockets_open(&sockets, &config, KPPTP_LOCAL_NO_GROUP), 0);
	assert_string_equal(log_text(log_mark), "");
	kpptp_sockets_close(&sockets);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(matching_sockets),
		TEST(another_port),
		TEST(another_address),
		TEST(another_path),
		TEST(group_is_set_on_the_socket),
		TEST(a_group_that_is_not_answered),
		TEST(an_address_that_comes_later),
		TEST(an_address_that_is_there),
	};

	return run_with_log("sockets", tests);
}
