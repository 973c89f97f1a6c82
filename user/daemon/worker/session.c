// SPDX-License-Identifier: GPL-2.0-or-later
/* A session: carries out what the call's state machine decides. */
#include "session.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "clock.h"
#include "common/log.h"
#include "dataplane.h"
#include "common/peer_log.h"
#include "common/ppp_exit.h"
#include "common/priv.h"
#include "newcomers.h"
#include "session_internal.h"
#include "show.h"
#include "tunnel.h"

void kpptp_session_say(const struct kpptp_session *s, int priority, const char *fmt, ...)
{
	char addr[INET_ADDRSTRLEN], ids[32] = "new", text[512];
	char who[INET_ADDRSTRLEN + sizeof(ids) + 8];
	struct kpptp_log_about about = { .peer = s->peer };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	inet_ntop(AF_INET, &s->peer, addr, sizeof(addr));
	if (s->named && s->call.peer.id_known)
		snprintf(ids, sizeof(ids), "%u/%u", s->call.call_id, s->call.peer.call_id);
	else if (s->call.peer.id_known)
		snprintf(ids, sizeof(ids), "new/%u", s->call.peer.call_id);
	else if (s->named)
		snprintf(ids, sizeof(ids), "%u", s->call.call_id);
	if (s->named)
		about.call_id = s->call.call_id;
	snprintf(who, sizeof(who), "%s call %s", addr, ids);
	kpptp_peer_log(about, priority, who, text);
}

/* Feed an event with a text once no step is in progress any more. */
static void __attribute__((format(printf, 3, 4)))
session_feed_later(struct kpptp_session *s, enum kpptp_call_event_type type, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->failure.text, sizeof(s->failure.text), fmt, ap);
	va_end(ap);
	s->failure.type = type;
	event_active(s->later, EV_TIMEOUT, 0);
}

static void session_kernel_new(struct kpptp_session *s, const struct kpptp_call_peer *peer)
{
	struct kpptp_dataplane_call call = {
		.local = s->local,
		.peer = s->peer,
		.window = s->call.params.recv_window_size,
		.flow_control = s->flow_control,
		.has_peer = peer->id_known,
		.peer_id = peer->call_id,
	};
	int err;

	if (peer->window_known) {
		call.peer_window = peer->recv_window_size;
		call.peer_ppd = peer->delay;
	}
	err = kpptp_dataplane_call_new(s->server->dp, s->handle, &call);
	if (err < 0)
		session_feed_later(s, KPPTP_CALL_EV_DATA_FAILED, "cannot request a kernel call: %s",
				   strerror(-err));
}

static void session_kernel_set(struct kpptp_session *s, const struct kpptp_call_peer *peer)
{
	int err = kpptp_dataplane_call_set(s->server->dp, s->handle, peer->call_id,
					   peer->window_known ? peer->recv_window_size : 0,
					   peer->window_known ? peer->delay : 0);

	if (err < 0)
		session_feed_later(s, KPPTP_CALL_EV_DATA_FAILED,
				   "cannot update the kernel call: %s", strerror(-err));
}

static void session_settle(struct kpptp_session *s)
{
	if (kpptp_newcomers_settle(&s->server->newcomers, s))
		s->server->ops->newcomers(s->server);
}

/*
 * If the call needs a pppd, wait for a slot before answering the peer: it waits a
 * minute for our answer, but only half as long for LCP.
 */
static void session_request_call(struct kpptp_session *s, const struct kpptp_call_peer *peer)
{
	if (!s->call.params.start_pppd) {
		session_kernel_new(s, peer);
		return;
	}
	kpptp_newcomers_wait(&s->server->newcomers, s);
	s->server->ops->newcomers(s->server);
}

void kpptp_session_placed(struct kpptp_session *s)
{
	session_kernel_new(s, &s->call.peer);
}

