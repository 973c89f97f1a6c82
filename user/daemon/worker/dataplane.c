// SPDX-License-Identifier: GPL-2.0-or-later
/* The worker's client of the monitor: the real data plane, see dataplane.h. */
#include "dataplane.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "common/log.h"
#include "common/port.h"
#include "common/priv.h"

struct client {
	struct kpptp_dataplane dp;
	const struct kpptp_dataplane_events *events;
	void *ctx;
	struct kpptp_port *port;
};

static struct client *client_of(struct kpptp_dataplane *dp)
{
	return (struct client *)dp;
}

static int client_send(struct kpptp_dataplane *dp, const struct kpptp_priv_msg *msg, bool always)
{
	struct client *client = client_of(dp);
	char err[160];

	if (kpptp_priv_check_request(msg, err, sizeof(err))) {
		kpptp_log(LOG_ERR, "not sending a bad request to the monitor: %s", err);
		return -EINVAL;
	}
	/* There is no port after closed() was reported. */
	return client->port ? kpptp_port_send(client->port, msg, always) : -EPIPE;
}

/*
 * A call makes only a few requests in its life, so calls= limits how many can wait
 * for the monitor: always queue them, or calls would fail when many begin at once.
 * Statistics are requested repeatedly and may be refused.
 */
static int send_plain(struct kpptp_dataplane *dp, enum kpptp_priv_type type, uint32_t handle,
		      bool always)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, type, handle);
	return client_send(dp, &msg, always);
}

static int client_ready(struct kpptp_dataplane *dp)
{
	return send_plain(dp, KPPTP_PRIV_READY, 0, true);
}

static int client_call_new(struct kpptp_dataplane *dp, uint32_t handle,
			   const struct kpptp_dataplane_call *call)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_NEW, handle);
	msg.call_new.local = call->local.s_addr;
	msg.call_new.peer = call->peer.s_addr;
	msg.call_new.flow_control = call->flow_control;
	msg.call_new.window = call->window;
	if (call->has_peer) {
		msg.call_new.has_peer = 1;
		msg.call_new.peer_id = call->peer_id;
		msg.call_new.peer_window = call->peer_window;
		msg.call_new.peer_ppd = call->peer_ppd;
	}
	return client_send(dp, &msg, true);
}

static int client_call_set(struct kpptp_dataplane *dp, uint32_t handle, uint16_t peer_id,
			   uint16_t peer_window, uint16_t peer_ppd)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_SET, handle);
	msg.call_set.peer_id = peer_id;
	msg.call_set.peer_window = peer_window;
	msg.call_set.peer_ppd = peer_ppd;
	return client_send(dp, &msg, true);
}

static int client_call_del(struct kpptp_dataplane *dp, uint32_t handle)
{
	return send_plain(dp, KPPTP_PRIV_CALL_DEL, handle, true);
}

static int client_call_stats(struct kpptp_dataplane *dp, uint32_t handle)
{
	return send_plain(dp, KPPTP_PRIV_CALL_STATS, handle, false);
}

static int client_ppp_start(struct kpptp_dataplane *dp, uint32_t handle)
{
	return send_plain(dp, KPPTP_PRIV_PPP_START, handle, true);
}

static int client_ppp_stop(struct kpptp_dataplane *dp, uint32_t handle)
{
	return send_plain(dp, KPPTP_PRIV_PPP_STOP, handle, true);
}

static void client_close(struct kpptp_dataplane *dp)
{
	struct client *client = client_of(dp);

	kpptp_port_free(client->port);
	free(client);
}

static const struct kpptp_dataplane_ops client_ops = {
	.ready = client_ready,
	.call_new = client_call_new,
	.call_set = client_call_set,
	.call_del = client_call_del,
	.call_stats = client_call_stats,
	.ppp_start = client_ppp_start,
	.ppp_stop = client_ppp_stop,
	.close = client_close,
};

void kpptp_dataplane_dispatch(const struct kpptp_dataplane_events *events, void *ctx,
			      const struct kpptp_priv_msg *msg)
{
	switch (msg->type) {
	case KPPTP_PRIV_CALL_READY:
		events->call_ready(ctx, msg->handle, msg->call_ready.err, msg->call_ready.text,
				   msg->call_ready.id, msg->call_ready.channel);
		break;
	case KPPTP_PRIV_CALL_SET_DONE:
		events->call_set_done(ctx, msg->handle, msg->call_set_done.err,
				      msg->call_set_done.text);
		break;
	case KPPTP_PRIV_CALL_GONE:
		events->call_gone(ctx, msg->handle);
		break;
	case KPPTP_PRIV_STATS:
		events->stats(ctx, msg->handle, msg->stats.err,
			      msg->stats.err ? NULL : &msg->stats.stats);
		break;
	case KPPTP_PRIV_PPP_STARTED:
		events->ppp_started(ctx, msg->handle, msg->ppp_started.pid);
		break;
	case KPPTP_PRIV_PPP_EXITED:
		events->ppp_exited(ctx, msg->handle, msg->ppp_exited.status, msg->ppp_exited.text);
		break;
	case KPPTP_PRIV_PPP_AUTHENTICATED:
		events->ppp_authenticated(ctx, msg->handle);
		break;
	case KPPTP_PRIV_STOP:
		events->stop(ctx);
		break;
	case KPPTP_PRIV_RELOAD:
		events->reload(ctx, msg->reload.blob, msg->reload.len);
		break;
	}
}

/* Close the port first: nothing may follow closed(). */
static void client_broken(struct client *client, const char *text)
{
	kpptp_port_free(client->port);
	client->port = NULL;
	client->events->closed(client->ctx, text);
}

static void on_message(void *ctx, const void *buf, size_t len)
{
	struct client *client = ctx;
	struct kpptp_priv_msg msg;
	char text[256];
	char err[160];

	if (!kpptp_priv_parse_answer(buf, len, &msg, err, sizeof(err))) {
		kpptp_dataplane_dispatch(client->events, client->ctx, &msg);
		return;
	}
	snprintf(text, sizeof(text), "the monitor sent an invalid message: %s", err);
	client_broken(client, text);
}

static void on_closed(void *ctx)
{
	client_broken(ctx, "the monitor has exited");
}

static const struct kpptp_port_events port_events = {
	.message = on_message,
	.closed = on_closed,
};

struct kpptp_dataplane *kpptp_dataplane_open(struct event_base *base, int sock,
					     const struct kpptp_dataplane_events *events, void *ctx)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->dp.ops = &client_ops;
	client->events = events;
	client->ctx = ctx;
	client->port = kpptp_port_new(base, sock, false, &port_events, client);
	if (client->port)
		return &client->dp;
	free(client);
	return NULL;
}
