// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls where we are the PNS: outgoing (RFC 2637 §3.2.4.2), where we send the
 * OCRQ, and incoming (§3.2.3.2), where we answer an ICRQ. Only a PNS sends
 * Call-Clear-Request, and then waits for the PAC's Call-Disconnect-Notify.
 */
#include "call_fsm_internal.h"

#include <string.h>

static void pns_send_request(const struct kpptp_call *call, struct kpptp_call_actions *out)
{
	struct kpptp_ocrq *ocrq = &kpptp_call_send(out, KPPTP_OCRQ)->ocrq;
	const struct kpptp_call_params *params = &call->params;

	ocrq->call_id = call->call_id;
	ocrq->call_serial_number = params->call_serial_number;
	ocrq->minimum_bps = params->minimum_bps;
	ocrq->maximum_bps = params->maximum_bps;
	ocrq->bearer_type = params->bearer_type;
	ocrq->framing_type = params->framing_type;
	ocrq->packet_recv_window_size = params->recv_window_size;
	ocrq->packet_processing_delay = params->processing_delay;
	memcpy(ocrq->phone_number, params->phone_number, sizeof(ocrq->phone_number));
	memcpy(ocrq->subaddress, params->subaddress, sizeof(ocrq->subaddress));
	ocrq->phone_number_length = strnlen(ocrq->phone_number, KPPTP_NAME_LEN);
}

/* @call_id: ours, 0 in a refusal, which has no call to name */
static void pns_send_reply(const struct kpptp_call *call, uint16_t call_id, uint16_t peers_call_id,
			   uint8_t result, uint8_t error, struct kpptp_call_actions *out)
{
	struct kpptp_icrp *icrp = &kpptp_call_send(out, KPPTP_ICRP)->icrp;

	icrp->call_id = call_id;
	icrp->peers_call_id = peers_call_id;
	icrp->result_code = result;
	icrp->error_code = error;
	if (result != KPPTP_RESULT_OK)
		return;
	icrp->packet_recv_window_size = call->params.recv_window_size;
	icrp->packet_transmit_delay = call->params.processing_delay;
}

static void pns_refuse(const struct kpptp_call *call, uint8_t result, uint8_t error,
		       struct kpptp_call_actions *out)
{
	if (call->role == KPPTP_CALL_PNS_IN)
		pns_send_reply(call, 0, call->peer.call_id, result, error, out);
}

/* NULL if the request is acceptable */
static const char *pns_bad_value(const struct kpptp_icrq *icrq)
{
	if (icrq->call_bearer_type != KPPTP_BEARER_ANALOG &&
	    icrq->call_bearer_type != KPPTP_BEARER_DIGITAL)
		return "Call Bearer Type is neither 1 nor 2";
	if (icrq->dialed_number_length > KPPTP_NAME_LEN)
		return "Dialed Number Length is above 64";
	if (icrq->dialing_number_length > KPPTP_NAME_LEN)
		return "Dialing Number Length is above 64";
	return NULL;
}

static void pns_receive_request(struct kpptp_call *call, const struct kpptp_call_event *ev,
				struct kpptp_call_actions *out)
{
	const struct kpptp_icrq *icrq = &ev->msg->icrq;
	const char *bad = pns_bad_value(icrq);
	struct kpptp_reason why;

	if (call->state != KPPTP_CALL_IDLE) {
		pns_send_reply(call, 0, icrq->call_id, KPPTP_RESULT_GENERAL_ERROR,
			       KPPTP_ERR_BAD_CALL_ID, out);
		kpptp_reason_set(&why, "Call ID %u is already in use", icrq->call_id);
		kpptp_call_say_refused(out, LOG_WARNING, why.text);
		return;
	}
	call->peer.call_id = icrq->call_id;
	call->peer.id_known = true;
	call->params.call_serial_number = icrq->call_serial_number;
	memcpy(call->params.phone_number, icrq->dialed_number, sizeof(icrq->dialed_number));
	memcpy(call->params.dialing_number, icrq->dialing_number, sizeof(icrq->dialing_number));
	memcpy(call->params.subaddress, icrq->subaddress, sizeof(icrq->subaddress));
	say(out, LOG_INFO, "incoming call from \"%s\" to \"%s\"", icrq->dialing_number,
	    icrq->dialed_number);
	if (!kpptp_call_refuse(call, ev, bad, out))
		kpptp_call_prepare(call, KPPTP_CALL_PREPARE, ev->now, out);
}

