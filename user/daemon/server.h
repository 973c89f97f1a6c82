/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The server: all control connections (tunnel.h), all calls (session.h), what
 * they share, and the answers of the data plane.
 */
#ifndef KPPTP_SERVER_H
#define KPPTP_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "admit.h"
#include "config.h"
#include "dataplane.h"
#include "hosts.h"

struct event;
struct event_base;
struct json_object;
struct kpptp_pool;
struct kpptp_session;
struct kpptp_tunnel;

TAILQ_HEAD(kpptp_tunnel_list, kpptp_tunnel);
LIST_HEAD(kpptp_session_chain, kpptp_session);

#define KPPTP_SESSION_CHAINS 4096

/**
 * struct kpptp_server_hooks - what the server tells its owner
 * @stopped: all that kpptp_server_stop() began is done, or took too long
 * @lost: the data plane is gone, @text says why: the process must exit
 */
struct kpptp_server_hooks {
	void (*stopped)(void *ctx);
	void (*lost)(void *ctx, const char *text);
};

/**
 * struct kpptp_watcher - who is told of what changes on tunnels and calls
 * @count: how many want to know; without any, nothing is told
 * @event: one change, as api.h describes it; keeps no reference
 * @ctx: argument of @event
 *
 * @event comes from inside a step of a state machine: nothing may be asked of
 * a tunnel or a session there.
 */
struct kpptp_watcher {
	unsigned int count;
	void (*event)(void *ctx, struct json_object *event);
	void *ctx;
};

/**
 * struct kpptp_server - the state of the worker
 * @base: the event loop
 * @config: in force for what is to come; what runs keeps what it began with
 * @hooks: see above
 * @ctx: argument of @hooks
 * @dp: the data plane; set by kpptp_server_set_dataplane()
 * @pool: the peers' PPP addresses, or NULL when pppd's options decide
 * @tunnels: control connections, oldest first
 * @tunnel_count: of @tunnels
 * @hosts: the same by address
 * @chains: calls by handle
 * @session_count: calls in @chains, but for those whose pppd alone is left
 * @last_handle: a handle is never used twice, so counting up makes them
 * @last_serial: likewise the Call Serial Numbers that we assign
 * @listener: the listening socket's event, or NULL
 * @listen_fd: the listening socket, or -1
 * @pause: ends a pause of accepting
 * @rate: of new connections
 * @drop_log: when the last drop was logged, monotonic milliseconds
 * @drops: how many were not logged since
 * @watcher: see above; the local socket fills it
 * @stopping: kpptp_server_stop() was called
 * @stop_timer: ends the wait for the peers' last replies
 */
struct kpptp_server {
	struct event_base *base;
	struct kpptp_config config;
	const struct kpptp_server_hooks *hooks;
	void *ctx;
	struct kpptp_dataplane *dp;
	struct kpptp_pool *pool;
	struct kpptp_tunnel_list tunnels;
	unsigned int tunnel_count;
	struct kpptp_hosts hosts;
	struct kpptp_session_chain chains[KPPTP_SESSION_CHAINS];
	unsigned int session_count;
	uint32_t last_handle;
	uint16_t last_serial;
	struct event *listener;
	int listen_fd;
	struct event *pause;
	struct kpptp_admit_rate rate;
	uint64_t drop_log;
	unsigned int drops;
	struct kpptp_watcher watcher;
	bool stopping;
	struct event *stop_timer;
};

/* Answers of the data plane; their context is the struct kpptp_server. */
extern const struct kpptp_dataplane_events kpptp_server_dataplane_events;

/**
 * kpptp_server_new() - make a server that serves nobody yet
 * @config: copied
 * @hooks: must outlive the server
 *
 * Return: the server, or NULL without memory.
 */
struct kpptp_server *kpptp_server_new(struct event_base *base,
				      const struct kpptp_config *config,
				      const struct kpptp_server_hooks *hooks,
				      void *ctx);

/**
 * kpptp_server_set_dataplane() - give it the data plane, before anything else
 * @dp: owned by the server from now on
 */
void kpptp_server_set_dataplane(struct kpptp_server *server,
				struct kpptp_dataplane *dp);

/**
 * kpptp_server_listen() - accept connections
 * @fd: a listening, non-blocking TCP socket; owned by the server when this
 *	succeeds
 *
 * Return: 0, or -1 without memory.
 */
int kpptp_server_listen(struct kpptp_server *server, int fd);

/**
 * kpptp_server_reload() - take a new configuration
 *
 * What is established goes on as it was. Sockets stay as they are.
 */
void kpptp_server_reload(struct kpptp_server *server,
			 const struct kpptp_config *config);

/**
 * kpptp_server_stop() - close every control connection as the RFC has it
 *
 * Sends Stop-Control-Connection-Request (Stop-Local-Shutdown) and waits some
 * seconds for the replies; then the hook @stopped is called.
 */
void kpptp_server_stop(struct kpptp_server *server);

/**
 * kpptp_server_free() - free everything, without a word to the peers
 * @server: may be NULL
 */
void kpptp_server_free(struct kpptp_server *server);

/**
 * kpptp_server_find_call() - the call that these three name (section 3.2.2)
 *
 * Return: the call, or NULL.
 */
struct kpptp_session *kpptp_server_find_call(struct kpptp_server *server,
					     struct in_addr local,
					     struct in_addr peer, uint16_t id);

/**
 * kpptp_server_now() - monotonic milliseconds, the clock of the state machines
 */
uint64_t kpptp_server_now(void);

/**
 * kpptp_server_arm() - set a timer for a deadline of a state machine
 * @deadline: monotonic milliseconds, or KPPTP_NO_DEADLINE
 */
void kpptp_server_arm(struct event *timer, uint64_t deadline);

/**
 * kpptp_server_tunnel_gone() - a tunnel was taken off the list
 */
void kpptp_server_tunnel_gone(struct kpptp_server *server);

#endif /* KPPTP_SERVER_H */
