// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Uses of a call's counters, while it is up and when it ends: hints that GRE does
 * not get through and that frames are too large, WAN-Error-Notify, Call
 * Statistics.
 */
#include <arpa/inet.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <syslog.h>

#include "dataplane.h"
#include "session_internal.h"
#include "fsm/statistics.h"

/* A peer sends its first LCP request within this time, or GRE is blocked. */
#define FIRST_LOOK_SECONDS 10

/*
 * A PAC may send WAN-Error-Notify once a minute: checking more often would find
 * nothing to do.
 */
#define LOOK_SECONDS 60

/* The monitor answers within milliseconds; without it a call must end too. */
#define LAST_LOOK_SECONDS 2

static bool is_pac(const struct kpptp_session *s)
{
	return s->call.role == KPPTP_CALL_PAC_OUT || s->call.role == KPPTP_CALL_PAC_IN;
}

static void session_check_in(struct kpptp_session *s, unsigned int seconds)
{
	struct timeval tv = { seconds, 0 };

	event_add(s->watch, &tv);
}

void kpptp_session_watch(struct kpptp_session *s)
{
	session_check_in(s, FIRST_LOOK_SECONDS);
}

static void session_check_gre(struct kpptp_session *s, const struct kpptp_call_stats *stats)
{
	char addr[INET_ADDRSTRLEN];

	s->looked = true;
	if (stats->rx_packets || stats->rx_acks)
		return;
	inet_ntop(AF_INET, &s->peer, addr, sizeof(addr));
	kpptp_session_say(s, LOG_WARNING,
			  "control connection is up, no GRE from %s in %d s: is "
			  "protocol 47 blocked?",
			  addr, FIRST_LOOK_SECONDS);
}

/*
 * With df on, packets are not fragmented on the path: those that fit the
 * interface but not the path are lost, and TCP inside may never learn why.
 */
static void session_warn_too_big(struct kpptp_session *s, const struct kpptp_call_stats *stats)
{
	if (s->too_big || !stats->tx_too_big)
		return;
	s->too_big = true;
	kpptp_session_say(s, LOG_WARNING,
			  "frames are too large for the path and df is on, so "
			  "they are dropped (tx-too-big %" PRIu64
			  " so far): lower the MTU of the PPP interface, or "
			  "turn df off",
			  stats->tx_too_big);
}

static bool ends_call(const struct kpptp_call_event *ev)
{
	return ev->type == KPPTP_CALL_EV_CLEAR || ev->type == KPPTP_CALL_EV_PPP_ENDED ||
	       (ev->type == KPPTP_CALL_EV_MSG && ev->msg->type == KPPTP_CCRQ);
}

bool kpptp_session_defer_end(struct kpptp_session *s, const struct kpptp_call_event *ev)
{
	if (s->gone || !is_pac(s) || s->call.state != KPPTP_CALL_ESTABLISHED || !ends_call(ev))
		return false;
	/* It is already about to end; one reason is enough. */
	if (s->ending.waits)
		return true;
	if (kpptp_dataplane_call_stats(s->server->dp, s->handle) < 0)
		return false;
	s->ending.waits = true;
	s->ending.ev = *ev;
	if (ev->msg) {
		s->ending.msg = *ev->msg;
		s->ending.ev.msg = &s->ending.msg;
	}
	if (ev->text) {
		snprintf(s->ending.text, sizeof(s->ending.text), "%s", ev->text);
		s->ending.ev.text = s->ending.text;
	}
	session_check_in(s, LAST_LOOK_SECONDS);
	return true;
}

/* Feed the held event; @stats is NULL if there are none. */
static void session_end_deferred(struct kpptp_session *s, const struct kpptp_call_stats *stats)
{
	char text[KPPTP_STATISTICS_LEN + 1];

	s->ending.waits = false;
	event_del(s->watch);
	if (stats) {
		session_warn_too_big(s, stats);
		kpptp_statistics_text(stats, text, sizeof(text));
		s->ending.ev.stats = text;
	}
	kpptp_session_step(s, &s->ending.ev);
}

void kpptp_session_on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_session *s = arg;

	(void)fd;
	(void)what;
	if (s->ending.waits) {
		session_end_deferred(s, NULL);
		return;
	}
	if (!s->gone)
		kpptp_dataplane_call_stats(s->server->dp, s->handle);
	session_check_in(s, LOOK_SECONDS);
}

void kpptp_session_stats(struct kpptp_session *s, int err, const struct kpptp_call_stats *stats)
{
	struct kpptp_call_event ev = { .type = KPPTP_CALL_EV_WAN_ERRORS };

	if (s->released)
		return;
	if (s->ending.waits) {
		session_end_deferred(s, err ? NULL : stats);
		return;
	}
	if (err)
		return;
	if (!s->looked)
		session_check_gre(s, stats);
	session_warn_too_big(s, stats);
	kpptp_statistics_wan_errors(stats, &ev.wan_errors);
	kpptp_session_step(s, &ev);
}
