// SPDX-License-Identifier: GPL-2.0-or-later
/* The children of a process, see family.h. */
#include "family.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns 0 if it is gone. The name may contain any character, even ')'. */
static pid_t parent_of(const char *pid)
{
	char path[64], line[512];
	const char *end = NULL;
	int parent = 0;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%.16s/stat", pid);
	stat = fopen(path, "re");
	if (!stat)
		return 0;
	if (fgets(line, sizeof(line), stat))
		end = strrchr(line, ')');
	fclose(stat);
	if (!end || sscanf(end + 1, " %*c %d", &parent) != 1)
		return 0;
	return parent;
}

void kpptp_family_each(pid_t parent, void (*fn)(void *ctx, pid_t child), void *ctx)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == parent)
			fn(ctx, atoi(entry->d_name));
	}
	if (proc)
		closedir(proc);
}
