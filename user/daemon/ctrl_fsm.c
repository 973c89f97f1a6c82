// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The transitions of the control connection, RFC 2637 §3.1. One function for
 * each state's messages, one for each other event.
 */
#include "ctrl_fsm.h"

#include <assert.h>
#include <string.h>
#include <syslog.h>

#define SECOND	1000U
#define MINUTE	(60U * SECOND)

/* The high octet; revisions of one version understand each other (§1.4) */
#define MAJOR(version)	((version) >> 8)

static struct kpptp_ctrl_action *add(struct kpptp_ctrl_actions *out,
				     enum kpptp_ctrl_act type)
{
	struct kpptp_ctrl_action *action;

	assert(out->count < KPPTP_CTRL_ACTIONS_MAX);
	action = &out->item[out->count++];
	memset(action, 0, sizeof(*action));
	action->type = type;
	return action;
}

static struct kpptp_reason *add_log(struct kpptp_ctrl_actions *out, int level)
{
	struct kpptp_ctrl_action *action = add(out, KPPTP_CTRL_ACT_LOG);

	action->level = level;
	return &action->why;
}

#define say(out, level, ...) kpptp_reason_set(add_log(out, level), __VA_ARGS__)

static struct kpptp_msg *send(struct kpptp_ctrl_actions *out,
			      enum kpptp_msg_type type)
{
	struct kpptp_msg *msg = &add(out, KPPTP_CTRL_ACT_SEND)->msg;

	msg->type = type;
	return msg;
}

static void send_stop_reply(struct kpptp_ctrl_actions *out)
{
	send(out, KPPTP_STOPCCRP)->stopccrp.result_code = KPPTP_RESULT_OK;
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static uint64_t reply_deadline(const struct kpptp_ctrl *c, uint64_t now)
{
	return now + c->config.reply_timeout;
}

static uint64_t echo_deadline(const struct kpptp_ctrl *c, uint64_t now)
{
	if (!c->config.echo_interval)
		return KPPTP_NO_DEADLINE;
	return now + c->config.echo_interval;
}

/* Calls, or dial requests that wait for us; after a stop they are gone */
static bool may_have_calls(const struct kpptp_ctrl *c)
{
	return c->state == KPPTP_CTRL_ESTABLISHED ||
	       (c->state != KPPTP_CTRL_WAIT_STOP_REPLY &&
		c->role == KPPTP_CTRL_ORIGINATOR);
}

static void calls_down(const struct kpptp_ctrl *c,
		       struct kpptp_ctrl_actions *out, const char *why)
{
	if (may_have_calls(c))
		kpptp_reason_set(&add(out, KPPTP_CTRL_ACT_CALLS_DOWN)->why,
				 "%s", why);
}

static void finish(struct kpptp_ctrl *c)
{
	c->state = KPPTP_CTRL_IDLE;
	c->deadline = KPPTP_NO_DEADLINE;
	c->finished = true;
}

static void close_tcp(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out,
		      bool flush)
{
	add(out, KPPTP_CTRL_ACT_CLOSE)->flush = flush;
	finish(c);
}

/* Close without a word to the peer */
static void give_up(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out,
		    int level, const char *why)
{
	say(out, level, "closing the control connection: %s", why);
	calls_down(c, out, why);
	close_tcp(c, out, false);
}

/* Close as §3.1 wants it of either side once established */
static void stop(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out,
		 uint64_t now, uint8_t reason, const char *why)
{
	send(out, KPPTP_STOPCCRQ)->stopccrq.reason = reason;
	calls_down(c, out, why);
	c->state = KPPTP_CTRL_WAIT_STOP_REPLY;
	c->deadline = reply_deadline(c, now);
}

/*
 * The peer broke the protocol but not the framing: "the control connection
 * should be closed and restarted to ensure recovery into a known state" (§3).
 * An established peer is told, others would not expect a message.
 */
static void violation(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out,
		      uint64_t now, const char *what)
{
	struct kpptp_reason why;

	kpptp_reason_set(&why, "%s in state %s", what,
			 kpptp_ctrl_state_name(c->state));
	if (c->state != KPPTP_CTRL_ESTABLISHED) {
		give_up(c, out, LOG_WARNING, why.text);
		return;
	}
	say(out, LOG_WARNING, "stopping the control connection: %s", why.text);
	stop(c, out, now, KPPTP_STOP_NONE, why.text);
}

/* SCCRQ and SCCRP say the same about a side, in structs of their own */
#define COPY_INFO(to, from) do { \
	(to)->protocol_version = (from)->protocol_version; \
	(to)->framing_capabilities = (from)->framing_capabilities; \
	(to)->bearer_capabilities = (from)->bearer_capabilities; \
	(to)->maximum_channels = (from)->maximum_channels; \
	(to)->firmware_revision = (from)->firmware_revision; \
	memcpy((to)->host_name, (from)->host_name, sizeof((to)->host_name)); \
	memcpy((to)->vendor_name, (from)->vendor_name, \
	       sizeof((to)->vendor_name)); \
} while (0)

