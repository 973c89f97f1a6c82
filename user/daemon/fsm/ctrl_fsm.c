// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The transitions of the control connection, RFC 2637 §3.1. One function per
 * state for messages, one per other event.
 */
#include "ctrl_fsm.h"
#include "ctrl_fsm_internal.h"

#include <assert.h>
#include <string.h>

#define SECOND 1000U
#define MINUTE (60U * SECOND)

struct kpptp_ctrl_action *kpptp_ctrl_add(struct kpptp_ctrl_actions *out, enum kpptp_ctrl_act type)
{
	struct kpptp_ctrl_action *action;

	assert(out->count < KPPTP_CTRL_ACTIONS_MAX);
	action = &out->item[out->count++];
	memset(action, 0, sizeof(*action));
	action->type = type;
	return action;
}

struct kpptp_reason *kpptp_ctrl_add_log(struct kpptp_ctrl_actions *out, int level)
{
	struct kpptp_ctrl_action *action = kpptp_ctrl_add(out, KPPTP_CTRL_ACT_LOG);

	action->level = level;
	return &action->why;
}

struct kpptp_msg *kpptp_ctrl_send(struct kpptp_ctrl_actions *out, enum kpptp_msg_type type)
{
	struct kpptp_msg *msg = &kpptp_ctrl_add(out, KPPTP_CTRL_ACT_SEND)->msg;

	msg->type = type;
	return msg;
}

static void ctrl_send_stop_reply(struct kpptp_ctrl_actions *out)
{
	kpptp_ctrl_send(out, KPPTP_STOPCCRP)->stopccrp.result_code = KPPTP_RESULT_OK;
}

static uint64_t ctrl_reply_deadline(const struct kpptp_ctrl *c, uint64_t now)
{
	return now + c->config.reply_timeout;
}

uint64_t kpptp_ctrl_echo_deadline(const struct kpptp_ctrl *c, uint64_t now)
{
	if (!c->config.echo_interval)
		return KPPTP_NO_DEADLINE;
	return now + c->config.echo_interval;
}

/* Calls, or dial requests that wait for this connection; none after a stop */
static bool ctrl_may_have_calls(const struct kpptp_ctrl *c)
{
	return c->state == KPPTP_CTRL_ESTABLISHED ||
	       (c->state != KPPTP_CTRL_WAIT_STOP_REPLY && c->role == KPPTP_CTRL_ORIGINATOR);
}

static void ctrl_calls_down(const struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out,
			    const char *why)
{
	if (ctrl_may_have_calls(c))
		kpptp_reason_set(&kpptp_ctrl_add(out, KPPTP_CTRL_ACT_CALLS_DOWN)->why, "%s", why);
}

static void ctrl_finish(struct kpptp_ctrl *c)
{
	c->state = KPPTP_CTRL_IDLE;
	c->deadline = KPPTP_NO_DEADLINE;
	c->finished = true;
}

void kpptp_ctrl_close(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, bool flush)
{
	kpptp_ctrl_add(out, KPPTP_CTRL_ACT_CLOSE)->flush = flush;
	ctrl_finish(c);
}

/* Close, sending nothing to the peer */
void kpptp_ctrl_give_up(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, int level,
			const char *why)
{
	say(out, level, "closing the control connection: %s", why);
	ctrl_calls_down(c, out, why);
	kpptp_ctrl_close(c, out, false);
}

/* Close as §3.1 requires of either side once established */
void kpptp_ctrl_stop(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, uint64_t now,
		     uint8_t reason, const char *why)
{
	kpptp_ctrl_send(out, KPPTP_STOPCCRQ)->stopccrq.reason = reason;
	ctrl_calls_down(c, out, why);
	c->state = KPPTP_CTRL_WAIT_STOP_REPLY;
	c->deadline = ctrl_reply_deadline(c, now);
}

/*
 * The peer violated the protocol but not the framing: "the control connection
 * should be closed and restarted to ensure recovery into a known state" (§3).
 * Tell only an established peer: others would not expect a message.
 */