/* "Open Indication / Send Outgoing Call Request", or the accepting ICRP */
static void pns_ready(struct kpptp_call *call, const struct kpptp_call_event *ev,
		      struct kpptp_call_actions *out)
{
	enum kpptp_call_state next = KPPTP_CALL_WAIT_REPLY;

	if (call->role == KPPTP_CALL_PNS_OUT) {
		pns_send_request(call, out);
	} else {
		pns_send_reply(call, call->call_id, call->peer.call_id, KPPTP_RESULT_OK,
			       KPPTP_ERR_NONE, out);
		next = KPPTP_CALL_WAIT_CONNECT;
	}
	kpptp_call_wait(call, next, ev->now, call->params.reply_timeout);
}

static void pns_clear(struct kpptp_call *call, const struct kpptp_call_event *ev, uint8_t result,
		      uint8_t error, const char *why, struct kpptp_call_actions *out)
{
	(void)result;
	(void)error;
	if (call->state == KPPTP_CALL_WAIT_DISCONNECT)
		return;
	if (call->state == KPPTP_CALL_PREPARE) {
		kpptp_call_turn_down(call, LOG_INFO, KPPTP_ICRP_DO_NOT_ACCEPT, KPPTP_ERR_NONE, why,
				     out);
		return;
	}
	say(out, LOG_INFO, "clearing the call: %s", why);
	/*
	 * No Set-Link-Info: the link is about to go, and some servers choke on
	 * two messages in one read.
	 */
	kpptp_call_send(out, KPPTP_CCRQ)->ccrq.call_id = call->call_id;
	kpptp_call_report_end(call, why, out);
	/* Keep the ID, and the kernel call with it, until the CDN */
	kpptp_call_wait(call, KPPTP_CALL_WAIT_DISCONNECT, ev->now, call->params.reply_timeout);
}

static void pns_receive_reply(struct kpptp_call *call, const struct kpptp_msg *msg,
			      struct kpptp_call_actions *out)
{
	const struct kpptp_ocrp *ocrp = &msg->ocrp;

	if (call->state != KPPTP_CALL_WAIT_REPLY && call->state != KPPTP_CALL_WAIT_DISCONNECT) {
		kpptp_call_unexpected(call, msg, out);
		return;
	}
	if (ocrp->result_code != KPPTP_RESULT_OK) {
		/* "No telco call is active": no CDN would follow a CCRQ */
		kpptp_call_declined(call, msg, out);
		return;
	}
	call->peer.call_id = ocrp->call_id;
	call->peer.id_known = true;
	/* Crossed our CCRQ: we only learn the Call ID that the CDN will have */
	if (call->state == KPPTP_CALL_WAIT_DISCONNECT)
		return;
	call->peer.connect_speed = ocrp->connect_speed;
	kpptp_call_learn(call, ocrp->packet_recv_window_size, ocrp->packet_processing_delay, out);
	kpptp_call_add(out, KPPTP_CALL_ACT_KERNEL_SET)->peer = call->peer;
	kpptp_call_establish(call, out);
}

static void pns_receive_connected(struct kpptp_call *call, const struct kpptp_msg *msg,
				  struct kpptp_call_actions *out)
{
	if (call->state != KPPTP_CALL_WAIT_CONNECT) {
		/* Crossed our CCRQ: no longer useful, but not an error */
		if (call->state != KPPTP_CALL_WAIT_DISCONNECT)
			kpptp_call_unexpected(call, msg, out);
		return;
	}
	call->peer.connect_speed = msg->iccn.connect_speed;
	kpptp_call_learn(call, msg->iccn.packet_recv_window_size, msg->iccn.packet_transmit_delay,
			 out);
	kpptp_call_add(out, KPPTP_CALL_ACT_KERNEL_SET)->peer = call->peer;
	kpptp_call_establish(call, out);
}