static void session_request_pppd(struct kpptp_session *s)
{
	int err = kpptp_dataplane_ppp_start(s->server->dp, s->handle);

	if (err < 0) {
		session_feed_later(s, KPPTP_CALL_EV_PPP_ENDED, "cannot request a pppd: %s",
				   strerror(-err));
		return;
	}
	s->ppp_running = true;
	kpptp_newcomers_begin(&s->server->newcomers, s, kpptp_clock_now());
}

static void session_up(struct kpptp_session *s)
{
	kpptp_session_watch(s);
	if (s->owner)
		s->owner->up(s->owner_ctx);
}

static void session_report_end(struct kpptp_session *s, bool was_up, const char *why)
{
	const struct kpptp_session_owner *owner = s->owner;

	s->owner = NULL;
	if (!owner)
		return;
	if (was_up)
		owner->down(s->owner_ctx, why);
	else
		owner->failed(s->owner_ctx, why);
}

static void session_free_events(struct kpptp_session *s)
{
	if (s->timer)
		event_free(s->timer);
	if (s->later)
		event_free(s->later);
	if (s->watch)
		event_free(s->watch);
}

static void session_free(struct kpptp_session *s)
{
	LIST_REMOVE(s, chain);
	if (!s->released)
		s->server->session_count--;
	session_free_events(s);
	free(s);
}

/*
 * The state machine is finished; pppd may take longer, and keeps the address.
 * Another call may take its place at once.
 */
static void session_release(struct kpptp_session *s)
{
	s->released = true;
	s->server->session_count--;
	event_del(s->timer);
	event_del(s->later);
	event_del(s->watch);
	session_settle(s);
	if (s->tunnel)
		kpptp_tunnel_remove(s->tunnel, s);
	if (!s->ppp_running)
		session_free(s);
}

static void session_send(struct kpptp_session *s, const struct kpptp_msg *msg)
{
	if (s->tunnel)
		kpptp_tunnel_send(s->tunnel, msg);
}

static void session_carry_out(struct kpptp_session *s, const struct kpptp_call_action *action)
{
	switch (action->type) {
	case KPPTP_CALL_ACT_SEND:
		session_send(s, &action->msg);
		break;
	case KPPTP_CALL_ACT_KERNEL_NEW:
		session_request_call(s, &action->peer);
		break;
	case KPPTP_CALL_ACT_KERNEL_SET:
		session_kernel_set(s, &action->peer);
		break;
	case KPPTP_CALL_ACT_KERNEL_DEL:
		if (!s->gone)
			kpptp_dataplane_call_del(s->server->dp, s->handle);
		break;
	case KPPTP_CALL_ACT_START_PPPD:
		kpptp_session_watch(s);
		session_request_pppd(s);
		break;
	case KPPTP_CALL_ACT_REPORT_UP:
		session_up(s);
		break;
	case KPPTP_CALL_ACT_REPORT_FAILED:
		session_report_end(s, false, action->why.text);
		break;
	case KPPTP_CALL_ACT_REPORT_DOWN:
		session_report_end(s, true, action->why.text);
		break;
	case KPPTP_CALL_ACT_CLOSE_CTRL:
		if (s->tunnel)
			kpptp_tunnel_stop_later(s->tunnel, action->why.text);
		break;
	case KPPTP_CALL_ACT_LOG:
		kpptp_session_say(s, action->level, "%s", action->why.text);
		break;
	case KPPTP_CALL_ACT_RELEASE:
		session_release(s);
		break;
	}
}

/*
 * Call before carrying out the actions: the last one may free the session. A
 * request that is refused ends in its initial state, hence the check for RELEASE.
 */
static void session_show_event(const struct kpptp_session *s, enum kpptp_call_state before,
			       const struct kpptp_call_actions *actions)
{
	bool changed = s->call.state != before;
	const char *text = NULL;
	unsigned int i;

	for (i = 0; i < actions->count; i++) {
		if (actions->item[i].type == KPPTP_CALL_ACT_LOG)
			text = actions->item[i].why.text;
		if (actions->item[i].type == KPPTP_CALL_ACT_RELEASE)
			changed = true;
	}
	if (changed)
		kpptp_show_call_event(s, text);
}

