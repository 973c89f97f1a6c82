// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a control connection comes up: the start request and its reply, version
 * negotiation (RFC 2637 §3.1.1, §3.1.2), and which connection wins if both sides
 * opened one (§3.1.3).
 */
#include "ctrl_fsm_internal.h"

#include <string.h>

/* The high octet; revisions of one version are compatible (§1.4) */
#define MAJOR(version) ((version) >> 8)

/* SCCRQ and SCCRP carry the same data about a side, in different structs */
#define COPY_INFO(to, from)                                                                        \
	do {                                                                                       \
		(to)->protocol_version = (from)->protocol_version;                                 \
		(to)->framing_capabilities = (from)->framing_capabilities;                         \
		(to)->bearer_capabilities = (from)->bearer_capabilities;                           \
		(to)->maximum_channels = (from)->maximum_channels;                                 \
		(to)->firmware_revision = (from)->firmware_revision;                               \
		memcpy((to)->host_name, (from)->host_name, sizeof((to)->host_name));               \
		memcpy((to)->vendor_name, (from)->vendor_name, sizeof((to)->vendor_name));         \
	} while (0)

void kpptp_ctrl_send_start_request(const struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out)
{
	struct kpptp_sccrq *sccrq = &kpptp_ctrl_send(out, KPPTP_SCCRQ)->sccrq;

	COPY_INFO(sccrq, &c->config.local);
	if (!c->config.pac)
		sccrq->maximum_channels = 0;
}

static void ctrl_send_start_reply(const struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out,
				  uint16_t version, uint8_t result, uint8_t error)
{
	struct kpptp_sccrp *sccrp = &kpptp_ctrl_send(out, KPPTP_SCCRP)->sccrp;

	COPY_INFO(sccrp, &c->config.local);
	sccrp->protocol_version = version;
	sccrp->result_code = result;
	sccrp->error_code = error;
	if (!c->config.pac)
		sccrp->maximum_channels = 0;
}

static void ctrl_establish(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, uint64_t now,
			   uint16_t version)
{
	c->state = KPPTP_CTRL_ESTABLISHED;
	c->version = version;
	c->echo_pending = false;
	c->deadline = kpptp_ctrl_echo_deadline(c, now);
	say(out, LOG_INFO,
	    "control connection is up, version %u.%u, host \"%.40s\", vendor "
	    "\"%.40s\"",
	    MAJOR(version), version & 0xff, c->peer.host_name, c->peer.vendor_name);
	kpptp_ctrl_add(out, KPPTP_CTRL_ACT_UP);
}

/* §3.1.2: a reply with an error; the receiver remains idle */
static void ctrl_refuse(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, uint8_t result,
			uint8_t error, const char *why)
{
	struct kpptp_reason codes;

	ctrl_send_start_reply(c, out, c->config.local.protocol_version, result, error);
	kpptp_msg_result_describe(&out->item[out->count - 1].msg, &codes);
	say(out, LOG_WARNING, "refusing the control connection with %s: %s", codes.text, why);
	kpptp_ctrl_close(c, out, true);
}

static bool ctrl_refuse_request(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
				struct kpptp_ctrl_actions *out)
{
	uint16_t version = ev->msg->sccrq.protocol_version;
	struct kpptp_reason why;

	if (version < c->config.lowest_version) {
		kpptp_reason_set(&why, "version 0x%04x, lowest accepted 0x%04x", version,
				 c->config.lowest_version);
		ctrl_refuse(c, out, KPPTP_SCCRP_BAD_VERSION, KPPTP_ERR_NONE, why.text);
		return true;
	}
	if (ev->refuse_result) {
		ctrl_refuse(c, out, ev->refuse_result, ev->refuse_error,
			    text_or(ev->text, "not accepted here"));
		return true;
	}
	if (ev->other == KPPTP_CTRL_OTHER_ESTABLISHED) {
		ctrl_refuse(c, out, KPPTP_SCCRP_CHANNEL_EXISTS, KPPTP_ERR_NONE,
			    "the peer already has one");
		return true;
	}
	return false;
}

void kpptp_ctrl_receive_start_request(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
				      struct kpptp_ctrl_actions *out)
{
	uint16_t version = c->config.local.protocol_version;
	/* A host that calls itself cannot have a collision */
	bool collision = ev->other == KPPTP_CTRL_OTHER_OPENING && ev->local_addr != ev->peer_addr;

	if (collision && ev->local_addr > ev->peer_addr) {
		/* Keep the deadline: the loser must close before it */
		say(out, LOG_INFO, "collision won: waiting for the peer to close this connection");
		c->mute = true;
		return;
	}
	if (ctrl_refuse_request(c, ev, out))
		return;
	if (collision) {
		say(out, LOG_INFO, "collision lost: using the peer's connection");
		kpptp_ctrl_add(out, KPPTP_CTRL_ACT_CLOSE_OTHER);
	}
	COPY_INFO(&c->peer, &ev->msg->sccrq);
	if (c->peer.protocol_version < version)
		version = c->peer.protocol_version;
	ctrl_send_start_reply(c, out, version, KPPTP_RESULT_OK, KPPTP_ERR_NONE);
	ctrl_establish(c, out, ev->now, version);
}

void kpptp_ctrl_receive_start_reply(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
				    struct kpptp_ctrl_actions *out)
{
	uint16_t version = ev->msg->sccrp.protocol_version;
	uint16_t ours = c->config.local.protocol_version;
	struct kpptp_reason result, why;

	/* Some modems answer 0 and mean success */
	if (ev->msg->sccrp.result_code > KPPTP_RESULT_OK) {
		kpptp_msg_result_describe(ev->msg, &result);
		kpptp_reason_set(&why, "refused by the peer, version 0x%04x: %s", version,
				 result.text);
		kpptp_ctrl_give_up(c, out, LOG_ERR, why.text);
		return;
	}
	if (version < c->config.lowest_version || MAJOR(version) > MAJOR(ours)) {
		kpptp_reason_set(&why,
				 "the peer replies with version 0x%04x, we support 0x%04x to 0x%04x",
				 version, c->config.lowest_version, ours);
		say(out, LOG_ERR, "stopping the control connection: %s", why.text);
		kpptp_ctrl_stop(c, out, ev->now, KPPTP_STOP_PROTOCOL, why.text);
		return;
	}
	COPY_INFO(&c->peer, &ev->msg->sccrp);
	ctrl_establish(c, out, ev->now, version < ours ? version : ours);
}
