// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting the worker by re-exec, see worker_start.h. */
#include "worker_start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

#include "common/log.h"
#include "common/worker_conf.h"

/* In the child. Closes everything but the standard descriptors and @sock. */
static _Noreturn void worker_exec(int sock)
{
	char *const argv[] = { (char *)"kpptpd", (char *)KPPTP_WORKER_ARG, NULL };
	int exe = open("/proc/self/exe", O_PATH | O_CLOEXEC);

	if (exe == KPPTP_WORKER_SOCK)
		exe = fcntl(exe, F_DUPFD_CLOEXEC, KPPTP_WORKER_SOCK + 1);
	if (exe < 0) {
		kpptp_log(LOG_ERR, "cannot open /proc/self/exe: %s; is /proc mounted?",
			  strerror(errno));
		_exit(EXIT_FAILURE);
	}
	if (sock == KPPTP_WORKER_SOCK)
		fcntl(sock, F_SETFD, 0);
	else
		dup2(sock, KPPTP_WORKER_SOCK);
	close_range(KPPTP_WORKER_SOCK + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	execveat(exe, "", argv, environ, AT_EMPTY_PATH);
	kpptp_log(LOG_ERR, "cannot execute /proc/self/exe: %s", strerror(errno));
	_exit(EXIT_FAILURE);
}

/* [0] is the monitor's end, [1] the worker's. */
static int worker_make_pair(int pair[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0)
		return 0;
	kpptp_log(LOG_ERR, "socketpair: %s", strerror(errno));
	pair[0] = -1;
	pair[1] = -1;
	return -1;
}

static void worker_close_pair(const int pair[2])
{
	if (pair[0] >= 0)
		close(pair[0]);
	if (pair[1] >= 0)
		close(pair[1]);
}

int kpptp_worker_start(struct kpptp_worker_child *child, const struct kpptp_worker_conf *conf)
{
	struct kpptp_worker_conf told = *conf;
	int pair[2], log[2] = { -1, -1 };

	if (worker_make_pair(pair) < 0)
		return -1;
	if (kpptp_log_needs_relay() && worker_make_pair(log) < 0)
		goto close_all;
	/* Send before the fork: the socket buffers it until the worker reads. */
	told.log_priority = kpptp_log_max_priority();
	told.log = log[1];
	if (kpptp_worker_conf_send(pair[0], &told) < 0) {
		kpptp_log(LOG_ERR, "cannot send the configuration to the worker: %s",
			  strerror(errno));
		goto close_all;
	}
	child->pid = fork();
	if (child->pid < 0) {
		kpptp_log(LOG_ERR, "fork: %s", strerror(errno));
		goto close_all;
	}
	if (child->pid == 0)
		worker_exec(pair[1]);
	close(pair[1]);
	if (log[1] >= 0)
		close(log[1]);
	child->sock = pair[0];
	child->log = log[0] >= 0 ? log[0] : 0;
	return 0;

close_all:
	worker_close_pair(pair);
	worker_close_pair(log);
	return -1;
}
