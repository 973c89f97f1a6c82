// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: the processes that have listening sockets; see doctor_owner.h. */
#include "doctor_owner.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "doctor_diag.h"

#define KPPTPD "kpptpd"

bool doctor_owner_is_kpptpd(const struct doctor_listener *one)
{
	return !strcmp(one->owner, KPPTPD);
}

static void note_owner(struct doctor_listeners *all, unsigned long inode, const char *name,
		       const char *pid)
{
	for (size_t i = 0; i < all->count; i++) {
		struct doctor_listener *one = &all->list[i];

		if (one->inode != inode || (one->owner[0] && strcmp(name, KPPTPD)))
			continue;
		snprintf(one->owner, sizeof(one->owner), "%s", name);
		snprintf(one->pid, sizeof(one->pid), "%s", pid);
	}
}

/* Returns whether the process lets us see its sockets. */
static bool note_process(struct doctor_listeners *all, const char *name, const char *pid)
{
	char path[64], target[64];
	struct dirent *entry;
	unsigned long inode;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		target[len > 0 ? len : 0] = '\0';
		if (sscanf(target, "socket:[%lu]", &inode) == 1)
			note_owner(all, inode, name, pid);
	}
	closedir(dir);
	return true;
}

bool doctor_owner_find(struct doctor_listeners *all)
{
	char path[64], name[DOCTOR_OWNER_SIZE], pid[17];
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool seen = true;

	while (dir && (entry = readdir(dir))) {
		snprintf(pid, sizeof(pid), "%.16s", entry->d_name);
		snprintf(path, sizeof(path), "/proc/%s/comm", pid);
		if (!isdigit((unsigned char)pid[0]) || doctor_read(path, name, sizeof(name)))
			continue;
		/* To root it is hidden only if it has just ended. */
		if (!note_process(all, name, pid) && !strcmp(name, KPPTPD) && geteuid())
			seen = false;
	}
	if (dir)
		closedir(dir);
	return seen;
}
