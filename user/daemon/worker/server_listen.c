// SPDX-License-Identifier: GPL-2.0-or-later
/* Accepting connections, and evicting others to make room. */
#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "common/log.h"
#include "hosts.h"
#include "server.h"
#include "tunnel.h"

/* Connections accepted in a row before other events are served. */
#define ACCEPT_BATCH 16

/* Milliseconds allowed for a peer's first request when many dial at once. */
#define PATIENCE 3000

/* Milliseconds without that patience after the last connection made room. */
#define FIRE 60000

/*
 * Connections that are looked at to make room for one: more than one, so that there will
 * be no more than the limit, and few, as others wait meanwhile.
 */
#define ROOM_BATCH 4

/* Milliseconds between two lines about dropped connections. */
#define DROP_LOG_INTERVAL 1000

/* A flood of connections must not flood the log. */
static void listen_log_drop(struct kpptp_server *server, struct in_addr peer, const char *why)
{
	uint64_t now = kpptp_clock_now();
	char addr[INET_ADDRSTRLEN];

	if (server->drop_log && now - server->drop_log < DROP_LOG_INTERVAL) {
		server->drops++;
		return;
	}
	inet_ntop(AF_INET, &peer, addr, sizeof(addr));
	kpptp_log(LOG_WARNING,
		  "%s: dropping the TCP connection: %s (%u others since the last such message)",
		  addr, why, server->drops);
	server->drop_log = now;
	server->drops = 0;
}

/*
 * After a restart all clients come at once, and each needs its half-open connection
 * for a round trip: they get that time, whatever the limit says, while there is
 * room. Once more than the limit have let it pass in silence this is not a mass
 * dial, and the limit applies at once, for as long as it is needed and a while.
 */
static bool listen_under_fire(struct kpptp_server *server, uint64_t now)
{
	return now < server->fire_until ||
	       kpptp_hosts_silent(&server->hosts, now, PATIENCE) > server->config.half_open;
}

/*
 * The new connection is counted too, and chosen last. A request that has arrived
 * was sent in time, even if we have not read it yet.
 */
static void listen_make_room(struct kpptp_server *server, uint64_t now)
{
	unsigned int limit = server->config.half_open;
	struct kpptp_tunnel *victim;
	char why[64];
	int i;

	if (server->hosts.half_open_count <= limit || !listen_under_fire(server, now))
		return;
	for (i = 0; i < ROOM_BATCH && server->hosts.half_open_count > limit; i++) {
		victim = kpptp_hosts_victim(&server->hosts);
		if (kpptp_tunnel_poll(victim))
			continue;
		server->fire_until = now + FIRE;
		snprintf(why, sizeof(why), "limit half-open=%u is reached: evicted to make room",
			 limit);
		listen_log_drop(server, victim->peer, why);
		kpptp_tunnel_drop(victim);
	}
}

/* Closing connections count only if there are too many of them. */
static unsigned int listen_connections(const struct kpptp_server *server)
{
	unsigned int spare = server->closing < KPPTP_SERVER_CLOSING_MAX ? server->closing
									: KPPTP_SERVER_CLOSING_MAX;

	return server->tunnel_count - spare;
}

static bool listen_full(const struct kpptp_server *server)
{
	return listen_connections(server) >= server->config.connections;
}

/*
 * The connection to evict for a new one, or NULL: a half-open one beyond their
 * limit, which only exists because there was room, or one without a call.
 */
static struct kpptp_tunnel *listen_find_victim(struct kpptp_server *server, uint64_t now)
{
	struct kpptp_hosts *hosts = &server->hosts;
	struct kpptp_tunnel *victim;

	do {
		if (hosts->half_open_count > server->config.half_open)
			victim = kpptp_hosts_victim(hosts);
		else
			victim = kpptp_hosts_evict(hosts, now);
	} while (victim && victim->half_open && kpptp_tunnel_poll(victim));
	return victim;
}

static void listen_evict(struct kpptp_server *server, struct kpptp_tunnel *victim)
{
	char why[96];

	snprintf(why, sizeof(why),
		 "limit connections=%u is reached: evicted to make room, as it has no call",
		 server->config.connections);
	if (victim->half_open) {
		listen_log_drop(server, victim->peer, why);
		kpptp_tunnel_drop(victim);
	} else {
		kpptp_tunnel_evict(victim, why);
	}
}

static void listen_accept(struct kpptp_server *server, int fd, const struct sockaddr_in *peer)
{
	const struct kpptp_host *host = kpptp_hosts_find(&server->hosts, peer->sin_addr);
	uint64_t now = kpptp_clock_now();
	struct kpptp_tunnel *victim = listen_full(server) ? listen_find_victim(server, now) : NULL;
	const struct kpptp_admit_load load = {
		.connections = listen_connections(server),
		.from_address = host ? host->accepted : 0,
		.can_make_room = victim,
	};
	struct kpptp_admission admission;

	kpptp_admit(&admission, &server->config, &load, &server->rate, peer->sin_addr, now);
	if (admission.make_room)
		listen_evict(server, victim);
	if (admission.verdict == KPPTP_ADMIT_DROP) {
		listen_log_drop(server, peer->sin_addr, admission.text);
		close(fd);
	} else if (kpptp_tunnel_accept(server, fd, peer, &admission) < 0) {
		listen_log_drop(server, peer->sin_addr, strerror(ENOMEM));
		close(fd);
	} else {
		listen_make_room(server, now);
	}
}

static void on_acceptable(evutil_socket_t listener, short what, void *arg)
{
	struct kpptp_server *server = arg;
	struct timeval second = { 1, 0 };
	struct sockaddr_in peer;
	socklen_t len;
	int fd, i;

	(void)what;
	for (i = 0; i < ACCEPT_BATCH; i++) {
		len = sizeof(peer);
		fd = accept4(listener, (struct sockaddr *)&peer, &len,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			listen_accept(server, fd, &peer);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			/* The queue stays readable: avoid a busy loop. */
			kpptp_log(LOG_ERR, "not accepting connections for a second: %s",
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

int kpptp_server_listen(struct kpptp_server *server, int fd)
{
	server->pause = evtimer_new(server->base, on_pause_end, server);
	if (!server->pause)
		return -1;
	server->listener = event_new(server->base, fd, EV_READ | EV_PERSIST, on_acceptable, server);
	if (!server->listener)
		return -1;
	server->listen_fd = fd;
	return event_add(server->listener, NULL);
}

void kpptp_server_stop_listening(struct kpptp_server *server)
{
	if (server->pause)
		event_free(server->pause);
	server->pause = NULL;
	if (!server->listener)
		return;
	event_free(server->listener);
	server->listener = NULL;
	close(server->listen_fd);
	server->listen_fd = -1;
}
