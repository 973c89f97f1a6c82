// SPDX-License-Identifier: GPL-2.0-or-later
/* The calls of a tunnel, and what happens when it has none. */
#include <event2/event.h>

#include "clock.h"
#include "hosts.h"
#include "show.h"
#include "tunnel_internal.h"

/* Move the calls that wait for @t to be established to @winner. */
void kpptp_tunnel_move_calls(struct kpptp_tunnel *t, struct kpptp_tunnel *winner)
{
	struct kpptp_session *s;

	while ((s = TAILQ_FIRST(&t->sessions))) {
		kpptp_tunnel_remove(t, s);
		kpptp_tunnel_add(winner, s);
	}
}

/* A tunnel that we opened ends with its last call, without a timeout. */
void kpptp_tunnel_note_idle(struct kpptp_tunnel *t)
{
	if (t->originator || t->over || t->idle || !TAILQ_EMPTY(&t->sessions))
		return;
	kpptp_hosts_idle(&t->server->hosts, t, kpptp_clock_now());
	t->server->ops->idle(t->server);
}

/* Is there a call whose end the peer has not confirmed yet? */
bool kpptp_tunnel_clears_a_call(const struct kpptp_tunnel *t)
{
	const struct kpptp_session *s;

	TAILQ_FOREACH(s, &t->sessions, entry)
		if (s->call.state == KPPTP_CALL_WAIT_DISCONNECT)
			return true;
	return false;
}

void kpptp_tunnel_add(struct kpptp_tunnel *t, struct kpptp_session *session)
{
	session->tunnel = t;
	TAILQ_INSERT_TAIL(&t->sessions, session, entry);
	t->session_count++;
	if (!t->originator)
		t->host->calls++;
	kpptp_hosts_busy(&t->server->hosts, t);
}

void kpptp_tunnel_remove(struct kpptp_tunnel *t, struct kpptp_session *session)
{
	kpptp_show_call_gone(session);
	session->tunnel = NULL;
	TAILQ_REMOVE(&t->sessions, session, entry);
	t->session_count--;
	if (!t->originator)
		t->host->calls--;
	kpptp_tunnel_note_idle(t);
	if (t->originator && !t->over && !t->session_count)
		event_active(t->later, EV_TIMEOUT, 0);
}
