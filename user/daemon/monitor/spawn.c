// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting pppd and stopping it, see spawn.h. */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/queue.h>
#include <sys/wait.h>

#include <event2/event.h>

#include "channel.h"
#include "family.h"
#include "lines.h"
#include "common/log.h"
#include "monitor_conf.h"
#include "oom.h"
#include "common/ppp_exit.h"
#include "common/priv.h"

/* Hash table of children by pid; a power of two. */
#define BUCKETS 1024

struct kpptp_spawn {
	LIST_ENTRY(kpptp_spawn) next;
	struct kpptp_spawner *spawner;
	struct kpptp_line line;
	struct event *grace;
	void *owner;
	/* Authentication was reported. */
	bool authenticated;
	/* SIGTERM was sent. */
	bool terminated;
	/* It did not end in time, and is about to be killed. */
	bool overdue;
	/* Killed by us, which is logged already. */
	bool killed;
};

/* A script of a killed pppd. */
struct orphan {
	LIST_ENTRY(orphan) next;
	pid_t pid;
};

struct kpptp_spawner {
	struct event_base *base;
	struct kpptp_lines *lines;
	unsigned int grace;
	const struct kpptp_spawner_events *events;
	void *ctx;
	unsigned int count;
	/* The host's count when last read. */
	uint64_t oom_kills;
	struct event *kill_overdue;
	LIST_HEAD(, orphan) orphans;
	LIST_HEAD(, kpptp_spawn) buckets[BUCKETS];
};

struct command {
	const char *argv[15];
	char channel[16];
	char peer[INET_ADDRSTRLEN];
	char addresses[2 * INET_ADDRSTRLEN];
};

/* "LOCAL:REMOTE", either may be missing; "" if both are. */
static void spawn_format_addresses(char *text, size_t size, const struct kpptp_spawn_params *params)
{
	char local[INET_ADDRSTRLEN] = "", remote[INET_ADDRSTRLEN] = "";

	if (params->local.s_addr)
		inet_ntop(AF_INET, &params->local, local, sizeof(local));
	if (params->remote.s_addr)
		inet_ntop(AF_INET, &params->remote, remote, sizeof(remote));
	snprintf(text, size, "%s%s%s", local, *local || *remote ? ":" : "", remote);
}

/*
 * In pppd a later option overrides an earlier one. nologfd comes before the
 * options file, which may set a log file: without it pppd logs to syslog, and only
 * early errors go to its standard error. child-timeout also comes before: it makes
 * pppd wait for its last scripts instead of killing them after 5 seconds. The rest
 * comes after, so that the file cannot override the channel or the addresses.
 */
static void spawn_make_command(struct command *cmd, const struct kpptp_monitor_ppp *ppp,
			       const struct kpptp_spawn_params *params)
{
	const char *const argv[] = {
		ppp->pppd,    "nologfd",      "child-timeout",
		"0",	      "file",	      ppp->options,
		"plugin",     ppp->plugin,    "kpptp-channel",
		cmd->channel, "ipparam",      cmd->peer,
		"nodetach",   cmd->addresses, NULL,
	};

	_Static_assert(sizeof(argv) == sizeof(cmd->argv), "as many words");
	memcpy(cmd->argv, argv, sizeof(argv));
	snprintf(cmd->channel, sizeof(cmd->channel), "%u", params->channel);
	inet_ntop(AF_INET, &params->peer, cmd->peer, sizeof(cmd->peer));
	spawn_format_addresses(cmd->addresses, sizeof(cmd->addresses), params);
	if (!*cmd->addresses)
		cmd->argv[13] = NULL;
}

/* execve() resets handlers, but ignored and blocked signals would stay so. */
static void spawn_reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void spawn_exec(const struct command *cmd, int output, pid_t parent)
{
	static char *const environment[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
					     /* Our plugin reports its progress there. */
					     (char *)KPPTP_STATUS_ENV "=2", NULL };
	int null = open("/dev/null", O_RDONLY);

	spawn_reset_signals();
	kpptp_oom_reset();
	setsid();
	/* The parent may have died before PR_SET_PDEATHSIG took effect. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || chdir("/"))
		_exit(127);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		_exit(127);
	if (close_range(STDERR_FILENO + 1, ~0U, 0))
		_exit(127);
	execve(cmd->argv[0], (char *const *)cmd->argv, environment);
	dprintf(STDERR_FILENO, "cannot execute %s: %s\n", cmd->argv[0], strerror(errno));
	_exit(127);
}

static void spawn_free(struct kpptp_spawn *spawn)
{
	if (spawn->grace)
		event_free(spawn->grace);
	free(spawn);
}

static struct kpptp_spawn *spawn_find(const struct kpptp_spawner *spawner, pid_t pid)
{
	struct kpptp_spawn *spawn;

	LIST_FOREACH(spawn, &spawner->buckets[pid % BUCKETS], next) {
		if (spawn->line.pid == pid)
			return spawn;
	}
	return NULL;
}

static void spawn_add_orphan(void *ctx, pid_t pid)
{
	struct orphan *orphan = malloc(sizeof(*orphan));
	struct kpptp_spawner *spawner = ctx;

	/* Without memory we just do not wait for it. */
	if (!orphan)
		return;
	orphan->pid = pid;
	spawner->count++;
	LIST_INSERT_HEAD(&spawner->orphans, orphan, next);
}

