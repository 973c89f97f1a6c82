/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker: the half of kpptpd that reads the network, in its sandbox.
 */
#ifndef KPPTP_WORKER_H
#define KPPTP_WORKER_H

#include <sys/types.h>

struct kpptp_config;

/**
 * struct kpptp_worker_conf - what the worker is told by main()
 * @config: the configuration
 * @listen_fd: listening TCP socket, or -1 not to serve the network
 * @local_fd: listening AF_UNIX socket
 * @monitor_fd: our end of the socket pair to the monitor
 * @group: may use the local socket, or KPPTP_LOCAL_NO_GROUP
 */
struct kpptp_worker_conf {
	const struct kpptp_config *config;
	int listen_fd;
	int local_fd;
	int monitor_fd;
	gid_t group;
};

/**
 * kpptp_worker_run() - be the worker until the monitor stops it or is gone
 * @conf: its descriptors belong to the worker from now on
 *
 * Called as root in a process of its own (worker_start.h); enters the sandbox.
 *
 * Return: the exit status.
 */
int kpptp_worker_run(const struct kpptp_worker_conf *conf);

#endif /* KPPTP_WORKER_H */
