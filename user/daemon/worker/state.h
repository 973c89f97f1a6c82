/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker's state: the server, its tunnels (control connections) and their
 * sessions (calls), the peers by address, and the newcomers. Structs only; the
 * code that uses them is layered above, and calls upward only through struct
 * kpptp_server_ops.
 */
#ifndef KPPTP_STATE_H
#define KPPTP_STATE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>
#include <time.h>

#include "admit.h"
#include "config.h"
#include "fsm/call_fsm.h"
#include "fsm/ctrl_fsm.h"
#include "rate.h"

struct event;
struct event_base;
struct json_object;
struct kpptp_conn;
struct kpptp_dataplane;
struct kpptp_host;
struct kpptp_lru;
struct kpptp_server;
struct kpptp_session;
struct kpptp_tunnel;

TAILQ_HEAD(kpptp_tunnel_list, kpptp_tunnel);
TAILQ_HEAD(kpptp_session_list, kpptp_session);
LIST_HEAD(kpptp_session_chain, kpptp_session);
LIST_HEAD(kpptp_show_list, kpptp_show);

/* For the table of addresses. */
#define KPPTP_HOST_CHAINS 4096

TAILQ_HEAD(kpptp_host_tunnels, kpptp_tunnel);
LIST_HEAD(kpptp_host_chain, kpptp_host);

/**
 * struct kpptp_host - an address that has control connections with us
 * @chain: entry in the table
 * @addr: the address; there may be many hosts behind it (NAT)
 * @tunnels: the connections, oldest first
 * @accepted: number of @tunnels that it opened
 * @half_open: number of these that are half-open
 * @idle: number of these that are idle
 * @calls: number of calls on these
 * @newcomers: calls with a pppd that has not authenticated the peer yet
 */
struct kpptp_host {
	LIST_ENTRY(kpptp_host) chain;
	struct in_addr addr;
	struct kpptp_host_tunnels tunnels;
	unsigned int accepted;
	unsigned int half_open;
	unsigned int idle;
	unsigned int calls;
	unsigned int newcomers;
};

/**
 * struct kpptp_hosts - all peer addresses
 * @chains: by address; a host is here as long as it has a tunnel
 * @half_open: accepted connections that wait for their peer's
 *	Start-Control-Connection-Request, oldest first
 * @half_open_count: of @half_open
 * @idle: accepted connections that were established and have no call, in the
 *	order in which they became idle
 * @idle_count: of @idle
 */
struct kpptp_hosts {
	struct kpptp_host_chain chains[KPPTP_HOST_CHAINS];
	struct kpptp_host_tunnels half_open;
	unsigned int half_open_count;
	struct kpptp_host_tunnels idle;
	unsigned int idle_count;
};

TAILQ_HEAD(kpptp_newcomer_list, kpptp_session);

/**
 * enum kpptp_newcomer - progress of a session
 * @KPPTP_NEWCOMER_NOT: not a newcomer: needs no pppd yet, or is authenticated,
 *	or is over
 * @KPPTP_NEWCOMER_WAITS: waits for a slot
 * @KPPTP_NEWCOMER_RUNS: has a slot: its call, and then its pppd, is made
 */
enum kpptp_newcomer {
	KPPTP_NEWCOMER_NOT,
	KPPTP_NEWCOMER_WAITS,
	KPPTP_NEWCOMER_RUNS,
};

/**
 * struct kpptp_newcomers - all newcomers
 * @waiting: oldest first
 * @running: oldest first
 * @running_count: of @running
 * @evicted_count: number of @running that were told to make room
 * @waiting_count: of @waiting
 */
struct kpptp_newcomers {
	struct kpptp_newcomer_list waiting;
	struct kpptp_newcomer_list running;
	unsigned int waiting_count;
	unsigned int running_count;
	unsigned int evicted_count;
};

/**
 * struct kpptp_session_owner - the local requester of a call
 * @up: the call is established
 * @failed: it will not be, @text says why; do not use the session any more
 * @down: it was established and has ended; likewise
 *
 * Called from inside a step of the call: do not call session functions there.
 */