/*
 * The call only waits for the data plane's answer, and may outlive its tunnel. If
 * the data plane was not asked yet there will be no answer: this may free the
 * session.
 */
static void session_leave_newcomers(struct kpptp_session *s)
{
	struct kpptp_call_event ev = { .type = KPPTP_CALL_EV_DATA_FAILED };
	bool asked = s->newcomer != KPPTP_NEWCOMER_WAITS;

	session_settle(s);
	if (!asked)
		kpptp_session_step(s, &ev);
}

void kpptp_session_step(struct kpptp_session *s, struct kpptp_call_event *ev)
{
	enum kpptp_call_state before = s->call.state;
	struct kpptp_call_actions actions;
	bool released = false;
	unsigned int i;

	if (s->released)
		return;
	ev->now = kpptp_clock_now();
	kpptp_call_step(&s->call, ev, &actions);
	session_show_event(s, before, &actions);
	for (i = 0; i < actions.count && !released; i++) {
		/* RELEASE is the last one, and may free the session. */
		released = actions.item[i].type == KPPTP_CALL_ACT_RELEASE;
		session_carry_out(s, &actions.item[i]);
	}
	if (released)
		return;
	kpptp_clock_arm(s->timer, kpptp_call_deadline(&s->call));
	if (s->call.state == KPPTP_CALL_CANCELLED)
		session_leave_newcomers(s);
}

static void session_feed(struct kpptp_session *s, struct kpptp_call_event *ev)
{
	if (!s->released && !kpptp_session_defer_end(s, ev))
		kpptp_session_step(s, ev);
}

static void session_feed_text(struct kpptp_session *s, enum kpptp_call_event_type type,
			      const char *text)
{
	struct kpptp_call_event ev = { .type = type, .text = text };

	session_feed(s, &ev);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_session *s = arg;
	char why[96];

	(void)fd;
	(void)what;
	if (s->newcomer != KPPTP_NEWCOMER_WAITS) {
		session_feed_text(s, KPPTP_CALL_EV_TIMER, NULL);
		return;
	}
	snprintf(why, sizeof(why),
		 "limit unauthenticated=%u is reached: no place became free in time",
		 s->server->config.unauthenticated);
	session_feed_text(s, KPPTP_CALL_EV_TIMER, why);
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_session *s = arg;

	(void)fd;
	(void)what;
	session_feed_text(s, s->failure.type, s->failure.text);
}

struct kpptp_session *kpptp_session_new(struct kpptp_tunnel *tunnel, enum kpptp_call_role role,
					const struct kpptp_call_params *params,
					uint32_t flow_control,
					const struct kpptp_session_owner *owner, void *owner_ctx)
{
	struct kpptp_server *server = tunnel->server;
	struct kpptp_session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->server = server;
	s->flow_control = flow_control;
	s->owner = owner;
	s->owner_ctx = owner_ctx;
	s->local = tunnel->local;
	s->peer = tunnel->peer;
	s->timer = evtimer_new(server->base, on_timer, s);
	s->later = evtimer_new(server->base, on_later, s);
	s->watch = evtimer_new(server->base, kpptp_session_on_watch, s);
	if (!s->timer || !s->later || !s->watch) {
		session_free_events(s);
		free(s);
		return NULL;
	}
	s->handle = ++server->last_handle;
	kpptp_call_init(&s->call, role, params);
	LIST_INSERT_HEAD(&server->chains[s->handle % KPPTP_SESSION_CHAINS], s, chain);
	server->session_count++;
	kpptp_tunnel_add(tunnel, s);
	return s;
}

