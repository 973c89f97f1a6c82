// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting the worker as a program of its own, see worker_start.h. */
#include "worker_start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "config.h"
#include "log.h"
#include "worker.h"

/* The worker's end of the pair: the first descriptor after the standard ones. */
#define WORKER_SOCK 3

#define FDS_MAX 3

/**
 * struct start - the first packet, with the descriptors
 * @size: of this struct, so that another version of the program is noticed
 * @log_priority: as of kpptp_log_open()
 * @group: see struct kpptp_worker_conf
 * @serve: the second descriptor is the listening TCP socket
 * @relay: the last descriptor takes the log
 *
 * The first descriptor is the local socket.
 */
struct start {
	uint32_t size;
	int32_t log_priority;
	gid_t group;
	bool serve;
	bool relay;
	struct kpptp_config config;
};

union rights {
	struct cmsghdr head;
	char space[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

static int send_start(int sock, struct start *start, const int *fds,
		      unsigned int count)
{
	struct iovec iov = { start, sizeof(*start) };
	union rights rights = { 0 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(head), fds, count * sizeof(int));
	return sendmsg(sock, &msg, MSG_NOSIGNAL) == sizeof(*start) ? 0 : -1;
}

/* Send what the worker needs. @log is its end of the log, or -1. */
static int hand_over(int sock, const struct kpptp_worker_conf *conf, int log)
{
	struct start start;
	unsigned int count = 0;
	int fds[FDS_MAX];

	memset(&start, 0, sizeof(start));
	start.size = sizeof(start);
	start.log_priority = kpptp_log_max_priority();
	start.group = conf->group;
	start.serve = conf->listen_fd >= 0;
	start.relay = log >= 0;
	start.config = *conf->config;
	fds[count++] = conf->local_fd;
	if (start.serve)
		fds[count++] = conf->listen_fd;
	if (start.relay)
		fds[count++] = log;
	return send_start(sock, &start, fds, count);
}

/* In the child. Nothing of ours stays open but the standard ones and @sock. */
static _Noreturn void execute(int sock)
{
	char *const argv[] = { (char *)"kpptpd", (char *)KPPTP_WORKER_ARG,
			       NULL };
	int exe = open("/proc/self/exe", O_PATH | O_CLOEXEC);

	if (exe == WORKER_SOCK)
		exe = fcntl(exe, F_DUPFD_CLOEXEC, WORKER_SOCK + 1);
	if (exe < 0) {
		kpptp_log(LOG_ERR,
			  "cannot open /proc/self/exe: %s; is /proc mounted?",
			  strerror(errno));
		_exit(EXIT_FAILURE);
	}
	if (sock == WORKER_SOCK)
		fcntl(sock, F_SETFD, 0);
	else
		dup2(sock, WORKER_SOCK);
	close_range(WORKER_SOCK + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	execveat(exe, "", argv, environ, AT_EMPTY_PATH);
	kpptp_log(LOG_ERR, "cannot execute /proc/self/exe: %s",
		  strerror(errno));
	_exit(EXIT_FAILURE);
}

/* [0] is the monitor's end, [1] the worker's. */
static int make_pair(int pair[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0)
		return 0;
	kpptp_log(LOG_ERR, "socketpair: %s", strerror(errno));
	pair[0] = -1;
	pair[1] = -1;
	return -1;
}

static void close_pair(const int pair[2])
{
	if (pair[0] >= 0)
		close(pair[0]);
	if (pair[1] >= 0)
		close(pair[1]);
}

int kpptp_worker_start(struct kpptp_worker_child *child,
		       const struct kpptp_worker_conf *conf)
{
	int pair[2], log[2] = { -1, -1 };

	if (make_pair(pair) < 0)
		return -1;
	if (kpptp_log_needs_relay() && make_pair(log) < 0)
		goto close_all;
	/* Before the fork: the socket holds it until the worker reads. */
	if (hand_over(pair[0], conf, log[1]) < 0) {
		kpptp_log(LOG_ERR, "the worker cannot be told: %s",
			  strerror(errno));
		goto close_all;
	}
	child->pid = fork();
	if (child->pid < 0) {
		kpptp_log(LOG_ERR, "fork: %s", strerror(errno));
		goto close_all;
	}
	if (child->pid == 0)
		execute(pair[1]);
	close(pair[1]);
	if (log[1] >= 0)
		close(log[1]);
	child->sock = pair[0];
	child->log = log[0] >= 0 ? log[0] : 0;
	return 0;

close_all:
	close_pair(pair);
	close_pair(log);
	return -1;
}

/* The monitor made the pair, and is our parent. */
static bool started_by_monitor(void)
{
	socklen_t len = sizeof(int);
	struct ucred cred;
	int type;

	if (getsockopt(WORKER_SOCK, SOL_SOCKET, SO_TYPE, &type, &len) ||
	    type != SOCK_SEQPACKET)
		return false;
	len = sizeof(cred);
	return !getsockopt(WORKER_SOCK, SOL_SOCKET, SO_PEERCRED, &cred, &len) &&
	       len == sizeof(cred) && cred.pid == getppid();
}

/* Returns how many descriptors came, or -1. */
static int receive_start(struct start *start, int fds[FDS_MAX])
{
	struct iovec iov = { start, sizeof(*start) };
	union rights rights;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	const struct cmsghdr *head;
	size_t size;

	if (recvmsg(WORKER_SOCK, &msg, MSG_CMSG_CLOEXEC) != sizeof(*start) ||
	    (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ||
	    start->size != sizeof(*start))
		return -1;
	head = CMSG_FIRSTHDR(&msg);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return -1;
	size = head->cmsg_len - CMSG_LEN(0);
	memcpy(fds, CMSG_DATA(head), size);
	return size / sizeof(int);
}

int kpptp_worker_main(void)
{
	struct kpptp_worker_conf conf = {
		.listen_fd = -1,
		.monitor_fd = WORKER_SOCK,
	};
	struct start start;
	int fds[FDS_MAX];
	int count;

	if (!started_by_monitor()) {
		fprintf(stderr, "kpptpd: " KPPTP_WORKER_ARG
				" is how kpptpd starts its other half; start "
				"kpptpd without it\n");
		return 2;
	}
	/* Or it would be the number of the descriptor that was executed. */
	prctl(PR_SET_NAME, "kpptpd");
	fcntl(WORKER_SOCK, F_SETFD, FD_CLOEXEC);
	count = receive_start(&start, fds);
	if (count != 1 + start.serve + start.relay) {
		fprintf(stderr, "kpptpd: the worker was not told what to do\n");
		return EXIT_FAILURE;
	}
	kpptp_log_open(KPPTP_LOG_STDERR, start.log_priority);
	if (start.relay)
		kpptp_log_relay_to(fds[count - 1]);
	conf.config = &start.config;
	conf.group = start.group;
	conf.local_fd = fds[0];
	if (start.serve)
		conf.listen_fd = fds[1];
	return kpptp_worker_run(&conf);
}
