// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl doctor: does kpptpd listen where its configuration says? It does not
 * if the service manager passed it other sockets, or if the configuration has
 * changed since.
 */
#include "doctor.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "config.h"
#include "doctor_text.h"

#define SOCKETS_REMEDY                                                                             \
	"make them agree: 'systemctl edit kpptpd.socket' changes what systemd "                    \
	"listens on, 'systemctl restart kpptpd' takes the configuration anew"

/**
 * struct listener - a listening socket
 * @tcp: its address, unless @path is set
 * @path: path of a local socket
 * @ours: kpptpd has it
 */
struct listener {
	struct doctor_socket tcp;
	char path[DOCTOR_PATH_SIZE];
	bool ours;
};

struct listeners {
	struct listener *list;
	size_t count;
};

static bool read_line(const char *line, struct listener *to)
{
	memset(to, 0, sizeof(*to));
	return doctor_text_socket(line, &to->tcp) ||
	       doctor_text_local_socket(line, to->path, sizeof(to->path), &to->tcp.inode);
}

/* Read the listeners in a file of /proc/net; if memory runs out, only some. */
static void add_listeners(struct listeners *all, const char *path)
{
	struct listener one, *list;
	FILE *file = fopen(path, "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		if (!read_line(line, &one))
			continue;
		list = reallocarray(all->list, all->count + 1, sizeof(one));
		if (!list)
			break;
		list[all->count++] = one;
		all->list = list;
	}
	if (file)
		fclose(file);
}

static void mark_inode(struct listeners *all, unsigned long inode)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].tcp.inode == inode)
			all->list[i].ours = true;
}

/* Mark the sockets of the process. Returns whether they could be seen. */
static bool mark_process(struct listeners *all, const char *pid)
{
	char path[64], target[64];
	struct dirent *entry;
	unsigned long inode;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.16s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		target[len > 0 ? len : 0] = '\0';
		if (sscanf(target, "socket:[%lu]", &inode) == 1)
			mark_inode(all, inode);
	}
	closedir(dir);
	return true;
}

/* Returns the number of kpptpd's processes, or -1 if they cannot be seen. */
static int mark_ours(struct listeners *all)
{
	struct dirent *entry;
	char path[64], name[32];
	int count = 0;
	DIR *dir = opendir("/proc");

	while (dir && count >= 0 && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%.16s/comm", entry->d_name);
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    doctor_read(path, name, sizeof(name)) || strcmp(name, "kpptpd") != 0)
			continue;
		if (mark_process(all, entry->d_name))
			count++;
		else if (geteuid())
			count = -1;
	}
	if (dir)
		closedir(dir);
	return count;
}

/* One match is enough: there may be several kpptpds. */
static const struct listener *find_tcp(const struct listeners *all,
				       const struct kpptp_config *config)
{
	const struct listener *found = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct listener *one = &all->list[i];

		if (!one->ours || one->path[0])
			continue;
		if (one->tcp.port == config->port && one->tcp.addr.s_addr == config->listen.s_addr)
			return one;
		found = one;
	}
	return found;
}

static const struct listener *find_local(const struct listeners *all, const char *path)
{
	const struct listener *found = NULL;

	for (size_t i = 0; i < all->count; i++) {
		if (!all->list[i].ours || !all->list[i].path[0])
			continue;
		if (!strcmp(all->list[i].path, path))
			return &all->list[i];
		found = &all->list[i];
	}
	return found;
}

static bool judge_tcp(const struct listener *one, const struct kpptp_config *config,
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
	if (one->tcp.port == config->port && one->tcp.addr.s_addr == config->listen.s_addr)
		return true;
	inet_ntop(AF_INET, &one->tcp.addr, is, sizeof(is));
	inet_ntop(AF_INET, &config->listen, wanted, sizeof(wanted));
	doctor_problem(finding,
		       "kpptpd listens on %s port %u, not on %s port %u as "
		       "listen and port of [server] say",
		       is, one->tcp.port, wanted, config->port);
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
			       "group names none: only root is answered",
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

static bool judge_local(const struct listener *one, const struct kpptp_config *config,
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

static void judge(const struct listeners *all, const struct kpptp_config *config,
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
	struct listeners all = { 0 };
	int processes;

	add_listeners(&all, "/proc/net/tcp");
	add_listeners(&all, "/proc/net/unix");
	processes = mark_ours(&all);
	if (processes < 0)
		doctor_skip(finding, "only root can see where kpptpd listens");
	else if (!find_local(&all, config->socket))
		doctor_skip(finding, "kpptpd does not run here");
	else
		judge(&all, config, finding);
	free(all.list);
}
