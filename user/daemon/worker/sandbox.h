/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sandbox of the worker, which reads the network: another user, an empty
 * root, no capability, no new privileges, and few system calls.
 */
#ifndef KPPTP_SANDBOX_H
#define KPPTP_SANDBOX_H

#include <stddef.h>

#include "config.h"

/**
 * struct kpptp_sandbox - what remains of the world
 * @user: name of the user to become; not root
 * @root: directory to become the root, absolute. Made if it does not exist;
 *	refused unless it is empty and only root may write to it.
 * @files: most descriptors that the process may have open
 * @ports: TCP ports that it may connect to, where the kernel has Landlock
 */
struct kpptp_sandbox {
	const char *user;
	const char *root;
	unsigned int files;
	struct kpptp_ports ports;
};

/**
 * kpptp_sandbox_enter() - enter it; there is no way back
 * @conf: see above
 * @err: filled with why it failed and what to do, one line
 * @size: of @err
 *
 * To be called by a single thread, as root. What the process needs must be
 * open before: the log, listening sockets (listen(2) done), the socket pair.
 *
 * What still works inside, and is meant to: an event loop of libevent (it may
 * be made inside), reading, writing, accepting and closing descriptors,
 * socket options (setting: only those that syscalls.c lists), new AF_INET
 * stream sockets with bind and connect, memory that is not executable, time,
 * random numbers, signals handled, exit. Opening files, listen and sockets of
 * other families fail with an errno; whatever else the process tries kills it
 * (SIGSYS, which the kernel writes to the audit log).
 *
 * Return: 0, or -1 with @err filled: the process must then exit, for it may
 * be anywhere between in and out.
 */
int kpptp_sandbox_enter(const struct kpptp_sandbox *conf, char *err, size_t size);

#endif /* KPPTP_SANDBOX_H */
