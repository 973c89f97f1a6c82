// SPDX-License-Identifier: GPL-2.0-or-later
/* The server: all control connections and calls, and the data plane's answers. */
#include "server.h"

#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fsm/ctrl_fsm.h"
#include "clock.h"
#include "common/log.h"
#include "dispatch.h"
#include "hosts.h"
#include "common/lru.h"
#include "newcomers.h"
#include "common/peer_log.h"
#include "reload.h"
#include "session.h"
#include "tunnel.h"

/* Addresses for which the rate of call requests is remembered. */
#define CALL_RATES 4096

/* Seconds between checks for waiting newcomers. */
#define NEWCOMER_SECONDS 1

/* Seconds for the peers to answer our last requests. */
#define STOP_SECONDS 3

static struct kpptp_session *server_find_handle(struct kpptp_server *server, uint32_t handle)
{
	struct kpptp_session *s;

	LIST_FOREACH(s, &server->chains[handle % KPPTP_SESSION_CHAINS], chain)
		if (s->handle == handle)
			return s;
	return NULL;
}

static void on_call_ready(void *ctx, uint32_t handle, int err, const char *text, uint16_t id,
			  uint32_t channel)
{
	struct kpptp_session *s = server_find_handle(ctx, handle);

	if (s)
		kpptp_session_ready(s, err, text, id, channel);
}

static void on_call_set_done(void *ctx, uint32_t handle, int err, const char *text)
{
	struct kpptp_session *s = server_find_handle(ctx, handle);

	if (s)
		kpptp_session_set_done(s, err, text);
}

static void on_call_gone(void *ctx, uint32_t handle)
{
	struct kpptp_session *s = server_find_handle(ctx, handle);

	if (s)
		kpptp_session_gone(s);
}

static void on_ppp_started(void *ctx, uint32_t handle, pid_t pid)
{
	struct kpptp_session *s = server_find_handle(ctx, handle);

	if (s)
		kpptp_session_ppp_started(s, pid);
}

static void on_ppp_authenticated(void *ctx, uint32_t handle)
{
	struct kpptp_session *s = server_find_handle(ctx, handle);

	if (s)
		kpptp_session_ppp_authenticated(s);
}

static void on_ppp_exited(void *ctx, uint32_t handle, int status, const char *text)
{
	struct kpptp_session *s = server_find_handle(ctx, handle);

	if (s)
		kpptp_session_ppp_exited(s, status, text);
}

static void on_stats(void *ctx, uint32_t handle, int err, const struct kpptp_call_stats *stats)
{
	struct kpptp_session *s = server_find_handle(ctx, handle);

	if (s)
		kpptp_session_stats(s, err, stats);
}

static void on_stop(void *ctx)
{
	kpptp_server_stop(ctx);
}

static void on_reload(void *ctx, const void *blob, size_t len)
{
	struct kpptp_config config;

	if (len != sizeof(config)) {
		kpptp_log(LOG_ERR,
			  "reload: got %zu bytes, expected %zu: was kpptpd replaced while running? Restart it",
			  len, sizeof(config));
		return;
	}
	/* The blob may be unaligned. */
	memcpy(&config, blob, sizeof(config));
	kpptp_server_reload(ctx, &config);
}

static void on_closed(void *ctx, const char *text)
{
	struct kpptp_server *server = ctx;

	server->hooks->lost(server->ctx, text);
}

const struct kpptp_dataplane_events kpptp_server_dataplane_events = {
	.call_ready = on_call_ready,
	.call_set_done = on_call_set_done,
	.call_gone = on_call_gone,
	.ppp_started = on_ppp_started,
	.ppp_exited = on_ppp_exited,
	.ppp_authenticated = on_ppp_authenticated,
	.stats = on_stats,
	.stop = on_stop,
	.reload = on_reload,
	.closed = on_closed,
};

static void server_report_stopped(struct kpptp_server *server)
{
	event_del(server->stop_timer);
	server->hooks->stopped(server->ctx);
}

static void on_stop_timer(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_server *server = arg;

	(void)fd;
	(void)what;
	if (server->tunnel_count)
		kpptp_log(LOG_NOTICE,
			  "stopping with %u control connections that did not "
			  "close in time",
			  server->tunnel_count);
	server_report_stopped(server);
}

static void server_watch_idle(struct kpptp_server *server)
{
	const struct kpptp_tunnel *first = TAILQ_FIRST(&server->hosts.idle);
	unsigned int timeout = server->config.idle_timeout;

	if (first && timeout && !event_pending(server->idle_timer, EV_TIMEOUT, NULL))
		kpptp_clock_arm(server->idle_timer, first->waits_since + timeout * 1000ULL);
}

/* The tunnel for which it was armed may be busy or gone by now. */
static void on_idle_timer(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_server *server = arg;
	unsigned int timeout = server->config.idle_timeout;
	uint64_t now = kpptp_clock_now();
	struct kpptp_tunnel *t;
	char why[64];

	(void)fd;
	(void)what;
	snprintf(why, sizeof(why), "no call for idle-timeout=%u s", timeout);
	while (timeout && (t = kpptp_hosts_overdue(&server->hosts, now, timeout * 1000ULL))) {
		/* Limit the wait for its reply too: restart its idle time. */
		kpptp_hosts_idle(&server->hosts, t, now);
		kpptp_tunnel_stop(t, KPPTP_STOP_NONE, why);
	}
	server_watch_idle(server);
}