static void spawn_add_if_overdue(void *ctx, pid_t child, pid_t parent)
{
	const struct kpptp_spawn *spawn = spawn_find(ctx, parent);

	if (spawn && spawn->overdue)
		spawn_add_orphan(ctx, child);
}

/* The last resort. Their scripts may continue: they become our children. */
static void spawn_kill_overdue(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_spawner *spawner = arg;
	struct kpptp_spawn *spawn;

	(void)fd;
	(void)what;
	/* Keep them from starting or reaping any while we look for them. */
	for (unsigned int i = 0; i < BUCKETS; i++) {
		LIST_FOREACH(spawn, &spawner->buckets[i], next) {
			if (spawn->overdue)
				kill(spawn->line.pid, SIGSTOP);
		}
	}
	kpptp_family_each(spawn_add_if_overdue, spawner);
	for (unsigned int i = 0; i < BUCKETS; i++) {
		LIST_FOREACH(spawn, &spawner->buckets[i], next) {
			if (!spawn->overdue)
				continue;
			spawn->overdue = false;
			spawn->killed = true;
			kill(spawn->line.pid, SIGKILL);
		}
	}
}

static void on_grace(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval interval = { .tv_usec = KPPTP_FAMILY_INTERVAL_MS * 1000 };
	struct kpptp_spawn *spawn = arg;
	struct kpptp_spawner *spawner = spawn->spawner;

	(void)fd;
	(void)what;
	kpptp_log(LOG_WARNING,
		  "pppd[%d] has not ended %u s after it was stopped: killing it; pppd-stop-timeout= in [timers] gives it more time",
		  (int)spawn->line.pid, spawner->grace / 1000);
	spawn->overdue = true;
	if (!evtimer_pending(spawner->kill_overdue, NULL))
		evtimer_add(spawner->kill_overdue, &interval);
}

static struct kpptp_line *find_line(void *ctx, pid_t pid)
{
	struct kpptp_spawn *spawn = spawn_find(ctx, pid);

	return spawn ? &spawn->line : NULL;
}

static void spawn_authenticated(struct kpptp_spawn *spawn)
{
	const struct kpptp_spawner *spawner = spawn->spawner;

	if (spawn->authenticated)
		return;
	spawn->authenticated = true;
	spawner->events->authenticated(spawner->ctx, spawn->owner);
}

static bool on_line(void *ctx, pid_t pid, const char *text)
{
	struct kpptp_spawner *spawner = ctx;
	struct kpptp_spawn *spawn = spawn_find(spawner, pid);

	if (spawn && !strcmp(text, KPPTP_ATTACHED_LINE)) {
		spawner->events->attached(spawner->ctx, spawn->owner);
		return false;
	}
	if (spawn && !strcmp(text, KPPTP_AUTHENTICATED_LINE)) {
		spawn_authenticated(spawn);
		return false;
	}
	kpptp_log(LOG_INFO, "pppd[%d]: %s", (int)pid, text);
	return true;
}

static const struct kpptp_lines_events lines_events = {
	.find = find_line,
	.line = on_line,
};

/*
 * Returns the pid, or -1 with errno.
 *
 * Signals are blocked until the child has reset our handlers: libevent's write to
 * a socket shared with the parent, so a SIGTERM to the child would stop us.
 */
