/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the worker is told at startup, and the packet that carries it together
 * with the worker's descriptors.
 */
#ifndef KPPTP_WORKER_CONF_H
#define KPPTP_WORKER_CONF_H

#include <sys/types.h>

#include "config.h"

/* The only argument of the worker's program. */
#define KPPTP_WORKER_ARG "--worker"

/* The worker's end of the pair: the first descriptor after the standard ones. */
#define KPPTP_WORKER_SOCK 3

/* Only root may use the local socket, no group. */
#define KPPTP_LOCAL_NO_GROUP ((gid_t)-1)

/**
 * struct kpptp_worker_conf - what the worker is told
 * @config: the configuration
 * @listen_fd: listening TCP socket, or -1 not to serve the network
 * @local_fd: listening AF_UNIX socket
 * @monitor_fd: our end of the socket pair to the monitor; not sent
 * @group: may use the local socket, or KPPTP_LOCAL_NO_GROUP
 * @log_priority: as for kpptp_log_open()
 * @log: socket for what the worker logs, or -1: it writes its log itself
 */
struct kpptp_worker_conf {
	const struct kpptp_config *config;
	int listen_fd;
	int local_fd;
	int monitor_fd;
	gid_t group;
	int log_priority;
	int log;
};

/**
 * kpptp_worker_conf_send() - send the configuration to the worker
 * @sock: the monitor's end of a SOCK_SEQPACKET pair
 *
 * Return: 0, or -1 with errno set.
 */
int kpptp_worker_conf_send(int sock, const struct kpptp_worker_conf *conf);

/**
 * kpptp_worker_conf_receive() - receive the configuration
 * @sock: the worker's end
 * @conf: filled, except @monitor_fd; its descriptors are the caller's
 * @config: filled; @conf points to it
 *
 * Return: 0, or -1: nothing came, or not what this version of the program sends.
 */
int kpptp_worker_conf_receive(int sock, struct kpptp_worker_conf *conf,
			      struct kpptp_config *config);

#endif /* KPPTP_WORKER_CONF_H */
