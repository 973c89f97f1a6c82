/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting the worker: fork and re-exec. A worker that was only forked would
 * have the monitor's addresses, stack canary and heap: reading them from the
 * worker would reveal those of the monitor, which is root.
 */
#ifndef KPPTP_WORKER_START_H
#define KPPTP_WORKER_START_H

#include <sys/types.h>

struct kpptp_worker_conf;

/**
 * struct kpptp_worker_child - a worker, as its parent sees it
 * @pid: the process
 * @sock: our end of the SOCK_SEQPACKET pair
 * @log: socket for what the worker logs, for kpptp_log_relay_new(); 0 if the
 *	worker writes its log itself
 */
struct kpptp_worker_child {
	pid_t pid;
	int sock;
	int log;
};

/**
 * kpptp_worker_start() - start one
 * @child: filled
 * @conf: the configuration and the listening sockets, sent through the socket
 *	pair. @monitor_fd, @log and @log_priority are not used. The caller
 *	keeps its descriptors.
 *
 * Executes /proc/self/exe, even if the file was replaced since, with
 * KPPTP_WORKER_ARG: its main() must then call kpptp_worker_main(). Logs like the
 * caller.
 *
 * Return: 0, or -1 after a log line.
 */
int kpptp_worker_start(struct kpptp_worker_child *child, const struct kpptp_worker_conf *conf);

#endif /* KPPTP_WORKER_START_H */
