// SPDX-License-Identifier: GPL-2.0-or-later
/* From a tunnel to its calls: find a message's call, and accept or refuse new calls. */
#include "dispatch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "clock.h"
#include "fsm/call_fsm.h"
#include "common/lru.h"
#include "newcomers.h"
#include "session.h"
#include "tunnel.h"

#define MINUTE	      60000
/*
 * Milliseconds that a request may wait for its turn in the monitor (starts.h): a
 * client waits for a minute, and should get the refusal before that.
 */
#define QUEUE_TIMEOUT 55000

static struct kpptp_session *dispatch_best_match(const struct kpptp_tunnel *t,
						 const struct kpptp_msg *msg)
{
	enum kpptp_call_match best = KPPTP_CALL_MATCH_NO;
	struct kpptp_session *s, *found = NULL;

	TAILQ_FOREACH(s, &t->sessions, entry) {
		enum kpptp_call_match match = kpptp_call_matches(&s->call, msg);

		if (match > best) {
			best = match;
			found = s;
		}
	}
	return found;
}

/**
 * struct refusal - why a call is refused
 * @result: Result Code; 0 = accepted
 */
struct refusal {
	uint8_t result;
	uint8_t error;
	char text[96];
};

static void __attribute__((format(printf, 2, 3)))
no_resource(struct refusal *r, const char *fmt, ...)
{
	va_list ap;

	r->result = KPPTP_RESULT_GENERAL_ERROR;
	r->error = KPPTP_ERR_NO_RESOURCE;
	va_start(ap, fmt);
	vsnprintf(r->text, sizeof(r->text), fmt, ap);
	va_end(ap);
}

/* Per address, not per connection, which the peer may close and reopen. */
static bool dispatch_rate_allows(const struct kpptp_tunnel *t)
{
	struct kpptp_rate *rate = kpptp_lru_use(t->server->call_rates, t->peer.s_addr);

	return kpptp_rate_allows(rate, t->server->config.call_rate, MINUTE, kpptp_clock_now());
}

/* Evict a call that waits for its pppd if its address has more calls. */
static bool dispatch_make_room(const struct kpptp_tunnel *t)
{
	struct kpptp_session *victim = kpptp_newcomers_yield(&t->server->newcomers, t->host);
	char why[64];

	if (!victim)
		return false;
	snprintf(why, sizeof(why), "limit calls=%u is reached: evicted to make room",
		 t->server->config.calls);
	kpptp_session_evict(victim, why);
	return t->server->session_count < t->server->config.calls;
}

static void dispatch_judge_request(const struct kpptp_tunnel *t, enum kpptp_msg_type type,
				   struct refusal *r)
{
	const struct kpptp_config *config = &t->server->config;

	memset(r, 0, sizeof(*r));
	if (t->originator && !t->merged) {
		/* A server that we dial may not use us as its server. */
		r->result = type == KPPTP_OCRQ ? KPPTP_OCRP_DO_NOT_ACCEPT
					       : KPPTP_ICRP_DO_NOT_ACCEPT;
		snprintf(r->text, sizeof(r->text),
			 "we opened this connection to place calls, not to "
			 "take them");
	} else if (!dispatch_rate_allows(t)) {
		no_resource(r, "limit call-rate=%u per minute is reached", config->call_rate);
	} else if (t->session_count >= config->calls_per_connection) {
		no_resource(r, "limit calls-per-connection=%u is reached",
			    config->calls_per_connection);
	} else if (t->host->calls >= config->calls_per_address) {
		no_resource(r, "limit calls-per-address=%u is reached", config->calls_per_address);
	} else if (t->server->session_count >= config->calls && !dispatch_make_room(t)) {
		no_resource(r, "limit calls=%u is reached", config->calls);
	}
}

/* The peer requests a call. The call's state machine answers with a refusal. */
static void dispatch_new_call(struct kpptp_tunnel *t, const struct kpptp_msg *msg)
{
	const struct kpptp_config *config = &t->server->config;
	enum kpptp_call_role role = msg->type == KPPTP_OCRQ ? KPPTP_CALL_PAC_OUT
							    : KPPTP_CALL_PNS_IN;
	struct kpptp_call_params params;
	struct kpptp_session *s;
	struct refusal refusal;

	dispatch_judge_request(t, msg->type, &refusal);
	kpptp_call_params_default(&params, role);
	params.recv_window_size = config->window;
	params.link_info = config->link_info;
	params.reply_timeout = config->reply_timeout * 1000;
	params.setup_timeout = QUEUE_TIMEOUT;
	params.physical_channel_id = t->server->last_handle + 1;
	s = kpptp_session_new(t, role, &params, config->flow_control, NULL, NULL);
	if (!s) {
		kpptp_tunnel_log(t, LOG_ERR, "out of memory for a call: not answering %s",
				 kpptp_msg_name(msg->type));
		return;
	}
	s->started = true;
	kpptp_session_message(s, msg, refusal.result, refusal.error,
			      refusal.result ? refusal.text : NULL);
}

void kpptp_dispatch_message(struct kpptp_tunnel *t, const struct kpptp_msg *msg)
{
	struct kpptp_session *s = dispatch_best_match(t, msg);

	if (s)
		kpptp_session_message(s, msg, 0, 0, NULL);
	else if (msg->type == KPPTP_OCRQ || msg->type == KPPTP_ICRQ)
		dispatch_new_call(t, msg);
	else
		kpptp_tunnel_log(t, LOG_DEBUG, "ignoring %s: no such call",
				 kpptp_msg_name(msg->type));
}

void kpptp_dispatch_up(struct kpptp_tunnel *t)
{
	struct kpptp_session *s, *next;

	for (s = TAILQ_FIRST(&t->sessions); s; s = next) {
		next = TAILQ_NEXT(s, entry);
		if (!s->started)
			kpptp_session_start(s);
	}
}

void kpptp_dispatch_down(struct kpptp_tunnel *t, const char *why)
{
	struct kpptp_session *s, *next;

	for (s = TAILQ_FIRST(&t->sessions); s; s = next) {
		next = TAILQ_NEXT(s, entry);
		kpptp_session_conn_down(s, why);
	}
}
