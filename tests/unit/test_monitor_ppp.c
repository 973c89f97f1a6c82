// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor's pppds: how they are started, what is refused, how they end.
 */
#include <dirent.h>

#include "monitor_run.h"
#include "monitor_talk.h"

static void assert_file(const char *name, const char *wanted)
{
	char path[128], text[1024];
	ssize_t len;
	int fd;

	path_of(path, name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	assert_true(len >= 0);
	text[len] = '\0';
	assert_string_equal(text, wanted);
}

/* pppd has /dev/null, one socket and, being a script, that: no more of ours. */
static void assert_descriptors(pid_t pid)
{
	char path[300], link[256], output[256] = "";
	struct dirent *entry;
	ssize_t len;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = opendir(path);
	assert_non_null(fds);
	while ((entry = readdir(fds))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, entry->d_name);
		len = readlink(path, link, sizeof(link) - 1);
		assert_true(len > 0);
		link[len] = '\0';
		if (!strcmp(link, "/dev/null") || !strcmp(link, script))
			continue;
		if (!strncmp(link, "socket:", 7) && !*output)
			memcpy(output, link, sizeof(output));
		assert_string_equal(link, output);
	}
	closedir(fds);
	assert_true(*output);
}

static void test_life(void **state)
{
	struct kpptp_priv_msg msg;
	char wanted[512];
	pid_t pid;

	(void)state;
	set_role("fail");
	start();
	request_plain(KPPTP_PRIV_READY, 0);
	make_call(7);
	request_set(7, 1);
	expect(&msg, KPPTP_PRIV_CALL_SET_DONE, 7);
	assert_int_equal(msg.call_set_done.err, 0);
	request_plain(KPPTP_PRIV_CALL_STATS, 7);
	expect(&msg, KPPTP_PRIV_STATS, 7);
	assert_int_equal(msg.stats.stats.rx_packets, 1001);

	request_plain(KPPTP_PRIV_PPP_START, 7);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 7);
	pid = msg.ppp_started.pid;
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 7);
	assert_int_equal(WEXITSTATUS(msg.ppp_exited.status), 19);
	assert_string_equal(msg.ppp_exited.text, "exit status 19 (the peer did not accept our "
						 "authentication); it said: no secret found");
	snprintf(wanted, sizeof(wanted),
		 "nologfd child-timeout 0 file %s/fail plugin kpptp.so "
		 "kpptp-channel 101 ipparam 192.0.2.2 nodetach 10.0.0.1:10.0.0.16\n",
		 dir);
	assert_file("args", wanted);
	assert_file("env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"
			   "KPPTPD_STATUS_FD=2\n");
	snprintf(wanted, sizeof(wanted), "%d %d\n", (int)pid, (int)pid);
	assert_file("groups", wanted);

	request_plain(KPPTP_PRIV_CALL_DEL, 7);
	request_plain(KPPTP_PRIV_CALL_STATS, 7);
	expect(&msg, KPPTP_PRIV_STATS, 7);
	assert_int_equal(msg.stats.err, -ENOENT);
	stop_in_order();
}

static void test_call_is_gone(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	start();
	request_plain(KPPTP_PRIV_PPP_START, 5);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 5);
	assert_int_equal(msg.ppp_exited.status, -1);
	assert_string_equal(msg.ppp_exited.text, "the call is gone");
	stop_in_order();
}

static void test_no_pppd(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	strcpy(conf.ppp.pppd, "/no/such/pppd");
	start();
	make_call(1);
	request_plain(KPPTP_PRIV_PPP_START, 1);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(WEXITSTATUS(msg.ppp_exited.status), 127);
	assert_non_null(strstr(msg.ppp_exited.text, "cannot execute /no/such/pppd: No such file"));
	stop_in_order();
}

static void test_ppp_stop(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	assert_descriptors(start_with_ppp());
	request_plain(KPPTP_PRIV_PPP_STOP, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(WTERMSIG(msg.ppp_exited.status), SIGTERM);
	/* The call is still there: another pppd may follow. */
	set_role("wait");
	make_ppp(1);
	/* Deleting the call ends pppd, which is reported all the same. */
	request_plain(KPPTP_PRIV_CALL_DEL, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	make_call(2);
	stop_in_order();
}

static void test_stubborn_ppp(void **state)
{
	struct kpptp_priv_msg msg;
	int64_t began;

	(void)state;
	set_role("stubborn");
	start();
	make_call(1);
	make_ppp(1);
	began = now_ms();
	request_plain(KPPTP_PRIV_PPP_STOP, 1);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	assert_int_equal(WTERMSIG(msg.ppp_exited.status), SIGKILL);
	assert_true(now_ms() - began >= conf.ppp_grace - 1);
	stop_in_order();
}

/* What the plugin says when the peer is let in, once, and not into the log. */
static void test_authenticated(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	set_role("let-in");
	start();
	make_call(3);
	make_ppp(3);
	expect(&msg, KPPTP_PRIV_PPP_AUTHENTICATED, 3);
	request_plain(KPPTP_PRIV_PPP_STOP, 3);
	expect(&msg, KPPTP_PRIV_PPP_EXITED, 3);
	stop_in_order();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),    TEST(test_call_is_gone), TEST(test_authenticated),
		TEST(test_no_pppd), TEST(test_ppp_stop),     TEST(test_stubborn_ppp),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
