/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpptpctl doctor: the sockets that listen in this network namespace, from the
 * kernel over sock_diag(7).
 */
#ifndef KPPTPCTL_DOCTOR_DIAG_H
#define KPPTPCTL_DOCTOR_DIAG_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct kpptp_error;

/* "@" or nothing, sun_path, and a terminating zero byte. */
#define DOCTOR_PATH_SIZE  110
#define DOCTOR_OWNER_SIZE 32

/**
 * struct doctor_listener - a listening socket
 * @addr: its address, unless @path is set; INADDR_ANY also for the IPv6 wildcard
 *	if that accepts IPv4
 * @port: its TCP port, in host byte order
 * @path: path of a local socket; an abstract name begins with '@'
 * @owner: name of a process that has it, see doctor_owner.h
 * @pid: the process
 */
struct doctor_listener {
	struct in_addr addr;
	unsigned int port;
	char path[DOCTOR_PATH_SIZE];
	uint32_t inode;
	char owner[DOCTOR_OWNER_SIZE];
	char pid[DOCTOR_OWNER_SIZE];
};

/**
 * struct doctor_listeners - a list of them; all zero is empty
 * @list: freed by the caller, also after a failure
 */
struct doctor_listeners {
	struct doctor_listener *list;
	size_t count;
};

/**
 * doctor_diag_tcp() - add the TCP sockets that accept IPv4 connections
 *
 * Return: 0 or a negative errno; -ENOENT: the kernel has no module for this.
 */
int doctor_diag_tcp(struct doctor_listeners *all, struct kpptp_error *error);

/**
 * doctor_diag_local() - add the local stream sockets that have a name
 *
 * Return: as doctor_diag_tcp().
 */
int doctor_diag_local(struct doctor_listeners *all, struct kpptp_error *error);

#endif /* KPPTPCTL_DOCTOR_DIAG_H */
