// SPDX-License-Identifier: GPL-2.0-or-later
/* Clients of the local socket, and their requests. */
#include "local_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "dialer.h"
#include "json.h"
#include "common/log.h"
#include "local_request.h"
#include "server.h"
#include "session.h"
#include "show.h"

/* Seconds that a client may take to read its last line. */
#define CLOSE_SECONDS 5

/* Unread bytes after which a client that does not read is disconnected. */
#define UNREAD_MAX (16 << 20)

static void client_watch(struct kpptp_client *c, bool watching)
{
	struct kpptp_watcher *watcher = &c->local->server->watcher;

	if (watching && !c->watching)
		watcher->count++;
	else if (!watching && c->watching)
		watcher->count--;
	c->watching = watching;
}

void kpptp_client_free(struct kpptp_client *c)
{
	client_watch(c, false);
	TAILQ_REMOVE(&c->local->clients, c, entry);
	c->local->count--;
	kpptp_dialer_free(c->dialer);
	kpptp_show_free(c->show);
	evbuffer_free(c->later);
	bufferevent_free(c->bev);
	free(c);
}

/* Close once the client has read everything queued for it. */
static void client_close(struct kpptp_client *c)
{
	struct timeval tv = { CLOSE_SECONDS, 0 };

	kpptp_dialer_free(c->dialer);
	c->dialer = NULL;
	client_watch(c, false);
	c->closing = true;
	bufferevent_disable(c->bev, EV_READ);
	bufferevent_set_timeouts(c->bev, NULL, &tv);
	/* If the output is empty, on_written() comes at once. */
	bufferevent_trigger(c->bev, EV_WRITE, BEV_OPT_DEFER_CALLBACKS);
}

static void client_overrun(struct kpptp_client *c)
{
	client_watch(c, false);
	c->closing = true;
	c->overrun = true;
	bufferevent_disable(c->bev, EV_READ);
	bufferevent_trigger(c->bev, EV_WRITE,
			    BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

/* Number of bytes it has not read yet. */
static size_t client_unread(const struct kpptp_client *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev)) + evbuffer_get_length(c->later);
}

/* Consumes the reference. */
static void client_send(struct kpptp_client *c, struct json_object *object)
{
	const char *text =
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
							       JSON_C_TO_STRING_NOSLASHESCAPE);

	/* It keeps making requests and never reads. */
	if (client_unread(c) > UNREAD_MAX)
		client_overrun(c);
	else
		evbuffer_add_printf(c->show ? c->later : bufferevent_get_output(c->bev), "%s\n",
				    text);
	json_object_put(object);
}

static struct json_object *new_reply(bool ok)
{
	struct json_object *reply = json_object_new_object();

	json_object_object_add(reply, KPPTP_API_OK, json_object_new_boolean(ok));
	return reply;
}

static void client_refuse(struct kpptp_client *c, const char *why)
{
	struct json_object *reply = new_reply(false);

	kpptp_json_add_text(reply, KPPTP_API_ERROR, why);
	client_send(c, reply);
}

static void client_serve_lines(struct kpptp_client *c);

static void on_up(void *ctx, const struct kpptp_session *session, double seconds)
{
	struct json_object *reply = new_reply(true);
	struct kpptp_client *c = ctx;

	kpptp_json_add_number(reply, KPPTP_API_ID, session->call.call_id);
	kpptp_json_add_number(reply, KPPTP_API_PEER_ID, session->call.peer.call_id);
	kpptp_json_add_number(reply, KPPTP_API_CHANNEL, session->call.channel);
	kpptp_json_add_address(reply, KPPTP_API_LOCAL, session->local);
	kpptp_json_add_address(reply, KPPTP_API_PEER, session->peer);
	json_object_object_add(reply, KPPTP_API_SECONDS, json_object_new_double(seconds));
	client_send(c, reply);
	c->dialling = false;
	/* Serve lines that came meanwhile outside the call's step. */
	bufferevent_trigger(c->bev, EV_READ, BEV_OPT_DEFER_CALLBACKS);
}

static void on_failed(void *ctx, const char *text)
{
	struct kpptp_client *c = ctx;

	kpptp_log(LOG_NOTICE, "cannot make the call: %s", text);
	client_refuse(c, text);
	kpptp_dialer_free(c->dialer);
	c->dialer = NULL;
	c->dialling = false;
	client_serve_lines(c);
}

static void on_down(void *ctx, const char *text)
{
	struct json_object *event = json_object_new_object();
	struct kpptp_client *c = ctx;

	kpptp_json_add_text(event, KPPTP_API_EVENT, KPPTP_API_EVENT_CLOSED);
	kpptp_json_add_text(event, KPPTP_API_REASON, text);
	client_send(c, event);
	client_close(c);
}

static const struct kpptp_dialer_events dialer_events = {
	.up = on_up,
	.failed = on_failed,
	.down = on_down,
};

static void client_dial(struct kpptp_client *c, const struct kpptp_dialer_request *request)
{
	if (c->watching) {
		client_refuse(c, "this connection receives events: open another one to dial");
		return;
	}
	if (c->dialled) {
		client_refuse(c, "this connection has dialled already: open another one");
		return;
	}
	if (c->local->server->stopping) {
		client_refuse(c, "kpptpd is being stopped");
		return;
	}
	c->dialer = kpptp_dialer_new(c->local->server, request, &dialer_events, c);
	if (!c->dialer) {
		client_refuse(c, strerror(ENOMEM));
		return;
	}
	c->dialled = true;
	c->dialling = true;
}

