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
#include "newcomers.h"
#include "rate.h"

struct event;
struct event_base;
struct json_object;
struct kpptp_lru;
struct kpptp_session;
struct kpptp_tunnel;

TAILQ_HEAD(kpptp_tunnel_list, kpptp_tunnel);
LIST_HEAD(kpptp_session_chain, kpptp_session);

#define KPPTP_SESSION_CHAINS 4096

/*
 * Connections that may take their time to close beyond those that the limits
 * admit.
 */
#define KPPTP_SERVER_CLOSING_MAX 64

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
 * @tunnels: control connections, oldest first
 * @tunnel_count: of @tunnels
 * @closing: those of @tunnels of which only the TCP session is still there
 * @hosts: the same by address
 * @newcomers: calls whose peer has not authenticated itself yet
 * @newcomer_timer: looks after @newcomers, outside of any step
 * @call_rates: struct kpptp_rate of the calls that each address asks for
 * @chains: calls by handle
 * @session_count: calls in @chains, but for those whose pppd alone is left
 * @last_handle: a handle is never used twice, so counting up makes them
 * @last_serial: likewise the Call Serial Numbers that we assign
 * @listener: the listening socket's event, or NULL
 * @listen_fd: the listening socket, or -1
 * @pause: ends a pause of accepting, or NULL
 * @rate: of new connections
 * @fire_until: until when the limit of half-open connections holds for young ones,
 *	too, monotonic milliseconds
 * @drop_log: when the last drop was logged, monotonic milliseconds
 * @drops: how many were not logged since
 * @watcher: see above; the local socket fills it
 * @stopping: kpptp_server_stop() was called
 * @idle_timer: when the oldest of the tunnels without a call is overdue, or
 *	earlier
 * @stop_timer: ends the wait for the peers' last replies
 */
struct kpptp_server {
	struct event_base *base;
	struct kpptp_config config;
	const struct kpptp_server_hooks *hooks;
	void *ctx;
	struct kpptp_dataplane *dp;
	struct kpptp_tunnel_list tunnels;
	unsigned int tunnel_count;
	unsigned int closing;
	struct kpptp_hosts hosts;
	struct kpptp_newcomers newcomers;
	struct event *newcomer_timer;
	struct kpptp_lru *call_rates;
	struct kpptp_session_chain chains[KPPTP_SESSION_CHAINS];
	unsigned int session_count;
	uint32_t last_handle;
	uint16_t last_serial;
	struct event *listener;
	int listen_fd;
	struct event *pause;
	struct kpptp_rate rate;
	uint64_t fire_until;
	uint64_t drop_log;
	unsigned int drops;
	struct kpptp_watcher watcher;
	bool stopping;
	struct event *idle_timer;
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
 * kpptp_server_stop_listening() - close the listening socket, if there is one
 */
void kpptp_server_stop_listening(struct kpptp_server *server);

/**
 * kpptp_server_watch_idle() - a tunnel has become idle, or the timeout changed
 */
void kpptp_server_watch_idle(struct kpptp_server *server);

/**
 * kpptp_server_newcomers_changed() - one wants a pppd, or there is a place
 *
 * May be called from inside a step.
 */
void kpptp_server_newcomers_changed(struct kpptp_server *server);

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
