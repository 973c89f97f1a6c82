// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole daemon but its main(): a real monitor, a real worker in its real
 * sandbox, and pppd played by a script. Only the kernel is another one, which
 * needs no module. It wants root; without it nothing can be tried.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/kpptp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "monitor/kernel.h"
#include "common/worker_conf.h"
#include "common/log.h"
#include "monitor/monitor.h"
#include "monitor/monitor_conf.h"
#include "monitor/sockets.h"
#include "unit.h"
#include "wire.h"
#include "worker/worker_main.h"
#include "monitor/worker_start.h"

#define DEADLINE 10

/* --- a kernel that makes every call, and starts with Call ID 100 --- */

static uint16_t last_id = 99;

static void *fake_open(struct event_base *base,
		       const struct kpptp_kernel_events *events, void *ctx,
		       struct kpptp_error *error)
{
	(void)base;
	(void)events;
	(void)ctx;
	(void)error;
	return &last_id;
}

static void fake_close(void *kernel)
{
	(void)kernel;
}

static int fake_new(void *kernel, const struct kpptp_call_conf *conf,
		    struct kpptp_call_info *info, struct kpptp_error *error)
{
	(void)kernel;
	(void)error;
	memset(info, 0, sizeof(*info));
	info->conf = *conf;
	info->conf.id = ++last_id;
	info->conf.present |= KPPTP_HAS(ID) | KPPTP_HAS(CHANNEL);
	info->channel = last_id;
	return 0;
}

static int fake_set(void *kernel, const struct kpptp_call_conf *conf,
		    struct kpptp_error *error)
{
	(void)kernel;
	(void)conf;
	(void)error;
	return 0;
}

static int fake_del(void *kernel, const struct kpptp_call_key *key,
		    struct kpptp_error *error)
{
	(void)kernel;
	(void)key;
	(void)error;
	return 0;
}

static int fake_get(void *kernel, const struct kpptp_call_key *key,
		    struct kpptp_call_info *info, struct kpptp_error *error)
{
	(void)kernel;
	(void)key;
	(void)error;
	memset(info, 0, sizeof(*info));
	return 0;
}

static const struct kpptp_kernel_ops fake_kernel = {
	.open = fake_open,
	.close = fake_close,
	.call_new = fake_new,
	.call_set = fake_set,
	.call_del = fake_del,
	.call_get = fake_get,
};

/* --- the daemon --- */

static char dir[] = "/tmp/kpptp-test-worker.XXXXXX";
static struct kpptp_config config;
static pid_t daemon_pid;
static char log_path[300];

static ssize_t reload(void *ctx, struct kpptp_monitor_conf *fresh, void *blob,
		      size_t size)
{
	(void)ctx;
	(void)fresh;
	assert_true(size >= sizeof(config));
	config.calls_per_connection = 1;
	memcpy(blob, &config, sizeof(config));
	return sizeof(config);
}

static int be_monitor(const struct kpptp_worker_child *worker)
{
	struct kpptp_monitor_conf conf = {
		.max_calls = config.calls,
		.stop_grace = 5000,
		.ppp_grace = 5000,
		.kernel = &fake_kernel,
		.reload = reload,
	};

	strcpy(conf.ppp.pppd, config.pppd);
	strcpy(conf.ppp.plugin, config.plugin);
	strcpy(conf.ppp.options, config.options);
	return kpptp_monitor_run(&conf, worker->sock, worker->pid);
}

/* What main() does, without its options. Returns the exit status. */
static int be_daemon(struct kpptp_sockets *sockets)
{
	struct kpptp_worker_conf conf = {
		.config = &config,
		.listen_fd = sockets->tcp,
		.local_fd = sockets->local,
		.group = KPPTP_LOCAL_NO_GROUP,
	};
	int fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	struct kpptp_worker_child worker;

	dup2(fd, STDERR_FILENO);
	kpptp_log_open(KPPTP_LOG_STDERR, LOG_DEBUG);
	if (kpptp_worker_start(&worker, &conf))
		return 99;
	kpptp_sockets_close(sockets);
	return be_monitor(&worker);
}

static void write_script(const char *path)
{
	FILE *file = fopen(path, "w");

	fputs("#!/bin/sh\necho \"pppd $*\" >> ", file);
	fprintf(file, "%s/args\nexec sleep 60\n", dir);
	fclose(file);
	chmod(path, 0755);
}

