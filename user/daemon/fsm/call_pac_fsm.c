// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls where we are the PAC: outgoing (RFC 2637 §3.2.4.1), where we answer an
 * OCRQ, and incoming (§3.2.3.1), where we send the ICRQ. Only a PAC sends
 * Call-Disconnect-Notify. Our telephone line is the kernel call: making it is
 * dialling, and it has answered once it is made.
 */
#include "call_fsm_internal.h"

#include <stdio.h>
#include <string.h>

/* @call_id: ours, 0 in a refusal, which has no call to name */
static void pac_send_reply(const struct kpptp_call *call, uint16_t call_id, uint16_t peers_call_id,
			   uint8_t result, uint8_t error, struct kpptp_call_actions *out)
{
	struct kpptp_ocrp *ocrp = &kpptp_call_send(out, KPPTP_OCRP)->ocrp;
	const struct kpptp_call_params *params = &call->params;

	ocrp->call_id = call_id;
	ocrp->peers_call_id = peers_call_id;
	ocrp->result_code = result;
	ocrp->error_code = error;
	if (result != KPPTP_RESULT_OK)
		return;
	ocrp->connect_speed = params->connect_speed;
	ocrp->packet_recv_window_size = params->recv_window_size;
	ocrp->packet_processing_delay = params->processing_delay;
	ocrp->physical_channel_id = params->physical_channel_id;
}

/* Answers an OCRQ; an offer of ours has no request to refuse */
static void pac_refuse(const struct kpptp_call *call, uint8_t result, uint8_t error,
		       struct kpptp_call_actions *out)
{
	if (call->role == KPPTP_CALL_PAC_OUT)
		pac_send_reply(call, 0, call->peer.call_id, result, error, out);
}

static void pac_send_disconnect(const struct kpptp_call *call, const struct kpptp_call_event *ev,
				uint8_t result, uint8_t error, struct kpptp_call_actions *out)
{
	struct kpptp_cdn *cdn = &kpptp_call_send(out, KPPTP_CDN)->cdn;

	cdn->call_id = call->call_id;
	cdn->result_code = result;
	cdn->error_code = error;
	if (ev->stats)
		snprintf(cdn->call_statistics, sizeof(cdn->call_statistics), "%s", ev->stats);
}

/* NULL if the request is acceptable */
static const char *pac_bad_value(const struct kpptp_ocrq *ocrq)
{
	if (ocrq->bearer_type < KPPTP_BEARER_ANALOG || ocrq->bearer_type > KPPTP_BEARER_ANY)
		return "Bearer Type is not 1, 2 or 3";
	if (ocrq->framing_type < KPPTP_FRAMING_ASYNC || ocrq->framing_type > KPPTP_FRAMING_ANY)
		return "Framing Type is not 1, 2 or 3";
	if (ocrq->minimum_bps > ocrq->maximum_bps)
		return "Minimum BPS is above Maximum BPS";
	if (ocrq->phone_number_length > KPPTP_NAME_LEN)
		return "Phone Number Length is above 64";
	return NULL;
}

static void pac_read_request(struct kpptp_call *call, const struct kpptp_ocrq *ocrq,
			     struct kpptp_call_actions *out)
{
	struct kpptp_call_params *params = &call->params;

	params->call_serial_number = ocrq->call_serial_number;
	memcpy(params->phone_number, ocrq->phone_number, sizeof(ocrq->phone_number));
	memcpy(params->subaddress, ocrq->subaddress, sizeof(ocrq->subaddress));
	if (params->connect_speed < ocrq->minimum_bps)
		params->connect_speed = ocrq->minimum_bps;
	if (params->connect_speed > ocrq->maximum_bps)
		params->connect_speed = ocrq->maximum_bps;
	call->peer.connect_speed = params->connect_speed;
	kpptp_call_learn(call, ocrq->packet_recv_window_size, ocrq->packet_processing_delay, out);
}

static void pac_receive_request(struct kpptp_call *call, const struct kpptp_call_event *ev,
				struct kpptp_call_actions *out)
{
	const struct kpptp_ocrq *ocrq = &ev->msg->ocrq;
	const char *bad = pac_bad_value(ocrq);
	struct kpptp_reason why;

	if (call->state != KPPTP_CALL_IDLE) {
		pac_send_reply(call, 0, ocrq->call_id, KPPTP_RESULT_GENERAL_ERROR,
			       KPPTP_ERR_BAD_CALL_ID, out);
		kpptp_reason_set(&why, "Call ID %u is already in use", ocrq->call_id);
		kpptp_call_say_refused(out, LOG_WARNING, why.text);
		return;
	}
	call->peer.call_id = ocrq->call_id;
	call->peer.id_known = true;
	if (kpptp_call_refuse(call, ev, bad, out))
		return;
	pac_read_request(call, ocrq, out);
	kpptp_call_prepare(call, KPPTP_CALL_WAIT_CS_ANS, ev->now, out);
}

