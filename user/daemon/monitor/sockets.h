/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listening sockets: taken from the service manager (socket activation) or
 * made here, while we are still root and outside the sandbox.
 */
#ifndef KPPTP_SOCKETS_H
#define KPPTP_SOCKETS_H

#include <sys/types.h>

struct kpptp_config;

/**
 * struct kpptp_sockets - what to listen on
 * @tcp: control connections, or -1 if the configuration does not enable them
 * @local: the local socket
 * @own_path: path of the local socket, to be removed at the end; empty if the
 *	service manager made it
 */
struct kpptp_sockets {
	int tcp;
	int local;
	char own_path[108];
};

/**
 * kpptp_sockets_open() - open them all
 * @group: group of the local socket's file, or KPPTP_LOCAL_NO_GROUP
 *
 * Return: 0, or -1 after logging why and what to do.
 */
int kpptp_sockets_open(struct kpptp_sockets *sockets, const struct kpptp_config *config,
		       gid_t group);

/**
 * kpptp_sockets_close() - close them; leaves the local socket's file in place
 */
void kpptp_sockets_close(struct kpptp_sockets *sockets);

#endif /* KPPTP_SOCKETS_H */
