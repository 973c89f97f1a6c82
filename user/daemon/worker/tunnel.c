// SPDX-License-Identifier: GPL-2.0-or-later
/* A tunnel: carries out what the control connection's state machine decides. */
#include "tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conn.h"
#include "common/log.h"
#include "hosts.h"
#include "common/peer_log.h"
#include "show.h"
#include "tunnel_internal.h"

/* Our Firmware Revision, only for the peer's log. */
#define FIRMWARE_REVISION 1

/* Milliseconds to wait on a connection that exists only to be refused. */
#define REFUSE_TIMEOUT 5000

static void on_timer(evutil_socket_t fd, short what, void *arg);
static void on_later(evutil_socket_t fd, short what, void *arg);

void kpptp_tunnel_log(const struct kpptp_tunnel *t, int priority, const char *fmt, ...)
{
	char addr[INET_ADDRSTRLEN], who[INET_ADDRSTRLEN + 16], text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	inet_ntop(AF_INET, &t->peer, addr, sizeof(addr));
	snprintf(who, sizeof(who), "%s port %u", addr, t->port);
	kpptp_peer_log((struct kpptp_log_about){ .peer = t->peer }, priority, who, text);
}

/* The connection that we are opening to the peer of @t, if any. */
static struct kpptp_tunnel *tunnel_find_opening(const struct kpptp_tunnel *t)
{
	struct kpptp_tunnel *other;

	TAILQ_FOREACH(other, &t->host->tunnels, host_entry)
		if (other->originator && !other->over && other->local.s_addr == t->local.s_addr &&
		    other->ctrl.state == KPPTP_CTRL_WAIT_CTL_REPLY)
			return other;
	return NULL;
}

/* The connection that @t yields to: the peer's own, most recent one. */
static struct kpptp_tunnel *tunnel_find_winner(const struct kpptp_tunnel *t)
{
	struct kpptp_tunnel *other;

	TAILQ_FOREACH_REVERSE(other, &t->host->tunnels, kpptp_host_tunnels, host_entry)
		if (!other->originator && !other->over && other->merged &&
		    other->local.s_addr == t->local.s_addr)
			return other;
	return NULL;
}

static void tunnel_step(struct kpptp_tunnel *t, struct kpptp_ctrl_event *ev);

static void tunnel_close_other(struct kpptp_tunnel *t)
{
	struct kpptp_ctrl_event ev = { .type = KPPTP_CTRL_EV_COLLISION_LOST };
	struct kpptp_tunnel *other = tunnel_find_opening(t);

	t->merged = true;
	if (other)
		tunnel_step(other, &ev);
}

static void tunnel_use_other(struct kpptp_tunnel *t)
{
	struct kpptp_tunnel *winner = tunnel_find_winner(t);

	if (winner)
		kpptp_tunnel_move_calls(t, winner);
	else
		t->server->ops->down(t,
				     "the peer's connection, which was to replace ours, is gone");
}

static void tunnel_carry_out(struct kpptp_tunnel *t, const struct kpptp_ctrl_event *ev,
			     const struct kpptp_ctrl_action *action)
{
	switch (action->type) {
	case KPPTP_CTRL_ACT_SEND:
		kpptp_conn_send(t->conn, &action->msg);
		break;
	case KPPTP_CTRL_ACT_CLOSE:
		kpptp_conn_close(t->conn, action->flush);
		break;
	case KPPTP_CTRL_ACT_UP:
		t->server->ops->up(t);
		break;
	case KPPTP_CTRL_ACT_CALLS_DOWN:
		t->server->ops->down(t, action->why.text);
		break;
	case KPPTP_CTRL_ACT_PASS:
		t->server->ops->message(t, ev->msg);
		break;
	case KPPTP_CTRL_ACT_CLOSE_OTHER:
		tunnel_close_other(t);
		break;
	case KPPTP_CTRL_ACT_USE_OTHER:
		tunnel_use_other(t);
		break;
	case KPPTP_CTRL_ACT_LOG:
		kpptp_tunnel_log(t, action->level, "%s", action->why.text);
		break;
	}
}