static void client_hangup(struct kpptp_client *c, const struct kpptp_local_request_hangup *call)
{
	char peer[INET_ADDRSTRLEN], local[INET_ADDRSTRLEN], why[160];
	struct kpptp_session *s;

	s = kpptp_server_find_call(c->local->server, call->local, call->peer, call->id);
	if (s) {
		kpptp_session_clear(s, "hung up by a local request");
		client_send(c, new_reply(true));
		return;
	}
	inet_ntop(AF_INET, &call->local, local, sizeof(local));
	inet_ntop(AF_INET, &call->peer, peer, sizeof(peer));
	snprintf(why, sizeof(why), "no call %u from %s to %s: 'kpptpctl show tunnels' lists them",
		 call->id, local, peer);
	client_refuse(c, why);
}

/* on_written() writes all parts, including the first. */
static void client_show(struct kpptp_client *c)
{
	c->show = kpptp_show_new(c->local->server);
	if (c->show)
		bufferevent_trigger(c->bev, EV_WRITE, BEV_OPT_DEFER_CALLBACKS);
	else
		client_refuse(c, strerror(ENOMEM));
}

static void client_subscribe(struct kpptp_client *c)
{
	/* Events come from inside steps, where a call must not be ended. */
	if (c->dialled) {
		client_refuse(c, "this connection has dialled: open another one for events");
		return;
	}
	client_watch(c, true);
	client_send(c, new_reply(true));
}

void kpptp_client_event(struct kpptp_client *c, struct json_object *event)
{
	if (c->watching)
		client_send(c, json_object_get(event));
}

static void client_serve_line(struct kpptp_client *c, const char *line, size_t len)
{
	const struct kpptp_config *config = &c->local->server->config;
	struct kpptp_local_request request = {
		.dial = {
			.port = KPPTP_PORT,
			.window = config->window,
			.flow_control = config->flow_control,
		},
	};
	struct kpptp_error error;

	if (kpptp_local_request_parse(line, len, &request, &error) < 0) {
		client_refuse(c, error.text);
		return;
	}
	switch (request.op) {
	case KPPTP_LOCAL_REQUEST_DIAL:
	case KPPTP_LOCAL_REQUEST_OFFER:
		client_dial(c, &request.dial);
		break;
	case KPPTP_LOCAL_REQUEST_HANGUP:
		client_hangup(c, &request.hangup);
		break;
	case KPPTP_LOCAL_REQUEST_SHOW:
		client_show(c);
		break;
	case KPPTP_LOCAL_REQUEST_EVENTS:
		client_subscribe(c);
		break;
	}
}

static void client_refuse_length(struct kpptp_client *c)
{
	char why[64];

	snprintf(why, sizeof(why), "the line is longer than %d bytes", KPPTP_API_LINE_MAX);
	client_refuse(c, why);
	client_close(c);
}

static void client_serve_lines(struct kpptp_client *c)
{
	struct evbuffer *input = bufferevent_get_input(c->bev);
	size_t len;
	char *line;

	while (!c->dialling && !c->show && !c->closing) {
		line = evbuffer_readln(input, &len, EVBUFFER_EOL_LF);
		if (line && len < KPPTP_API_LINE_MAX)
			client_serve_line(c, line, len);
		else if (line || evbuffer_get_length(input) >= KPPTP_API_LINE_MAX)
			client_refuse_length(c);
		if (!line)
			return;
		free(line);
	}
}

static void on_read(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	client_serve_lines(ctx);
}

/*
 * Send the next part of the reply, once the client has read the previous one.
 * After the last part send the events that came meanwhile, and serve the lines
 * that the client sent after its request.
 */
static void client_show_next_part(struct kpptp_client *c)
{
	struct evbuffer *output = bufferevent_get_output(c->bev);

	if (kpptp_show_part(c->show, output))
		return;
	kpptp_show_free(c->show);
	c->show = NULL;
	evbuffer_add_buffer(output, c->later);
	client_serve_lines(c);
	if (c->ended && !c->show && !c->closing)
		client_close(c);
}

static void on_written(struct bufferevent *bev, void *ctx)
{
	struct kpptp_client *c = ctx;

	if (c->overrun)
		kpptp_client_free(c);
	else if (c->show)
		client_show_next_part(c);
	else if (c->closing && !evbuffer_get_length(bufferevent_get_output(bev)))
		kpptp_client_free(c);
}

/* End of file, error, or a last line that is not read: end the connection. */
static void on_end(struct bufferevent *bev, short what, void *ctx)
{
	struct kpptp_client *c = ctx;
	bool waits = evbuffer_get_length(bufferevent_get_output(bev)) > 0;

	if (what != (BEV_EVENT_EOF | BEV_EVENT_READING) || c->closing)
		kpptp_client_free(c);
	else if (c->show)
		c->ended = true;
	else if (waits)
		client_close(c);
	else
		kpptp_client_free(c);
}

void kpptp_client_reject(struct kpptp_client *c, const char *why)
{
	client_refuse(c, why);
	client_close(c);
}

struct kpptp_client *kpptp_client_new(struct kpptp_local *local, int fd)
{
	struct kpptp_client *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->local = local;
	c->later = evbuffer_new();
	if (c->later)
		c->bev = bufferevent_socket_new(local->server->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!c->bev) {
		if (c->later)
			evbuffer_free(c->later);
		free(c);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&local->clients, c, entry);
	local->count++;
	bufferevent_setcb(c->bev, on_read, on_written, on_end, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, KPPTP_API_LINE_MAX);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	return c;
}
