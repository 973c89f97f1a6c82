/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting pppd, stopping it, and reporting how it ended. Runs in the monitor.
 */
#ifndef KPPTP_SPAWN_H
#define KPPTP_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>
#include <sys/types.h>

struct event_base;
struct kpptp_monitor_ppp;
struct kpptp_spawn;
struct kpptp_spawner;

/**
 * struct kpptp_spawner_events - what happened to a pppd
 * @exited: process @pid was reaped; @status is as from waitpid(2), @text the
 *	same in words, with the last line that it printed. Called from
 *	kpptp_spawner_reap().
 * @attached: it has attached to its channel: from now on its peer can talk to
 *	it. Called at most once, from the loop or from kpptp_spawner_reap().
 * @authenticated: it has admitted its peer. Called at most once, before @exited,
 *	from the loop or from kpptp_spawner_reap().
 *
 * @owner is as given to kpptp_spawn_ppp().
 */
struct kpptp_spawner_events {
	void (*exited)(void *ctx, void *owner, pid_t pid, int status, const char *text);
	void (*attached)(void *ctx, void *owner);
	void (*authenticated)(void *ctx, void *owner);
};

/**
 * struct kpptp_spawn_params - parameters of one pppd
 * @channel: index of the PPP channel
 * @peer: address of the tunnel's other end, for pppd's scripts (ipparam)
 * @local: our PPP address, or INADDR_ANY: options decide
 * @remote: the peer's PPP address, or INADDR_ANY: options decide
 */
struct kpptp_spawn_params {
	uint32_t channel;
	struct in_addr peer;
	struct in_addr local;
	struct in_addr remote;
};

/**
 * kpptp_spawner_new() - make a spawner, which keeps the children
 * @grace: milliseconds between SIGTERM and SIGKILL
 * @events: called with @ctx
 *
 * Makes the process adopt orphans: scripts of a killed pppd continue, and are
 * reaped here.
 *
 * Return: NULL if out of memory.
 */
struct kpptp_spawner *kpptp_spawner_new(struct event_base *base, unsigned int grace,
					const struct kpptp_spawner_events *events, void *ctx);

/**
 * kpptp_spawner_set_grace() - change the grace for pppds that are stopped later
 */
void kpptp_spawner_set_grace(struct kpptp_spawner *spawner, unsigned int grace);

/**
 * kpptp_spawner_free() - free it; there must be no children left
 * @spawner: may be NULL
 */
void kpptp_spawner_free(struct kpptp_spawner *spawner);

/**
 * kpptp_spawner_count() - number of children, including scripts of pppds that
 *	had to be killed
 */
unsigned int kpptp_spawner_count(const struct kpptp_spawner *spawner);

/**
 * kpptp_spawner_hung_up_all() - kpptp_spawn_hung_up() for every pppd
 */
void kpptp_spawner_hung_up_all(struct kpptp_spawner *spawner);

/**
 * kpptp_spawner_kill_all() - SIGKILL every child of any kind
 *
 * When they are dead their own children become ours: call it again until there
 * are none.
 */
void kpptp_spawner_kill_all(struct kpptp_spawner *spawner);

/**
 * kpptp_spawner_reap() - handle a reaped process
 * @pid, @status: from waitpid(2)
 *
 * Return: whether it was one of ours, which is then reported and forgotten.
 */
bool kpptp_spawner_reap(struct kpptp_spawner *spawner, pid_t pid, int status);

/**
 * kpptp_spawn_ppp() - start a pppd
 * @ppp: the configuration; it and @params make up the command line
 * @owner: passed to the events
 * @err: filled with why it could not be started, one line
 * @size: of @err
 *
 * The child has its own session, environment and descriptors: it inherits
 * nothing but standard input (/dev/null), output and error (a socket, whose
 * lines go to the log). It gets SIGTERM when the monitor dies. It is a better
 * victim for the OOM killer than the daemon. A pppd that cannot be executed
 * exits with status 127.
 *
 * Return: the child, which is freed when it is reaped, or NULL.
 */
struct kpptp_spawn *kpptp_spawn_ppp(struct kpptp_spawner *spawner,
				    const struct kpptp_monitor_ppp *ppp,
				    const struct kpptp_spawn_params *params, void *owner, char *err,
				    size_t size);

/**
 * kpptp_spawn_pid() - the child's pid
 */
pid_t kpptp_spawn_pid(const struct kpptp_spawn *spawn);

/**
 * kpptp_spawn_stop() - SIGTERM, and SIGKILL after the grace; may be repeated
 *
 * Only the first call sends SIGTERM: on a second one pppd stops waiting for its
 * scripts. SIGKILL goes to pppd alone, its scripts continue.
 */
void kpptp_spawn_stop(struct kpptp_spawn *spawn);

/**
 * kpptp_spawn_hung_up() - its call is gone; may be repeated
 *
 * pppd learns that from PPP, ends by itself, and then waits for its scripts.
 * SIGTERM would interrupt its report to RADIUS and make it kill its scripts. So
 * there is only SIGKILL, after the grace.
 */
void kpptp_spawn_hung_up(struct kpptp_spawn *spawn);

#endif /* KPPTP_SPAWN_H */