/* The PPTP exchange is finished; only the TCP close remains. */
static void tunnel_finish(struct kpptp_tunnel *t)
{
	struct kpptp_session *s;

	if (t->over)
		return;
	t->over = true;
	t->server->closing++;
	kpptp_hosts_settled(&t->server->hosts, t);
	/* Remaining calls wait for the data plane, without a connection. */
	while ((s = TAILQ_FIRST(&t->sessions)))
		kpptp_tunnel_remove(t, s);
	kpptp_hosts_busy(&t->server->hosts, t);
	event_del(t->timer);
	event_del(t->later);
	/* No effect if it was already closed with flush. */
	kpptp_conn_close(t->conn, true);
}

/* Call before carrying out the actions, which may send more events. */
static void tunnel_show_event(const struct kpptp_tunnel *t,
			      const struct kpptp_ctrl_actions *actions)
{
	const char *text = NULL;
	unsigned int i;

	for (i = 0; i < actions->count; i++)
		if (actions->item[i].type == KPPTP_CTRL_ACT_LOG)
			text = actions->item[i].why.text;
	kpptp_show_tunnel_event(t, text);
}

static void tunnel_step(struct kpptp_tunnel *t, struct kpptp_ctrl_event *ev)
{
	enum kpptp_ctrl_state before = t->ctrl.state;
	struct kpptp_ctrl_actions actions;
	unsigned int i;

	ev->now = kpptp_clock_now();
	kpptp_ctrl_step(&t->ctrl, ev, &actions);
	if (t->ctrl.state != before || t->ctrl.finished)
		tunnel_show_event(t, &actions);
	for (i = 0; i < actions.count; i++)
		tunnel_carry_out(t, ev, &actions.item[i]);
	if (t->ctrl.finished)
		tunnel_finish(t);
	else
		kpptp_clock_arm(t->timer, kpptp_ctrl_deadline(&t->ctrl));
	if (t->ctrl.state != KPPTP_CTRL_IDLE) {
		kpptp_hosts_settled(&t->server->hosts, t);
		kpptp_tunnel_note_idle(t);
	}
}

static void tunnel_step_text(struct kpptp_tunnel *t, enum kpptp_ctrl_event_type type,
			     const char *text)
{
	struct kpptp_ctrl_event ev = { .type = type, .text = text };

	tunnel_step(t, &ev);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	tunnel_step_text(arg, KPPTP_CTRL_EV_TIMER, NULL);
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_tunnel *t = arg;

	(void)fd;
	(void)what;
	if (t->over)
		return;
	if (t->stop_why[0])
		kpptp_tunnel_stop(t, KPPTP_STOP_NONE, t->stop_why);
	else if (t->originator && TAILQ_EMPTY(&t->sessions))
		kpptp_tunnel_stop(t, KPPTP_STOP_NONE, "no calls left");
}

static void on_opened(void *ctx)
{
	struct kpptp_tunnel *t = ctx;

	t->local = kpptp_conn_local(t->conn);
	tunnel_step_text(t, KPPTP_CTRL_EV_OPENED, NULL);
}

static void on_message(void *ctx, const struct kpptp_msg *msg)
{
	struct kpptp_tunnel *t = ctx, *other = NULL;
	struct kpptp_ctrl_event ev = { .type = KPPTP_CTRL_EV_MSG, .msg = msg };

	if (msg->type == KPPTP_SCCRQ && !t->originator) {
		other = tunnel_find_opening(t);
		ev.other = other ? KPPTP_CTRL_OTHER_OPENING : KPPTP_CTRL_OTHER_NONE;
		ev.local_addr = ntohl(t->local.s_addr);
		ev.peer_addr = ntohl(t->peer.s_addr);
		if (t->admission.verdict == KPPTP_ADMIT_REFUSE) {
			ev.refuse_result = t->admission.result;
			ev.refuse_error = t->admission.error;
			ev.text = t->admission.text;
		}
	}
	tunnel_step(t, &ev);
	/* The peer will use the connection that we opened. */
	if (other && t->ctrl.mute)
		other->merged = true;
}