static void send_start_request(const struct kpptp_ctrl *c,
			       struct kpptp_ctrl_actions *out)
{
	struct kpptp_sccrq *sccrq = &send(out, KPPTP_SCCRQ)->sccrq;

	COPY_INFO(sccrq, &c->config.local);
	if (!c->config.pac)
		sccrq->maximum_channels = 0;
}

static void send_start_reply(const struct kpptp_ctrl *c,
			     struct kpptp_ctrl_actions *out, uint16_t version,
			     uint8_t result, uint8_t error)
{
	struct kpptp_sccrp *sccrp = &send(out, KPPTP_SCCRP)->sccrp;

	COPY_INFO(sccrp, &c->config.local);
	sccrp->protocol_version = version;
	sccrp->result_code = result;
	sccrp->error_code = error;
	if (!c->config.pac)
		sccrp->maximum_channels = 0;
}

static void establish(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out,
		      uint64_t now, uint16_t version)
{
	c->state = KPPTP_CTRL_ESTABLISHED;
	c->version = version;
	c->echo_pending = false;
	c->deadline = echo_deadline(c, now);
	say(out, LOG_INFO, "control connection is up, version %u.%u, host \"%.40s\", vendor \"%.40s\"",
	    MAJOR(version), version & 0xff, c->peer.host_name,
	    c->peer.vendor_name);
	add(out, KPPTP_CTRL_ACT_UP);
}

/* §3.1.2: a reply with an error; the receiver remains idle */
static void refuse(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out,
		   uint8_t result, uint8_t error, const char *why)
{
	say(out, LOG_WARNING, "refusing the control connection with result %u (%s): %s",
	    result, kpptp_result_text(KPPTP_SCCRP, result), why);
	send_start_reply(c, out, c->config.local.protocol_version, result,
			 error);
	close_tcp(c, out, true);
}

static bool refuse_request(struct kpptp_ctrl *c,
			   const struct kpptp_ctrl_event *ev,
			   struct kpptp_ctrl_actions *out)
{
	uint16_t version = ev->msg->sccrq.protocol_version;
	struct kpptp_reason why;

	if (version < c->config.lowest_version) {
		kpptp_reason_set(&why, "version 0x%04x, lowest accepted 0x%04x",
				 version, c->config.lowest_version);
		refuse(c, out, KPPTP_SCCRP_BAD_VERSION, KPPTP_ERR_NONE,
		       why.text);
		return true;
	}
	if (ev->refuse_result) {
		refuse(c, out, ev->refuse_result, ev->refuse_error,
		       text_or(ev->text, "not accepted here"));
		return true;
	}
	if (ev->other == KPPTP_CTRL_OTHER_ESTABLISHED) {
		refuse(c, out, KPPTP_SCCRP_CHANNEL_EXISTS, KPPTP_ERR_NONE,
		       "this peer has one already");
		return true;
	}
	return false;
}

