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

#include <event2/event.h>

#include "lines.h"
#include "monitor.h"
#include "ppp_exit.h"
#include "priv.h"

/* Children are found by pid; a power of two. */
#define BUCKETS 1024

struct kpptp_spawn {
	LIST_ENTRY(kpptp_spawn) next;
	struct kpptp_spawner *spawner;
	struct kpptp_lines *lines;
	struct event *grace;
	void *owner;
	pid_t pid;
	bool stopping;
};

struct kpptp_spawner {
	struct event_base *base;
	struct timeval grace;
	kpptp_spawn_exited_fn exited;
	kpptp_spawn_authenticated_fn authenticated;
	void *ctx;
	unsigned int count;
	LIST_HEAD(, kpptp_spawn) buckets[BUCKETS];
};

struct command {
	const char *argv[13];
	char channel[16];
	char peer[INET_ADDRSTRLEN];
	char addresses[2 * INET_ADDRSTRLEN];
};

/* "LOCAL:REMOTE", either may be missing; "" when both are. */
static void format_addresses(char *text, size_t size,
			     const struct kpptp_spawn_params *params)
{
	char local[INET_ADDRSTRLEN] = "", remote[INET_ADDRSTRLEN] = "";

	if (params->local.s_addr)
		inet_ntop(AF_INET, &params->local, local, sizeof(local));
	if (params->remote.s_addr)
		inet_ntop(AF_INET, &params->remote, remote, sizeof(remote));
	snprintf(text, size, "%s%s%s", local, *local || *remote ? ":" : "",
		 remote);
}

/*
 * pppd lets the later option win. nologfd comes before the options file, which
 * may ask for a log file: without it pppd talks to syslog, and what remains on
 * its standard error are early errors. The rest comes after: what the file says
 * cannot displace the channel or the addresses.
 */
static void make_command(struct command *cmd,
			 const struct kpptp_monitor_ppp *ppp,
			 const struct kpptp_spawn_params *params)
{
	const char *const argv[] = {
		ppp->pppd, "nologfd",	"file",		 ppp->options,
		"plugin",  ppp->plugin, "kpptp-channel", cmd->channel,
		"ipparam", cmd->peer,	"nodetach",	 cmd->addresses,
		NULL,
	};

	_Static_assert(sizeof(argv) == sizeof(cmd->argv), "as many words");
	memcpy(cmd->argv, argv, sizeof(argv));
	snprintf(cmd->channel, sizeof(cmd->channel), "%u", params->channel);
	inet_ntop(AF_INET, &params->peer, cmd->peer, sizeof(cmd->peer));
	format_addresses(cmd->addresses, sizeof(cmd->addresses), params);
	if (!*cmd->addresses)
		cmd->argv[11] = NULL;
}

