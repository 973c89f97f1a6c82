// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl doctor: does kpptpd listen where its configuration says? It does not
 * if the service manager passed it other sockets, or if the configuration has
 * changed since.
 */
#include "doctor.h"

#include <arpa/inet.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "doctor_diag.h"
#include "doctor_owner.h"
#include "error.h"

#define SOCKETS_REMEDY                                                                             \
	"make them agree: 'systemctl edit kpptpd.socket' changes what systemd "                    \
	"listens on, 'systemctl restart kpptpd' reads the configuration again"

/* One match is enough: there may be several kpptpds. */
static const struct doctor_listener *find_tcp(const struct doctor_listeners *all,
					      const struct kpptp_config *config)
{
	const struct doctor_listener *found = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct doctor_listener *one = &all->list[i];

		if (!doctor_owner_is_kpptpd(one) || one->path[0])
			continue;
		if (one->port == config->port && one->addr.s_addr == config->listen.s_addr)
			return one;
		found = one;
	}
	return found;
}

static const struct doctor_listener *find_local(const struct doctor_listeners *all,
						const char *path)
{
	const struct doctor_listener *found = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct doctor_listener *one = &all->list[i];

		if (!doctor_owner_is_kpptpd(one) || !one->path[0])
			continue;
		if (!strcmp(one->path, path))
			return one;
		found = one;
	}
	return found;
}

static bool judge_tcp(const struct doctor_listener *one, const struct kpptp_config *config,
		      struct doctor_finding *finding)
{
	char is[INET_ADDRSTRLEN], wanted[INET_ADDRSTRLEN];

	if (!config->enable)
		return true;
	if (!one) {
		doctor_problem(finding, "kpptpd listens on no TCP port, though [server] "
					"says enable = yes");
		return false;
	}
	if (one->port == config->port && one->addr.s_addr == config->listen.s_addr)
		return true;
	inet_ntop(AF_INET, &one->addr, is, sizeof(is));
	inet_ntop(AF_INET, &config->listen, wanted, sizeof(wanted));
	doctor_problem(finding,
		       "kpptpd listens on %s port %u, not on %s port %u as "
		       "listen and port of [server] say",
		       is, one->port, wanted, config->port);
	return false;
}

/* Who may connect, and whose requests are served. */
static bool judge_group(const char *path, const char *name, struct doctor_finding *finding)
{
	const struct group *group = *name ? getgrnam(name) : NULL;
	struct stat st;
	bool open;

	if (stat(path, &st))
		return true;
	open = st.st_mode & S_IWGRP && st.st_gid;
	if (!*name && open) {
		doctor_problem(finding,
			       "%s lets the group %u connect, but [control] "
			       "group names none: only root is served",
			       path, (unsigned int)st.st_gid);
		return false;
	}
	if (group && !(open && st.st_gid == group->gr_gid)) {
		doctor_problem(finding,
			       "%s does not let the group %s of [control] "
			       "connect",
			       path, name);
		return false;
	}
	return true;
}

static bool judge_local(const struct doctor_listener *one, const struct kpptp_config *config,
			struct doctor_finding *finding)
{
	if (one && strcmp(one->path, config->socket) != 0) {
		doctor_problem(finding,
			       "the local socket of kpptpd is %s, not %s as "
			       "socket of [control] says",
			       one->path, config->socket);
		return false;
	}
	return judge_group(config->socket, config->group, finding);
}

static void judge(const struct doctor_listeners *all, const struct kpptp_config *config,
		  struct doctor_finding *finding)
{
	if (judge_tcp(find_tcp(all, config), config, finding) &&
	    judge_local(find_local(all, config->socket), config, finding))
		doctor_ok(finding, "kpptpd listens where its configuration says");
	else
		doctor_remedy(finding, "%s", SOCKETS_REMEDY);
}

void doctor_sockets(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct doctor_listeners all = { 0 };
	struct kpptp_error error;

	if (doctor_diag_tcp(&all, &error) || doctor_diag_local(&all, &error))
		doctor_skip(finding, "%s", error.text);
	else if (!doctor_owner_find(&all))
		doctor_skip(finding, "only root can see where kpptpd listens");
	else if (!find_local(&all, config->socket))
		doctor_skip(finding, "kpptpd is not running here");
	else
		judge(&all, config, finding);
	free(all.list);
}
