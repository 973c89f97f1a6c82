// SPDX-License-Identifier: GPL-2.0-or-later
/* The local socket: clients and their lines. */
#include "local.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api.h"
#include "dialer.h"
#include "json.h"
#include "local_peer.h"
#include "common/log.h"
#include "request.h"
#include "server.h"
#include "session.h"
#include "show.h"

/* Clients beyond those that own a call. */
#define EXTRA_CLIENTS 64

/* Seconds that a client may take to read its last line. */
#define CLOSE_SECONDS 5

/**
 * struct client - one connection to the local socket
 * @dialer: the call that it dials, offers or owns, or NULL
 * @dialling: its next request waits until the dial is answered
 * @dialled: it may not dial again
 * @watching: it gets the events
 * @closing: what waits to be written is all that it still gets
 * @overrun: it does not read what it asked for: freed from the loop, for a
 *	call of its own may be in the middle of a step
 */
struct client {
	TAILQ_ENTRY(client) entry;
	struct kpptp_local *local;
	struct bufferevent *bev;
	struct kpptp_dialer *dialer;
	bool dialling;
	bool dialled;
	bool watching;
	bool closing;
	bool overrun;
};

/**
 * struct kpptp_local - the local socket
 * @pause: ends a pause of accepting
 * @group: admitted beside root
 * @clients: all connections
 * @count: of @clients
 */
struct kpptp_local {
	struct kpptp_server *server;
	struct event *listener;
	struct event *pause;
	int fd;
	gid_t group;
	TAILQ_HEAD(, client) clients;
	unsigned int count;
};

static void watch(struct client *c, bool watching)
{
	struct kpptp_watcher *watcher = &c->local->server->watcher;

	if (watching && !c->watching)
		watcher->count++;
	else if (!watching && c->watching)
		watcher->count--;
	c->watching = watching;
}

static void client_free(struct client *c)
{
	watch(c, false);
	TAILQ_REMOVE(&c->local->clients, c, entry);
	c->local->count--;
	kpptp_dialer_free(c->dialer);
	bufferevent_free(c->bev);
	free(c);
}

/* Close once the client has read what waits for it. */
static void client_close(struct client *c)
{
	struct timeval tv = { CLOSE_SECONDS, 0 };

	kpptp_dialer_free(c->dialer);
	c->dialer = NULL;
	watch(c, false);
	c->closing = true;
	bufferevent_disable(c->bev, EV_READ);
	bufferevent_set_timeouts(c->bev, NULL, &tv);
	/* With an empty output on_written() comes at once. */
	bufferevent_trigger(c->bev, EV_WRITE, BEV_OPT_DEFER_CALLBACKS);
}

static void client_overrun(struct client *c)
{
	watch(c, false);
	c->closing = true;
	c->overrun = true;
	bufferevent_disable(c->bev, EV_READ);
	bufferevent_trigger(c->bev, EV_WRITE,
			    BEV_TRIG_IGNORE_WATERMARKS |
				    BEV_TRIG_DEFER_CALLBACKS);
}

