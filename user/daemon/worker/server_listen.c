// SPDX-License-Identifier: GPL-2.0-or-later
/* The server's door: accepting connections, and who gives way to them. */
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

/* Connections taken from the queue before other events have their turn. */
#define ACCEPT_BATCH 16

/* Milliseconds between two lines about dropped connections. */
#define DROP_LOG_INTERVAL 1000

/* A flood of connections must not become a flood of lines. */
static void log_drop(struct kpptp_server *server, struct in_addr peer,
		     const char *why)
{
	uint64_t now = kpptp_clock_now();
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

/* Those that are about to close count only when there are too many of them. */
static unsigned int connections(const struct kpptp_server *server)
{
	unsigned int spare = server->closing < KPPTP_SERVER_CLOSING_MAX
				     ? server->closing
				     : KPPTP_SERVER_CLOSING_MAX;

	return server->tunnel_count - spare;
}

static bool full(const struct kpptp_server *server)
{
	return connections(server) >= server->config.connections;
}

/* A connection without a call gives its place to one that may want a call. */
static void evict(struct kpptp_server *server, uint64_t now)
{
	struct kpptp_tunnel *victim = kpptp_hosts_evict(&server->hosts, now);
	char why[96];

	snprintf(why, sizeof(why),
		 "limit connections=%u is reached, and it has no call: it "
		 "makes room",
		 server->config.connections);
	if (victim->half_open) {
		log_drop(server, victim->peer, why);
		kpptp_tunnel_drop(victim);
	} else {
		kpptp_tunnel_evict(victim, why);
	}
}

static void take(struct kpptp_server *server, int fd,
		 const struct sockaddr_in *peer)
{
	const struct kpptp_host *host =
		kpptp_hosts_find(&server->hosts, peer->sin_addr);
	uint64_t now = kpptp_clock_now();
	const struct kpptp_admit_load load = {
		.connections = connections(server),
		.from_address = host ? host->accepted : 0,
		.can_make_room = full(server) &&
				 kpptp_hosts_evict(&server->hosts, now),
	};
	struct kpptp_admission admission;

	kpptp_admit(&admission, &server->config, &load, &server->rate,
		    peer->sin_addr, now);
	if (admission.make_room)
		evict(server, now);
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

int kpptp_server_listen(struct kpptp_server *server, int fd)
{
	server->pause = evtimer_new(server->base, on_pause_end, server);
	if (!server->pause)
		return -1;
	server->listener = event_new(server->base, fd, EV_READ | EV_PERSIST,
				     on_acceptable, server);
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
