// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole daemon: a call, a dial, a reload, a stop, and its worker's death.
 */
#include "worker_run.h"

static void request_call(int fd, uint16_t id)
{
	struct kpptp_msg msg = { .type = KPPTP_OCRQ,
				 .ocrq = { .call_id = id,
					   .maximum_bps = 1000000,
					   .bearer_type = 3,
					   .framing_type = 3,
					   .packet_recv_window_size = 64 } };

	send_msg(fd, &msg);
}

static void ask(const char *request, char *reply, size_t size)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct timeval tv = { DEADLINE, 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ssize_t n;

	strcpy(sun.sun_path, config.socket);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	assert_int_equal(connect(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(write(fd, request, strlen(request)), strlen(request));
	n = read(fd, reply, size - 1);
	assert_true(n > 0);
	reply[n] = '\0';
	close(fd);
}

/* A call, what the local socket says, a reload, a stop: all in the sandbox. */
static void start_serve_and_stop(void **state)
{
	struct kpptp_msg msg;
	char reply[4096];
	int fd, status;

	(void)state;
	if (geteuid())
		skip();
	fd = establish();
	request_call(fd, 7);
	expect(fd, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(msg.ocrp.call_id, 100);
	wait_until(file_has("args", "kpptp-channel 100"));
	assert_true(file_has("args", "ipparam 127.0.0.1"));

	ask("{\"op\":\"show\"}\n", reply, sizeof(reply));
	assert_non_null(strstr(reply, "\"ppp-pid\":"));
	assert_non_null(strstr(reply, "\"peer-id\":7"));
	/* Nobody listens on port 1 of the loopback. */
	ask("{\"op\":\"dial\",\"servers\":[\"127.0.0.1\"],\"port\":1}\n", reply, sizeof(reply));
	assert_non_null(strstr(reply, "127.0.0.1: Connection refused"));
	ask("{\"op\":\"dial\",\"servers\":[\"127.0.0.1\"],\"port\":2}\n", reply, sizeof(reply));
	assert_non_null(strstr(reply, "port 2 is not one of dial-ports"));

	kill(daemon_pid, SIGHUP);
	wait_until(file_has("log", "configuration reloaded"));
	request_call(fd, 8);
	expect(fd, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.error_code, KPPTP_ERR_NO_RESOURCE);

	kill(daemon_pid, SIGTERM);
	expect(fd, KPPTP_STOPCCRQ, &msg);
	assert_int_equal(msg.stopccrq.reason, KPPTP_STOP_LOCAL_SHUTDOWN);
	msg = (struct kpptp_msg){ .type = KPPTP_STOPCCRP, .stopccrp = { .result_code = 1 } };
	send_msg(fd, &msg);
	assert_int_equal(recv(fd, reply, 1, 0), 0);
	close(fd);
	assert_int_equal(waitpid(daemon_pid, &status, 0), daemon_pid);
	daemon_pid = 0;
	if (status)
		fail_msg("status 0x%x", status);
}

/* Two control connections between two addresses of one daemon. */
static void daemon_dials_itself(void **state)
{
	char request[128], reply[4096];

	(void)state;
	if (geteuid())
		skip();
	snprintf(request, sizeof(request),
		 "{\"op\":\"dial\",\"servers\":[\"127.0.0.1\"],\"port\":%u,"
		 "\"number\":\"5\"}\n",
		 config.port);
	ask(request, reply, sizeof(reply));
	assert_non_null(strstr(reply, "\"ok\":true"));
	assert_non_null(strstr(reply, "\"seconds\":0."));
	/* ask() has closed its socket, which hangs up. */
	wait_until(file_has("log", "control connection stopped"));
	assert_true(file_has("log", "cleared by the peer"));
}

/* Whoever kills the worker ends the daemon, and not in good order. */
static void the_worker_dies(void **state)
{
	pid_t worker;
	char byte;
	int fd, status;

	(void)state;
	if (geteuid())
		skip();
	fd = establish();
	worker = find_worker();
	assert_true(worker > 0);
	kill(worker, SIGKILL);
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	close(fd);
	assert_int_equal(waitpid(daemon_pid, &status, 0), daemon_pid);
	daemon_pid = 0;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

/* The worker is this program, executed again. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(start_serve_and_stop),
		TEST(daemon_dials_itself),
		TEST(the_worker_dies),
	};

	if (argc == 2 && strcmp(argv[1], KPPTP_WORKER_ARG) == 0)
		return kpptp_worker_main();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