/* Takes the reference. */
static void send_object(struct client *c, struct json_object *object)
{
	struct evbuffer *output = bufferevent_get_output(c->bev);
	const char *text = json_object_to_json_string_ext(
		object,
		JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

	/* It asks again and again and never reads. */
	if (evbuffer_get_length(output) > KPPTP_API_REPLY_MAX)
		client_overrun(c);
	else
		evbuffer_add_printf(output, "%s\n", text);
	json_object_put(object);
}

static struct json_object *new_reply(bool ok)
{
	struct json_object *reply = json_object_new_object();

	json_object_object_add(reply, KPPTP_API_OK,
			       json_object_new_boolean(ok));
	return reply;
}

static void refuse(struct client *c, const char *why)
{
	struct json_object *reply = new_reply(false);

	kpptp_json_add_text(reply, KPPTP_API_ERROR, why);
	send_object(c, reply);
}

static void serve_lines(struct client *c);

static void on_up(void *ctx, const struct kpptp_session *session,
		  double seconds)
{
	struct json_object *reply = new_reply(true);
	struct client *c = ctx;

	kpptp_json_add_number(reply, KPPTP_API_ID, session->call.call_id);
	kpptp_json_add_number(reply, KPPTP_API_PEER_ID,
			      session->call.peer.call_id);
	kpptp_json_add_number(reply, KPPTP_API_CHANNEL, session->call.channel);
	kpptp_json_add_address(reply, KPPTP_API_LOCAL, session->local);
	kpptp_json_add_address(reply, KPPTP_API_PEER, session->peer);
	json_object_object_add(reply, KPPTP_API_SECONDS,
			       json_object_new_double(seconds));
	send_object(c, reply);
	c->dialling = false;
	/* Lines that came meanwhile are served outside of the call's step. */
	bufferevent_trigger(c->bev, EV_READ, BEV_OPT_DEFER_CALLBACKS);
}

static void on_failed(void *ctx, const char *text)
{
	struct client *c = ctx;

	kpptp_log(LOG_NOTICE, "no call was made: %s", text);
	refuse(c, text);
	kpptp_dialer_free(c->dialer);
	c->dialer = NULL;
	c->dialling = false;
	serve_lines(c);
}

static void on_down(void *ctx, const char *text)
{
	struct json_object *event = json_object_new_object();
	struct client *c = ctx;

	kpptp_json_add_text(event, KPPTP_API_EVENT, KPPTP_API_EVENT_CLOSED);
	kpptp_json_add_text(event, KPPTP_API_REASON, text);
	send_object(c, event);
	client_close(c);
}

static const struct kpptp_dialer_events dialer_events = {
	.up = on_up,
	.failed = on_failed,
	.down = on_down,
};

static void do_dial(struct client *c,
		    const struct kpptp_dialer_request *request)
{
	if (c->watching) {
		refuse(c,
		       "this connection gets events: open another one to dial");
		return;
	}
	if (c->dialled) {
		refuse(c,
		       "this connection has dialled already: open another one");
		return;
	}
	if (c->local->server->stopping) {
		refuse(c, "kpptpd is being stopped");
		return;
	}
	c->dialer =
		kpptp_dialer_new(c->local->server, request, &dialer_events, c);
	if (!c->dialer) {
		refuse(c, strerror(ENOMEM));
		return;
	}
	c->dialled = true;
	c->dialling = true;
}

static void do_hangup(struct client *c, const struct kpptp_request_hangup *call)
{
	char peer[INET_ADDRSTRLEN], local[INET_ADDRSTRLEN], why[160];
	struct kpptp_session *s;

	s = kpptp_server_find_call(c->local->server, call->local, call->peer,
				   call->id);
	if (s) {
		kpptp_session_clear(s, "hung up by a local request");
		send_object(c, new_reply(true));
		return;
	}
	inet_ntop(AF_INET, &call->local, local, sizeof(local));
	inet_ntop(AF_INET, &call->peer, peer, sizeof(peer));
	snprintf(why, sizeof(why),
		 "there is no call %u from %s to %s: 'kpptpctl show tunnels' "
		 "lists them",
		 call->id, local, peer);
	refuse(c, why);
}

static void do_show(struct client *c)
{
	struct json_object *reply = new_reply(true);

	json_object_object_add(reply, KPPTP_API_TUNNELS,
			       kpptp_show_tunnels(c->local->server));
	send_object(c, reply);
}

static void do_events(struct client *c)
{
	/* Events come from inside steps, where no call may be ended. */
	if (c->dialled) {
		refuse(c,
		       "this connection has dialled: open another one for events");
		return;
	}
	watch(c, true);
	send_object(c, new_reply(true));
}

static void on_event(void *ctx, struct json_object *event)
{
	struct kpptp_local *local = ctx;
	struct client *c;

	TAILQ_FOREACH(c, &local->clients, entry)
		if (c->watching)
			send_object(c, json_object_get(event));
}

static void serve_line(struct client *c, const char *line, size_t len)
{
	const struct kpptp_config *config = &c->local->server->config;
	struct kpptp_request request = {
		.dial = {
			.port = KPPTP_PORT,
			.window = config->window,
			.flow_control = config->flow_control,
		},
	};
	struct kpptp_error error;

	if (kpptp_request_parse(line, len, &request, &error) < 0) {
		refuse(c, error.text);
		return;
	}
	switch (request.op) {
	case KPPTP_REQUEST_DIAL:
	case KPPTP_REQUEST_OFFER:
		do_dial(c, &request.dial);
		break;
	case KPPTP_REQUEST_HANGUP:
		do_hangup(c, &request.hangup);
		break;
	case KPPTP_REQUEST_SHOW:
		do_show(c);
		break;
	case KPPTP_REQUEST_EVENTS:
		do_events(c);
		break;
	}
}

static void refuse_length(struct client *c)
{
	char why[64];

	snprintf(why, sizeof(why), "the line is longer than %d octets",
		 KPPTP_API_LINE_MAX);
	refuse(c, why);
	client_close(c);
}

static void serve_lines(struct client *c)
{
	struct evbuffer *input = bufferevent_get_input(c->bev);
	size_t len;
	char *line;

	while (!c->dialling && !c->closing) {
		line = evbuffer_readln(input, &len, EVBUFFER_EOL_LF);
		if (line && len < KPPTP_API_LINE_MAX)
			serve_line(c, line, len);
		else if (line ||
			 evbuffer_get_length(input) >= KPPTP_API_LINE_MAX)
			refuse_length(c);
		if (!line)
			return;
		free(line);
	}
}

static void on_read(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	serve_lines(ctx);
}

static void on_written(struct bufferevent *bev, void *ctx)
{
	struct client *c = ctx;

	if (c->overrun ||
	    (c->closing && !evbuffer_get_length(bufferevent_get_output(bev))))
		client_free(c);
}

/* End, error, or a last line that is not read: all end the connection. */
static void on_end(struct bufferevent *bev, short what, void *ctx)
{
	struct client *c = ctx;

	if (what == (BEV_EVENT_EOF | BEV_EVENT_READING) && !c->closing &&
	    evbuffer_get_length(bufferevent_get_output(bev)))
		client_close(c);
	else
		client_free(c);
}

static void admit(struct client *c, int fd)
{
	struct ucred cred;

	if (!kpptp_local_peer_admitted(fd, c->local->group, &cred)) {
		kpptp_log(LOG_WARNING,
			  "local socket: refusing process %d of user %d: "
			  "neither root nor in the group of [control] group",
			  (int)cred.pid, (int)cred.uid);
		refuse(c, "not admitted: only root and the members of the "
			  "group that [control] group names are");
		client_close(c);
	} else if (c->local->count >
		   c->local->server->config.calls + EXTRA_CLIENTS) {
		kpptp_log(LOG_WARNING,
			  "local socket: refusing process %d: too many clients",
			  (int)cred.pid);
		refuse(c, "too many clients: the limit is [limits] calls and "
			  "some more");
		client_close(c);
	}
}

static void client_new(struct kpptp_local *local, int fd)
{
	struct client *c = calloc(1, sizeof(*c));

	if (!c) {
		close(fd);
		return;
	}
	c->local = local;
	c->bev = bufferevent_socket_new(local->server->base, fd,
					BEV_OPT_CLOSE_ON_FREE);
	if (!c->bev) {
		close(fd);
		free(c);
		return;
	}
	TAILQ_INSERT_TAIL(&local->clients, c, entry);
	local->count++;
	bufferevent_setcb(c->bev, on_read, on_written, on_end, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, KPPTP_API_LINE_MAX);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	admit(c, fd);
}

static void on_acceptable(evutil_socket_t listener, short what, void *arg)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct timeval second = { 1, 0 };
	struct kpptp_local *local = arg;

	(void)what;
	if (fd >= 0) {
		client_new(local, fd);
	} else if (errno == EMFILE || errno == ENFILE) {
		/* The queue stays readable: do not spin over it. */
		kpptp_log(
			LOG_ERR,
			"local socket: cannot accept clients for a second: %s",
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

struct kpptp_local *kpptp_local_new(struct kpptp_server *server, int fd,
				    gid_t group)
{
	struct kpptp_local *local = calloc(1, sizeof(*local));

	if (!local)
		return NULL;
	local->server = server;
	local->group = group;
	TAILQ_INIT(&local->clients);
	local->listener = event_new(server->base, fd, EV_READ | EV_PERSIST,
				    on_acceptable, local);
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
		client_free(TAILQ_FIRST(&local->clients));
	event_free(local->listener);
	event_free(local->pause);
	close(local->fd);
	free(local);
}
