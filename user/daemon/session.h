/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session: one call, that is a state machine (call_fsm.h), its call of the
 * kernel and, where the peer asked for the call, its pppd.
 */
#ifndef KPPTP_SESSION_H
#define KPPTP_SESSION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "call_fsm.h"
#include "field.h"
#include "newcomers.h"

struct event;
struct kpptp_host;
struct kpptp_server;
struct kpptp_tunnel;

/**
 * struct kpptp_session_owner - who asked for the call, locally
 * @up: it is established
 * @failed: it will not be, @text says why; the session is then not to be
 *	used any more
 * @down: it was established and has ended, likewise
 *
 * They come from inside a step of the call: nothing may be asked of the
 * session there.
 */
struct kpptp_session_owner {
	void (*up)(void *ctx);
	void (*failed)(void *ctx, const char *text);
	void (*down)(void *ctx, const char *text);
};

/**
 * struct kpptp_session - a call
 * @entry: in the tunnel's list
 * @chain: in the server's table, by @handle
 * @server: whose it is
 * @tunnel: its control connection, or NULL when that is gone
 * @handle: its name in the data plane
 * @call: its state machine
 * @timer: deadline of @call
 * @later: feeds @failure to @call outside of any step
 * @watch: when to look at its counters next (session_watch.c)
 * @owner: who asked for it, or NULL
 * @owner_ctx: argument of @owner
 * @local: our address
 * @peer: the peer's address
 * @flow_control: enum kpptp_flow_control
 * @started: EV_START was fed, or it began with a message
 * @named: the kernel has chosen our Call ID
 * @released: the state machine is through; it stays for pppd's end only
 * @gone: the call of the kernel was deleted behind our back
 * @ppp_running: ppp_start() is not answered by ppp_exited() yet
 * @ppp_pid: of pppd, 0 when none runs
 * @looked: they have been looked at: the peer's GRE gets here, or it was said
 *	that it does not
 * @newcomer: whether its peer has authenticated itself (newcomers.h)
 * @newcomer_entry: in one of the lists of newcomers
 * @newcomer_since: when it got its place, or its pppd, monotonic milliseconds
 * @evicted: it was told to end: another newcomer waits
 * @host: its tunnel's, as long as it is a newcomer
 * @too_big: it was said that frames are too large for the path
 * @failure: event that waits for @later, and its text
 * @ending: event that waits for the counters, with what it points to
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
 * kpptp_session_new() - a call on a tunnel, which need not be established yet
 * @params: as the role wants them; copied
 * @owner: NULL when the peer asks for the call
 *
 * Return: the call, or NULL without memory.
 */
struct kpptp_session *
kpptp_session_new(struct kpptp_tunnel *tunnel, enum kpptp_call_role role,
		  const struct kpptp_call_params *params, uint32_t flow_control,
		  const struct kpptp_session_owner *owner, void *owner_ctx);

/**
 * kpptp_session_start() - the tunnel is established: place the call
 */
void kpptp_session_start(struct kpptp_session *session);

/**
 * kpptp_session_message() - a message about this call arrived
 * @refuse_result: Result Code to refuse a request with, 0 to accept it
 * @refuse_error: its Error Code
 * @why: the reason, for the log; may be NULL
 */
void kpptp_session_message(struct kpptp_session *session,
			   const struct kpptp_msg *msg, uint8_t refuse_result,
			   uint8_t refuse_error, const char *why);

/**
 * kpptp_session_clear() - end it from our side
 */
void kpptp_session_clear(struct kpptp_session *session, const char *why);

/**
 * kpptp_session_evict() - end it at once: another needs its place
 *
 * As kpptp_session_clear(), but without waiting for its counters.
 */
void kpptp_session_evict(struct kpptp_session *session, const char *why);

/**
 * kpptp_session_placed() - there is a place for its pppd: make the call
 */
void kpptp_session_placed(struct kpptp_session *session);

/**
 * kpptp_session_conn_down() - its control connection is gone
 */
void kpptp_session_conn_down(struct kpptp_session *session, const char *why);

/**
 * kpptp_session_disown() - nobody is to be told any more
 */
void kpptp_session_disown(struct kpptp_session *session);

/**
 * kpptp_session_free() - free it now
 *
 * Only for the end of the process: otherwise a session frees itself.
 */
void kpptp_session_free(struct kpptp_session *session);

/* Answers of the data plane, as in struct kpptp_dataplane_events. */
void kpptp_session_ready(struct kpptp_session *session, int err,
			 const char *text, uint16_t id, uint32_t channel);
void kpptp_session_set_done(struct kpptp_session *session, int err,
			    const char *text);
void kpptp_session_gone(struct kpptp_session *session);
void kpptp_session_ppp_started(struct kpptp_session *session, pid_t pid);
void kpptp_session_ppp_authenticated(struct kpptp_session *session);
void kpptp_session_ppp_exited(struct kpptp_session *session, int status,
			      const char *text);
void kpptp_session_stats(struct kpptp_session *session, int err,
			 const struct kpptp_call_stats *stats);

#endif /* KPPTP_SESSION_H */