static int setup(void **state)
{
	struct kpptp_sockets sockets;

	(void)state;
	if (geteuid())
		return 0;
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	assert_non_null(mkdtemp(dir));
	chmod(dir, 0755);
	kpptp_config_defaults(&config);
	config.listen.s_addr = htonl(INADDR_LOOPBACK);
	config.port = 20000 + getpid() % 10000;
	config.dial_ports = (struct kpptp_ports){ 2, { 1, config.port } };
	strcpy(config.user, "nobody");
	snprintf(config.socket, sizeof(config.socket), "%s/socket", dir);
	snprintf(config.root, sizeof(config.root), "%s/root", dir);
	snprintf(config.pppd, sizeof(config.pppd), "%s/pppd", dir);
	snprintf(log_path, sizeof(log_path), "%s/log", dir);
	write_script(config.pppd);
	assert_int_equal(
		kpptp_sockets_open(&sockets, &config, KPPTP_LOCAL_NO_GROUP), 0);
	assert_string_equal(sockets.own_path, config.socket);
	daemon_pid = fork();
	if (daemon_pid == 0)
		_exit(be_daemon(&sockets));
	kpptp_sockets_close(&sockets);
	return 0;
}

static int teardown(void **state)
{
	char command[400];

	(void)state;
	if (geteuid())
		return 0;
	if (daemon_pid > 0) {
		kill(daemon_pid, SIGTERM);
		waitpid(daemon_pid, NULL, 0);
	}
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

#define wait_until(condition)                                                  \
	do {                                                                   \
		time_t end_ = time(NULL) + DEADLINE;                           \
		while (!(condition)) {                                         \
			if (time(NULL) > end_)                                 \
				fail_msg("in vain: %s", #condition);           \
			usleep(10000);                                         \
		}                                                              \
	} while (0)

static bool file_has(const char *name, const char *text)
{
	char path[400], content[65536] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	if (read(fd, content, sizeof(content) - 1) < 0)
		content[0] = '\0';
	close(fd);
	return strstr(content, text) != NULL;
}

static void send_msg(int fd, const struct kpptp_msg *msg)
{
	uint8_t buf[KPPTP_MSG_MAX];
	size_t len = kpptp_wire_encode(msg, buf);

	assert_int_equal(send(fd, buf, len, MSG_NOSIGNAL), len);
}

static void expect(int fd, enum kpptp_msg_type type, struct kpptp_msg *msg)
{
	size_t len = kpptp_msg_len(type);
	uint8_t buf[KPPTP_MSG_MAX];

	if (recv(fd, buf, len, MSG_WAITALL) != (ssize_t)len)
		fail_msg("no %s", kpptp_msg_name(type));
	assert_int_equal(kpptp_wire_decode(buf, len, msg, NULL),
			 KPPTP_DECODE_OK);
	assert_int_equal(msg->type, type);
}

static int establish(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_addr = config.listen,
				   .sin_port = htons(config.port) };
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ,
				 .sccrq = { .protocol_version = 0x100 } };
	struct timeval tv = { DEADLINE, 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	assert_int_equal(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	send_msg(fd, &msg);
	expect(fd, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
	return fd;
}

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
static void the_life_of_a_daemon(void **state)
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
	ask("{\"op\":\"dial\",\"servers\":[\"127.0.0.1\"],\"port\":1}\n", reply,
	    sizeof(reply));
	assert_non_null(strstr(reply, "127.0.0.1: Connection refused"));
	ask("{\"op\":\"dial\",\"servers\":[\"127.0.0.1\"],\"port\":2}\n", reply,
	    sizeof(reply));
	assert_non_null(strstr(reply, "port 2 is not of dial-ports"));

	kill(daemon_pid, SIGHUP);
	wait_until(file_has("log", "configuration reloaded"));
	request_call(fd, 8);
	expect(fd, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.error_code, KPPTP_ERR_NO_RESOURCE);

	kill(daemon_pid, SIGTERM);
	expect(fd, KPPTP_STOPCCRQ, &msg);
	assert_int_equal(msg.stopccrq.reason, KPPTP_STOP_LOCAL_SHUTDOWN);
	msg = (struct kpptp_msg){ .type = KPPTP_STOPCCRP,
				  .stopccrp = { .result_code = 1 } };
	send_msg(fd, &msg);
	assert_int_equal(recv(fd, reply, 1, 0), 0);
	close(fd);
	assert_int_equal(waitpid(daemon_pid, &status, 0), daemon_pid);
	daemon_pid = 0;
	if (status)
		fail_msg("status 0x%x", status);
}

/* Two control connections between two addresses of one daemon. */
static void it_dials_itself(void **state)
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

/* The daemon's child; pppd would be another one. */
static pid_t find_worker(void)
{
	char path[300], line[300];
	struct dirent *entry;
	pid_t worker = 0, pid;
	DIR *proc;

	proc = opendir("/proc");
	while ((entry = readdir(proc)) && !worker) {
		FILE *stat;

		if (atoi(entry->d_name) <= 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/stat", entry->d_name);
		stat = fopen(path, "r");
		if (!stat)
			continue;
		if (fgets(line, sizeof(line), stat) &&
		    sscanf(strrchr(line, ')') + 1, " %*c %d", &pid) == 1 &&
		    pid == daemon_pid)
			worker = atoi(entry->d_name);
		fclose(stat);
	}
	closedir(proc);
	return worker;
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

static size_t read_proc(pid_t pid, const char *name, void *buf, size_t size)
{
	char path[64];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "re");
	assert_non_null(file);
	len = fread(buf, 1, size - 1, file);
	fclose(file);
	((char *)buf)[len] = '\0';
	return len;
}

/* The 16 bytes of which the C library makes canary and pointer guard. */
static void read_secret(pid_t pid, uint8_t secret[16])
{
	unsigned long vector[128] = { 0 };
	char path[64];
	size_t i;
	int fd;

	read_proc(pid, "auxv", vector, sizeof(vector));
	for (i = 0; vector[i] && vector[i] != AT_RANDOM; i += 2)
		;
	assert_int_equal(vector[i], AT_RANDOM);
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDONLY);
	assert_int_equal(pread(fd, secret, 16, vector[i + 1]), 16);
	close(fd);
}

/* Where the [stack] or the program itself begins. */
static unsigned long find_mapping(pid_t pid, const char *name)
{
	static char maps[1 << 20];
	char *line, *rest;

	read_proc(pid, "maps", maps, sizeof(maps));
	for (line = strtok_r(maps, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		if (strstr(line, name))
			return strtoul(line, NULL, 16);
	fail_msg("process %d has no %s", (int)pid, name);
	return 0;
}

static bool has_random_layout(void)
{
	char text[16];

	read_proc(1, "../sys/kernel/randomize_va_space", text, sizeof(text));
	return text[0] == '2' && !(personality(0xffffffff) & ADDR_NO_RANDOMIZE);
}

/* What is read out of one half says nothing of the other. */
static void the_halves_are_not_alike(void **state)
{
	uint8_t monitors[16], workers[16];
	char text[4096];
	pid_t worker;
	size_t len;

	(void)state;
	if (geteuid())
		skip();
	/* The worker is in its sandbox when it answers. */
	close(establish());
	worker = find_worker();
	read_secret(daemon_pid, monitors);
	read_secret(worker, workers);
	assert_memory_not_equal(monitors, workers, 16);
	if (has_random_layout()) {
		assert_int_not_equal(find_mapping(daemon_pid, "[stack]"),
				     find_mapping(worker, "[stack]"));
		assert_int_not_equal(find_mapping(daemon_pid, "/test_worker"),
				     find_mapping(worker, "/test_worker"));
		assert_int_not_equal(find_mapping(daemon_pid, "/libc.so"),
				     find_mapping(worker, "/libc.so"));
	}
	/* What ps shows. */
	len = read_proc(worker, "cmdline", text, sizeof(text));
	assert_int_equal(len, sizeof("kpptpd\0--worker"));
	assert_memory_equal(text, "kpptpd\0--worker", len);
	read_proc(worker, "comm", text, sizeof(text));
	assert_string_equal(text, "kpptpd\n");
}

/* The daemon of these tests has its log open, and lets it be inherited. */
static void the_worker_inherits_nothing(void **state)
{
	char path[64], target[128];
	unsigned int sockets = 0;
	struct dirent *entry;
	DIR *fds;

	(void)state;
	if (geteuid())
		skip();
	close(establish());
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)find_worker());
	fds = opendir(path);
	while ((entry = readdir(fds))) {
		ssize_t len = readlinkat(dirfd(fds), entry->d_name, target,
					 sizeof(target) - 1);

		if (len < 0 || atoi(entry->d_name) <= STDERR_FILENO)
			continue;
		target[len] = '\0';
		if (strncmp(target, "socket:", 7) == 0)
			sockets++;
		/* The event loop has pipes, and what is anonymous. */
		if (target[0] == '/')
			fail_msg("descriptor %s is %s", entry->d_name, target);
	}
	closedir(fds);
	/* The monitor's, the local one, the one for clients. */
	assert_true(sockets >= 3);
}

/* By hand: neither without the descriptor nor with one like it. */
static void not_by_hand(void **state)
{
	static const struct {
		int type;
		int status;
	} cases[] = { { 0, 2 }, { SOCK_STREAM, 2 }, { SOCK_SEQPACKET, 2 } };
	int status, pair[2];
	size_t i;
	pid_t pid;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		fflush(NULL);
		pid = fork();
		if (pid == 0) {
			/* Made by the child itself: its parent did not. */
			close(3);
			close(4);
			if (cases[i].type &&
			    (socketpair(AF_UNIX, cases[i].type, 0, pair) ||
			     pair[0] != 3))
				_exit(99);
			dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
			execl("/proc/self/exe", "kpptpd", KPPTP_WORKER_ARG,
			      NULL);
			_exit(98);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i].status);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* The worker is this program, executed again. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(the_life_of_a_daemon),
		TEST(it_dials_itself),
		TEST(the_worker_dies),
		TEST(the_halves_are_not_alike),
		TEST(the_worker_inherits_nothing),
		cmocka_unit_test(not_by_hand),
	};

	if (argc == 2 && strcmp(argv[1], KPPTP_WORKER_ARG) == 0)
		return kpptp_worker_main();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
