/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may use the local socket: root, and the members of a group.
 */
#ifndef KPPTP_LOCAL_PEER_H
#define KPPTP_LOCAL_PEER_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

/**
 * kpptp_local_peer_admitted() - may the process at the other end use it?
 * @fd: a connected AF_UNIX socket
 * @group: members are admitted besides root, or KPPTP_LOCAL_NO_GROUP
 * @cred: credentials of the process when it connected; filled either way
 *
 * Supplementary groups count, unless the process has more than 256 of them.
 */
bool kpptp_local_peer_admitted(int fd, gid_t group, struct ucred *cred);

#endif /* KPPTP_LOCAL_PEER_H */