static void receive_start_request(struct kpptp_ctrl *c,
				  const struct kpptp_ctrl_event *ev,
				  struct kpptp_ctrl_actions *out)
{
	uint16_t version = c->config.local.protocol_version;
	/* A host that calls itself cannot collide with itself */
	bool collision = ev->other == KPPTP_CTRL_OTHER_OPENING &&
			 ev->local_addr != ev->peer_addr;

	if (collision && ev->local_addr > ev->peer_addr) {
		/* The deadline stays: the loser must close within it */
		say(out, LOG_INFO, "collision won: the peer is to close this connection");
		c->mute = true;
		return;
	}
	if (refuse_request(c, ev, out))
		return;
	if (collision) {
		say(out, LOG_INFO, "collision lost: using the peer's connection");
		add(out, KPPTP_CTRL_ACT_CLOSE_OTHER);
	}
	COPY_INFO(&c->peer, &ev->msg->sccrq);
	if (c->peer.protocol_version < version)
		version = c->peer.protocol_version;
	send_start_reply(c, out, version, KPPTP_RESULT_OK, KPPTP_ERR_NONE);
	establish(c, out, ev->now, version);
}

static void receive_start_reply(struct kpptp_ctrl *c,
				const struct kpptp_ctrl_event *ev,
				struct kpptp_ctrl_actions *out)
{
	uint16_t version = ev->msg->sccrp.protocol_version;
	uint16_t ours = c->config.local.protocol_version;
	struct kpptp_reason result, why;

	/* Some modems answer 0 and mean success */
	if (ev->msg->sccrp.result_code > KPPTP_RESULT_OK) {
		kpptp_msg_result_describe(ev->msg, &result);
		kpptp_reason_set(&why, "refused by the peer, version 0x%04x: %s",
				 version, result.text);
		give_up(c, out, LOG_ERR, why.text);
		return;
	}
	if (version < c->config.lowest_version ||
	    MAJOR(version) > MAJOR(ours)) {
		kpptp_reason_set(&why, "the peer replies with version 0x%04x, we speak 0x%04x to 0x%04x",
				 version, c->config.lowest_version, ours);
		say(out, LOG_ERR, "stopping the control connection: %s",
		    why.text);
		stop(c, out, ev->now, KPPTP_STOP_PROTOCOL, why.text);
		return;
	}
	COPY_INFO(&c->peer, &ev->msg->sccrp);
	establish(c, out, ev->now, version < ours ? version : ours);
}

static void receive_stop_request(struct kpptp_ctrl *c,
				 const struct kpptp_msg *msg,
				 struct kpptp_ctrl_actions *out)
{
	struct kpptp_reason why;

	kpptp_reason_set(&why, "stopped by the peer with reason %u (%s)",
			 msg->stopccrq.reason,
			 kpptp_stop_reason_text(msg->stopccrq.reason));
	say(out, LOG_INFO, "closing the control connection: %s", why.text);
	send_stop_reply(out);
	calls_down(c, out, why.text);
	close_tcp(c, out, true);
}

static void receive_echo_reply(struct kpptp_ctrl *c,
			       const struct kpptp_ctrl_event *ev,
			       struct kpptp_ctrl_actions *out)
{
	const struct kpptp_echorp *reply = &ev->msg->echorp;

	if (!c->echo_pending || reply->identifier != c->echo_id) {
		say(out, LOG_INFO, "ignoring an Echo-Reply with identifier 0x%08x, %s 0x%08x",
		    reply->identifier,
		    c->echo_pending ? "expected" : "none expected, last",
		    c->echo_id);
		return;
	}
	c->echo_pending = false;
	c->deadline = echo_deadline(c, ev->now);
}

static void idle_msg(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		     struct kpptp_ctrl_actions *out)
{
	if (c->role == KPPTP_CTRL_RECEIVER && ev->msg->type == KPPTP_SCCRQ)
		receive_start_request(c, ev, out);
	else
		violation(c, out, ev->now, kpptp_msg_name(ev->msg->type));
}