static void ctrl_violation(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, uint64_t now,
			   const char *what)
{
	struct kpptp_reason why;

	kpptp_reason_set(&why, "%s in state %s", what, kpptp_ctrl_state_name(c->state));
	if (c->state != KPPTP_CTRL_ESTABLISHED) {
		kpptp_ctrl_give_up(c, out, LOG_WARNING, why.text);
		return;
	}
	say(out, LOG_WARNING, "stopping the control connection: %s", why.text);
	kpptp_ctrl_stop(c, out, now, KPPTP_STOP_NONE, why.text);
}

static void ctrl_receive_stop_request(struct kpptp_ctrl *c, const struct kpptp_msg *msg,
				      struct kpptp_ctrl_actions *out)
{
	struct kpptp_reason why;

	kpptp_reason_set(&why, "stopped by the peer with reason %u (%s)", msg->stopccrq.reason,
			 kpptp_stop_reason_text(msg->stopccrq.reason));
	say(out, LOG_INFO, "closing the control connection: %s", why.text);
	ctrl_send_stop_reply(out);
	ctrl_calls_down(c, out, why.text);
	kpptp_ctrl_close(c, out, true);
}

static void ctrl_receive_echo_reply(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
				    struct kpptp_ctrl_actions *out)
{
	const struct kpptp_echorp *reply = &ev->msg->echorp;

	if (!c->echo_pending || reply->identifier != c->echo_id) {
		say(out, LOG_INFO, "ignoring an Echo-Reply with identifier 0x%08x, %s 0x%08x",
		    reply->identifier, c->echo_pending ? "expected" : "none expected, last",
		    c->echo_id);
		return;
	}
	c->echo_pending = false;
	c->deadline = kpptp_ctrl_echo_deadline(c, ev->now);
}

static void idle_msg(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		     struct kpptp_ctrl_actions *out)
{
	if (c->role == KPPTP_CTRL_RECEIVER && ev->msg->type == KPPTP_SCCRQ)
		kpptp_ctrl_receive_start_request(c, ev, out);
	else
		ctrl_violation(c, out, ev->now, kpptp_msg_name(ev->msg->type));
}

static void wait_ctl_reply_msg(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
			       struct kpptp_ctrl_actions *out)
{
	if (ev->msg->type == KPPTP_SCCRP)
		kpptp_ctrl_receive_start_reply(c, ev, out);
	else if (ev->msg->type == KPPTP_STOPCCRQ)
		ctrl_receive_stop_request(c, ev->msg, out);
	else
		ctrl_violation(c, out, ev->now, kpptp_msg_name(ev->msg->type));
}

static void established_msg(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
			    struct kpptp_ctrl_actions *out)
{
	struct kpptp_echorp *reply;

	/* A message postpones our Echo-Request, but does not answer one */
	if (!c->echo_pending)
		c->deadline = kpptp_ctrl_echo_deadline(c, ev->now);

	switch (ev->msg->type) {
	case KPPTP_STOPCCRQ:
		ctrl_receive_stop_request(c, ev->msg, out);
		break;
	case KPPTP_ECHORQ:
		reply = &kpptp_ctrl_send(out, KPPTP_ECHORP)->echorp;
		reply->identifier = ev->msg->echorq.identifier;
		reply->result_code = KPPTP_RESULT_OK;
		break;
	case KPPTP_ECHORP:
		ctrl_receive_echo_reply(c, ev, out);
		break;
	case KPPTP_SCCRQ:
	case KPPTP_SCCRP:
	case KPPTP_STOPCCRP:
		ctrl_violation(c, out, ev->now, kpptp_msg_name(ev->msg->type));
		break;
	default:
		kpptp_ctrl_add(out, KPPTP_CTRL_ACT_PASS);
	}
}

/* Anything else in progress when we sent our request no longer matters */
static void wait_stop_reply_msg(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
				struct kpptp_ctrl_actions *out)
{
	struct kpptp_reason result;

	if (ev->msg->type == KPPTP_STOPCCRQ) {
		ctrl_receive_stop_request(c, ev->msg, out);
	} else if (ev->msg->type == KPPTP_STOPCCRP) {
		kpptp_msg_result_describe(ev->msg, &result);
		/* The reason for the stop is in the log already. */
		say(out, ev->msg->stopccrp.result_code == KPPTP_RESULT_OK ? LOG_DEBUG : LOG_WARNING,
		    "control connection stopped: %s", result.text);
		kpptp_ctrl_close(c, out, true);
	}
}

