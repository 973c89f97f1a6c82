/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor: the half of kpptpd that stays root. It loads the module, makes,
 * changes and deletes calls of the kernel, starts pppd and reaps it, and does
 * so only as the messages of priv.h ask for it. It never reads the network.
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
 * To be called as root, with no other children, soon after the fork. Close
 * the listening sockets first: this half does not use them. It runs an event
 * loop of its own and handles SIGTERM and SIGINT (stop), SIGHUP (reload),
 * SIGCHLD and SIGPIPE. Tells the service manager READY (when the worker says
 * that it is), RELOADING and STOPPING.
 *
 * The end: a stop was asked for and the worker exited with 0 in time; or it
 * did not, or died, or sent what the protocol does not have, in which case it
 * is killed. Then the calls are deleted and every pppd is stopped and reaped;
 * when @ppp_grace is over, what is left of them and their scripts is killed.
 *
 * Return: the exit status for main(): 0 after a stop in good order, otherwise
 * 1, with lines in the log that say why.
 */
int kpptp_monitor_run(const struct kpptp_monitor_conf *conf, int sock, pid_t worker);

#endif /* KPPTP_MONITOR_H */
