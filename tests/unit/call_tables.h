/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off */
/*
 * The call state machine, RFC 2637 §3.2: every state and event for each of the four
 * roles, laid out like the RFC's diagrams.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_CALL_TABLES_H
#define KPPTP_TEST_CALL_TABLES_H

#include "fsm/call_fsm.h"
#include "unit.h"

/* The rows of every table */
static const struct {
	enum kpptp_call_event_type event;
	enum kpptp_msg_type message;
} events[] = {
	{ KPPTP_CALL_EV_MSG, KPPTP_OCRQ },
	{ KPPTP_CALL_EV_MSG, KPPTP_OCRP },
	{ KPPTP_CALL_EV_MSG, KPPTP_ICRQ },
	{ KPPTP_CALL_EV_MSG, KPPTP_ICRP },
	{ KPPTP_CALL_EV_MSG, KPPTP_ICCN },
	{ KPPTP_CALL_EV_MSG, KPPTP_CCRQ },
	{ KPPTP_CALL_EV_MSG, KPPTP_CDN },
	{ KPPTP_CALL_EV_MSG, KPPTP_WEN },
	{ KPPTP_CALL_EV_MSG, KPPTP_SLI },
	{ KPPTP_CALL_EV_START, 0 },
	{ KPPTP_CALL_EV_CLEAR, 0 },
	{ KPPTP_CALL_EV_DATA_READY, 0 },
	{ KPPTP_CALL_EV_DATA_FAILED, 0 },
	{ KPPTP_CALL_EV_PPP_ENDED, 0 },
	{ KPPTP_CALL_EV_CONN_DOWN, 0 },
	{ KPPTP_CALL_EV_LINK_INFO, 0 },
	{ KPPTP_CALL_EV_WAN_ERRORS, 0 },
	{ KPPTP_CALL_EV_TIMER, 0 },
};

#define COLUMNS_MAX	6

/*
 * Each cell: what is sent and done in order, then the state after ("over":
 * released). Replies and CDN show their Result Code and Error Code.
 */
struct table {
	enum kpptp_call_role role;
	unsigned int count;
	enum kpptp_call_state column[COLUMNS_MAX];
	const char *cell[ARRAY_SIZE(events)][COLUMNS_MAX];
};