static void wait_ctl_reply_msg(struct kpptp_ctrl *c,
			       const struct kpptp_ctrl_event *ev,
			       struct kpptp_ctrl_actions *out)
{
	if (ev->msg->type == KPPTP_SCCRP)
		receive_start_reply(c, ev, out);
	else if (ev->msg->type == KPPTP_STOPCCRQ)
		receive_stop_request(c, ev->msg, out);
	else
		violation(c, out, ev->now, kpptp_msg_name(ev->msg->type));
}

static void established_msg(struct kpptp_ctrl *c,
			    const struct kpptp_ctrl_event *ev,
			    struct kpptp_ctrl_actions *out)
{
	struct kpptp_echorp *reply;

	/* A message defers our Echo-Request, but does not answer one */
	if (!c->echo_pending)
		c->deadline = echo_deadline(c, ev->now);

	switch (ev->msg->type) {
	case KPPTP_STOPCCRQ:
		receive_stop_request(c, ev->msg, out);
		break;
	case KPPTP_ECHORQ:
		reply = &send(out, KPPTP_ECHORP)->echorp;
		reply->identifier = ev->msg->echorq.identifier;
		reply->result_code = KPPTP_RESULT_OK;
		break;
	case KPPTP_ECHORP:
		receive_echo_reply(c, ev, out);
		break;
	case KPPTP_SCCRQ:
	case KPPTP_SCCRP:
	case KPPTP_STOPCCRP:
		violation(c, out, ev->now, kpptp_msg_name(ev->msg->type));
		break;
	default:
		add(out, KPPTP_CTRL_ACT_PASS);
	}
}

/* Whatever else was under way when we sent our request no longer matters */
static void wait_stop_reply_msg(struct kpptp_ctrl *c,
				const struct kpptp_ctrl_event *ev,
				struct kpptp_ctrl_actions *out)
{
	struct kpptp_reason result;

	if (ev->msg->type == KPPTP_STOPCCRQ) {
		receive_stop_request(c, ev->msg, out);
	} else if (ev->msg->type == KPPTP_STOPCCRP) {
		kpptp_msg_result_describe(ev->msg, &result);
		say(out, LOG_INFO, "control connection stopped: %s",
		    result.text);
		close_tcp(c, out, true);
	}
}

static void receive(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		    struct kpptp_ctrl_actions *out)
{
	static void (*const by_state[KPPTP_CTRL_STATES])(
		struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		struct kpptp_ctrl_actions *out) = {
		[KPPTP_CTRL_IDLE] = idle_msg,
		[KPPTP_CTRL_WAIT_CTL_REPLY] = wait_ctl_reply_msg,
		[KPPTP_CTRL_ESTABLISHED] = established_msg,
		[KPPTP_CTRL_WAIT_STOP_REPLY] = wait_stop_reply_msg,
	};

	if (c->mute)
		return;
	if (ev->msg->reserved_nonzero && !c->warned_reserved) {
		say(out, LOG_INFO, "the peer sets reserved fields (first in %s): tolerated",
		    kpptp_msg_name(ev->msg->type));
		c->warned_reserved = true;
	}
	by_state[c->state](c, ev, out);
}

static void opened(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		   struct kpptp_ctrl_actions *out)
{
	if (c->state != KPPTP_CTRL_IDLE)
		return;
	c->deadline = reply_deadline(c, ev->now);
	if (c->role == KPPTP_CTRL_RECEIVER)
		return;
	if (ev->other == KPPTP_CTRL_OTHER_ESTABLISHED) {
		say(out, LOG_INFO, "the peer has opened a control connection meanwhile: using that");
		add(out, KPPTP_CTRL_ACT_USE_OTHER);
		close_tcp(c, out, false);
		return;
	}
	send_start_request(c, out);
	c->state = KPPTP_CTRL_WAIT_CTL_REPLY;
}

static void closed(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		   struct kpptp_ctrl_actions *out)
{
	const char *why = text_or(ev->text, "closed by the peer");
	bool expected = c->mute || c->state == KPPTP_CTRL_WAIT_STOP_REPLY;

	say(out, expected ? LOG_INFO : LOG_WARNING,
	    "control connection lost in state %s: %s",
	    kpptp_ctrl_state_name(c->state), why);
	calls_down(c, out, why);
	finish(c);
}