static void ctrl_receive(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
			 struct kpptp_ctrl_actions *out)
{
	static void (*const by_state[KPPTP_CTRL_STATES])(struct kpptp_ctrl * c,
							 const struct kpptp_ctrl_event *ev,
							 struct kpptp_ctrl_actions *out) = {
		[KPPTP_CTRL_IDLE] = idle_msg,
		[KPPTP_CTRL_WAIT_CTL_REPLY] = wait_ctl_reply_msg,
		[KPPTP_CTRL_ESTABLISHED] = established_msg,
		[KPPTP_CTRL_WAIT_STOP_REPLY] = wait_stop_reply_msg,
	};

	if (c->mute)
		return;
	if (ev->msg->reserved_nonzero && !c->warned_reserved) {
		say(out, LOG_INFO, "the peer sets reserved fields (first in %s): ignoring them",
		    kpptp_msg_name(ev->msg->type));
		c->warned_reserved = true;
	}
	by_state[c->state](c, ev, out);
}

static void ctrl_opened(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
			struct kpptp_ctrl_actions *out)
{
	if (c->state != KPPTP_CTRL_IDLE)
		return;
	c->deadline = ctrl_reply_deadline(c, ev->now);
	if (c->role == KPPTP_CTRL_RECEIVER)
		return;
	if (ev->other == KPPTP_CTRL_OTHER_ESTABLISHED) {
		say(out, LOG_INFO,
		    "the peer has opened a control connection meanwhile: using that one");
		kpptp_ctrl_add(out, KPPTP_CTRL_ACT_USE_OTHER);
		kpptp_ctrl_close(c, out, false);
		return;
	}
	kpptp_ctrl_send_start_request(c, out);
	c->state = KPPTP_CTRL_WAIT_CTL_REPLY;
}

static void ctrl_closed(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
			struct kpptp_ctrl_actions *out)
{
	const char *why = text_or(ev->text, "closed by the peer");
	bool expected = c->mute || c->state == KPPTP_CTRL_WAIT_STOP_REPLY;

	say(out, expected ? LOG_INFO : LOG_WARNING, "control connection lost in state %s: %s",
	    kpptp_ctrl_state_name(c->state), why);
	ctrl_calls_down(c, out, why);
	ctrl_finish(c);
}

static void ctrl_local_stop(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
			    struct kpptp_ctrl_actions *out)
{
	const char *why = text_or(ev->text, "local request");

	if (c->state == KPPTP_CTRL_WAIT_STOP_REPLY)
		return;
	if (c->state != KPPTP_CTRL_ESTABLISHED) {
		kpptp_ctrl_give_up(c, out, LOG_NOTICE, why);
		return;
	}
	say(out, LOG_NOTICE, "stopping the control connection: %s", why);
	kpptp_ctrl_stop(c, out, ev->now, ev->stop_reason ? ev->stop_reason : KPPTP_STOP_NONE, why);
}

/* Tell an established peer; whether it replies no longer matters */
static void ctrl_evict(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		       struct kpptp_ctrl_actions *out)
{
	const char *why = text_or(ev->text, "evicted to make room");

	if (c->state != KPPTP_CTRL_ESTABLISHED) {
		kpptp_ctrl_give_up(c, out, LOG_NOTICE, why);
		return;
	}
	say(out, LOG_NOTICE, "stopping the control connection: %s", why);
	kpptp_ctrl_stop(c, out, ev->now, KPPTP_STOP_NONE, why);
	kpptp_ctrl_close(c, out, true);
}

static void ctrl_collision_lost(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out)
{
	if (c->state != KPPTP_CTRL_WAIT_CTL_REPLY)
		return;
	say(out, LOG_INFO, "collision lost: closing the connection we opened");
	kpptp_ctrl_add(out, KPPTP_CTRL_ACT_USE_OTHER);
	kpptp_ctrl_close(c, out, false);
}

static void ctrl_established_timer(struct kpptp_ctrl *c, uint64_t now,
				   struct kpptp_ctrl_actions *out)
{
	if (c->echo_pending) {
		kpptp_ctrl_give_up(c, out, LOG_ERR, "no Echo-Reply within the time allowed");
		return;
	}
	kpptp_ctrl_send(out, KPPTP_ECHORQ)->echorq.identifier = ++c->echo_id;
	c->echo_pending = true;
	c->deadline = ctrl_reply_deadline(c, now);
}