/* PNS outgoing calls, §3.2.4.2 */
static const struct table pns_out = {
	.role = KPPTP_CALL_PNS_OUT,
	.count = 6,
	.column = {
		KPPTP_CALL_IDLE,
		KPPTP_CALL_PREPARE,
		KPPTP_CALL_WAIT_REPLY,
		KPPTP_CALL_ESTABLISHED,
		KPPTP_CALL_WAIT_DISCONNECT,
		KPPTP_CALL_CANCELLED,
	},
	.cell = {
		/* OCRQ */
		{ "idle", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* OCRP */
		{ "idle", "prepare", "set SLI up established",
		  "established", "wait_disconnect", "cancelled" },
		/* ICRQ */
		{ "idle", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* ICRP */
		{ "idle", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* ICCN */
		{ "idle", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* CCRQ */
		{ "idle", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* CDN */
		{ "idle", "prepare", "failed del over",
		  "down del over", "del over", "cancelled" },
		/* WEN */
		{ "idle", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* SLI */
		{ "idle", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* start */
		{ "new prepare", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* clear */
		{ "failed over", "failed cancelled",
		  "CCRQ failed wait_disconnect",
		  "CCRQ down wait_disconnect", "wait_disconnect",
		  "cancelled" },
		/* data ready */
		{ "idle", "OCRQ wait_reply", "wait_reply",
		  "established", "wait_disconnect", "del over" },
		/* data failed */
		{ "failed over", "failed over", "CCRQ failed wait_disconnect",
		  "CCRQ down wait_disconnect", "wait_disconnect", "over" },
		/* ppp ended */
		{ "failed over", "failed cancelled",
		  "CCRQ failed wait_disconnect",
		  "CCRQ down wait_disconnect", "wait_disconnect",
		  "cancelled" },
		/* conn down */
		{ "failed over", "failed cancelled", "failed del over",
		  "down del over", "del over", "cancelled" },
		/* link info */
		{ "idle", "prepare", "wait_reply",
		  "SLI established", "wait_disconnect", "cancelled" },
		/* wan errors */
		{ "idle", "prepare", "wait_reply",
		  "established", "wait_disconnect", "cancelled" },
		/* timer */
		{ "idle", "failed cancelled", "close-ctrl wait_reply",
		  "established", "close-ctrl wait_disconnect", "cancelled" },
	},
};

/* PAC outgoing calls, §3.2.4.1 */
static const struct table pac_out = {
	.role = KPPTP_CALL_PAC_OUT,
	.count = 4,
	.column = {
		KPPTP_CALL_IDLE,
		KPPTP_CALL_WAIT_CS_ANS,
		KPPTP_CALL_ESTABLISHED,
		KPPTP_CALL_CANCELLED,
	},
	.cell = {
		/* OCRQ */
		{ "new wait_cs_ans", "OCRP(2,5) wait_cs_ans",
		  "OCRP(2,5) established", "cancelled" },
		/* OCRP */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* ICRQ */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* ICRP */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* ICCN */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* CCRQ */
		{ "idle", "CDN(4,0) cancelled",
		  "CDN(4,0) del over", "cancelled" },
		/* CDN */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* WEN */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* SLI */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* start */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* clear */
		{ "over", "OCRP(7,0) cancelled",
		  "CDN(3,0) del over", "cancelled" },
		/* data ready */
		{ "idle", "OCRP(1,0) pppd established",
		  "established", "del over" },
		/* data failed */
		{ "over", "OCRP(2,4) over",
		  "CDN(2,6) del over", "over" },
		/* ppp ended */
		{ "over", "OCRP(7,0) cancelled",
		  "CDN(1,0) del over", "cancelled" },
		/* conn down */
		{ "over", "cancelled",
		  "del over", "cancelled" },
		/* link info */
		{ "idle", "wait_cs_ans",
		  "established", "cancelled" },
		/* wan errors */
		{ "idle", "wait_cs_ans",
		  "WEN established", "cancelled" },
		/* timer */
		{ "idle", "OCRP(6,0) cancelled",
		  "established", "cancelled" },
	},
};

/* PAC incoming calls, §3.2.3.1 */
static const struct table pac_in = {
	.role = KPPTP_CALL_PAC_IN,
	.count = 5,
	.column = {
		KPPTP_CALL_IDLE,
		KPPTP_CALL_PREPARE,
		KPPTP_CALL_WAIT_REPLY,
		KPPTP_CALL_ESTABLISHED,
		KPPTP_CALL_CANCELLED,
	},
	.cell = {
		/* OCRQ */
		{ "idle", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* OCRP */
		{ "idle", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* ICRQ */
		{ "idle", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* ICRP */
		{ "idle", "prepare", "set ICCN up established",
		  "established", "cancelled" },
		/* ICCN */
		{ "idle", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* CCRQ */
		{ "idle", "prepare", "CDN(4,0) failed del over",
		  "CDN(4,0) down del over", "cancelled" },
		/* CDN */
		{ "idle", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* WEN */
		{ "idle", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* SLI */
		{ "idle", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* start */
		{ "new prepare", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* clear */
		{ "failed over", "failed cancelled", "CDN(3,0) failed del over",
		  "CDN(3,0) down del over", "cancelled" },
		/* data ready */
		{ "idle", "ICRQ wait_reply", "wait_reply",
		  "established", "del over" },
		/* data failed */
		{ "failed over", "failed over", "CDN(2,6) failed del over",
		  "CDN(2,6) down del over", "over" },
		/* ppp ended */
		{ "failed over", "failed cancelled", "CDN(1,0) failed del over",
		  "CDN(1,0) down del over", "cancelled" },
		/* conn down */
		{ "failed over", "failed cancelled", "failed del over",
		  "down del over", "cancelled" },
		/* link info */
		{ "idle", "prepare", "wait_reply",
		  "established", "cancelled" },
		/* wan errors */
		{ "idle", "prepare", "wait_reply",
		  "WEN established", "cancelled" },
		/* timer */
		{ "idle", "failed cancelled", "close-ctrl wait_reply",
		  "established", "cancelled" },
	},
};

/* PNS incoming calls, §3.2.3.2 */
static const struct table pns_in = {
	.role = KPPTP_CALL_PNS_IN,
	.count = 6,
	.column = {
		KPPTP_CALL_IDLE,
		KPPTP_CALL_PREPARE,
		KPPTP_CALL_WAIT_CONNECT,
		KPPTP_CALL_ESTABLISHED,
		KPPTP_CALL_WAIT_DISCONNECT,
		KPPTP_CALL_CANCELLED,
	},
	.cell = {
		/* OCRQ */
		{ "idle", "prepare", "wait_connect",
		  "established", "wait_disconnect", "cancelled" },
		/* OCRP */
		{ "idle", "prepare", "wait_connect",
		  "established", "wait_disconnect", "cancelled" },
		/* ICRQ */
		{ "new prepare", "ICRP(2,5) prepare", "ICRP(2,5) wait_connect",
		  "ICRP(2,5) established", "ICRP(2,5) wait_disconnect",
		  "cancelled" },
		/* ICRP */
		{ "idle", "prepare", "wait_connect",
		  "established", "wait_disconnect", "cancelled" },
		/* ICCN */
		{ "idle", "prepare", "set SLI pppd established",
		  "established", "wait_disconnect", "cancelled" },
		/* CCRQ */
		{ "idle", "prepare", "wait_connect",
		  "established", "wait_disconnect", "cancelled" },
		/* CDN */
		{ "idle", "cancelled", "del over",
		  "del over", "del over", "cancelled" },
		/* WEN */
		{ "idle", "prepare", "wait_connect",
		  "established", "wait_disconnect", "cancelled" },
		/* SLI */
		{ "idle", "prepare", "wait_connect",
		  "established", "wait_disconnect", "cancelled" },
		/* start */
		{ "idle", "prepare", "wait_connect",
		  "established", "wait_disconnect", "cancelled" },
		/* clear */
		{ "over", "ICRP(3,0) cancelled", "CCRQ wait_disconnect",
		  "CCRQ wait_disconnect", "wait_disconnect", "cancelled" },
		/* data ready */
		{ "idle", "ICRP(1,0) wait_connect", "wait_connect",
		  "established", "wait_disconnect", "del over" },
		/* data failed */
		{ "over", "ICRP(2,4) over", "CCRQ wait_disconnect",
		  "CCRQ wait_disconnect", "wait_disconnect", "over" },
		/* ppp ended */
		{ "over", "ICRP(3,0) cancelled", "CCRQ wait_disconnect",
		  "CCRQ wait_disconnect", "wait_disconnect", "cancelled" },
		/* conn down */
		{ "over", "cancelled", "del over",
		  "del over", "del over", "cancelled" },
		/* link info */
		{ "idle", "prepare", "wait_connect",
		  "SLI established", "wait_disconnect", "cancelled" },
		/* wan errors */
		{ "idle", "prepare", "wait_connect",
		  "established", "wait_disconnect", "cancelled" },
		/* timer */
		{ "idle", "ICRP(2,4) cancelled", "close-ctrl wait_connect",
		  "established", "close-ctrl wait_disconnect", "cancelled" },
	},
};

static const struct table *const tables[KPPTP_CALL_ROLES] = {
	[KPPTP_CALL_PNS_OUT] = &pns_out,
	[KPPTP_CALL_PAC_OUT] = &pac_out,
	[KPPTP_CALL_PAC_IN] = &pac_in,
	[KPPTP_CALL_PNS_IN] = &pns_in,
};

/* Every state that a random walk reaches must have a column */
static inline bool in_table(const struct kpptp_call *call)
{
	const struct table *t = tables[call->role];
	unsigned int i;

	for (i = 0; i < t->count; i++)
		if (t->column[i] == call->state)
			return true;
	return false;
}

#endif /* KPPTP_TEST_CALL_TABLES_H */