static void pns_receive_disconnect(struct kpptp_call *call, const struct kpptp_msg *msg,
				   struct kpptp_call_actions *out)
{
	bool idle = call->state == KPPTP_CALL_IDLE ||
		    (call->state == KPPTP_CALL_PREPARE && call->role == KPPTP_CALL_PNS_OUT);
	const char *stats = msg->cdn.call_statistics;
	struct kpptp_reason result, why;

	if (idle) {
		kpptp_call_unexpected(call, msg, out);
		return;
	}
	kpptp_msg_result_describe(msg, &result);
	kpptp_reason_set(&why, "disconnected by the peer: %s%s%s", result.text,
			 *stats ? ", statistics: " : "", stats);
	/* If we cleared it, the reason is in the log already. */
	kpptp_call_end(call, call->state == KPPTP_CALL_WAIT_DISCONNECT ? LOG_DEBUG : LOG_INFO,
		       why.text, out);
}

/* Only for the log. §2.14 allows one a minute, and none without changes. */
static void pns_receive_wan_errors(struct kpptp_call *call, const struct kpptp_wen *wen,
				   uint64_t now, struct kpptp_call_actions *out)
{
	struct kpptp_call_wan_errors heard = {
		.crc_errors = wen->crc_errors,
		.framing_errors = wen->framing_errors,
		.hardware_overruns = wen->hardware_overruns,
		.buffer_overruns = wen->buffer_overruns,
		.time_out_errors = wen->time_out_errors,
		.alignment_errors = wen->alignment_errors,
	};
	bool early = now < call->wan_heard_next;

	if (!memcmp(&heard, &call->wan_heard, sizeof(heard)))
		return;
	call->wan_heard = heard;
	if (!early)
		call->wan_heard_next = now + call->params.wan_error_interval;
	say(out, early ? LOG_DEBUG : LOG_INFO,
	    "the peer's WAN errors: crc %u, framing %u, hardware overruns %u, "
	    "buffer overruns %u, time-outs %u, alignment %u",
	    wen->crc_errors, wen->framing_errors, wen->hardware_overruns, wen->buffer_overruns,
	    wen->time_out_errors, wen->alignment_errors);
}

static void pns_message(struct kpptp_call *call, const struct kpptp_call_event *ev,
			struct kpptp_call_actions *out)
{
	bool outgoing = call->role == KPPTP_CALL_PNS_OUT;

	if (ev->msg->type == KPPTP_ICRQ && !outgoing)
		pns_receive_request(call, ev, out);
	else if (ev->msg->type == KPPTP_OCRP && outgoing)
		pns_receive_reply(call, ev->msg, out);
	else if (ev->msg->type == KPPTP_ICCN && !outgoing)
		pns_receive_connected(call, ev->msg, out);
	else if (ev->msg->type == KPPTP_CDN)
		pns_receive_disconnect(call, ev->msg, out);
	else if (ev->msg->type == KPPTP_WEN)
		pns_receive_wan_errors(call, &ev->msg->wen, ev->now, out);
	else if (ev->msg->type == KPPTP_SLI)
		/* By §2.15 only the PNS sends it; Windows sends it both ways */
		kpptp_call_hear_link_info(call, &ev->msg->sli, out);
	else
		kpptp_call_unexpected(call, ev->msg, out);
}

const struct kpptp_call_ops kpptp_call_pns_ops = {
	.message = pns_message,
	.ready = pns_ready,
	.refuse = pns_refuse,
	.clear = pns_clear,
	.expired_result = KPPTP_RESULT_GENERAL_ERROR,
	.expired_error = KPPTP_ERR_NO_RESOURCE,
};
