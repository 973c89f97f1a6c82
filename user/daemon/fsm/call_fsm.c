// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The call state machine of RFC 2637 §3.2: what all four roles share. The edges
 * of the RFC's diagrams are in call_pns_fsm.c and call_pac_fsm.c.
 */
#include "call_fsm.h"
#include "call_fsm_internal.h"

#include <assert.h>
#include <string.h>

#define SECOND 1000U
#define MINUTE (60U * SECOND)

struct kpptp_call_action *kpptp_call_add(struct kpptp_call_actions *out, enum kpptp_call_act type)
{
	struct kpptp_call_action *action;

	assert(out->count < KPPTP_CALL_ACTIONS_MAX);
	action = &out->item[out->count++];
	memset(action, 0, sizeof(*action));
	action->type = type;
	return action;
}

struct kpptp_reason *kpptp_call_add_log(struct kpptp_call_actions *out, int level)
{
	struct kpptp_call_action *action;

	action = kpptp_call_add(out, KPPTP_CALL_ACT_LOG);
	action->level = level;
	return &action->why;
}

struct kpptp_msg *kpptp_call_send(struct kpptp_call_actions *out, enum kpptp_msg_type type)
{
	struct kpptp_msg *msg = &kpptp_call_add(out, KPPTP_CALL_ACT_SEND)->msg;

	msg->type = type;
	return msg;
}

void kpptp_call_wait(struct kpptp_call *call, enum kpptp_call_state state, uint64_t now,
		     uint32_t timeout)
{
	call->state = state;
	call->deadline = now + timeout;
}

void kpptp_call_prepare(struct kpptp_call *call, enum kpptp_call_state state, uint64_t now,
			struct kpptp_call_actions *out)
{
	kpptp_call_add(out, KPPTP_CALL_ACT_KERNEL_NEW)->peer = call->peer;
	kpptp_call_wait(call, state, now, call->params.setup_timeout);
}

void kpptp_call_learn(struct kpptp_call *call, uint16_t window, uint16_t delay,
		      struct kpptp_call_actions *out)
{
	if (!window) {
		say(out, LOG_INFO, "the peer offers a receive window of 0: using 1");
		window = 1;
	}
	call->peer.recv_window_size = window;
	call->peer.delay = delay;
	call->peer.window_known = true;
}

/* A local dial or offer, whose requester gets reports */
static bool has_requester(const struct kpptp_call *call)
{
	return call->role == KPPTP_CALL_PNS_OUT || call->role == KPPTP_CALL_PAC_IN;
}

void kpptp_call_report_end(struct kpptp_call *call, const char *why, struct kpptp_call_actions *out)
{
	enum kpptp_call_act type = call->up ? KPPTP_CALL_ACT_REPORT_DOWN
					    : KPPTP_CALL_ACT_REPORT_FAILED;

	if (!has_requester(call) || call->reported)
		return;
	call->reported = true;
	kpptp_reason_set(&kpptp_call_add(out, type)->why, "%s", why);
}

static void call_release(struct kpptp_call *call, struct kpptp_call_actions *out)
{
	if (call->kernel)
		kpptp_call_add(out, KPPTP_CALL_ACT_KERNEL_DEL);
	call->kernel = false;
	call->state = KPPTP_CALL_IDLE;
	kpptp_call_add(out, KPPTP_CALL_ACT_RELEASE);
}

/* Does the data plane still have to answer our KERNEL_NEW? */
static bool call_preparing(const struct kpptp_call *call)
{
	return call->state == KPPTP_CALL_PREPARE || call->state == KPPTP_CALL_WAIT_CS_ANS;
}

/* The end is logged already: report it, and release as soon as possible */
static void call_leave(struct kpptp_call *call, const char *why, struct kpptp_call_actions *out)
{
	kpptp_call_report_end(call, why, out);
	call->deadline = KPPTP_NO_DEADLINE;
	if (call_preparing(call))
		call->state = KPPTP_CALL_CANCELLED;
	else
		call_release(call, out);
}

void kpptp_call_end(struct kpptp_call *call, int level, const char *why,
		    struct kpptp_call_actions *out)
{
	say(out, level, "call ended: %s", why);
	call_leave(call, why, out);
}

void kpptp_call_link_info(struct kpptp_call *call, uint32_t send_accm, uint32_t receive_accm,
			  struct kpptp_call_actions *out)
{
	struct kpptp_sli *sli;

