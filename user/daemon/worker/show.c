// SPDX-License-Identifier: GPL-2.0-or-later
/* What the daemon has, as JSON. */
#include "show.h"

#include <json-c/json.h>

#include "api.h"
#include "json.h"
#include "state.h"

/* A number that has been told, or that we tell. */
static void add_phone(struct json_object *to, const char *name,
		      const char *number)
{
	if (*number)
		kpptp_json_add_text(to, name, number);
}

static const char *role_of(enum kpptp_call_role role)
{
	return role == KPPTP_CALL_PNS_OUT || role == KPPTP_CALL_PNS_IN ? "pns"
								       : "pac";
}

static struct json_object *show_call(const struct kpptp_session *s)
{
	struct json_object *call = json_object_new_object();

	/* Before the kernel has made the call it has no number: 0. */
	kpptp_json_add_number(call, KPPTP_API_ID, s->call.call_id);
	if (s->call.peer.id_known)
		kpptp_json_add_number(call, KPPTP_API_PEER_ID,
				      s->call.peer.call_id);
	if (s->call.kernel)
		kpptp_json_add_number(call, KPPTP_API_CHANNEL, s->call.channel);
	kpptp_json_add_text(call, KPPTP_API_ROLE, role_of(s->call.role));
	kpptp_json_add_text(call, KPPTP_API_STATE,
			    kpptp_call_state_name(s->call.state));
	add_phone(call, KPPTP_API_NUMBER, s->call.params.phone_number);
	add_phone(call, KPPTP_API_DIALING, s->call.params.dialing_number);
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
	kpptp_json_add_text(tunnel, KPPTP_API_ROLE,
			    t->originator ? "pns" : "pac");
	json_object_object_add(tunnel, KPPTP_API_ORIGINATOR,
			       json_object_new_boolean(t->originator));
	kpptp_json_add_text(tunnel, KPPTP_API_STATE,
			    kpptp_ctrl_state_name(t->ctrl.state));
	kpptp_json_add_text(tunnel, KPPTP_API_HOST_NAME,
			    t->ctrl.peer.host_name);
	kpptp_json_add_text(tunnel, KPPTP_API_VENDOR, t->ctrl.peer.vendor_name);
	kpptp_json_add_number(tunnel, KPPTP_API_SINCE, t->since);
	return tunnel;
}

static struct json_object *show_calls(const struct kpptp_tunnel *t)
{
	struct json_object *calls = json_object_new_array();
	const struct kpptp_session *s;

	TAILQ_FOREACH(s, &t->sessions, entry)
		json_object_array_add(calls, show_call(s));
	return calls;
}

struct json_object *kpptp_show_tunnels(const struct kpptp_server *server)
{
	struct json_object *tunnels = json_object_new_array();
	struct json_object *tunnel;
	const struct kpptp_tunnel *t;

	TAILQ_FOREACH(t, &server->tunnels, entry) {
		if (t->over)
			continue;
		tunnel = show_tunnel(t);
		json_object_object_add(tunnel, KPPTP_API_CALLS, show_calls(t));
		json_object_array_add(tunnels, tunnel);
	}
	return tunnels;
}

/* Takes the reference. */
static void tell(const struct kpptp_watcher *watcher, struct json_object *event,
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
	tell(watcher, event, text);
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
	tell(watcher, event, text);
}