static void on_unknown(void *ctx, const char *text)
{
	tunnel_step_text(ctx, KPPTP_CTRL_EV_UNKNOWN_MSG, text);
}

static void on_lost_sync(void *ctx, const char *text)
{
	tunnel_step_text(ctx, KPPTP_CTRL_EV_LOST_SYNC, text);
}

static void on_broken(void *ctx, const char *text)
{
	tunnel_step_text(ctx, KPPTP_CTRL_EV_CLOSED, text);
}

static void tunnel_free(struct kpptp_tunnel *t)
{
	struct kpptp_server *server = t->server;

	kpptp_show_tunnel_gone(t);
	kpptp_hosts_remove(&server->hosts, t);
	TAILQ_REMOVE(&server->tunnels, t, entry);
	server->tunnel_count--;
	if (t->over)
		server->closing--;
	event_free(t->timer);
	event_free(t->later);
	free(t);
}

static void on_gone(void *ctx)
{
	struct kpptp_tunnel *t = ctx;
	struct kpptp_server *server = t->server;

	tunnel_free(t);
	server->ops->tunnel_gone(server);
}

static const struct kpptp_conn_events conn_events = {
	.opened = on_opened,
	.message = on_message,
	.unknown = on_unknown,
	.lost_sync = on_lost_sync,
	.broken = on_broken,
	.gone = on_gone,
};

static void tunnel_init_ctrl(struct kpptp_tunnel *t)
{
	const struct kpptp_config *config = &t->server->config;
	struct kpptp_ctrl_config ctrl;

	kpptp_ctrl_config_default(&ctrl);
	ctrl.pac = !t->originator;
	ctrl.echo_interval = config->echo_interval * 1000;
	ctrl.reply_timeout = config->reply_timeout * 1000;
	if (t->admission.verdict == KPPTP_ADMIT_REFUSE && ctrl.reply_timeout > REFUSE_TIMEOUT)
		ctrl.reply_timeout = REFUSE_TIMEOUT;
	ctrl.local.maximum_channels = config->calls_per_connection;
	ctrl.local.firmware_revision = FIRMWARE_REVISION;
	snprintf(ctrl.local.host_name, sizeof(ctrl.local.host_name), "%s", config->host_name);
	snprintf(ctrl.local.vendor_name, sizeof(ctrl.local.vendor_name), "%s", config->vendor);
	kpptp_ctrl_init(&t->ctrl, t->originator ? KPPTP_CTRL_ORIGINATOR : KPPTP_CTRL_RECEIVER,
			&ctrl);
}

static struct kpptp_tunnel *tunnel_new(struct kpptp_server *server, struct in_addr peer,
				       uint16_t port, bool originator)
{
	struct kpptp_tunnel *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->server = server;
	t->peer = peer;
	t->port = port;
	t->originator = originator;
	t->since = time(NULL);
	TAILQ_INIT(&t->sessions);
	t->timer = evtimer_new(server->base, on_timer, t);
	t->later = evtimer_new(server->base, on_later, t);
	if (!t->timer || !t->later || kpptp_hosts_add(&server->hosts, t) < 0) {
		if (t->timer)
			event_free(t->timer);
		if (t->later)
			event_free(t->later);
		free(t);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&server->tunnels, t, entry);
	server->tunnel_count++;
	return t;
}

