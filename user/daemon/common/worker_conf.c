// SPDX-License-Identifier: GPL-2.0-or-later
/* What the worker is told at startup, as a packet. */
#include "worker_conf.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define FDS_MAX 3

/**
 * struct start - the first packet, with the descriptors
 * @size: of this struct, to detect another version of the program
 * @log_priority: as for kpptp_log_open()
 * @group: see struct kpptp_worker_conf, as for the other members
 * @serve: the second descriptor is the listening TCP socket
 * @relay: the last descriptor is the socket for the log
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

static int send_start(int sock, struct start *start, const int *fds, unsigned int count)
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

int kpptp_worker_conf_send(int sock, const struct kpptp_worker_conf *conf)
{
	struct start start;
	unsigned int count = 0;
	int fds[FDS_MAX];

	memset(&start, 0, sizeof(start));
	start.size = sizeof(start);
	start.log_priority = conf->log_priority;
	start.group = conf->group;
	start.serve = conf->listen_fd >= 0;
	start.relay = conf->log >= 0;
	start.config = *conf->config;
	fds[count++] = conf->local_fd;
	if (start.serve)
		fds[count++] = conf->listen_fd;
	if (start.relay)
		fds[count++] = conf->log;
	return send_start(sock, &start, fds, count);
}

/* Returns the number of descriptors received, or -1. */
static int receive_start(int sock, struct start *start, int fds[FDS_MAX])
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

	if (recvmsg(sock, &msg, MSG_CMSG_CLOEXEC) != sizeof(*start) ||
	    (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) || start->size != sizeof(*start))
		return -1;
	head = CMSG_FIRSTHDR(&msg);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return -1;
	size = head->cmsg_len - CMSG_LEN(0);
	memcpy(fds, CMSG_DATA(head), size);
	return size / sizeof(int);
}

int kpptp_worker_conf_receive(int sock, struct kpptp_worker_conf *conf, struct kpptp_config *config)
{
	struct start start = { 0 };
	int fds[FDS_MAX];
	int count = receive_start(sock, &start, fds);

	if (count < 0 || count != 1 + start.serve + start.relay)
		return -1;
	*config = start.config;
	*conf = (struct kpptp_worker_conf){
		.config = config,
		.listen_fd = start.serve ? fds[1] : -1,
		.local_fd = fds[0],
		.monitor_fd = -1,
		.group = start.group,
		.log_priority = start.log_priority,
		.log = start.relay ? fds[count - 1] : -1,
	};
	return 0;
}