struct kpptp_session_owner {
	void (*up)(void *ctx);
	void (*failed)(void *ctx, const char *text);
	void (*down)(void *ctx, const char *text);
};

/**
 * struct kpptp_session - a call
 * @entry: entry in the tunnel's list
 * @chain: entry in the server's table, by @handle
 * @server: its server
 * @tunnel: its control connection, or NULL if that is gone
 * @handle: its name in the data plane
 * @call: its state machine
 * @timer: deadline of @call
 * @later: feeds @failure to @call outside any step
 * @watch: when to check its counters next (session_watch.c)
 * @owner: the local requester, or NULL
 * @owner_ctx: argument of @owner
 * @local: our address
 * @peer: the peer's address
 * @flow_control: enum kpptp_flow_control
 * @started: EV_START was fed, or it began with a message
 * @named: the kernel has assigned our Call ID
 * @released: the state machine is finished; only waiting for pppd to end
 * @gone: someone else deleted the kernel call
 * @ppp_running: ppp_start() is not answered by ppp_exited() yet
 * @ppp_pid: of pppd, 0 if none runs
 * @looked: the counters have been checked: the peer's GRE arrives, or it was
 *	logged that it does not
 * @newcomer: whether its peer has authenticated itself (newcomers.h)
 * @newcomer_entry: entry in one of the lists of newcomers
 * @newcomer_since: when it got its slot, or its pppd, monotonic milliseconds
 * @evicted: it was told to end: another newcomer waits
 * @host: its tunnel's, while it is a newcomer
 * @too_big: it was logged that frames are too large for the path
 * @failure: event that waits for @later, and its text
 * @ending: event that waits for the counters, with the data it points to
 */
struct kpptp_session {
	TAILQ_ENTRY(kpptp_session) entry;
	LIST_ENTRY(kpptp_session) chain;
	struct kpptp_server *server;
	struct kpptp_tunnel *tunnel;
	uint32_t handle;
	struct kpptp_call call;
	struct event *timer;
	struct event *later;
	struct event *watch;
	const struct kpptp_session_owner *owner;
	void *owner_ctx;
	struct in_addr local;
	struct in_addr peer;
	uint32_t flow_control;
	bool started;
	bool named;
	bool released;
	bool gone;
	bool ppp_running;
	bool looked;
	pid_t ppp_pid;
	enum kpptp_newcomer newcomer;
	TAILQ_ENTRY(kpptp_session) newcomer_entry;
	uint64_t newcomer_since;
	bool evicted;
	bool too_big;
	struct kpptp_host *host;
	struct {
		enum kpptp_call_event_type type;
		char text[128];
	} failure;
	struct {
		bool waits;
		struct kpptp_call_event ev;
		struct kpptp_msg msg;
		char text[192];
	} ending;
};

/**
 * struct kpptp_tunnel - a control connection
 * @entry: entry in the server's list
 * @host: its peer's address (hosts.h)
 * @host_entry: entry in the list of @host
 * @half_open_entry: entry in the list of half-open tunnels
 * @half_open: it is in that list
 * @idle_entry: entry in the list of tunnels without a call
 * @idle: it is in that list
 * @waits_since: when it was added to one of these two lists, monotonic
 *	milliseconds
 * @server: its server
 * @conn: its TCP session, until @conn's last callback frees the tunnel
 * @ctrl: its state machine
 * @timer: deadline of @ctrl
 * @later: carries out @stop_why, and ends an originated connection that has no
 *	calls left, outside any step of a state machine
 * @sessions: its calls, oldest first
 * @session_count: of @sessions
 * @local: our address
 * @peer: the peer's address
 * @port: the peer's TCP port
 * @originator: we opened it
 * @merged: there was a collision (section 3.1.3) and this connection won:
 *	both sides may place calls on it, whoever opened it
 * @over: the state machine has finished; only the TCP session remains
 * @since: when TCP was opened or accepted, or dialling began
 * @admission: for an accepted connection: whether to refuse its request
 * @stop_why: reason of a stop that waits for @later; empty for none
 */