static void server_newcomers_changed(struct kpptp_server *server)
{
	event_active(server->newcomer_timer, EV_TIMEOUT, 0);
}

static void on_newcomer_timer(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_server *server = arg;
	struct kpptp_newcomers *newcomers = &server->newcomers;
	unsigned int limit = server->config.unauthenticated;
	struct timeval tv = { NEWCOMER_SECONDS, 0 };
	uint64_t now = kpptp_clock_now();
	struct kpptp_session *s;
	char why[96];

	(void)fd;
	(void)what;
	snprintf(why, sizeof(why), "limit unauthenticated=%u is reached: evicted to make room",
		 limit);
	/* One evicted before the monitor has answered is over at once. */
	do {
		while ((s = kpptp_newcomers_next(newcomers, limit, now)))
			kpptp_session_placed(s);
		s = kpptp_newcomers_evict(newcomers, now);
		if (s)
			kpptp_session_evict(s, why);
	} while (s);
	if (newcomers->waiting_count)
		event_add(server->newcomer_timer, &tv);
}

static void server_tunnel_gone(struct kpptp_server *server)
{
	if (server->stopping && !server->tunnel_count)
		event_active(server->stop_timer, EV_TIMEOUT, 0);
}

static const struct kpptp_server_ops server_ops = {
	.up = kpptp_dispatch_up,
	.down = kpptp_dispatch_down,
	.message = kpptp_dispatch_message,
	.tunnel_gone = server_tunnel_gone,
	.idle = server_watch_idle,
	.newcomers = server_newcomers_changed,
};

struct kpptp_server *kpptp_server_new(struct event_base *base, const struct kpptp_config *config,
				      const struct kpptp_server_hooks *hooks, void *ctx)
{
	struct kpptp_server *server = calloc(1, sizeof(*server));

	if (!server)
		return NULL;
	server->base = base;
	server->config = *config;
	server->hooks = hooks;
	server->ctx = ctx;
	server->ops = &server_ops;
	server->listen_fd = -1;
	TAILQ_INIT(&server->tunnels);
	LIST_INIT(&server->shows);
	kpptp_hosts_init(&server->hosts);
	kpptp_newcomers_init(&server->newcomers);
	server->stop_timer = evtimer_new(base, on_stop_timer, server);
	server->idle_timer = evtimer_new(base, on_idle_timer, server);
	server->newcomer_timer = evtimer_new(base, on_newcomer_timer, server);
	server->call_rates = kpptp_lru_new(CALL_RATES, sizeof(struct kpptp_rate), NULL, NULL);
	if (!server->stop_timer || !server->idle_timer || !server->newcomer_timer ||
	    !server->call_rates) {
		kpptp_server_free(server);
		return NULL;
	}
	kpptp_peer_log_open(base);
	return server;
}

void kpptp_server_set_dataplane(struct kpptp_server *server, struct kpptp_dataplane *dp)
{
	server->dp = dp;
}

void kpptp_server_reload(struct kpptp_server *server, const struct kpptp_config *config)
{
	kpptp_reload(&server->config, config);
	event_del(server->idle_timer);
	server_watch_idle(server);
	kpptp_log(LOG_NOTICE,
		  "configuration reloaded; %u control connections and %u calls continue",
		  server->tunnel_count, server->session_count);
}

void kpptp_server_stop(struct kpptp_server *server)
{
	struct timeval tv = { STOP_SECONDS, 0 };
	struct kpptp_tunnel *t;

	if (server->stopping)
		return;
	server->stopping = true;
	kpptp_log(LOG_NOTICE, "stopping: closing %u control connections", server->tunnel_count);
	kpptp_server_stop_listening(server);
	/* Tunnels leave the list only from the event loop. */
	TAILQ_FOREACH(t, &server->tunnels, entry)
		if (!t->over)
			kpptp_tunnel_stop(t, KPPTP_STOP_LOCAL_SHUTDOWN,
					  "the daemon is being stopped");
	if (!server->tunnel_count)
		tv.tv_sec = 0;
	event_add(server->stop_timer, &tv);
}

void kpptp_server_free(struct kpptp_server *server)
{
	struct kpptp_tunnel *t;
	unsigned int i;

	if (!server)
		return;
	kpptp_dataplane_close(server->dp);
	for (i = 0; i < KPPTP_SESSION_CHAINS; i++)
		while (!LIST_EMPTY(&server->chains[i]))
			kpptp_session_free(LIST_FIRST(&server->chains[i]));
	while ((t = TAILQ_FIRST(&server->tunnels)))
		kpptp_tunnel_free(t);
	kpptp_server_stop_listening(server);
	if (server->stop_timer)
		event_free(server->stop_timer);
	if (server->idle_timer)
		event_free(server->idle_timer);
	if (server->newcomer_timer)
		event_free(server->newcomer_timer);
	kpptp_lru_free(server->call_rates);
	kpptp_peer_log_close();
	free(server);
}

struct kpptp_session *kpptp_server_find_call(struct kpptp_server *server, struct in_addr local,
					     struct in_addr peer, uint16_t id)
{
	struct kpptp_host *host = kpptp_hosts_find(&server->hosts, peer);
	struct kpptp_tunnel *t;
	struct kpptp_session *s;

	if (!host)
		return NULL;
	TAILQ_FOREACH(t, &host->tunnels, host_entry) {
		if (t->local.s_addr != local.s_addr)
			continue;
		TAILQ_FOREACH(s, &t->sessions, entry)
			if (s->call.kernel && s->call.call_id == id)
				return s;
	}
	return NULL;
}