/* "Ring / Send Incoming Call Request" */
static void pac_send_request(const struct kpptp_call *call, struct kpptp_call_actions *out)
{
	struct kpptp_icrq *icrq = &kpptp_call_send(out, KPPTP_ICRQ)->icrq;
	const struct kpptp_call_params *params = &call->params;

	icrq->call_id = call->call_id;
	icrq->call_serial_number = params->call_serial_number;
	icrq->call_bearer_type = params->bearer_type;
	icrq->physical_channel_id = params->physical_channel_id;
	memcpy(icrq->dialed_number, params->phone_number, sizeof(icrq->dialed_number));
	memcpy(icrq->dialing_number, params->dialing_number, sizeof(icrq->dialing_number));
	memcpy(icrq->subaddress, params->subaddress, sizeof(icrq->subaddress));
	icrq->dialed_number_length = strnlen(icrq->dialed_number, KPPTP_NAME_LEN);
	icrq->dialing_number_length = strnlen(icrq->dialing_number, KPPTP_NAME_LEN);
}

/* "Telco Answer / Send Outgoing Call Reply", or the ICRQ */
static void pac_ready(struct kpptp_call *call, const struct kpptp_call_event *ev,
		      struct kpptp_call_actions *out)
{
	if (call->role == KPPTP_CALL_PAC_OUT) {
		pac_send_reply(call, call->call_id, call->peer.call_id, KPPTP_RESULT_OK,
			       KPPTP_ERR_NONE, out);
		kpptp_call_establish(call, out);
		return;
	}
	pac_send_request(call, out);
	kpptp_call_wait(call, KPPTP_CALL_WAIT_REPLY, ev->now, call->params.reply_timeout);
}

/* The peer does not know of a call in PREPARE: send nothing */
static void pac_clear(struct kpptp_call *call, const struct kpptp_call_event *ev, uint8_t result,
		      uint8_t error, const char *why, struct kpptp_call_actions *out)
{
	if (call->state == KPPTP_CALL_WAIT_CS_ANS) {
		kpptp_call_turn_down(call, LOG_INFO, KPPTP_OCRP_DO_NOT_ACCEPT, KPPTP_ERR_NONE, why,
				     out);
		return;
	}
	if (call->state != KPPTP_CALL_PREPARE)
		pac_send_disconnect(call, ev, result, error, out);
	kpptp_call_end(call, LOG_INFO, why, out);
}

static void pac_send_connected(const struct kpptp_call *call, struct kpptp_call_actions *out)
{
	struct kpptp_iccn *iccn = &kpptp_call_send(out, KPPTP_ICCN)->iccn;

	iccn->peers_call_id = call->peer.call_id;
	iccn->connect_speed = call->params.connect_speed;
	iccn->packet_recv_window_size = call->params.recv_window_size;
	iccn->packet_transmit_delay = call->params.processing_delay;
	iccn->framing_type = call->params.framing_type;
}

static void pac_receive_reply(struct kpptp_call *call, const struct kpptp_msg *msg,
			      struct kpptp_call_actions *out)
{
	const struct kpptp_icrp *icrp = &msg->icrp;

	if (call->state != KPPTP_CALL_WAIT_REPLY) {
		kpptp_call_unexpected(call, msg, out);
		return;
	}
	if (icrp->result_code != KPPTP_RESULT_OK) {
		kpptp_call_declined(call, msg, out);
		return;
	}
	call->peer.call_id = icrp->call_id;
	call->peer.id_known = true;
	call->peer.connect_speed = call->params.connect_speed;
	kpptp_call_learn(call, icrp->packet_recv_window_size, icrp->packet_transmit_delay, out);
	kpptp_call_add(out, KPPTP_CALL_ACT_KERNEL_SET)->peer = call->peer;
	pac_send_connected(call, out);
	kpptp_call_establish(call, out);
}

static void pac_receive_clear(struct kpptp_call *call, const struct kpptp_call_event *ev,
			      struct kpptp_call_actions *out)
{
	if (call->state == KPPTP_CALL_IDLE || call->state == KPPTP_CALL_PREPARE) {
		kpptp_call_unexpected(call, ev->msg, out);
		return;
	}
	pac_send_disconnect(call, ev, KPPTP_CDN_REQUEST, KPPTP_ERR_NONE, out);
	kpptp_call_end(call, LOG_INFO, "cleared by the peer", out);
}

static void pac_message(struct kpptp_call *call, const struct kpptp_call_event *ev,
			struct kpptp_call_actions *out)
{
	bool outgoing = call->role == KPPTP_CALL_PAC_OUT;

	if (ev->msg->type == KPPTP_OCRQ && outgoing)
		pac_receive_request(call, ev, out);
	else if (ev->msg->type == KPPTP_ICRP && !outgoing)
		pac_receive_reply(call, ev->msg, out);
	else if (ev->msg->type == KPPTP_CCRQ)
		pac_receive_clear(call, ev, out);
	else if (ev->msg->type == KPPTP_SLI)
		kpptp_call_hear_link_info(call, &ev->msg->sli, out);
	else
		kpptp_call_unexpected(call, ev->msg, out);
}

const struct kpptp_call_ops kpptp_call_pac_ops = {
	.message = pac_message,
	.ready = pac_ready,
	.refuse = pac_refuse,
	.clear = pac_clear,
	/* §3.2.4.1: "If a timer expires on an outbound call" */
	.expired_result = KPPTP_OCRP_TIME_OUT,
};
