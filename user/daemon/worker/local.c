// SPDX-License-Identifier: GPL-2.0-or-later
/* The local socket: accepts clients, which are in local_client.c. */
#include "local.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log.h"
#include "local_internal.h"
#include "local_peer.h"
#include "server.h"

/* Clients allowed beyond those that own a call. */
#define EXTRA_CLIENTS 64

static void local_admit(struct kpptp_client *c, int fd)
{
	struct ucred cred;

	if (!kpptp_local_peer_admitted(fd, c->local->group, &cred)) {
		kpptp_log(LOG_WARNING,
			  "local socket: refusing process %d of user %d: "
			  "neither root nor in the group of [control] group",
			  (int)cred.pid, (int)cred.uid);
		kpptp_client_reject(c,
				    "permission denied: only root and members of the group set by [control] group may connect");
	} else if (c->local->count > c->local->server->config.calls + EXTRA_CLIENTS) {
		kpptp_log(LOG_WARNING, "local socket: refusing process %d: too many clients",
			  (int)cred.pid);
		kpptp_client_reject(c, "too many clients: raise calls= in [limits]");
	}
}

static void local_accepted(struct kpptp_local *local, int fd)
{
	struct kpptp_client *c = kpptp_client_new(local, fd);

	if (c)
		local_admit(c, fd);
	else
		close(fd);
}

static void on_acceptable(evutil_socket_t listener, short what, void *arg)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct timeval second = { 1, 0 };
	struct kpptp_local *local = arg;

	(void)what;
	if (fd >= 0) {
		local_accepted(local, fd);
	} else if (errno == EMFILE || errno == ENFILE) {
		/* The queue stays readable: avoid a busy loop. */
		kpptp_log(LOG_ERR, "local socket: not accepting clients for a second: %s",
			  strerror(errno));
		event_del(local->listener);
		event_add(local->pause, &second);
	}
}

static void on_pause_end(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_local *local = arg;

	(void)fd;
	(void)what;
	event_add(local->listener, NULL);
}

static void on_event(void *ctx, struct json_object *event)
{
	struct kpptp_local *local = ctx;
	struct kpptp_client *c;

	TAILQ_FOREACH(c, &local->clients, entry)
		kpptp_client_event(c, event);
}

struct kpptp_local *kpptp_local_new(struct kpptp_server *server, int fd, gid_t group)
{
	struct kpptp_local *local = calloc(1, sizeof(*local));

	if (!local)
		return NULL;
	local->server = server;
	local->group = group;
	TAILQ_INIT(&local->clients);
	local->listener = event_new(server->base, fd, EV_READ | EV_PERSIST, on_acceptable, local);
	local->pause = evtimer_new(server->base, on_pause_end, local);
	if (!local->listener || !local->pause) {
		if (local->listener)
			event_free(local->listener);
		free(local);
		return NULL;
	}
	local->fd = fd;
	server->watcher.event = on_event;
	server->watcher.ctx = local;
	event_add(local->listener, NULL);
	return local;
}

void kpptp_local_free(struct kpptp_local *local)
{
	if (!local)
		return;
	while (!TAILQ_EMPTY(&local->clients))
		kpptp_client_free(TAILQ_FIRST(&local->clients));
	event_free(local->listener);
	event_free(local->pause);
	close(local->fd);
	free(local);
}