void kpptp_session_start(struct kpptp_session *s)
{
	struct kpptp_call_event ev = { .type = KPPTP_CALL_EV_START };

	s->started = true;
	/* If TCP has only just connected, routing has only just chosen our address. */
	s->local = s->tunnel->local;
	session_feed(s, &ev);
}

void kpptp_session_message(struct kpptp_session *s, const struct kpptp_msg *msg,
			   uint8_t refuse_result, uint8_t refuse_error, const char *why)
{
	struct kpptp_call_event ev = {
		.type = KPPTP_CALL_EV_MSG,
		.msg = msg,
		.refuse_result = refuse_result,
		.refuse_error = refuse_error,
		.text = why,
	};

	session_feed(s, &ev);
}

void kpptp_session_clear(struct kpptp_session *s, const char *why)
{
	session_feed_text(s, KPPTP_CALL_EV_CLEAR, why);
}

void kpptp_session_evict(struct kpptp_session *s, const char *why)
{
	struct kpptp_call_event ev = { .type = KPPTP_CALL_EV_CLEAR, .text = why };

	kpptp_session_step(s, &ev);
}

void kpptp_session_conn_down(struct kpptp_session *s, const char *why)
{
	session_feed_text(s, KPPTP_CALL_EV_CONN_DOWN, why);
}

void kpptp_session_disown(struct kpptp_session *s)
{
	s->owner = NULL;
}

void kpptp_session_free(struct kpptp_session *s)
{
	session_settle(s);
	if (s->tunnel)
		kpptp_tunnel_remove(s->tunnel, s);
	session_free(s);
}

void kpptp_session_ready(struct kpptp_session *s, int err, const char *text, uint16_t id,
			 uint32_t channel)
{
	struct kpptp_call_event ev = {
		.type = KPPTP_CALL_EV_DATA_READY,
		.call_id = id,
		.channel = channel,
	};

	if (err) {
		session_feed_text(s, KPPTP_CALL_EV_DATA_FAILED, text);
		return;
	}
	s->named = true;
	session_feed(s, &ev);
}

void kpptp_session_set_done(struct kpptp_session *s, int err, const char *text)
{
	if (err)
		session_feed_text(s, KPPTP_CALL_EV_DATA_FAILED, text);
}

void kpptp_session_gone(struct kpptp_session *s)
{
	s->gone = true;
	session_feed_text(s, KPPTP_CALL_EV_CLEAR, "the kernel call was deleted by someone else");
}

void kpptp_session_ppp_started(struct kpptp_session *s, pid_t pid)
{
	s->ppp_pid = pid;
	/* The monitor has logged it at a visible level. */
	kpptp_session_say(s, LOG_DEBUG, "pppd runs, process %d", pid);
}

void kpptp_session_ppp_authenticated(struct kpptp_session *s)
{
	kpptp_session_say(s, LOG_DEBUG, "the peer has authenticated, or did not have to");
	session_settle(s);
}

/* The ways in which pppd ends on a hangup: nothing to warn about. */
static bool pppd_end_expected(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGTERM;
	return WEXITSTATUS(status) == PPP_EXIT_OK || WEXITSTATUS(status) == PPP_EXIT_USER_REQUEST ||
	       WEXITSTATUS(status) == PPP_EXIT_HANGUP;
}

void kpptp_session_ppp_exited(struct kpptp_session *s, int status, const char *text)
{
	char why[KPPTP_PRIV_TEXT_SIZE + 16];

	s->ppp_running = false;
	s->ppp_pid = 0;
	snprintf(why, sizeof(why), "%s%s", status < 0 ? "" : "pppd ended: ", text);
	if (!s->released) {
		session_feed_text(s, KPPTP_CALL_EV_PPP_ENDED, why);
		return;
	}
	kpptp_session_say(s, pppd_end_expected(status) ? LOG_DEBUG : LOG_INFO, "%s", why);
	session_free(s);
}