static pid_t spawn_fork(const struct command *cmd, int output)
{
	pid_t parent = getpid();
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (!pid)
		spawn_exec(cmd, output, parent);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

struct kpptp_spawn *kpptp_spawn_ppp(struct kpptp_spawner *spawner,
				    const struct kpptp_monitor_ppp *ppp,
				    const struct kpptp_spawn_params *params, void *owner, char *err,
				    size_t size)
{
	struct kpptp_spawn *spawn = calloc(1, sizeof(*spawn));
	struct command cmd;

	if (spawn)
		spawn->grace = evtimer_new(spawner->base, on_grace, spawn);
	if (!spawn || !spawn->grace)
		goto no_memory;
	spawn_make_command(&cmd, ppp, params);
	spawn->line.pid = spawn_fork(&cmd, kpptp_lines_writer(spawner->lines));
	if (spawn->line.pid < 0) {
		snprintf(err, size, "cannot start %s: %s%s", ppp->pppd, strerror(errno),
			 errno == EAGAIN ? " (TasksMax= of the service, "
					   "kernel.pid_max and "
					   "kernel.threads-max limit processes)"
					 : "");
		spawn_free(spawn);
		return NULL;
	}
	spawn->spawner = spawner;
	spawn->owner = owner;
	spawner->count++;
	LIST_INSERT_HEAD(&spawner->buckets[spawn->line.pid % BUCKETS], spawn, next);
	return spawn;

no_memory:
	snprintf(err, size, "cannot start %s: out of memory", ppp->pppd);
	free(spawn);
	return NULL;
}

pid_t kpptp_spawn_pid(const struct kpptp_spawn *spawn)
{
	return spawn->line.pid;
}

void kpptp_spawn_stop(struct kpptp_spawn *spawn)
{
	kpptp_spawn_hung_up(spawn);
	if (spawn->terminated)
		return;
	spawn->terminated = true;
	kill(spawn->line.pid, SIGTERM);
}

void kpptp_spawn_hung_up(struct kpptp_spawn *spawn)
{
	const struct timeval grace = {
		.tv_sec = spawn->spawner->grace / 1000,
		.tv_usec = spawn->spawner->grace % 1000 * 1000,
	};

	if (!evtimer_pending(spawn->grace, NULL) && !spawn->overdue && !spawn->killed)
		evtimer_add(spawn->grace, &grace);
}

struct kpptp_spawner *kpptp_spawner_new(struct event_base *base, unsigned int grace,
					const struct kpptp_spawner_events *events, void *ctx)
{
	struct kpptp_spawner *spawner = calloc(1, sizeof(*spawner));

	if (!spawner)
		return NULL;
	spawner->lines = kpptp_lines_new(base, &lines_events, spawner);
	spawner->kill_overdue = evtimer_new(base, spawn_kill_overdue, spawner);
	if (!spawner->lines || !spawner->kill_overdue) {
		kpptp_spawner_free(spawner);
		return NULL;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	spawner->base = base;
	spawner->grace = grace;
	spawner->events = events;
	spawner->ctx = ctx;
	spawner->oom_kills = kpptp_oom_kills();
	return spawner;
}

void kpptp_spawner_free(struct kpptp_spawner *spawner)
{
	struct orphan *orphan;

	if (!spawner)
		return;
	while ((orphan = LIST_FIRST(&spawner->orphans))) {
		LIST_REMOVE(orphan, next);
		free(orphan);
	}
	if (spawner->kill_overdue)
		event_free(spawner->kill_overdue);
	kpptp_lines_free(spawner->lines);
	free(spawner);
}

void kpptp_spawner_set_grace(struct kpptp_spawner *spawner, unsigned int grace)
{
	spawner->grace = grace;
}

unsigned int kpptp_spawner_count(const struct kpptp_spawner *spawner)
{
	return spawner->count;
}

void kpptp_spawner_hung_up_all(struct kpptp_spawner *spawner)
{
	struct kpptp_spawn *spawn;

	for (unsigned int i = 0; i < BUCKETS; i++) {
		LIST_FOREACH(spawn, &spawner->buckets[i], next)
			kpptp_spawn_hung_up(spawn);
	}
}

static void spawn_kill_child(void *ctx, pid_t pid, pid_t parent)
{
	struct kpptp_spawn *spawn = spawn_find(ctx, pid);

	if (parent != getpid())
		return;
	if (spawn)
		spawn->killed = true;
	kill(pid, SIGKILL);
}

void kpptp_spawner_kill_all(struct kpptp_spawner *spawner)
{
	struct kpptp_spawn *spawn;

	for (unsigned int i = 0; i < BUCKETS; i++) {
		/* The scripts of a killed one are listed already. */
		LIST_FOREACH(spawn, &spawner->buckets[i], next)
			spawn->overdue = !spawn->killed;
	}
	spawn_kill_overdue(-1, 0, spawner);
	kpptp_family_each(spawn_kill_child, spawner);
}

static bool spawn_reap_orphan(struct kpptp_spawner *spawner, pid_t pid)
{
	struct orphan *orphan;

	LIST_FOREACH(orphan, &spawner->orphans, next) {
		if (orphan->pid != pid)
			continue;
		LIST_REMOVE(orphan, next);
		spawner->count--;
		free(orphan);
		return true;
	}
	return false;
}

/* Was a SIGKILL that is not ours sent by the OOM killer? */
static bool spawn_was_oom(struct kpptp_spawner *spawner, const struct kpptp_spawn *spawn,
			  int status)
{
	uint64_t before = spawner->oom_kills;

	if (spawn->killed || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		return false;
	spawner->oom_kills = kpptp_oom_kills();
	return spawner->oom_kills > before;
}

bool kpptp_spawner_reap(struct kpptp_spawner *spawner, pid_t pid, int status)
{
	struct kpptp_spawn *spawn = spawn_find(spawner, pid);
	char text[KPPTP_PRIV_TEXT_SIZE];

	if (!spawn)
		return spawn_reap_orphan(spawner, pid);
	kpptp_lines_drain(spawner->lines);
	kpptp_lines_flush(spawner->lines, &spawn->line);
	LIST_REMOVE(spawn, next);
	spawner->count--;
	kpptp_ppp_exit_text(text, sizeof(text), status, spawn_was_oom(spawner, spawn, status),
			    spawn->line.last);
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM && !spawn->killed)
		kpptp_log(LOG_WARNING, "pppd[%d]: %s", (int)pid, text);
	spawner->events->exited(spawner->ctx, spawn->owner, pid, status, text);
	spawn_free(spawn);
	return true;
}
