/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sandbox of the worker, which reads the network: another user, an empty
 * root, no capabilities, no new privileges, and few system calls.
 */
#ifndef KPPTP_SANDBOX_H
#define KPPTP_SANDBOX_H

#include <stddef.h>

#include "config.h"

/**
 * struct kpptp_sandbox - parameters of the sandbox
 * @user: name of the user to become; not root
 * @root: directory to become the root, absolute. Created if it does not exist;
 *	refused unless it is empty and writable by root only.
 * @files: maximum number of open descriptors
 * @ports: TCP ports that it may connect to, if the kernel has Landlock
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
 * Call it single-threaded, as root. Open everything the process needs first: the
 * log, listening sockets (listen(2) done), the socket pair.
 *
 * Still allowed inside: an event loop of libevent (which may be created inside),
 * reading, writing, accepting and closing descriptors, socket options (setting:
 * only those listed in syscalls.c), new AF_INET stream sockets with bind and
 * connect, memory that is not executable, time, random numbers, signal handlers,
 * exit. Opening files, listen and sockets of other families fail with an errno;
 * anything else kills the process (SIGSYS, which the kernel writes to the audit
 * log).
 *
 * Return: 0, or -1 with @err filled: the process must then exit, as it may be
 * only partly confined.
 */
int kpptp_sandbox_enter(const struct kpptp_sandbox *conf, char *err, size_t size);

#endif /* KPPTP_SANDBOX_H */
