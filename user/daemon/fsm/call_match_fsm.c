// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whose Call ID a message carries, and so which call it is about: by RFC 2637
 * §2.12 to §2.15, and by what peers send that read it differently.
 */
#include "call_fsm.h"
#include "call_fsm_internal.h"

static bool match_is_ours(const struct kpptp_call *call, uint16_t id)
{
	return call->kernel && call->call_id == id;
}

static bool match_is_peers(const struct kpptp_call *call, uint16_t id)
{
	return call->peer.id_known && call->peer.call_id == id;
}

/* @exact: the Call ID as the RFC requires; @swapped: the other side's */
static enum kpptp_call_match match_exact_or_swapped(bool exact, bool swapped)
{
	if (exact)
		return KPPTP_CALL_MATCH_EXACT;
	return swapped ? KPPTP_CALL_MATCH_SWAPPED : KPPTP_CALL_MATCH_NO;
}

static enum kpptp_call_match match_cdn(const struct kpptp_call *call, uint16_t id)
{
	enum kpptp_call_match match;

	match = match_exact_or_swapped(match_is_peers(call, id), match_is_ours(call, id));
	if (match == KPPTP_CALL_MATCH_NO && !call->peer.id_known &&
	    call->state == KPPTP_CALL_WAIT_DISCONNECT)
		return KPPTP_CALL_MATCH_GUESS;
	return match;
}

enum kpptp_call_match kpptp_call_matches(const struct kpptp_call *call, const struct kpptp_msg *msg)
{
	bool pns = kpptp_call_is_pns(call);
	enum kpptp_call_role role = call->role;
	uint16_t id;

	if (call->state == KPPTP_CALL_IDLE || call->state == KPPTP_CALL_CANCELLED)
		return KPPTP_CALL_MATCH_NO;

	switch (msg->type) {
	case KPPTP_OCRQ:
		return match_exact_or_swapped(role == KPPTP_CALL_PAC_OUT &&
						      match_is_peers(call, msg->ocrq.call_id),
					      false);
	case KPPTP_ICRQ:
		return match_exact_or_swapped(role == KPPTP_CALL_PNS_IN &&
						      match_is_peers(call, msg->icrq.call_id),
					      false);
	case KPPTP_OCRP:
		return match_exact_or_swapped(role == KPPTP_CALL_PNS_OUT &&
						      match_is_ours(call, msg->ocrp.peers_call_id),
					      false);
	case KPPTP_ICRP:
		return match_exact_or_swapped(role == KPPTP_CALL_PAC_IN &&
						      match_is_ours(call, msg->icrp.peers_call_id),
					      false);
	case KPPTP_ICCN:
		return match_exact_or_swapped(role == KPPTP_CALL_PNS_IN &&
						      match_is_ours(call, msg->iccn.peers_call_id),
					      false);
	case KPPTP_CCRQ:
		id = msg->ccrq.call_id;
		return match_exact_or_swapped(!pns && match_is_peers(call, id),
					      !pns && match_is_ours(call, id));
	case KPPTP_CDN:
		return pns ? match_cdn(call, msg->cdn.call_id) : KPPTP_CALL_MATCH_NO;
	case KPPTP_WEN:
		id = msg->wen.peers_call_id;
		return match_exact_or_swapped(pns && match_is_ours(call, id),
					      pns && match_is_peers(call, id));
	case KPPTP_SLI:
		id = msg->sli.peers_call_id;
		return match_exact_or_swapped(match_is_ours(call, id), match_is_peers(call, id));
	default:
		return KPPTP_CALL_MATCH_NO;
	}
}
