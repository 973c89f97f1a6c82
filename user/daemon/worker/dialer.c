// SPDX-License-Identifier: GPL-2.0-or-later
/* A dialer places one call: one server after another. */
#include "dialer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "addr.h"
#include "server.h"
#include "session.h"
#include "tunnel.h"

/**
 * struct kpptp_dialer - one dial
 * @next: the next server to try
 * @session: the call to the server being tried, or that accepted it
 * @failure: all failures so far
 * @down: why the established call ended; empty before
 * @later: for what must not happen inside a step of the session
 */
struct kpptp_dialer {
	struct kpptp_server *server;
	struct kpptp_dialer_request request;
	const struct kpptp_dialer_events *events;
	void *ctx;
	unsigned int next;
	struct kpptp_session *session;
	struct event *later;
	struct timespec began;
	bool up;
	char failure[512];
	char down[256];
};

static const struct kpptp_session_owner owner;

static double dialer_seconds_since(const struct timespec *began)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - began->tv_sec + (now.tv_nsec - began->tv_nsec) / 1e9;
}

static void dialer_note_failure(struct kpptp_dialer *d, struct in_addr peer, const char *why)
{
	size_t used = strlen(d->failure);
	char addr[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &peer, addr, sizeof(addr));
	snprintf(d->failure + used, sizeof(d->failure) - used, "%s%s: %s", used ? "; " : "", addr,
		 why);
}

static void dialer_fill_params(const struct kpptp_dialer *d, struct kpptp_call_params *params)
{
	const struct kpptp_dialer_request *r = &d->request;
	const struct kpptp_config *config = &d->server->config;

	kpptp_call_params_default(params, r->role);
	params->recv_window_size = r->window;
	params->link_info = config->link_info;
	params->reply_timeout = config->reply_timeout * 1000;
	params->call_serial_number = ++d->server->last_serial;
	params->physical_channel_id = r->physical_channel;
	params->start_pppd = false;
	snprintf(params->phone_number, sizeof(params->phone_number), "%s", r->number);
	snprintf(params->dialing_number, sizeof(params->dialing_number), "%s", r->dialing_number);
}

static bool dialer_try_server(struct kpptp_dialer *d, struct in_addr peer)
{
	const struct kpptp_dialer_request *r = &d->request;
	const struct kpptp_config *config = &d->server->config;
	struct kpptp_call_params params;
	struct kpptp_tunnel *t;
	char why[64];

	/* A blocked name may resolve to 0.0.0.0, which TCP takes for ourselves. */
	if (!kpptp_addr_is_host(peer)) {
		dialer_note_failure(d, peer, "not the address of a host");
		return false;
	}
	if (d->server->session_count >= config->calls) {
		snprintf(why, sizeof(why), "limit calls=%u is reached", config->calls);
		dialer_note_failure(d, peer, why);
		return false;
	}
	/* The sandbox would return EACCES, or allow it where it cannot check. */
	if (!kpptp_config_dials(config, r->port)) {
		snprintf(why, sizeof(why), "port %u is not one of dial-ports in [worker]", r->port);
		dialer_note_failure(d, peer, why);
		return false;
	}
	t = kpptp_tunnel_get(d->server, r->local, peer, r->port);
	if (!t) {
		dialer_note_failure(d, peer, strerror(errno));
		return false;
	}
	dialer_fill_params(d, &params);
	d->session = kpptp_session_new(t, r->role, &params, r->flow_control, &owner, d);
	if (!d->session) {
		dialer_note_failure(d, peer, strerror(ENOMEM));
		return false;
	}
	if (t->ctrl.state == KPPTP_CTRL_ESTABLISHED)
		kpptp_session_start(d->session);
	return true;
}

/* Try the next server, or report the outcome. */
static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_dialer *d = arg;

	(void)fd;
	(void)what;
	if (d->up) {
		d->events->down(d->ctx, d->down);
		return;
	}
	while (d->next < d->request.count && !d->server->stopping)
		if (dialer_try_server(d, d->request.servers[d->next++]))
			return;
	if (!d->failure[0])
		snprintf(d->failure, sizeof(d->failure), "kpptpd is being stopped");
	d->events->failed(d->ctx, d->failure);
}

static void on_up(void *ctx)
{
	struct kpptp_dialer *d = ctx;

	d->up = true;
	d->events->up(d->ctx, d->session, dialer_seconds_since(&d->began));
}

static void on_failed(void *ctx, const char *text)
{
	struct kpptp_dialer *d = ctx;

	dialer_note_failure(d, d->session->peer, text);
	d->session = NULL;
	event_active(d->later, EV_TIMEOUT, 0);
}

static void on_down(void *ctx, const char *text)
{
	struct kpptp_dialer *d = ctx;

	d->session = NULL;
	snprintf(d->down, sizeof(d->down), "%s", text);
	event_active(d->later, EV_TIMEOUT, 0);
}

static const struct kpptp_session_owner owner = {
	.up = on_up,
	.failed = on_failed,
	.down = on_down,
};

struct kpptp_dialer *kpptp_dialer_new(struct kpptp_server *server,
				      const struct kpptp_dialer_request *request,
				      const struct kpptp_dialer_events *events, void *ctx)
{
	struct kpptp_dialer *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->server = server;
	d->request = *request;
	d->events = events;
	d->ctx = ctx;
	clock_gettime(CLOCK_MONOTONIC, &d->began);
	d->later = evtimer_new(server->base, on_later, d);
	if (!d->later) {
		free(d);
		return NULL;
	}
	event_active(d->later, EV_TIMEOUT, 0);
	return d;
}

void kpptp_dialer_free(struct kpptp_dialer *d)
{
	if (!d)
		return;
	if (d->session) {
		kpptp_session_disown(d->session);
		kpptp_session_clear(d->session, "the local requester hung up");
	}
	event_free(d->later);
	free(d);
}
