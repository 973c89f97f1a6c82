/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The local socket, through which pppd's plugin and kpptpctl ask the daemon
 * to dial, hang up and show (protocol: api.h).
 */
#ifndef KPPTP_LOCAL_H
#define KPPTP_LOCAL_H

#include <sys/types.h>

struct kpptp_local;
struct kpptp_server;

/**
 * kpptp_local_new() - serve the local socket
 * @server: carries out the requests; must outlive this
 * @fd: a listening, non-blocking AF_UNIX stream socket; owned by this on success
 * @group: members are admitted besides root, or KPPTP_LOCAL_NO_GROUP
 *
 * Return: the local socket, or NULL if out of memory.
 */
struct kpptp_local *kpptp_local_new(struct kpptp_server *server, int fd, gid_t group);

/**
 * kpptp_local_free() - close it and all its clients, hanging up their calls
 * @local: may be NULL
 */
void kpptp_local_free(struct kpptp_local *local);

#endif /* KPPTP_LOCAL_H */