static void ctrl_timer(struct kpptp_ctrl *c, uint64_t now, struct kpptp_ctrl_actions *out)
{
	static const char *const why[KPPTP_CTRL_STATES] = {
		[KPPTP_CTRL_IDLE] = "no Start-Control-Connection-Request "
				    "within the time allowed",
		[KPPTP_CTRL_WAIT_CTL_REPLY] = "no Start-Control-Connection-Reply within the time "
					      "allowed",
		[KPPTP_CTRL_WAIT_STOP_REPLY] = "no Stop-Control-Connection-Reply within the time "
					       "allowed",
	};

	if (now < c->deadline)
		return;
	if (c->state == KPPTP_CTRL_ESTABLISHED)
		ctrl_established_timer(c, now, out);
	else if (c->mute)
		kpptp_ctrl_give_up(c, out, LOG_WARNING,
				   "the peer lost the collision but did not close it in time");
	else
		kpptp_ctrl_give_up(c, out, LOG_WARNING, why[c->state]);
}

void kpptp_ctrl_step(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		     struct kpptp_ctrl_actions *out)
{
	out->count = 0;
	if (c->finished)
		return;

	switch (ev->type) {
	case KPPTP_CTRL_EV_OPENED:
		ctrl_opened(c, ev, out);
		break;
	case KPPTP_CTRL_EV_CLOSED:
		ctrl_closed(c, ev, out);
		break;
	case KPPTP_CTRL_EV_MSG:
		ctrl_receive(c, ev, out);
		break;
	case KPPTP_CTRL_EV_LOST_SYNC:
		kpptp_ctrl_give_up(c, out, LOG_ERR, text_or(ev->text, "lost synchronization"));
		break;
	case KPPTP_CTRL_EV_UNKNOWN_MSG:
		if (!c->mute && c->state != KPPTP_CTRL_WAIT_STOP_REPLY)
			ctrl_violation(c, out, ev->now, text_or(ev->text, "unknown message"));
		break;
	case KPPTP_CTRL_EV_STOP:
		ctrl_local_stop(c, ev, out);
		break;
	case KPPTP_CTRL_EV_COLLISION_LOST:
		ctrl_collision_lost(c, out);
		break;
	case KPPTP_CTRL_EV_TIMER:
		ctrl_timer(c, ev->now, out);
		break;
	case KPPTP_CTRL_EV_EVICT:
		ctrl_evict(c, ev, out);
		break;
	case KPPTP_CTRL_EVENTS:
		break;
	}
}

uint64_t kpptp_ctrl_deadline(const struct kpptp_ctrl *c)
{
	return c->deadline;
}

void kpptp_ctrl_config_default(struct kpptp_ctrl_config *config)
{
	memset(config, 0, sizeof(*config));
	config->local.protocol_version = KPPTP_VERSION;
	config->local.framing_capabilities = KPPTP_FRAMING_CAP_ASYNC | KPPTP_FRAMING_CAP_SYNC;
	config->local.bearer_capabilities = KPPTP_BEARER_CAP_ANALOG | KPPTP_BEARER_CAP_DIGITAL;
	config->lowest_version = KPPTP_VERSION;
	config->echo_interval = MINUTE;
	config->reply_timeout = MINUTE;
}

void kpptp_ctrl_init(struct kpptp_ctrl *c, enum kpptp_ctrl_role role,
		     const struct kpptp_ctrl_config *config)
{
	memset(c, 0, sizeof(*c));
	c->role = role;
	c->state = KPPTP_CTRL_IDLE;
	c->config = *config;
	c->deadline = KPPTP_NO_DEADLINE;
}

const char *kpptp_ctrl_state_name(enum kpptp_ctrl_state state)
{
	static const char *const names[KPPTP_CTRL_STATES] = {
		[KPPTP_CTRL_IDLE] = "idle",
		[KPPTP_CTRL_WAIT_CTL_REPLY] = "wait_ctl_reply",
		[KPPTP_CTRL_ESTABLISHED] = "established",
		[KPPTP_CTRL_WAIT_STOP_REPLY] = "wait_stop_reply",
	};

	return (unsigned int)state < KPPTP_CTRL_STATES ? names[state] : "?";
}
