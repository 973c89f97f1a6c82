/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole daemon except main(): a real monitor, a real worker in its real sandbox, a
 * script as pppd, and a fake kernel that needs no module. Requires root; skipped
 * otherwise.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_WORKER_RUN_H
#define KPPTP_TEST_WORKER_RUN_H

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

static inline void *fake_open(struct event_base *base, const struct kpptp_kernel_events *events,
			      void *ctx, struct kpptp_error *error)
{
	(void)base;
	(void)events;
	(void)ctx;
	(void)error;
	return &last_id;
}

static inline void fake_close(void *kernel)
{
	(void)kernel;
}

static inline int fake_new(void *kernel, const struct kpptp_call_conf *conf,
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

static inline int fake_set(void *kernel, const struct kpptp_call_conf *conf,
			   struct kpptp_error *error)
{
	(void)kernel;
	(void)conf;
	(void)error;
	return 0;
}

static inline int fake_del(void *kernel, const struct kpptp_call_key *key,
			   struct kpptp_error *error)
{
	(void)kernel;
	(void)key;
	(void)error;
	return 0;
}

static inline int fake_get(void *kernel, const struct kpptp_call_key *key,
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

static inline ssize_t reload(void *ctx, struct kpptp_monitor_conf *fresh, void *blob, size_t size)
{
	(void)ctx;
	(void)fresh;
	assert_true(size >= sizeof(config));
	config.calls_per_connection = 1;
	memcpy(blob, &config, sizeof(config));
	return sizeof(config);
}

static inline int be_monitor(const struct kpptp_worker_child *worker)
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

/* Do what main() does, without options. Returns the exit status. */
static inline int be_daemon(struct kpptp_sockets *sockets)
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

static inline void write_script(const char *path)
{
	FILE *file = fopen(path, "w");

	fputs("#!/bin/sh\necho \"pppd $*\" >> ", file);
	fprintf(file, "%s/args\nexec sleep 60\n", dir);
	fclose(file);
	chmod(path, 0755);
}

static inline int setup(void **state)
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
	assert_int_equal(kpptp_sockets_open(&sockets, &config, KPPTP_LOCAL_NO_GROUP), 0);
	assert_string_equal(sockets.own_path, config.socket);
	daemon_pid = fork();
	if (daemon_pid == 0)
		_exit(be_daemon(&sockets));
	kpptp_sockets_close(&sockets);
	return 0;
}

static inline int teardown(void **state)
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

#define wait_until(condition)                                                                      \
	do {                                                                                       \
		time_t end_ = time(NULL) + DEADLINE;                                               \
		while (!(condition)) {                                                             \
			if (time(NULL) > end_)                                                     \
				fail_msg("timeout: %s", #condition);                               \
			usleep(10000);                                                             \
		}                                                                                  \
	} while (0)

static inline bool file_has(const char *name, const char *text)
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

static inline void send_msg(int fd, const struct kpptp_msg *msg)
{
	uint8_t buf[KPPTP_MSG_MAX];
	size_t len = kpptp_wire_encode(msg, buf);

	assert_int_equal(send(fd, buf, len, MSG_NOSIGNAL), len);
}

static inline void expect(int fd, enum kpptp_msg_type type, struct kpptp_msg *msg)
{
	size_t len = kpptp_msg_len(type);
	uint8_t buf[KPPTP_MSG_MAX];

	if (recv(fd, buf, len, MSG_WAITALL) != (ssize_t)len)
		fail_msg("no %s", kpptp_msg_name(type));
	assert_int_equal(kpptp_wire_decode(buf, len, msg, NULL), KPPTP_DECODE_OK);
	assert_int_equal(msg->type, type);
}

static inline int establish(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_addr = config.listen,
				   .sin_port = htons(config.port) };
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ, .sccrq = { .protocol_version = 0x100 } };
	struct timeval tv = { DEADLINE, 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	assert_int_equal(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	send_msg(fd, &msg);
	expect(fd, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
	return fd;
}

/* Find the daemon's child. (A pppd would be another.) */
static inline pid_t find_worker(void)
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
		    sscanf(strrchr(line, ')') + 1, " %*c %d", &pid) == 1 && pid == daemon_pid)
			worker = atoi(entry->d_name);
		fclose(stat);
	}
	closedir(proc);
	return worker;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* KPPTP_TEST_WORKER_RUN_H */