int kpptp_tunnel_accept(struct kpptp_server *server, int fd, const struct sockaddr_in *peer,
			const struct kpptp_admission *admission)
{
	struct kpptp_tunnel *t = tunnel_new(server, peer->sin_addr, ntohs(peer->sin_port), false);

	if (!t)
		return -1;
	t->admission = *admission;
	t->conn = kpptp_conn_accept(server->base, fd, &conn_events, t);
	if (!t->conn) {
		tunnel_free(t);
		return -1;
	}
	t->local = kpptp_conn_local(t->conn);
	tunnel_init_ctrl(t);
	kpptp_hosts_opened(&server->hosts, t, kpptp_clock_now());
	/* A flood of connections must not flood the log. */
	kpptp_tunnel_log(t, LOG_DEBUG, "TCP connection accepted");
	tunnel_step_text(t, KPPTP_CTRL_EV_OPENED, NULL);
	return 0;
}

static struct kpptp_tunnel *tunnel_find_usable(struct kpptp_server *server, struct in_addr local,
					       struct in_addr peer, uint16_t port)
{
	struct kpptp_host *host = kpptp_hosts_find(&server->hosts, peer);
	struct kpptp_tunnel *t;

	if (!host)
		return NULL;
	TAILQ_FOREACH(t, &host->tunnels, host_entry) {
		if (t->over || t->stop_why[0] || t->ctrl.state == KPPTP_CTRL_WAIT_STOP_REPLY)
			continue;
		if (local.s_addr != htonl(INADDR_ANY) && local.s_addr != t->local.s_addr)
			continue;
		if (((t->originator && t->port == port) || (!t->originator && t->merged)) &&
		    !kpptp_tunnel_clears_a_call(t))
			return t;
	}
	return NULL;
}

struct kpptp_tunnel *kpptp_tunnel_get(struct kpptp_server *server, struct in_addr local,
				      struct in_addr peer, uint16_t port)
{
	struct kpptp_tunnel *t = tunnel_find_usable(server, local, peer, port);
	int err;

	if (t)
		return t;
	t = tunnel_new(server, peer, port, true);
	if (!t) {
		errno = ENOMEM;
		return NULL;
	}
	t->local = local;
	t->conn = kpptp_conn_connect(server->base, local, peer, port,
				     server->config.reply_timeout * 1000, &conn_events, t);
	if (!t->conn) {
		err = errno;
		tunnel_free(t);
		errno = err;
		return NULL;
	}
	tunnel_init_ctrl(t);
	kpptp_tunnel_log(t, LOG_INFO, "opening a control connection");
	return t;
}

bool kpptp_tunnel_poll(struct kpptp_tunnel *t)
{
	kpptp_conn_poll(t->conn);
	return !t->half_open;
}

void kpptp_tunnel_drop(struct kpptp_tunnel *t)
{
	kpptp_conn_close(t->conn, false);
	tunnel_finish(t);
}

void kpptp_tunnel_evict(struct kpptp_tunnel *t, const char *why)
{
	tunnel_step_text(t, KPPTP_CTRL_EV_EVICT, why);
	/* Only so many may take their time to read what was sent. */
	if (t->server->closing > KPPTP_SERVER_CLOSING_MAX)
		kpptp_conn_close(t->conn, false);
}

void kpptp_tunnel_send(struct kpptp_tunnel *t, const struct kpptp_msg *msg)
{
	kpptp_conn_send(t->conn, msg);
}

void kpptp_tunnel_stop(struct kpptp_tunnel *t, uint8_t reason, const char *why)
{
	struct kpptp_ctrl_event ev = {
		.type = KPPTP_CTRL_EV_STOP,
		.stop_reason = reason,
		.text = why,
	};

	tunnel_step(t, &ev);
}

void kpptp_tunnel_stop_later(struct kpptp_tunnel *t, const char *why)
{
	if (t->over || t->stop_why[0])
		return;
	snprintf(t->stop_why, sizeof(t->stop_why), "%s", why);
	event_active(t->later, EV_TIMEOUT, 0);
}

void kpptp_tunnel_free(struct kpptp_tunnel *t)
{
	kpptp_conn_free(t->conn);
	tunnel_free(t);
}