/* Handlers go by execve(), but what is ignored or blocked would stay so. */
static void reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void child(const struct command *cmd, int output, pid_t parent)
{
	static char *const environment[] = {
		(char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		/* Our plugin tells there when the peer is authenticated. */
		(char *)"KPPTPD_STATUS_FD=1", NULL
	};
	int null = open("/dev/null", O_RDONLY);

	reset_signals();
	setsid();
	/* The parent may have died before the kernel was asked to tell us. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || chdir("/"))
		_exit(127);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		_exit(127);
	if (close_range(STDERR_FILENO + 1, ~0U, 0))
		_exit(127);
	execve(cmd->argv[0], (char *const *)cmd->argv, environment);
	dprintf(STDERR_FILENO, "cannot execute %s: %s\n", cmd->argv[0],
		strerror(errno));
	_exit(127);
}

static void spawn_free(struct kpptp_spawn *spawn)
{
	kpptp_lines_free(spawn->lines);
	if (spawn->grace)
		event_free(spawn->grace);
	free(spawn);
}

static void on_grace(evutil_socket_t fd, short what, void *arg)
{
	const struct kpptp_spawn *spawn = arg;

	(void)fd;
	(void)what;
	/* With its scripts: the session is a process group, too. */
	kill(-spawn->pid, SIGKILL);
	kill(spawn->pid, SIGKILL);
}

static void on_authenticated(void *ctx)
{
	const struct kpptp_spawn *spawn = ctx;
	const struct kpptp_spawner *spawner = spawn->spawner;

	spawner->authenticated(spawner->ctx, spawn->owner);
}

/*
 * Returns the pid, or -1 with errno; @output receives the reading end.
 *
 * Signals wait until the child has put away our handlers: libevent's write to
 * a socket that both have, so that a SIGTERM to the child would stop us.
 */
static pid_t start(const struct command *cmd, int *output)
{
	pid_t parent = getpid();
	sigset_t all, before;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (!pid)
		child(cmd, ends[1], parent);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(ends[1]);
	if (pid < 0)
		close(ends[0]);
	*output = ends[0];
	return pid;
}

struct kpptp_spawn *kpptp_spawn_ppp(struct kpptp_spawner *spawner,
				    const struct kpptp_monitor_ppp *ppp,
				    const struct kpptp_spawn_params *params,
				    void *owner, char *err, size_t size)
{
	struct kpptp_spawn *spawn = calloc(1, sizeof(*spawn));
	struct command cmd;
	int output;

	if (spawn)
		spawn->grace = evtimer_new(spawner->base, on_grace, spawn);
	if (!spawn || !spawn->grace)
		goto no_memory;
	make_command(&cmd, ppp, params);
	spawn->pid = start(&cmd, &output);
	if (spawn->pid < 0) {
		snprintf(err, size, "cannot start %s: %s", ppp->pppd,
			 strerror(errno));
		spawn_free(spawn);
		return NULL;
	}
	spawn->spawner = spawner;
	spawn->owner = owner;
	spawn->lines = kpptp_lines_new(spawner->base, output, spawn->pid,
				       on_authenticated, spawn);
	if (!spawn->lines)
		close(output);
	spawner->count++;
	LIST_INSERT_HEAD(&spawner->buckets[spawn->pid % BUCKETS], spawn, next);
	return spawn;

no_memory:
	snprintf(err, size, "cannot start %s: out of memory", ppp->pppd);
	free(spawn);
	return NULL;
}

pid_t kpptp_spawn_pid(const struct kpptp_spawn *spawn)
{
	return spawn->pid;
}

void kpptp_spawn_stop(struct kpptp_spawn *spawn)
{
	if (spawn->stopping)
		return;
	spawn->stopping = true;
	kill(spawn->pid, SIGTERM);
	evtimer_add(spawn->grace, &spawn->spawner->grace);
}

struct kpptp_spawner *kpptp_spawner_new(struct event_base *base,
					unsigned int grace,
					kpptp_spawn_exited_fn exited,
					kpptp_spawn_authenticated_fn authenticated,
					void *ctx)
{
	struct kpptp_spawner *spawner = calloc(1, sizeof(*spawner));

	if (!spawner)
		return NULL;
	spawner->base = base;
	spawner->grace.tv_sec = grace / 1000;
	spawner->grace.tv_usec = grace % 1000 * 1000;
	spawner->exited = exited;
	spawner->authenticated = authenticated;
	spawner->ctx = ctx;
	return spawner;
}

void kpptp_spawner_free(struct kpptp_spawner *spawner)
{
	free(spawner);
}

unsigned int kpptp_spawner_count(const struct kpptp_spawner *spawner)
{
	return spawner->count;
}

void kpptp_spawner_stop_all(struct kpptp_spawner *spawner)
{
	struct kpptp_spawn *spawn;

	for (unsigned int i = 0; i < BUCKETS; i++) {
		LIST_FOREACH(spawn, &spawner->buckets[i], next)
			kpptp_spawn_stop(spawn);
	}
}

bool kpptp_spawner_reap(struct kpptp_spawner *spawner, pid_t pid, int status)
{
	char text[KPPTP_PRIV_TEXT_SIZE];
	struct kpptp_spawn *spawn;
	const char *last = "";

	LIST_FOREACH(spawn, &spawner->buckets[pid % BUCKETS], next) {
		if (spawn->pid == pid)
			break;
	}
	if (!spawn)
		return false;
	LIST_REMOVE(spawn, next);
	spawner->count--;
	if (spawn->lines) {
		kpptp_lines_drain(spawn->lines);
		last = kpptp_lines_last(spawn->lines);
	}
	kpptp_ppp_exit_text(text, sizeof(text), status, last);
	spawner->exited(spawner->ctx, spawn->owner, pid, status, text);
	spawn_free(spawn);
	return true;
}