	if (call->params.link_info == KPPTP_LINK_INFO_NEVER)
		return;
	if (call->params.link_info == KPPTP_LINK_INFO_PNS && !kpptp_call_is_pns(call))
		return;
	sli = &kpptp_call_send(out, KPPTP_SLI)->sli;
	sli->peers_call_id = call->peer.call_id;
	sli->send_accm = send_accm;
	sli->receive_accm = receive_accm;
	call->link_sent = true;
	call->send_accm = send_accm;
	call->receive_accm = receive_accm;
}

void kpptp_call_establish(struct kpptp_call *call, struct kpptp_call_actions *out)
{
	call->state = KPPTP_CALL_ESTABLISHED;
	call->deadline = KPPTP_NO_DEADLINE;
	call->up = true;
	kpptp_call_link_info(call, KPPTP_ACCM_DEFAULT, KPPTP_ACCM_DEFAULT, out);
	say(out, LOG_INFO, "call established, %s, our id %u, peer's id %u, peer's window %u",
	    kpptp_call_role_name(call->role), call->call_id, call->peer.call_id,
	    call->peer.recv_window_size);
	if (has_requester(call))
		kpptp_call_add(out, KPPTP_CALL_ACT_REPORT_UP);
	if (call->params.start_pppd)
		kpptp_call_add(out, KPPTP_CALL_ACT_START_PPPD);
}

void kpptp_call_hear_link_info(struct kpptp_call *call, const struct kpptp_sli *sli,
			       struct kpptp_call_actions *out)
{
	if (sli->send_accm == call->heard_send_accm &&
	    sli->receive_accm == call->heard_receive_accm)
		return;
	say(out, call->link_heard ? LOG_DEBUG : LOG_INFO,
	    "the peer's Set-Link-Info: send ACCM 0x%08x, receive ACCM 0x%08x", sli->send_accm,
	    sli->receive_accm);
	call->link_heard = true;
	call->heard_send_accm = sli->send_accm;
	call->heard_receive_accm = sli->receive_accm;
}

void kpptp_call_unexpected(struct kpptp_call *call, const struct kpptp_msg *msg,
			   struct kpptp_call_actions *out)
{
	/* Do not let a peer that repeats this fill the log. */
	int level = call->warned_unexpected ? LOG_DEBUG : LOG_WARNING;

	call->warned_unexpected = true;
	say(out, level, "ignoring %s in state %s of a %s call", kpptp_msg_name(msg->type),
	    kpptp_call_state_name(call->state), kpptp_call_role_name(call->role));
}

