/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker: the process of kpptpd that reads the network, in its sandbox.
 */
#ifndef KPPTP_WORKER_H
#define KPPTP_WORKER_H

struct kpptp_worker_conf;

/**
 * kpptp_worker_run() - be the worker until the monitor stops it or is gone
 * @conf: its descriptors are owned by the worker from now on
 *
 * Called as root in a process of its own (worker_main.h); enters the sandbox.
 *
 * Return: the exit status.
 */
int kpptp_worker_run(const struct kpptp_worker_conf *conf);

#endif /* KPPTP_WORKER_H */