static void local_stop(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		       struct kpptp_ctrl_actions *out)
{
	const char *why = text_or(ev->text, "local request");

	if (c->state == KPPTP_CTRL_WAIT_STOP_REPLY)
		return;
	if (c->state != KPPTP_CTRL_ESTABLISHED) {
		give_up(c, out, LOG_NOTICE, why);
		return;
	}
	say(out, LOG_NOTICE, "stopping the control connection: %s", why);
	stop(c, out, ev->now,
	     ev->stop_reason ? ev->stop_reason : KPPTP_STOP_NONE, why);
}

static void collision_lost(struct kpptp_ctrl *c,
			   struct kpptp_ctrl_actions *out)
{
	if (c->state != KPPTP_CTRL_WAIT_CTL_REPLY)
		return;
	say(out, LOG_INFO, "collision lost: closing the connection we opened");
	add(out, KPPTP_CTRL_ACT_USE_OTHER);
	close_tcp(c, out, false);
}

static void established_timer(struct kpptp_ctrl *c, uint64_t now,
			      struct kpptp_ctrl_actions *out)
{
	if (c->echo_pending) {
		give_up(c, out, LOG_ERR, "no Echo-Reply within the time allowed");
		return;
	}
	send(out, KPPTP_ECHORQ)->echorq.identifier = ++c->echo_id;
	c->echo_pending = true;
	c->deadline = reply_deadline(c, now);
}

static void timer(struct kpptp_ctrl *c, uint64_t now,
		  struct kpptp_ctrl_actions *out)
{
	static const char *const why[KPPTP_CTRL_STATES] = {
		[KPPTP_CTRL_IDLE] =
			"no Start-Control-Connection-Request within the time allowed",
		[KPPTP_CTRL_WAIT_CTL_REPLY] =
			"no Start-Control-Connection-Reply within the time allowed",
		[KPPTP_CTRL_WAIT_STOP_REPLY] =
			"no Stop-Control-Connection-Reply within the time allowed",
	};

	if (now < c->deadline)
		return;
	if (c->state == KPPTP_CTRL_ESTABLISHED)
		established_timer(c, now, out);
	else if (c->mute)
		give_up(c, out, LOG_WARNING, "the loser of the collision did not close it");
	else
		give_up(c, out, LOG_WARNING, why[c->state]);
}

void kpptp_ctrl_step(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		     struct kpptp_ctrl_actions *out)
{
	out->count = 0;
	if (c->finished)
		return;

	switch (ev->type) {
	case KPPTP_CTRL_EV_OPENED:
		opened(c, ev, out);
		break;
	case KPPTP_CTRL_EV_CLOSED:
		closed(c, ev, out);
		break;
	case KPPTP_CTRL_EV_MSG:
		receive(c, ev, out);
		break;
	case KPPTP_CTRL_EV_LOST_SYNC:
		give_up(c, out, LOG_ERR, text_or(ev->text, "lost synchronization"));
		break;
	case KPPTP_CTRL_EV_UNKNOWN_MSG:
		if (!c->mute && c->state != KPPTP_CTRL_WAIT_STOP_REPLY)
			violation(c, out, ev->now,
				  text_or(ev->text, "unknown message"));
		break;
	case KPPTP_CTRL_EV_STOP:
		local_stop(c, ev, out);
		break;
	case KPPTP_CTRL_EV_COLLISION_LOST:
		collision_lost(c, out);
		break;
	case KPPTP_CTRL_EV_TIMER:
		timer(c, ev->now, out);
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
	config->local.framing_capabilities = KPPTP_FRAMING_CAP_ASYNC |
					     KPPTP_FRAMING_CAP_SYNC;
	config->local.bearer_capabilities = KPPTP_BEARER_CAP_ANALOG |
					    KPPTP_BEARER_CAP_DIGITAL;
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
