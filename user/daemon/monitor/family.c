// SPDX-License-Identifier: GPL-2.0-or-later
/* Who is whose child, see family.h. */
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

void kpptp_family_each(void (*fn)(void *ctx, pid_t child, pid_t parent), void *ctx)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	pid_t parent;

	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		parent = parent_of(entry->d_name);
		if (parent)
			fn(ctx, atoi(entry->d_name), parent);
	}
	if (proc)
		closedir(proc);
}
