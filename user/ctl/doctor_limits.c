// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: can the system support the limits of kpptpd.conf? */
#include "doctor.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "resources.h"

/* The first serious shortage, otherwise the first one. */
struct shortage {
	bool serious;
	char text[DOCTOR_TEXT_SIZE];
};

static void on_shortage(void *ctx, bool serious, const char *text)
{
	struct shortage *shortage = ctx;

	if (*shortage->text && (shortage->serious || !serious))
		return;
	shortage->serious = serious;
	snprintf(shortage->text, sizeof(shortage->text), "%s", text);
}

/* Not if we may not look: only root sees the namespaces of others. */
static bool is_elsewhere(const char *pid)
{
	struct stat its, ours;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%.16s/ns/net", pid);
	return !stat(path, &its) && !stat("/proc/self/ns/net", &ours) &&
	       (its.st_ino != ours.st_ino || its.st_dev != ours.st_dev);
}

/*
 * The kpptpd of this network namespace. The monitor is started before its worker, so
 * it usually has the lower PID.
 */
static pid_t find_daemon(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	char path[64], name[32];
	pid_t pid, found = 0;

	while (proc && (entry = readdir(proc))) {
		pid = atoi(entry->d_name);
		snprintf(path, sizeof(path), "/proc/%.16s/comm", entry->d_name);
		if (pid <= 0 || doctor_read(path, name, sizeof(name)) || strcmp(name, "kpptpd") ||
		    is_elsewhere(entry->d_name))
			continue;
		if (!found || pid < found)
			found = pid;
	}
	if (proc)
		closedir(proc);
	return found;
}

void doctor_limits(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct shortage shortage = { 0 };
	pid_t pid = find_daemon();

	kpptp_resources_check(config, pid, on_shortage, &shortage);
	if (shortage.serious) {
		doctor_problem(finding, "%s", shortage.text);
		doctor_remedy(finding, "do as it says, or lower connections and calls in [limits]");
		return;
	}
	doctor_ok(finding, "the system has room for %u control connections and %u calls%s%s%s",
		  config->connections, config->calls, *shortage.text ? " (but " : "", shortage.text,
		  *shortage.text ? ")" : "");
}