struct kpptp_tunnel {
	TAILQ_ENTRY(kpptp_tunnel) entry;
	struct kpptp_host *host;
	TAILQ_ENTRY(kpptp_tunnel) host_entry;
	TAILQ_ENTRY(kpptp_tunnel) half_open_entry;
	bool half_open;
	TAILQ_ENTRY(kpptp_tunnel) idle_entry;
	bool idle;
	uint64_t waits_since;
	struct kpptp_server *server;
	struct kpptp_conn *conn;
	struct kpptp_ctrl ctrl;
	struct event *timer;
	struct event *later;
	struct kpptp_session_list sessions;
	unsigned int session_count;
	struct in_addr local;
	struct in_addr peer;
	uint16_t port;
	bool originator;
	bool merged;
	bool over;
	time_t since;
	struct kpptp_admission admission;
	char stop_why[192];
};

/**
 * struct kpptp_server_hooks - callbacks to the server's owner
 * @stopped: everything that kpptp_server_stop() began is done, or timed out
 * @lost: the data plane is gone, @text says why: the process must exit
 */
struct kpptp_server_hooks {
	void (*stopped)(void *ctx);
	void (*lost)(void *ctx, const char *text);
};

/**
 * struct kpptp_watcher - receives the changes of tunnels and calls
 * @count: number of subscribers; if 0, @event is not called
 * @event: one change, as api.h describes it; keeps no reference
 * @ctx: argument of @event
 *
 * @event is called from inside a step of a state machine: do not call tunnel or
 * session functions there.
 */
struct kpptp_watcher {
	unsigned int count;
	void (*event)(void *ctx, struct json_object *event);
	void *ctx;
};

/**
 * struct kpptp_server_ops - upward calls from tunnels and sessions
 * @up: the tunnel is established: calls that wait for it may begin
 * @down: the tunnel is gone, @why says why, and so are its calls
 * @message: a message about a call arrived on the tunnel
 * @tunnel_gone: a tunnel was taken off the list
 * @idle: a tunnel has become idle
 * @newcomers: one wants a pppd, or there is a slot; may be called inside a step
 */
struct kpptp_server_ops {
	void (*up)(struct kpptp_tunnel *tunnel);
	void (*down)(struct kpptp_tunnel *tunnel, const char *why);
	void (*message)(struct kpptp_tunnel *tunnel, const struct kpptp_msg *msg);
	void (*tunnel_gone)(struct kpptp_server *server);
	void (*idle)(struct kpptp_server *server);
	void (*newcomers)(struct kpptp_server *server);
};

#define KPPTP_SESSION_CHAINS 4096

/*
 * Maximum number of closing connections beyond what the limits allow.
 */
#define KPPTP_SERVER_CLOSING_MAX 64

/**
 * struct kpptp_server - the state of the worker
 * @base: the event loop
 * @config: for new connections and calls; existing ones keep what they began with
 * @hooks: see above
 * @ctx: argument of @hooks
 * @ops: see above
 * @dp: the data plane; set by kpptp_server_set_dataplane()
 * @tunnels: control connections, oldest first
 * @tunnel_count: of @tunnels
 * @closing: number of @tunnels of which only the TCP session remains
 * @hosts: the tunnels by address
 * @newcomers: calls whose peer has not authenticated itself yet
 * @newcomer_timer: handles @newcomers, outside any step
 * @call_rates: struct kpptp_rate of the call requests of each address
 * @chains: calls by handle
 * @session_count: calls in @chains, except those of which only pppd is left
 * @last_handle: last handle used; handles count up and are never reused
 * @last_serial: likewise, the Call Serial Numbers that we assign
 * @listener: the listening socket's event, or NULL
 * @listen_fd: the listening socket, or -1
 * @pause: ends a pause of accepting, or NULL
 * @rate: of new connections
 * @fire_until: until then the limit of half-open connections covers young ones
 *	too, monotonic milliseconds
 * @drop_log: when the last drop was logged, monotonic milliseconds
 * @drops: number of drops not logged since
 * @watcher: see above; the local socket fills it
 * @shows: replies to "show" that are being written (show.h)
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
	const struct kpptp_server_ops *ops;
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
	struct kpptp_show_list shows;
	bool stopping;
	struct event *idle_timer;
	struct event *stop_timer;
};

#endif /* KPPTP_STATE_H */
