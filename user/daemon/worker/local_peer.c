// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may use the local socket. */
#include "local_peer.h"

#include "common/worker_conf.h"

#include <stddef.h>

#define GROUPS_MAX 256

static bool in_group(int fd, gid_t group, const struct ucred *cred)
{
	gid_t groups[GROUPS_MAX];
	socklen_t len = sizeof(groups);
	size_t i;

	if (group == KPPTP_LOCAL_NO_GROUP)
		return false;
	if (cred->gid == group)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) < 0)
		return false;
	for (i = 0; i < len / sizeof(groups[0]); i++)
		if (groups[i] == group)
			return true;
	return false;
}

bool kpptp_local_peer_admitted(int fd, gid_t group, struct ucred *cred)
{
	socklen_t len = sizeof(*cred);

	*cred = (struct ucred){ .uid = (uid_t)-1 };
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, cred, &len) < 0)
		return false;
	return cred->uid == 0 || in_group(fd, group, cred);
}
