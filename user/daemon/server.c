// SPDX-License-Identifier: GPL-2.0-or-later
/* The server: accepts, and passes the data plane's answers to their calls. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ctrl_fsm.h"
#include "log.h"
#include "pool.h"
#include "reload.h"
#include "session.h"
#include "tunnel.h"

/* Connections taken from the queue before other events have their turn. */
#define ACCEPT_BATCH 16

/* Milliseconds that a half-open connection keeps its place at least ... */
#define HALF_OPEN_GRACE 1000
/* ... unless one address has this part of the places, a fourth. */
#define HALF_OPEN_SHARE 4

/* Seconds that the peers have to answer our last requests. */
#define STOP_SECONDS 3

/* Milliseconds between two lines about dropped connections. */
#define DROP_LOG_INTERVAL 1000

uint64_t kpptp_server_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void kpptp_server_arm(struct event *timer, uint64_t deadline)
{
	uint64_t now = kpptp_server_now(), wait;
	struct timeval tv;

	if (deadline == KPPTP_NO_DEADLINE) {
		event_del(timer);
		return;
	}
	wait = deadline > now ? deadline - now : 0;
	tv.tv_sec = wait / 1000;
	tv.tv_usec = wait % 1000 * 1000;
	event_add(timer, &tv);
}

static struct kpptp_session *find_handle(struct kpptp_server *server,
					 uint32_t handle)
{
	struct kpptp_session *s;

	LIST_FOREACH(s, &server->chains[handle % KPPTP_SESSION_CHAINS], chain)
		if (s->handle == handle)
			return s;
	return NULL;
}

static void on_call_ready(void *ctx, uint32_t handle, int err, const char *text,
			  uint16_t id, uint32_t channel)
{
	struct kpptp_session *s = find_handle(ctx, handle);

	if (s)
		kpptp_session_ready(s, err, text, id, channel);
}

static void on_call_set_done(void *ctx, uint32_t handle, int err,
			     const char *text)
{
	struct kpptp_session *s = find_handle(ctx, handle);

	if (s)
		kpptp_session_set_done(s, err, text);
}

static void on_call_gone(void *ctx, uint32_t handle)
{
	struct kpptp_session *s = find_handle(ctx, handle);

	if (s)
		kpptp_session_gone(s);
}

static void on_ppp_started(void *ctx, uint32_t handle, pid_t pid)
{
	struct kpptp_session *s = find_handle(ctx, handle);

	if (s)
		kpptp_session_ppp_started(s, pid);
}

static void on_ppp_exited(void *ctx, uint32_t handle, int status,
			  const char *text)
{
	struct kpptp_session *s = find_handle(ctx, handle);

	if (s)
		kpptp_session_ppp_exited(s, status, text);
}

static void on_stats(void *ctx, uint32_t handle, int err,
		     const struct kpptp_call_stats *stats)
{
	struct kpptp_session *s = find_handle(ctx, handle);

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
			  "reload: got %zu octets, expected %zu: was kpptpd "
			  "replaced while it runs? Restart it",
			  len, sizeof(config));
		return;
	}
	/* The message may lie at any address. */
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
	.stats = on_stats,
	.stop = on_stop,
	.reload = on_reload,
	.closed = on_closed,
};

/* A flood of connections must not become a flood of lines. */
static void log_drop(struct kpptp_server *server, struct in_addr peer,
		     const char *why)
{
	uint64_t now = kpptp_server_now();
	char addr[INET_ADDRSTRLEN];

	if (server->drop_log && now - server->drop_log < DROP_LOG_INTERVAL) {
		server->drops++;
		return;
	}
	inet_ntop(AF_INET, &peer, addr, sizeof(addr));
	kpptp_log(LOG_WARNING,
		  "%s: dropping the TCP connection: %s (%u others since the "
		  "last such line)",
		  addr, why, server->drops);
	server->drop_log = now;
	server->drops = 0;
}

/* The newcomer is among those that are counted, and the last to be chosen. */
static void make_room(struct kpptp_server *server)
{
	unsigned int limit = server->config.half_open;
	struct kpptp_tunnel *victim;
	char why[64];

	while (server->hosts.half_open_count > limit) {
		victim = kpptp_hosts_victim(&server->hosts);
		snprintf(why, sizeof(why),
			 "limit half-open=%u is reached, it makes room", limit);
		log_drop(server, victim->peer, why);
		kpptp_tunnel_drop(victim);
	}
}

/*
 * Many clients that come at once, as after a restart, all need a place for a
 * round trip: the next one waits in the kernel's queue until they have had the
 * time for it. Not so when one address has more than its share: then that one
 * makes room.
 */
static bool must_wait(const struct kpptp_server *server)
{
	const struct kpptp_hosts *hosts = &server->hosts;
	unsigned int limit = server->config.half_open;
	const struct kpptp_tunnel *oldest;

	if (hosts->half_open_count < limit)
		return false;
	oldest = TAILQ_FIRST(&hosts->half_open);
	return kpptp_server_now() - oldest->half_open_since < HALF_OPEN_GRACE &&
	       kpptp_hosts_victim(hosts)->host->half_open <=
		       limit / HALF_OPEN_SHARE;
}

