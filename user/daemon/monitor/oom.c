// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's OOM killer, see oom.h. */
#include "oom.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

uint64_t kpptp_oom_kills(void)
{
	FILE *list = fopen("/proc/vmstat", "re");
	uint64_t count = 0;
	char line[128];

	while (list && fgets(line, sizeof(line), list)) {
		if (sscanf(line, "oom_kill %" SCNu64, &count) == 1)
			break;
	}
	if (list)
		fclose(list);
	return count;
}

void kpptp_oom_reset(void)
{
	int fd = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
	char sign = 0;

	if (fd < 0)
		return;
	/* Best effort: a child that stays protected is not worth a failure. */
	if (read(fd, &sign, 1) == 1 && sign == '-' && pwrite(fd, "0", 1, 0) < 0)
		sign = 0;
	close(fd);
}
