// SPDX-License-Identifier: GPL-2.0-or-later
/* What the configured limits need from the system, see resources.h. */
#include "resources.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "config.h"

/* The event loop, the log, listening sockets, short-lived clients. */
#define OWN_FILES 512

/* The daemon, and everything else that runs on the host. */
#define OTHER_TASKS 256

/* pppd, and now and then its script, or another pppd that is still ending. */
#define TASKS_PER_CALL 2

struct check {
	const struct kpptp_config *config;
	char proc[32];
	kpptp_resources_report_fn report;
	void *ctx;
};

static void __attribute__((format(printf, 3, 4)))
tell(const struct check *c, bool serious, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	c->report(c->ctx, serious, text);
}

/* Returns UINT64_MAX if the file does not contain a number (but "max", say). */
static uint64_t read_number(const char *path)
{
	uint64_t number = UINT64_MAX;
	FILE *file = fopen(path, "re");

	if (!file)
		return number;
	if (fscanf(file, "%" SCNu64, &number) != 1)
		number = UINT64_MAX;
	fclose(file);
	return number;
}

/* Find the rest of the line that begins with @key in a file of /proc/PID. */
static bool find_line(const struct check *c, const char *name, const char *key, char *rest,
		      size_t size)
{
	char path[64], line[512];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", c->proc, name);
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		found = !strncmp(line, key, strlen(key));
		if (found)
			snprintf(rest, size, "%s", line + strlen(key));
	}
	if (file)
		fclose(file);
	return found;
}

unsigned int kpptp_resources_files(const struct kpptp_config *config)
{
	return config->connections + config->half_open + config->calls + OWN_FILES;
}

unsigned int kpptp_resources_grant(pid_t pid, unsigned int files)
{
	struct rlimit limit = { files, files }, now;
	uint64_t most = read_number("/proc/sys/fs/nr_open");

	if (limit.rlim_max > most)
		limit.rlim_cur = limit.rlim_max = most;
	if (!prlimit(pid, RLIMIT_NOFILE, &limit, NULL))
		return limit.rlim_cur;
	/* Without CAP_SYS_RESOURCE the hard limit is the maximum. */
	if (prlimit(pid, RLIMIT_NOFILE, NULL, &now))
		return 0;
	limit.rlim_max = now.rlim_max;
	if (limit.rlim_cur > now.rlim_max)
		limit.rlim_cur = now.rlim_max;
	return prlimit(pid, RLIMIT_NOFILE, &limit, NULL) ? now.rlim_cur : limit.rlim_cur;
}

static bool may_exceed(const struct check *c)
{
	char caps[64];

	return find_line(c, "status", "CapEff:", caps, sizeof(caps)) &&
	       strtoull(caps, NULL, 16) >> CAP_SYS_RESOURCE & 1;
}

static void check_files(const struct check *c)
{
	uint64_t needed = kpptp_resources_files(c->config);
	uint64_t most = read_number("/proc/sys/fs/nr_open"), hard = most;
	char limits[128];

	if (needed > most)
		tell(c, true,
		     "connections=%u and calls=%u need %" PRIu64
		     " descriptors, the kernel allows %" PRIu64 ": raise fs.nr_open (sysctl)",
		     c->config->connections, c->config->calls, needed, most);
	if (needed > most || may_exceed(c))
		return;
	/* "unlimited" is not a number, and not a shortage. */
	if (find_line(c, "limits", "Max open files", limits, sizeof(limits)) &&
	    sscanf(limits, "%*s %" SCNu64, &hard) == 1 && needed > hard)
		tell(c, true,
		     "connections=%u and calls=%u need %" PRIu64
		     " descriptors, kpptpd may have %" PRIu64
		     ": raise LimitNOFILE= of its service, or give it CAP_SYS_RESOURCE",
		     c->config->connections, c->config->calls, needed, hard);
}

static uint64_t tasks_needed(const struct kpptp_config *config)
{
	return (uint64_t)config->calls * TASKS_PER_CALL + OTHER_TASKS;
}

static void check_sysctl(const struct check *c, const char *name)
{
	char path[64];
	uint64_t most;

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	most = read_number(path);
	if (tasks_needed(c->config) > most)
		tell(c, true,
		     "calls=%u needs up to %" PRIu64 " processes, the kernel allows %" PRIu64
		     ": raise kernel.%s (sysctl)",
		     c->config->calls, tasks_needed(c->config), most, name);
}

/* The service's cgroup and its parents; version 2. */
static void check_cgroup(const struct check *c)
{
	char group[256], path[320];
	uint64_t most;
	char *end;

	if (!find_line(c, "cgroup", "0::", group, sizeof(group)))
		return;
	do {
		snprintf(path, sizeof(path), "/sys/fs/cgroup%s/pids.max", group);
		most = read_number(path);
		if (tasks_needed(c->config) > most) {
			tell(c, true,
			     "calls=%u needs up to %" PRIu64
			     " processes, the control group %s allows %" PRIu64
			     ": raise TasksMax= of that unit",
			     c->config->calls, tasks_needed(c->config), group, most);
			return;
		}
		end = strrchr(group, '/');
		if (end)
			*end = '\0';
	} while (end);
}

static void check_pool(const struct check *c)
{
	const struct kpptp_range *range = &c->config->remote_addresses;
	uint32_t count;

	if (range->first.s_addr == htonl(INADDR_ANY))
		return;
	count = ntohl(range->last.s_addr) - ntohl(range->first.s_addr) + 1;
	if (count < c->config->calls)
		tell(c, false,
		     "remote-addresses has %u addresses for calls=%u: further calls are refused",
		     count, c->config->calls);
}

static void check_backlog(const struct check *c)
{
	uint64_t most = read_number("/proc/sys/net/core/somaxconn");

	/* We ask for the kernel's default, 4096. */
	if (c->config->enable && most < 4096 && most < c->config->connections)
		tell(c, false,
		     "%" PRIu64
		     " clients can connect at the same moment, others retry after a second: raise net.core.somaxconn (sysctl)",
		     most);
}

void kpptp_resources_check(const struct kpptp_config *config, pid_t pid,
			   kpptp_resources_report_fn report, void *ctx)
{
	struct check c = { .config = config, .report = report, .ctx = ctx };

	if (pid)
		snprintf(c.proc, sizeof(c.proc), "/proc/%d", (int)pid);
	else
		snprintf(c.proc, sizeof(c.proc), "/proc/self");
	check_files(&c);
	check_sysctl(&c, "pid_max");
	check_sysctl(&c, "threads-max");
	check_cgroup(&c);
	check_pool(&c);
	check_backlog(&c);
}