static const struct kpptp_call_ops *ops_of(const struct kpptp_call *call)
{
	return kpptp_call_is_pns(call) ? &kpptp_call_pns_ops : &kpptp_call_pac_ops;
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

void kpptp_call_say_refused(struct kpptp_call_actions *out, int level, const char *why)
{
	const struct kpptp_msg *reply = &out->item[out->count - 1].msg;
	struct kpptp_reason result;

	kpptp_msg_result_describe(reply, &result);
	say(out, level, "refusing the call with %s: %s", result.text, why);
}

void kpptp_call_turn_down(struct kpptp_call *call, int level, uint8_t result, uint8_t error,
			  const char *why, struct kpptp_call_actions *out)
{
	unsigned int before = out->count;

	ops_of(call)->refuse(call, result, error, out);
	if (out->count == before) {
		kpptp_call_end(call, level, why, out);
		return;
	}
	kpptp_call_say_refused(out, level, why);
	call_leave(call, why, out);
}

bool kpptp_call_refuse(struct kpptp_call *call, const struct kpptp_call_event *ev, const char *bad,
		       struct kpptp_call_actions *out)
{
	if (bad)
		kpptp_call_turn_down(call, LOG_WARNING, KPPTP_RESULT_GENERAL_ERROR,
				     KPPTP_ERR_BAD_VALUE, bad, out);
	else if (ev->refuse_result)
		kpptp_call_turn_down(call, LOG_WARNING, ev->refuse_result, ev->refuse_error,
				     text_or(ev->text, "not accepted here"), out);
	else
		return false;
	return true;
}

void kpptp_call_declined(struct kpptp_call *call, const struct kpptp_msg *msg,
			 struct kpptp_call_actions *out)
{
	struct kpptp_reason result, why;

	kpptp_msg_result_describe(msg, &result);
	kpptp_reason_set(&why, "refused by the peer: %s", result.text);
	kpptp_call_end(call, LOG_WARNING, why.text, out);
}

static void call_start(struct kpptp_call *call, const struct kpptp_call_event *ev,
		       struct kpptp_call_actions *out)
{
	if (call->state == KPPTP_CALL_IDLE && has_requester(call))
		kpptp_call_prepare(call, KPPTP_CALL_PREPARE, ev->now, out);
}

static void call_clear(struct kpptp_call *call, const struct kpptp_call_event *ev, uint8_t result,
		       uint8_t error, const char *why, struct kpptp_call_actions *out)
{
	if (call->state == KPPTP_CALL_IDLE)
		kpptp_call_end(call, LOG_INFO, why, out);
	else if (call->state != KPPTP_CALL_CANCELLED)
		ops_of(call)->clear(call, ev, result, error, why, out);
}

static void call_message(struct kpptp_call *call, const struct kpptp_call_event *ev,
			 struct kpptp_call_actions *out)
{
	if (call->state == KPPTP_CALL_CANCELLED)
		kpptp_call_unexpected(call, ev->msg, out);
	else
		ops_of(call)->message(call, ev, out);
}

static void call_data_ready(struct kpptp_call *call, const struct kpptp_call_event *ev,
			    struct kpptp_call_actions *out)
{
	bool cancelled = call->state == KPPTP_CALL_CANCELLED;

	if (!call_preparing(call) && !cancelled)
		return;
	call->kernel = true;
	call->call_id = ev->call_id;
	call->channel = ev->channel;
	if (cancelled)
		call_release(call, out);
	else
		ops_of(call)->ready(call, ev, out);
}

static void call_data_failed(struct kpptp_call *call, const struct kpptp_call_event *ev,
			     struct kpptp_call_actions *out)
{
	const char *why = text_or(ev->text, "the kernel call failed");

	if (call->state == KPPTP_CALL_CANCELLED) {
		call_release(call, out);
	} else if (call_preparing(call)) {
		call->state = KPPTP_CALL_IDLE;
		kpptp_call_turn_down(call, LOG_ERR, KPPTP_RESULT_GENERAL_ERROR,
				     KPPTP_ERR_NO_RESOURCE, why, out);
	} else {
		call_clear(call, ev, KPPTP_CDN_GENERAL_ERROR, KPPTP_ERR_PAC_ERROR, why, out);
	}
}

/* Nothing can be sent any more; calls are logically released (§3.2.1) */
static void call_conn_down(struct kpptp_call *call, const struct kpptp_call_event *ev,
			   struct kpptp_call_actions *out)
{
	if (call->state != KPPTP_CALL_CANCELLED)
		kpptp_call_end(call, LOG_INFO, text_or(ev->text, "control connection lost"), out);
}

static void call_link_info(struct kpptp_call *call, const struct kpptp_call_event *ev,
			   struct kpptp_call_actions *out)
{
	if (call->state != KPPTP_CALL_ESTABLISHED)
		return;
	if (call->link_sent && call->send_accm == ev->send_accm &&
	    call->receive_accm == ev->receive_accm)
		return;
	kpptp_call_link_info(call, ev->send_accm, ev->receive_accm, out);
}

/* A PAC owes a WAN-Error-Notify if counters changed since the last one */
static bool call_wan_errors_pending(const struct kpptp_call *call)
{
	return call->state == KPPTP_CALL_ESTABLISHED && !kpptp_call_is_pns(call) &&
	       memcmp(&call->wan_now, &call->wan_sent, sizeof(call->wan_now));
}

static void call_wan_notify(struct kpptp_call *call, uint64_t now, struct kpptp_call_actions *out)
{
	struct kpptp_wen *wen;

	if (!call_wan_errors_pending(call) || now < call->wan_next)
		return;
	wen = &kpptp_call_send(out, KPPTP_WEN)->wen;
	wen->peers_call_id = call->peer.call_id;
	wen->crc_errors = call->wan_now.crc_errors;
	wen->framing_errors = call->wan_now.framing_errors;
	wen->hardware_overruns = call->wan_now.hardware_overruns;
	wen->buffer_overruns = call->wan_now.buffer_overruns;
	wen->time_out_errors = call->wan_now.time_out_errors;
	wen->alignment_errors = call->wan_now.alignment_errors;
	call->wan_sent = call->wan_now;
	call->wan_next = now + call->params.wan_error_interval;
}

/* §3.2.1: no transition within a minute makes the whole connection suspect */
static void call_stuck(struct kpptp_call *call, struct kpptp_call_actions *out)
{
	struct kpptp_reason why;

	kpptp_reason_set(&why, "call %u stuck in state %s for %u s", call->call_id,
			 kpptp_call_state_name(call->state), call->params.reply_timeout / SECOND);
	/* The control connection logs the reason at a visible level. */
	say(out, LOG_DEBUG, "%s: closing the control connection", why.text);
	kpptp_call_add(out, KPPTP_CALL_ACT_CLOSE_CTRL)->why = why;
	/* The server answers with CONN_DOWN, which ends the call */
	call->deadline = KPPTP_NO_DEADLINE;
}

/* Send a refusal that the peer can act on, then wait for the data plane */
static void call_setup_expired(struct kpptp_call *call, const char *why,
			       struct kpptp_call_actions *out)
{
	const struct kpptp_call_ops *ops = ops_of(call);

	kpptp_call_turn_down(call, why ? LOG_WARNING : LOG_ERR, ops->expired_result,
			     ops->expired_error,
			     text_or(why, "timed out waiting for the kernel call"), out);
}

static void call_timer(struct kpptp_call *call, const struct kpptp_call_event *ev,
		       struct kpptp_call_actions *out)
{
	call_wan_notify(call, ev->now, out);
	if (ev->now < call->deadline)
		return;
	if (call_preparing(call))
		call_setup_expired(call, ev->text, out);
	else
		call_stuck(call, out);
}

void kpptp_call_step(struct kpptp_call *call, const struct kpptp_call_event *ev,
		     struct kpptp_call_actions *out)
{
	out->count = 0;
	switch (ev->type) {
	case KPPTP_CALL_EV_START:
		call_start(call, ev, out);
		break;
	case KPPTP_CALL_EV_CLEAR:
		call_clear(call, ev, ev->result ? ev->result : KPPTP_CDN_ADMIN_SHUTDOWN,
			   KPPTP_ERR_NONE, text_or(ev->text, "local request"), out);
		break;
	case KPPTP_CALL_EV_MSG:
		call_message(call, ev, out);
		break;
	case KPPTP_CALL_EV_DATA_READY:
		call_data_ready(call, ev, out);
		break;
	case KPPTP_CALL_EV_DATA_FAILED:
		call_data_failed(call, ev, out);
		break;
	case KPPTP_CALL_EV_PPP_ENDED:
		call_clear(call, ev, KPPTP_CDN_LOST_CARRIER, KPPTP_ERR_NONE,
			   text_or(ev->text, "PPP ended"), out);
		break;
	case KPPTP_CALL_EV_CONN_DOWN:
		call_conn_down(call, ev, out);
		break;
	case KPPTP_CALL_EV_LINK_INFO:
		call_link_info(call, ev, out);
		break;
	case KPPTP_CALL_EV_WAN_ERRORS:
		call->wan_now = ev->wan_errors;
		call_wan_notify(call, ev->now, out);
		break;
	case KPPTP_CALL_EV_TIMER:
		call_timer(call, ev, out);
		break;
	case KPPTP_CALL_EVENTS:
		break;
	}
}

uint64_t kpptp_call_deadline(const struct kpptp_call *call)
{
	if (call_wan_errors_pending(call) && call->wan_next < call->deadline)
		return call->wan_next;
	return call->deadline;
}

void kpptp_call_params_default(struct kpptp_call_params *params, enum kpptp_call_role role)
{
	bool asked_by_peer = role == KPPTP_CALL_PAC_OUT || role == KPPTP_CALL_PNS_IN;

	memset(params, 0, sizeof(*params));
	params->recv_window_size = 64;
	params->minimum_bps = 300;
	params->maximum_bps = 100000000;
	params->connect_speed = params->maximum_bps;
	params->bearer_type = KPPTP_BEARER_ANY;
	params->framing_type = KPPTP_FRAMING_ANY;
	if (role == KPPTP_CALL_PAC_IN) {
		params->bearer_type = KPPTP_BEARER_DIGITAL;
		params->framing_type = KPPTP_FRAMING_SYNC;
	}
	params->start_pppd = asked_by_peer;
	params->link_info = KPPTP_LINK_INFO_PNS;
	params->reply_timeout = MINUTE;
	params->setup_timeout = MINUTE / 2;
	params->wan_error_interval = MINUTE;
}

void kpptp_call_init(struct kpptp_call *call, enum kpptp_call_role role,
		     const struct kpptp_call_params *params)
{
	memset(call, 0, sizeof(*call));
	call->role = role;
	call->state = KPPTP_CALL_IDLE;
	call->params = *params;
	call->channel = -1;
	call->heard_send_accm = KPPTP_ACCM_DEFAULT;
	call->heard_receive_accm = KPPTP_ACCM_DEFAULT;
	call->deadline = KPPTP_NO_DEADLINE;
}
