// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon's state as JSON. */
#include "show.h"

#include <event2/buffer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "json.h"
#include "state.h"

/* Add a number that was received or will be sent. */
static void show_add_phone(struct json_object *to, const char *name, const char *number)
{
	if (*number)
		kpptp_json_add_text(to, name, number);
}

static const char *role_of(enum kpptp_call_role role)
{
	return role == KPPTP_CALL_PNS_OUT || role == KPPTP_CALL_PNS_IN ? "pns" : "pac";
}

static struct json_object *show_call(const struct kpptp_session *s)
{
	struct json_object *call = json_object_new_object();

	/* The Call ID is 0 until the kernel has made the call. */
	kpptp_json_add_number(call, KPPTP_API_ID, s->call.call_id);
	if (s->call.peer.id_known)
		kpptp_json_add_number(call, KPPTP_API_PEER_ID, s->call.peer.call_id);
	if (s->call.kernel)
		kpptp_json_add_number(call, KPPTP_API_CHANNEL, s->call.channel);
	kpptp_json_add_text(call, KPPTP_API_ROLE, role_of(s->call.role));
	kpptp_json_add_text(call, KPPTP_API_STATE, kpptp_call_state_name(s->call.state));
	show_add_phone(call, KPPTP_API_NUMBER, s->call.params.phone_number);
	show_add_phone(call, KPPTP_API_DIALING, s->call.params.dialing_number);
	if (s->ppp_pid)
		kpptp_json_add_number(call, KPPTP_API_PPP_PID, s->ppp_pid);
	return call;
}

/* Without its calls. */
static struct json_object *show_tunnel(const struct kpptp_tunnel *t)
{
	struct json_object *tunnel = json_object_new_object();

	kpptp_json_add_address(tunnel, KPPTP_API_LOCAL, t->local);
	kpptp_json_add_address(tunnel, KPPTP_API_PEER, t->peer);
	kpptp_json_add_number(tunnel, KPPTP_API_PORT, t->port);
	kpptp_json_add_text(tunnel, KPPTP_API_ROLE, t->originator ? "pns" : "pac");
	json_object_object_add(tunnel, KPPTP_API_ORIGINATOR,
			       json_object_new_boolean(t->originator));
	kpptp_json_add_text(tunnel, KPPTP_API_STATE, kpptp_ctrl_state_name(t->ctrl.state));
	kpptp_json_add_text(tunnel, KPPTP_API_HOST_NAME, t->ctrl.peer.host_name);
	kpptp_json_add_text(tunnel, KPPTP_API_VENDOR, t->ctrl.peer.vendor_name);
	kpptp_json_add_number(tunnel, KPPTP_API_SINCE, t->since);
	return tunnel;
}

/**
 * struct kpptp_show - a reply being written
 * @entry: entry in the server's list
 * @next: the next tunnel, NULL after the last
 * @last: the last one that was there when the reply began; later ones are left out
 * @call: the next call of the previous tunnel, NULL after the last
 * @begun: the beginning of the line has been written
 * @some: a tunnel has been written
 * @open: its calls are being written
 * @some_calls: one of them has been written
 */
struct kpptp_show {
	LIST_ENTRY(kpptp_show) entry;
	const struct kpptp_tunnel *next;
	const struct kpptp_tunnel *last;
	const struct kpptp_session *call;
	bool begun;
	bool some;
	bool open;
	bool some_calls;
};

struct kpptp_show *kpptp_show_new(struct kpptp_server *server)
{
	struct kpptp_show *show = calloc(1, sizeof(*show));

	if (!show)
		return NULL;
	show->next = TAILQ_FIRST(&server->tunnels);
	show->last = TAILQ_LAST(&server->tunnels, kpptp_tunnel_list);
	LIST_INSERT_HEAD(&server->shows, show, entry);
	return show;
}

void kpptp_show_free(struct kpptp_show *show)
{
	if (!show)
		return;
	LIST_REMOVE(show, entry);
	free(show);
}

static const struct kpptp_tunnel *show_after(const struct kpptp_show *show,
					     const struct kpptp_tunnel *tunnel)
{
	return tunnel == show->last ? NULL : TAILQ_NEXT(tunnel, entry);
}

