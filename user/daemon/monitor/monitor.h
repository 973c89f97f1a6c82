/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor: the process of kpptpd that stays root. It loads the module,
 * creates, changes and deletes kernel calls, starts pppd and reaps it, but only
 * as requested by messages of priv.h. It never reads the network.
 */
#ifndef KPPTP_MONITOR_H
#define KPPTP_MONITOR_H

#include <sys/types.h>

struct kpptp_monitor_conf;

/**
 * kpptp_monitor_run() - be the monitor until everything has ended
 * @conf: see monitor_conf.h
 * @sock: our end of the SOCK_SEQPACKET pair (AF_UNIX); closed at the end
 * @worker: pid of the worker, a child of this process
 *
 * Call it as root, with no other children, soon after the fork, and close the
 * listening sockets first: the monitor does not use them. It runs its own event
 * loop and handles SIGTERM and SIGINT (stop), SIGHUP (reload), SIGCHLD and
 * SIGPIPE. Tells the service manager READY (when the worker is), RELOADING and
 * STOPPING.
 *
 * It ends when a stop was requested and the worker exited with 0 in time. If the
 * worker did not, or died, or violated the protocol, it is killed. Then the
 * calls are deleted and every pppd is stopped and reaped; after @ppp_grace, any
 * pppd or script that is left is killed.
 *
 * Return: the exit status for main(): 0 after a clean stop, otherwise 1, with
 * the reason in the log.
 */
int kpptp_monitor_run(const struct kpptp_monitor_conf *conf, int sock, pid_t worker);

#endif /* KPPTP_MONITOR_H */