static void take(struct kpptp_server *server, int fd,
		 const struct sockaddr_in *peer)
{
	const struct kpptp_host *host =
		kpptp_hosts_find(&server->hosts, peer->sin_addr);
	const struct kpptp_admit_load load = {
		.connections = server->tunnel_count,
		.from_address = host ? host->accepted : 0,
	};
	struct kpptp_admission admission;

	kpptp_admit(&admission, &server->config, &load, &server->rate,
		    peer->sin_addr, kpptp_server_now());
	if (admission.verdict == KPPTP_ADMIT_DROP) {
		log_drop(server, peer->sin_addr, admission.text);
		close(fd);
	} else if (kpptp_tunnel_accept(server, fd, peer, &admission) < 0) {
		log_drop(server, peer->sin_addr, strerror(ENOMEM));
		close(fd);
	} else {
		make_room(server);
	}
}

static void on_acceptable(evutil_socket_t listener, short what, void *arg)
{
	struct kpptp_server *server = arg;
	struct timeval second = { 1, 0 }, moment = { 0, 20000 };
	struct sockaddr_in peer;
	socklen_t len;
	int fd, i;

	(void)what;
	for (i = 0; i < ACCEPT_BATCH; i++) {
		if (must_wait(server)) {
			event_del(server->listener);
			event_add(server->pause, &moment);
			return;
		}
		len = sizeof(peer);
		fd = accept4(listener, (struct sockaddr *)&peer, &len,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			take(server, fd, &peer);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			/* The queue stays readable: do not spin over it. */
			kpptp_log(LOG_ERR,
				  "cannot accept connections for a second: %s",
				  strerror(errno));
			event_del(server->listener);
			event_add(server->pause, &second);
		}
		return;
	}
}

static void on_pause_end(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_server *server = arg;

	(void)fd;
	(void)what;
	if (server->listener)
		event_add(server->listener, NULL);
}

static void report_stopped(struct kpptp_server *server)
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
	report_stopped(server);
}

/* Make the pool that the configuration wants, with what is in use taken. */
static void make_pool(struct kpptp_server *server)
{
	const struct kpptp_range *range = &server->config.remote_addresses;
	struct kpptp_pool *pool = NULL;
	struct kpptp_session *s;
	unsigned int i;

	if (range->first.s_addr != htonl(INADDR_ANY)) {
		pool = kpptp_pool_new(range->first, range->last);
		if (!pool) {
			kpptp_log(LOG_ERR, "no memory for remote-addresses: "
					   "keeping what was");
			return;
		}
		kpptp_pool_reserve(pool, server->config.local_address);
		for (i = 0; i < KPPTP_SESSION_CHAINS; i++)
			LIST_FOREACH(s, &server->chains[i], chain)
				kpptp_pool_reserve(pool, s->ppp_remote);
	}
	kpptp_pool_free(server->pool);
	server->pool = pool;
}

struct kpptp_server *kpptp_server_new(struct event_base *base,
				      const struct kpptp_config *config,
				      const struct kpptp_server_hooks *hooks,
				      void *ctx)
{
	struct kpptp_server *server = calloc(1, sizeof(*server));

	if (!server)
		return NULL;
	server->base = base;
	server->config = *config;
	server->hooks = hooks;
	server->ctx = ctx;
	server->listen_fd = -1;
	TAILQ_INIT(&server->tunnels);
	kpptp_hosts_init(&server->hosts);
	server->pause = evtimer_new(base, on_pause_end, server);
	server->stop_timer = evtimer_new(base, on_stop_timer, server);
	if (!server->pause || !server->stop_timer) {
		kpptp_server_free(server);
		return NULL;
	}
	make_pool(server);
	return server;
}

void kpptp_server_set_dataplane(struct kpptp_server *server,
				struct kpptp_dataplane *dp)
{
	server->dp = dp;
}

int kpptp_server_listen(struct kpptp_server *server, int fd)
{
	server->listener = event_new(server->base, fd, EV_READ | EV_PERSIST,
				     on_acceptable, server);
	if (!server->listener)
		return -1;
	server->listen_fd = fd;
	return event_add(server->listener, NULL);
}

static void stop_listening(struct kpptp_server *server)
{
	event_del(server->pause);
	if (!server->listener)
		return;
	event_free(server->listener);
	server->listener = NULL;
	close(server->listen_fd);
	server->listen_fd = -1;
}

void kpptp_server_reload(struct kpptp_server *server,
			 const struct kpptp_config *config)
{
	kpptp_reload(&server->config, config);
	make_pool(server);
	kpptp_log(LOG_NOTICE,
		  "configuration reloaded; %u control connections and %u calls "
		  "go on",
		  server->tunnel_count, server->session_count);
}

void kpptp_server_stop(struct kpptp_server *server)
{
	struct timeval tv = { STOP_SECONDS, 0 };
	struct kpptp_tunnel *t;

	if (server->stopping)
		return;
	server->stopping = true;
	kpptp_log(LOG_NOTICE, "stopping: closing %u control connections",
		  server->tunnel_count);
	stop_listening(server);
	/* Tunnels leave the list from the event loop only. */
	TAILQ_FOREACH(t, &server->tunnels, entry)
		if (!t->over)
			kpptp_tunnel_stop(t, KPPTP_STOP_LOCAL_SHUTDOWN,
					  "the daemon is being stopped");
	if (!server->tunnel_count)
		tv.tv_sec = 0;
	event_add(server->stop_timer, &tv);
}

void kpptp_server_tunnel_gone(struct kpptp_server *server)
{
	if (server->stopping && !server->tunnel_count)
		event_active(server->stop_timer, EV_TIMEOUT, 0);
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
	if (server->pause) {
		stop_listening(server);
		event_free(server->pause);
	}
	if (server->stop_timer)
		event_free(server->stop_timer);
	kpptp_pool_free(server->pool);
	free(server);
}

struct kpptp_session *kpptp_server_find_call(struct kpptp_server *server,
					     struct in_addr local,
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