void kpptp_show_tunnel_gone(const struct kpptp_tunnel *tunnel)
{
	struct kpptp_show *show;

	LIST_FOREACH(show, &tunnel->server->shows, entry) {
		if (show->next == tunnel)
			show->next = show_after(show, tunnel);
		if (show->last == tunnel)
			show->last = TAILQ_PREV(tunnel, kpptp_tunnel_list, entry);
	}
}

void kpptp_show_call_gone(const struct kpptp_session *session)
{
	struct kpptp_show *show;

	LIST_FOREACH(show, &session->server->shows, entry)
		if (show->call == session)
			show->call = TAILQ_NEXT(session, entry);
}

static void show_add(struct evbuffer *out, const char *text)
{
	evbuffer_add(out, text, strlen(text));
}

/* Write all but the last @without bytes. Consumes the reference. */
static void show_add_object(struct evbuffer *out, struct json_object *object, size_t without)
{
	const char *text =
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
							       JSON_C_TO_STRING_NOSLASHESCAPE);

	evbuffer_add(out, text, strlen(text) - without);
	json_object_put(object);
}

/* Leave the object open, for its calls as the last member. */
static void show_open_tunnel(struct kpptp_show *show, struct evbuffer *out)
{
	const struct kpptp_tunnel *t = show->next;

	show->next = show_after(show, t);
	if (t->over)
		return;
	if (show->some)
		show_add(out, ",");
	show_add_object(out, show_tunnel(t), 1);
	show_add(out, ",\"" KPPTP_API_CALLS "\":[");
	show->some = true;
	show->open = true;
	show->some_calls = false;
	show->call = TAILQ_FIRST(&t->sessions);
}

static void show_add_call(struct kpptp_show *show, struct evbuffer *out)
{
	if (show->some_calls)
		show_add(out, ",");
	show_add_object(out, show_call(show->call), 0);
	show->some_calls = true;
	show->call = TAILQ_NEXT(show->call, entry);
}

static void show_close_tunnel(struct kpptp_show *show, struct evbuffer *out)
{
	show_add(out, "]}");
	show->open = false;
}

bool kpptp_show_part(struct kpptp_show *show, struct evbuffer *out)
{
	int left = KPPTP_SHOW_PART;

	if (!show->begun)
		show_add(out, "{\"" KPPTP_API_OK "\":true,\"" KPPTP_API_TUNNELS "\":[");
	show->begun = true;
	while (left > 0) {
		if (show->call) {
			show_add_call(show, out);
			left--;
		} else if (show->open) {
			show_close_tunnel(show, out);
		} else if (show->next) {
			show_open_tunnel(show, out);
			left--;
		} else {
			show_add(out, "]}\n");
			return false;
		}
	}
	return true;
}

/* Consumes the reference. */
static void show_event(const struct kpptp_watcher *watcher, struct json_object *event,
		       const char *text)
{
	if (text)
		kpptp_json_add_text(event, KPPTP_API_TEXT, text);
	watcher->event(watcher->ctx, event);
	json_object_put(event);
}

void kpptp_show_tunnel_event(const struct kpptp_tunnel *t, const char *text)
{
	const struct kpptp_watcher *watcher = &t->server->watcher;
	struct json_object *event;

	if (!watcher->count)
		return;
	event = json_object_new_object();
	kpptp_json_add_text(event, KPPTP_API_EVENT, KPPTP_API_EVENT_TUNNEL);
	json_object_object_add(event, KPPTP_API_TUNNEL, show_tunnel(t));
	show_event(watcher, event, text);
}

void kpptp_show_call_event(const struct kpptp_session *s, const char *text)
{
	const struct kpptp_watcher *watcher = &s->server->watcher;
	struct json_object *event;

	if (!watcher->count)
		return;
	event = json_object_new_object();
	kpptp_json_add_text(event, KPPTP_API_EVENT, KPPTP_API_EVENT_CALL);
	kpptp_json_add_address(event, KPPTP_API_LOCAL, s->local);
	kpptp_json_add_address(event, KPPTP_API_PEER, s->peer);
	json_object_object_add(event, KPPTP_API_CALL, show_call(s));
	show_event(watcher, event, text);
}
