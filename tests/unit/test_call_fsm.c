// SPDX-License-Identifier: GPL-2.0-or-later
/* clang-format off */
/*
 * Calls against RFC 2637 §3.2: a table of every state and every event for each
 * of the four roles, to be read beside the four diagrams, then what a table
 * cannot show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <cmocka.h>

#include "call_fsm.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define START	1000000ULL	/* monotonic milliseconds when a test begins */
#define OURS	0x1234		/* the Call ID that the data plane gives us */
#define PEERS	0x5678		/* the Call ID that the peer chooses */

struct fixture {
	struct kpptp_call call;
	struct kpptp_call_actions out;
	uint64_t now;
};

static void step(struct fixture *f, struct kpptp_call_event ev)
{
	ev.now = f->now;
	memset(&f->out, 0xa5, sizeof(f->out));
	kpptp_call_step(&f->call, &ev, &f->out);
	assert_true(f->out.count <= KPPTP_CALL_ACTIONS_MAX);
}

#define STEP(f, ...)	step(f, (struct kpptp_call_event){ __VA_ARGS__ })

static void receive(struct fixture *f, struct kpptp_msg msg)
{
	STEP(f, .type = KPPTP_CALL_EV_MSG, .msg = &msg);
}

#define RECEIVE(f, ...)	receive(f, (struct kpptp_msg){ __VA_ARGS__ })

static void wait_until(struct fixture *f, uint64_t now)
{
	f->now = now;
	STEP(f, .type = KPPTP_CALL_EV_TIMER);
}

static void data_ready(struct fixture *f)
{
	STEP(f, .type = KPPTP_CALL_EV_DATA_READY, .call_id = OURS,
	     .channel = 7);
}

/* A message as a peer would send it for the fixture's call, nothing refused */
static struct kpptp_msg message(enum kpptp_msg_type type)
{
	struct kpptp_msg msg = { .type = type };

	switch (type) {
	case KPPTP_OCRQ:
		msg.ocrq = (struct kpptp_ocrq){
			.call_id = PEERS, .call_serial_number = 99,
			.minimum_bps = 300, .maximum_bps = 1000000,
			.bearer_type = 3, .framing_type = 3,
			.packet_recv_window_size = 16,
			.packet_processing_delay = 5,
			.phone_number_length = 3, .phone_number = "123",
			.subaddress = "sub" };
		break;
	case KPPTP_OCRP:
		msg.ocrp = (struct kpptp_ocrp){
			.call_id = PEERS, .peers_call_id = OURS,
			.result_code = 1, .connect_speed = 64000,
			.packet_recv_window_size = 16,
			.packet_processing_delay = 5 };
		break;
	case KPPTP_ICRQ:
		msg.icrq = (struct kpptp_icrq){
			.call_id = PEERS, .call_serial_number = 99,
			.call_bearer_type = 2, .dialed_number_length = 3,
			.dialing_number_length = 3, .dialed_number = "123",
			.dialing_number = "456", .subaddress = "sub" };
		break;
	case KPPTP_ICRP:
		msg.icrp = (struct kpptp_icrp){
			.call_id = PEERS, .peers_call_id = OURS,
			.result_code = 1, .packet_recv_window_size = 16,
			.packet_transmit_delay = 5 };
		break;
	case KPPTP_ICCN:
		msg.iccn = (struct kpptp_iccn){
			.peers_call_id = OURS, .connect_speed = 64000,
			.packet_recv_window_size = 16,
			.packet_transmit_delay = 5, .framing_type = 2 };
		break;
	case KPPTP_CCRQ:
		msg.ccrq.call_id = PEERS;
		break;
	case KPPTP_CDN:
		msg.cdn = (struct kpptp_cdn){ .call_id = PEERS,
					      .result_code = 4 };
		break;
	case KPPTP_WEN:
		msg.wen.peers_call_id = OURS;
		break;
	case KPPTP_SLI:
		msg.sli.peers_call_id = OURS;
		break;
	default:
		break;
	}
	return msg;
}

static void begin(struct fixture *f, enum kpptp_call_role role)
{
	struct kpptp_call_params params;

	kpptp_call_params_default(&params, role);
	params.call_serial_number = 42;
	if (role == KPPTP_CALL_PNS_OUT || role == KPPTP_CALL_PAC_IN) {
		strcpy(params.phone_number, "5551234");
		strcpy(params.dialing_number, "777");
		strcpy(params.subaddress, "s");
	}
	kpptp_call_init(&f->call, role, &params);
	f->now = START;
}

static bool local(enum kpptp_call_role role)
{
	return role == KPPTP_CALL_PNS_OUT || role == KPPTP_CALL_PAC_IN;
}

/* By real events from idle to @state, on the shortest way of the diagram */
static void reach(struct fixture *f, enum kpptp_call_role role,
		  enum kpptp_call_state state)
{
	static const enum kpptp_msg_type request[] = {
		[KPPTP_CALL_PAC_OUT] = KPPTP_OCRQ,
		[KPPTP_CALL_PNS_IN] = KPPTP_ICRQ,
	};

	begin(f, role);
	if (state == KPPTP_CALL_IDLE)
		return;
	if (local(role))
		STEP(f, .type = KPPTP_CALL_EV_START);
	else
		receive(f, message(request[role]));
	if (state == KPPTP_CALL_CANCELLED)
		STEP(f, .type = KPPTP_CALL_EV_CLEAR);
	if (f->call.state == state)
		return;
	data_ready(f);
	if (f->call.state == state)
		return;
	if (state == KPPTP_CALL_ESTABLISHED) {
		if (role == KPPTP_CALL_PNS_OUT)
			receive(f, message(KPPTP_OCRP));
		else if (role == KPPTP_CALL_PAC_IN)
			receive(f, message(KPPTP_ICRP));
		else
			receive(f, message(KPPTP_ICCN));
	} else {
		STEP(f, .type = KPPTP_CALL_EV_CLEAR);
	}
	assert_int_equal(f->call.state, state);
}

/* What a step did, as in the tables' cells; log lines are left out */
static const char *describe(const struct fixture *f)
{
	static const char *const messages[] = {
		"?", "?", "?", "?", "?", "?", "?", "OCRQ", "OCRP", "ICRQ",
		"ICRP", "ICCN", "CCRQ", "CDN", "WEN", "SLI",
	};
	static const char *const acts[] = {
		[KPPTP_CALL_ACT_KERNEL_NEW] = "new ",
		[KPPTP_CALL_ACT_KERNEL_SET] = "set ",
		[KPPTP_CALL_ACT_KERNEL_DEL] = "del ",
		[KPPTP_CALL_ACT_START_PPPD] = "pppd ",
		[KPPTP_CALL_ACT_REPORT_UP] = "up ",
		[KPPTP_CALL_ACT_REPORT_FAILED] = "failed ",
		[KPPTP_CALL_ACT_REPORT_DOWN] = "down ",
		[KPPTP_CALL_ACT_CLOSE_CTRL] = "close-ctrl ",
		[KPPTP_CALL_ACT_LOG] = "",
		[KPPTP_CALL_ACT_RELEASE] = "",
	};
	static char text[128];
	bool released = false;
	size_t i;

	text[0] = 0;
	for (i = 0; i < f->out.count; i++) {
		const struct kpptp_call_action *a = &f->out.item[i];
		const struct kpptp_msg *msg = &a->msg;
		unsigned int result, error;
		size_t len = strlen(text);
		char *end = text + len;

		len = sizeof(text) - len;
		/* Nothing may follow the release */
		assert_false(released);
		released = a->type == KPPTP_CALL_ACT_RELEASE;
		if (a->type != KPPTP_CALL_ACT_SEND)
			snprintf(end, len, "%s", acts[a->type]);
		else if (kpptp_msg_result(msg, &result, &error))
			snprintf(end, len, "%s(%u,%u) ", messages[msg->type],
				 result, error);
		else
			snprintf(end, len, "%s ", messages[msg->type]);
	}
	if (released)
		assert_int_equal(f->call.state, KPPTP_CALL_IDLE);
	strcat(text, released ? "over" : kpptp_call_state_name(f->call.state));
	return text;
}

static bool logged(const struct fixture *f, const char *part)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CALL_ACT_LOG &&
		    strstr(f->out.item[i].why.text, part))
			return true;
	return false;
}

static const struct kpptp_call_action *find(const struct fixture *f,
					    enum kpptp_call_act type)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == type)
			return &f->out.item[i];
	return NULL;
}

static const struct kpptp_msg *sent(const struct fixture *f,
				    enum kpptp_msg_type type)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CALL_ACT_SEND &&
		    f->out.item[i].msg.type == type)
			return &f->out.item[i].msg;
	fail_msg("%s was not sent", kpptp_msg_name(type));
	return NULL;
}

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
		{ "failed over", "failed cancelled", "CCRQ failed wait_disconnect",
		  "SLI CCRQ down wait_disconnect", "wait_disconnect", "cancelled" },
		/* data ready */
		{ "idle", "OCRQ wait_reply", "wait_reply",
		  "established", "wait_disconnect", "del over" },
		/* data failed */
		{ "failed over", "failed over", "CCRQ failed wait_disconnect",
		  "SLI CCRQ down wait_disconnect", "wait_disconnect", "over" },
		/* ppp ended */
		{ "failed over", "failed cancelled", "CCRQ failed wait_disconnect",
		  "SLI CCRQ down wait_disconnect", "wait_disconnect", "cancelled" },
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
		  "ICRP(2,5) established", "ICRP(2,5) wait_disconnect", "cancelled" },
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
		  "SLI CCRQ wait_disconnect", "wait_disconnect", "cancelled" },
		/* data ready */
		{ "idle", "ICRP(1,0) wait_connect", "wait_connect",
		  "established", "wait_disconnect", "del over" },
		/* data failed */
		{ "over", "ICRP(2,4) over", "CCRQ wait_disconnect",
		  "SLI CCRQ wait_disconnect", "wait_disconnect", "over" },
		/* ppp ended */
		{ "over", "ICRP(3,0) cancelled", "CCRQ wait_disconnect",
		  "SLI CCRQ wait_disconnect", "wait_disconnect", "cancelled" },
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

static void run_cell(const struct table *t, size_t row, size_t column)
{
	struct kpptp_call_event ev = {
		.type = events[row].event, .call_id = OURS, .channel = 7,
		.text = "why", .send_accm = 1, .receive_accm = 2,
		.wan_errors = { .crc_errors = 1 },
	};
	struct kpptp_msg msg = message(events[row].message);
	struct fixture f;
	const char *got;

	reach(&f, t->role, t->column[column]);
	ev.msg = &msg;
	if (ev.type == KPPTP_CALL_EV_TIMER &&
	    kpptp_call_deadline(&f.call) != KPPTP_NO_DEADLINE)
		f.now = kpptp_call_deadline(&f.call);
	step(&f, ev);
	got = describe(&f);
	if (strcmp(got, t->cell[row][column]))
		fail_msg("%s, %s, event %d %s: %s, expected %s",
			 kpptp_call_role_name(t->role),
			 kpptp_call_state_name(t->column[column]),
			 events[row].event, kpptp_msg_name(msg.type), got,
			 t->cell[row][column]);
}

static void run_table(const struct table *t)
{
	size_t row, column;

	for (row = 0; row < ARRAY_SIZE(events); row++)
		for (column = 0; column < t->count; column++)
			run_cell(t, row, column);
}

static const struct table *const tables[KPPTP_CALL_ROLES] = {
	[KPPTP_CALL_PNS_OUT] = &pns_out,
	[KPPTP_CALL_PAC_OUT] = &pac_out,
	[KPPTP_CALL_PAC_IN] = &pac_in,
	[KPPTP_CALL_PNS_IN] = &pns_in,
};

/* A row for each message and each other event, and a word in each cell */
static void the_tables_are_complete(void **state)
{
	unsigned int rows[KPPTP_CALL_EVENTS] = { 0 };
	size_t role, row, column;

	(void)state;
	for (row = 0; row < ARRAY_SIZE(events); row++)
		rows[events[row].event]++;
	for (row = 0; row < KPPTP_CALL_EVENTS; row++)
		assert_int_equal(rows[row], row == KPPTP_CALL_EV_MSG ?
						    KPPTP_SLI - KPPTP_OCRQ + 1 : 1);
	for (role = 0; role < KPPTP_CALL_ROLES; role++)
		for (row = 0; row < ARRAY_SIZE(events); row++)
			for (column = 0; column < tables[role]->count; column++)
				assert_non_null(tables[role]->cell[row][column]);
}

/* What a walk gets to must be a column: no state of a role is left out */
static bool in_table(const struct kpptp_call *call)
{
	const struct table *t = tables[call->role];
	unsigned int i;

	for (i = 0; i < t->count; i++)
		if (t->column[i] == call->state)
			return true;
	return false;
}

static void pns_outgoing_every_state_and_every_event(void **state)
{
	(void)state;
	run_table(&pns_out);
}

static void pac_outgoing_every_state_and_every_event(void **state)
{
	(void)state;
	run_table(&pac_out);
}

static void pac_incoming_every_state_and_every_event(void **state)
{
	(void)state;
	run_table(&pac_in);
}

static void pns_incoming_every_state_and_every_event(void **state)
{
	(void)state;
	run_table(&pns_in);
}

static void fact_01_whose_call_id(void **state)
{
	struct fixture f;

	(void)state;
	/* The PNS clears by its own ID and sets the link by the PAC's */
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.peers_call_id, PEERS);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR);
	assert_int_equal(sent(&f, KPPTP_CCRQ)->ccrq.call_id, OURS);
	/* The PAC disconnects by its own and notifies by the PNS's */
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_WAN_ERRORS,
	     .wan_errors = { .crc_errors = 1 });
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.peers_call_id, PEERS);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR);
	assert_int_equal(sent(&f, KPPTP_CDN)->cdn.call_id, OURS);
}

/* What a role in a state makes of a message with the one's ID or the other's */
static void fact_01_matching_a_message_to_its_call(void **state)
{
	enum { NO, GUESS, SWAPPED, EXACT };
	static const struct {
		enum kpptp_call_role role;
		enum kpptp_call_state in;
		enum kpptp_msg_type type;
		unsigned int ours, peers, other;
	} cases[] = {
#define C(role, in, type, ...) \
	{ KPPTP_CALL_##role, KPPTP_CALL_##in, KPPTP_##type, __VA_ARGS__ }
		C(PNS_OUT, WAIT_REPLY, OCRP, EXACT, NO, NO),
		C(PNS_OUT, WAIT_REPLY, CDN, SWAPPED, NO, NO),
		C(PNS_OUT, ESTABLISHED, OCRP, EXACT, NO, NO),
		C(PNS_OUT, ESTABLISHED, CDN, SWAPPED, EXACT, NO),
		C(PNS_OUT, ESTABLISHED, WEN, EXACT, SWAPPED, NO),
		C(PNS_OUT, ESTABLISHED, SLI, EXACT, SWAPPED, NO),
		C(PNS_OUT, ESTABLISHED, CCRQ, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, OCRQ, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, ICRP, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, ICCN, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, ECHORQ, NO, NO, NO),
		C(PNS_OUT, WAIT_DISCONNECT, CDN, SWAPPED, GUESS, GUESS),
		C(PNS_OUT, IDLE, CDN, NO, NO, NO),
		C(PNS_OUT, PREPARE, OCRP, NO, NO, NO),
		C(PNS_OUT, CANCELLED, CDN, NO, NO, NO),
		C(PAC_OUT, WAIT_CS_ANS, CCRQ, NO, EXACT, NO),
		C(PAC_OUT, ESTABLISHED, CCRQ, SWAPPED, EXACT, NO),
		C(PAC_OUT, ESTABLISHED, OCRQ, NO, EXACT, NO),
		C(PAC_OUT, ESTABLISHED, SLI, EXACT, SWAPPED, NO),
		C(PAC_OUT, ESTABLISHED, CDN, NO, NO, NO),
		C(PAC_OUT, ESTABLISHED, WEN, NO, NO, NO),
		C(PAC_OUT, CANCELLED, OCRQ, NO, NO, NO),
		C(PAC_IN, WAIT_REPLY, ICRP, EXACT, NO, NO),
		C(PAC_IN, WAIT_REPLY, CCRQ, SWAPPED, NO, NO),
		C(PAC_IN, ESTABLISHED, CCRQ, SWAPPED, EXACT, NO),
		C(PAC_IN, ESTABLISHED, ICRQ, NO, NO, NO),
		C(PNS_IN, PREPARE, CDN, NO, EXACT, NO),
		C(PNS_IN, WAIT_CONNECT, ICCN, EXACT, NO, NO),
		C(PNS_IN, WAIT_CONNECT, ICRQ, NO, EXACT, NO),
		C(PNS_IN, WAIT_DISCONNECT, CDN, SWAPPED, EXACT, NO),
#undef C
	};
	static const uint16_t ids[] = { OURS, PEERS, 0x9abc };
	struct fixture f;
	size_t i, id;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const unsigned int expected[] = { cases[i].ours,
						  cases[i].peers,
						  cases[i].other };

		reach(&f, cases[i].role, cases[i].in);
		for (id = 0; id < ARRAY_SIZE(ids); id++) {
			struct kpptp_msg msg = message(cases[i].type);

			if (msg.type == KPPTP_OCRP)
				msg.ocrp.peers_call_id = ids[id];
			else if (msg.type == KPPTP_ICRP)
				msg.icrp.peers_call_id = ids[id];
			else
				/* First field of all the others */
				memcpy(&msg.ccrq, &ids[id], sizeof(ids[id]));
			if (kpptp_call_matches(&f.call, &msg) != expected[id])
				fail_msg("case %zu, id %zu: %d, expected %u",
					 i, id,
					 kpptp_call_matches(&f.call, &msg),
					 expected[id]);
		}
	}
}

static void fact_02_cleared_pns_waits_for_the_cdn(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .text = "hang up");
	assert_string_equal(describe(&f), "SLI CCRQ down wait_disconnect");
	assert_int_equal(kpptp_call_deadline(&f.call), START + 60000);
	STEP(&f, .type = KPPTP_CALL_EV_PPP_ENDED);
	assert_int_equal(f.out.count, 0);
	RECEIVE(&f, .type = KPPTP_CDN,
		.cdn = { .call_id = PEERS, .result_code = 4,
			 .call_statistics = "rx 1\ntx 2" });
	assert_string_equal(describe(&f), "del over");
	assert_true(logged(&f, "result 4 (Request), statistics: rx 1?tx 2"));
}

static void reply_that_crossed_our_clear_names_the_cdn(void **state)
{
	struct kpptp_msg cdn = message(KPPTP_CDN);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_DISCONNECT);
	assert_int_equal(kpptp_call_matches(&f.call, &cdn),
			 KPPTP_CALL_MATCH_GUESS);
	receive(&f, message(KPPTP_OCRP));
	assert_string_equal(describe(&f), "wait_disconnect");
	assert_int_equal(kpptp_call_matches(&f.call, &cdn),
			 KPPTP_CALL_MATCH_EXACT);
	/* A refusal that crossed it: no call, so no CDN will come */
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_DISCONNECT);
	RECEIVE(&f, .type = KPPTP_OCRP, .ocrp = { .peers_call_id = OURS,
						  .result_code = 4 });
	assert_string_equal(describe(&f), "del over");
}

static void fact_04_a_peers_call_id_of_0_is_legal(void **state)
{
	struct kpptp_msg msg = message(KPPTP_OCRP);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	msg.ocrp.call_id = 0;
	receive(&f, msg);
	assert_int_equal(f.call.state, KPPTP_CALL_ESTABLISHED);
	assert_true(find(&f, KPPTP_CALL_ACT_KERNEL_SET)->peer.id_known);
	msg = message(KPPTP_CDN);
	msg.cdn.call_id = 0;
	assert_int_equal(kpptp_call_matches(&f.call, &msg),
			 KPPTP_CALL_MATCH_EXACT);
}

/* The kernel call exists before anything that lets the peer send */
static void kernel_call_precedes_request_and_reply(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PNS_OUT);
	STEP(&f, .type = KPPTP_CALL_EV_START);
	assert_string_equal(describe(&f), "new prepare");
	assert_false(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.id_known);
	begin(&f, KPPTP_CALL_PAC_OUT);
	receive(&f, message(KPPTP_OCRQ));
	assert_string_equal(describe(&f), "new wait_cs_ans");
	assert_true(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.id_known);
	assert_true(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.window_known);
	begin(&f, KPPTP_CALL_PNS_IN);
	receive(&f, message(KPPTP_ICRQ));
	assert_string_equal(describe(&f), "new prepare");
	assert_true(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.id_known);
	assert_false(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.window_known);
}

static void outgoing_call_carries_the_parameters(void **state)
{
	const struct kpptp_ocrq *ocrq;
	const struct kpptp_call_peer *peer;
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	ocrq = &sent(&f, KPPTP_OCRQ)->ocrq;
	assert_int_equal(ocrq->call_id, OURS);
	assert_int_equal(ocrq->call_serial_number, 42);
	assert_int_equal(ocrq->minimum_bps, 300);
	assert_int_equal(ocrq->maximum_bps, 100000000);
	assert_int_equal(ocrq->packet_recv_window_size, 64);
	assert_string_equal(ocrq->phone_number, "5551234");
	assert_int_equal(ocrq->phone_number_length, 7);
	assert_string_equal(ocrq->subaddress, "s");
	receive(&f, message(KPPTP_OCRP));
	peer = &find(&f, KPPTP_CALL_ACT_KERNEL_SET)->peer;
	assert_int_equal(peer->call_id, PEERS);
	assert_int_equal(peer->recv_window_size, 16);
	assert_int_equal(peer->delay, 5);
	assert_int_equal(peer->connect_speed, 64000);
	assert_int_equal(f.call.channel, 7);
}

static void answered_call_carries_the_parameters(void **state)
{
	const struct kpptp_ocrp *ocrp;
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	ocrp = &sent(&f, KPPTP_OCRP)->ocrp;
	assert_int_equal(ocrp->call_id, OURS);
	assert_int_equal(ocrp->peers_call_id, PEERS);
	assert_int_equal(ocrp->packet_recv_window_size, 64);
	assert_int_equal(ocrp->connect_speed, 1000000);
	assert_int_equal(f.call.params.call_serial_number, 99);
	assert_string_equal(f.call.params.phone_number, "123");
	assert_string_equal(f.call.params.subaddress, "sub");
	assert_int_equal(f.call.peer.recv_window_size, 16);
}

static void connect_speed_stays_within_the_request(void **state)
{
	struct kpptp_msg msg = message(KPPTP_OCRQ);
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PAC_OUT);
	f.call.params.connect_speed = 100;
	receive(&f, msg);
	assert_int_equal(f.call.params.connect_speed, 300);
}

/* Even one that is refused: somebody called. */
static void an_incoming_call_says_who_calls(void **state)
{
	struct kpptp_msg msg = message(KPPTP_ICRQ);
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PNS_IN);
	strcpy(msg.icrq.dialing_number, "45\n6");
	receive(&f, msg);
	assert_true(logged(&f, "incoming call from \"45?6\" to \"123\""));
	/* A number that repeats is no call. */
	receive(&f, msg);
	assert_false(logged(&f, "incoming call"));
	begin(&f, KPPTP_CALL_PNS_IN);
	STEP(&f, .type = KPPTP_CALL_EV_MSG, .msg = &msg,
	     .refuse_result = KPPTP_ICRP_DO_NOT_ACCEPT);
	assert_true(logged(&f, "incoming call from \"45?6\" to \"123\""));
}

static void incoming_call_three_way_handshake(void **state)
{
	const struct kpptp_icrq *icrq;
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_IN, KPPTP_CALL_WAIT_REPLY);
	icrq = &sent(&f, KPPTP_ICRQ)->icrq;
	assert_int_equal(icrq->call_id, OURS);
	assert_int_equal(icrq->call_serial_number, 42);
	assert_int_equal(icrq->call_bearer_type, KPPTP_BEARER_DIGITAL);
	assert_string_equal(icrq->dialed_number, "5551234");
	assert_int_equal(icrq->dialed_number_length, 7);
	assert_string_equal(icrq->dialing_number, "777");
	assert_int_equal(icrq->dialing_number_length, 3);
	receive(&f, message(KPPTP_ICRP));
	assert_string_equal(describe(&f), "set ICCN up established");
	assert_int_equal(sent(&f, KPPTP_ICCN)->iccn.peers_call_id, PEERS);
	assert_int_equal(sent(&f, KPPTP_ICCN)->iccn.framing_type,
			 KPPTP_FRAMING_SYNC);
	assert_int_equal(sent(&f, KPPTP_ICCN)->iccn.packet_recv_window_size,
			 64);

	reach(&f, KPPTP_CALL_PNS_IN, KPPTP_CALL_WAIT_CONNECT);
	assert_int_equal(sent(&f, KPPTP_ICRP)->icrp.call_id, OURS);
	assert_int_equal(sent(&f, KPPTP_ICRP)->icrp.peers_call_id, PEERS);
	assert_string_equal(f.call.params.dialing_number, "456");
	receive(&f, message(KPPTP_ICCN));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_KERNEL_SET)
			 ->peer.recv_window_size, 16);
	assert_int_equal(f.call.peer.delay, 5);
}

static void fact_08_a_window_of_0_is_taken_as_1(void **state)
{
	struct kpptp_msg msg = message(KPPTP_OCRP);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	msg.ocrp.packet_recv_window_size = 0;
	receive(&f, msg);
	assert_int_equal(f.call.peer.recv_window_size, 1);
	assert_true(logged(&f, "receive window of 0"));
}

static void fact_11_a_call_stuck_for_a_minute_closes_everything(void **state)
{
	static const struct {
		enum kpptp_call_role role;
		enum kpptp_call_state in;
	} stuck[] = {
		{ KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY },
		{ KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_DISCONNECT },
		{ KPPTP_CALL_PAC_IN, KPPTP_CALL_WAIT_REPLY },
		{ KPPTP_CALL_PNS_IN, KPPTP_CALL_WAIT_CONNECT },
		{ KPPTP_CALL_PNS_IN, KPPTP_CALL_WAIT_DISCONNECT },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(stuck); i++) {
		reach(&f, stuck[i].role, stuck[i].in);
		wait_until(&f, START + 59999);
		assert_int_equal(f.out.count, 0);
		wait_until(&f, START + 60000);
		assert_non_null(find(&f, KPPTP_CALL_ACT_CLOSE_CTRL));
		assert_int_equal(kpptp_call_deadline(&f.call),
				 KPPTP_NO_DEADLINE);
		/* Said once; the end comes with the control connection's */
		wait_until(&f, START + 120000);
		assert_int_equal(f.out.count, 0);
		STEP(&f, .type = KPPTP_CALL_EV_CONN_DOWN);
		assert_non_null(find(&f, KPPTP_CALL_ACT_KERNEL_DEL));
		assert_non_null(find(&f, KPPTP_CALL_ACT_RELEASE));
	}
}

static void established_calls_have_no_deadline(void **state)
{
	unsigned int role;
	struct fixture f;

	(void)state;
	for (role = 0; role < KPPTP_CALL_ROLES; role++) {
		reach(&f, role, KPPTP_CALL_ESTABLISHED);
		assert_int_equal(kpptp_call_deadline(&f.call),
				 KPPTP_NO_DEADLINE);
	}
}

static void values_out_of_range_are_refused(void **state)
{
	struct kpptp_msg msg;
	struct fixture f;
	unsigned int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		msg = message(KPPTP_OCRQ);
		if (i == 0)
			msg.ocrq.bearer_type = 0;
		else if (i == 1)
			msg.ocrq.bearer_type = 4;
		else if (i == 2)
			msg.ocrq.framing_type = 0;
		else if (i == 3)
			msg.ocrq.framing_type = 4;
		else if (i == 4)
			msg.ocrq.minimum_bps = msg.ocrq.maximum_bps + 1;
		else
			msg.ocrq.phone_number_length = 65;
		begin(&f, KPPTP_CALL_PAC_OUT);
		receive(&f, msg);
		assert_string_equal(describe(&f), "OCRP(2,3) over");
		assert_int_equal(sent(&f, KPPTP_OCRP)->ocrp.peers_call_id,
				 PEERS);
		assert_int_equal(sent(&f, KPPTP_OCRP)->ocrp.call_id, 0);
	}
}

static void fact_16_types_of_an_outgoing_call_are_1_2_or_3(void **state)
{
	struct kpptp_msg msg;
	struct fixture f;
	uint32_t bearer, framing;
	bool good;

	(void)state;
	for (bearer = 0; bearer <= 4; bearer++)
		for (framing = 0; framing <= 4; framing++) {
			good = bearer >= 1 && bearer <= 3 && framing >= 1 &&
			       framing <= 3;
			msg = message(KPPTP_OCRQ);
			msg.ocrq.bearer_type = bearer;
			msg.ocrq.framing_type = framing;
			begin(&f, KPPTP_CALL_PAC_OUT);
			receive(&f, msg);
			assert_string_equal(describe(&f),
					    good ? "new wait_cs_ans"
						 : "OCRP(2,3) over");
		}
}

static void fact_16_bearer_of_an_incoming_call_is_1_or_2(void **state)
{
	struct kpptp_msg msg;
	struct fixture f;
	unsigned int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		msg = message(KPPTP_ICRQ);
		msg.icrq.call_bearer_type = i < 4 ? i : 1;
		if (i == 4)
			msg.icrq.dialed_number_length = 65;
		if (i == 5)
			msg.icrq.dialing_number_length = 65;
		begin(&f, KPPTP_CALL_PNS_IN);
		receive(&f, msg);
		if (i == 1 || i == 2)
			assert_string_equal(describe(&f), "new prepare");
		else
			assert_string_equal(describe(&f), "ICRP(2,3) over");
	}
}

static void requests_refused_by_the_server(void **state)
{
	struct kpptp_msg ocrq = message(KPPTP_OCRQ);
	struct kpptp_msg icrq = message(KPPTP_ICRQ);
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PAC_OUT);
	STEP(&f, .type = KPPTP_CALL_EV_MSG, .msg = &ocrq,
	     .refuse_result = KPPTP_RESULT_GENERAL_ERROR,
	     .refuse_error = KPPTP_ERR_NO_RESOURCE, .text = "100 calls already");
	assert_string_equal(describe(&f), "OCRP(2,4) over");
	assert_true(logged(&f, "100 calls already"));
	begin(&f, KPPTP_CALL_PNS_IN);
	STEP(&f, .type = KPPTP_CALL_EV_MSG, .msg = &icrq,
	     .refuse_result = KPPTP_ICRP_DO_NOT_ACCEPT);
	assert_string_equal(describe(&f), "ICRP(3,0) over");
	assert_int_equal(sent(&f, KPPTP_ICRP)->icrp.peers_call_id, PEERS);
}

static void requests_refused_by_the_peer(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	RECEIVE(&f, .type = KPPTP_OCRP,
		.ocrp = { .peers_call_id = OURS, .result_code = 4,
			  .cause_code = 17 });
	assert_string_equal(describe(&f), "failed del over");
	assert_true(logged(&f, "result 4 (Busy), cause 17"));
	reach(&f, KPPTP_CALL_PAC_IN, KPPTP_CALL_WAIT_REPLY);
	RECEIVE(&f, .type = KPPTP_ICRP,
		.icrp = { .peers_call_id = OURS, .result_code = 3 });
	assert_string_equal(describe(&f), "failed del over");
}

static void a_repeated_call_id_leaves_the_call_alone(void **state)
{
	struct kpptp_msg ocrq = message(KPPTP_OCRQ);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	assert_int_equal(kpptp_call_matches(&f.call, &ocrq),
			 KPPTP_CALL_MATCH_EXACT);
	receive(&f, ocrq);
	assert_string_equal(describe(&f), "OCRP(2,5) established");
}

static void disconnect_says_why(void **state)
{
	const struct kpptp_cdn *cdn;
	struct fixture f;
	char longer[300];

	(void)state;
	memset(longer, 's', sizeof(longer));
	longer[sizeof(longer) - 1] = 0;
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .stats = longer,
	     .result = KPPTP_CDN_LOST_CARRIER);
	cdn = &sent(&f, KPPTP_CDN)->cdn;
	assert_int_equal(cdn->result_code, KPPTP_CDN_LOST_CARRIER);
	assert_int_equal(strlen(cdn->call_statistics), 128);
}

static void fact_18_wan_errors_at_most_once_a_minute(void **state)
{
	struct kpptp_call_wan_errors errors = { .crc_errors = 1 };
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_WAN_ERRORS);
	assert_int_equal(f.out.count, 0);
	STEP(&f, .type = KPPTP_CALL_EV_WAN_ERRORS, .wan_errors = errors);
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.crc_errors, 1);
	/* Unchanged: nothing, now or later */
	f.now = START + 61000;
	STEP(&f, .type = KPPTP_CALL_EV_WAN_ERRORS, .wan_errors = errors);
	assert_int_equal(f.out.count, 0);
	assert_int_equal(kpptp_call_deadline(&f.call), KPPTP_NO_DEADLINE);
	/* A second change within the minute waits for its end, and sums up */
	errors.framing_errors = 2;
	STEP(&f, .type = KPPTP_CALL_EV_WAN_ERRORS, .wan_errors = errors);
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.framing_errors, 2);
	f.now += 1000;
	errors = (struct kpptp_call_wan_errors){ 10, 20, 30, 40, 50, 60 };
	STEP(&f, .type = KPPTP_CALL_EV_WAN_ERRORS, .wan_errors = errors);
	assert_int_equal(f.out.count, 0);
	assert_int_equal(kpptp_call_deadline(&f.call), START + 121000);
	wait_until(&f, START + 120999);
	assert_int_equal(f.out.count, 0);
	wait_until(&f, START + 121000);
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.crc_errors, 10);
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.framing_errors, 20);
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.hardware_overruns, 30);
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.buffer_overruns, 40);
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.time_out_errors, 50);
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.alignment_errors, 60);
	assert_string_equal(describe(&f), "WEN established");
}

static void fact_18_peers_wan_errors_are_logged(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	RECEIVE(&f, .type = KPPTP_WEN, .wen = { .crc_errors = 77 });
	assert_true(logged(&f, "crc 77"));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_INFO);
	/* Nothing new, nothing said */
	RECEIVE(&f, .type = KPPTP_WEN, .wen = { .crc_errors = 77 });
	assert_int_equal(f.out.count, 0);
	/* More often than §2.14 allows: not for everyone's eyes */
	RECEIVE(&f, .type = KPPTP_WEN, .wen = { .crc_errors = 78 });
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_DEBUG);
	f.now += 60000;
	RECEIVE(&f, .type = KPPTP_WEN, .wen = { .crc_errors = 79 });
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_INFO);
}

/* In either role, as Windows sends it both ways */
static void fact_22_set_link_info_makes_no_noise(void **state)
{
	static const enum kpptp_call_role roles[] = { KPPTP_CALL_PNS_OUT,
						      KPPTP_CALL_PAC_OUT };
	struct kpptp_msg msg = message(KPPTP_SLI);
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(roles); i++) {
		reach(&f, roles[i], KPPTP_CALL_ESTABLISHED);
		/* What holds without any Set-Link-Info is no news */
		msg.sli.send_accm = msg.sli.receive_accm = 0xffffffff;
		receive(&f, msg);
		assert_int_equal(f.out.count, 0);
		msg.sli.send_accm = 0;
		receive(&f, msg);
		assert_int_equal(f.out.count, 1);
		assert_true(logged(&f, "send ACCM 0x00000000"));
		assert_int_equal(f.out.item[0].level, LOG_INFO);
		receive(&f, msg);
		assert_int_equal(f.out.count, 0);
		msg.sli.receive_accm = 0xa0000;
		receive(&f, msg);
		assert_true(logged(&f, "receive ACCM 0x000a0000"));
		assert_int_equal(f.out.item[0].level, LOG_DEBUG);
	}
}

/* A peer that goes on sending nonsense does not fill the log */
static void unexpected_messages_are_warned_of_once(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	receive(&f, message(KPPTP_OCRP));
	assert_true(logged(&f, "ignoring Outgoing-Call-Reply"));
	assert_int_equal(f.out.item[0].level, LOG_WARNING);
	receive(&f, message(KPPTP_OCRP));
	assert_int_equal(f.out.item[0].level, LOG_DEBUG);
}

/* Each end of a call is one line for everyone, that has the reason */
static void one_line_for_each_end(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .text = "enough");
	assert_true(logged(&f, "clearing the call: enough"));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_INFO);
	receive(&f, message(KPPTP_CDN));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_DEBUG);
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	receive(&f, message(KPPTP_CDN));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_INFO);
}

/* Who sends Set-Link-Info when the call comes up, under each policy */
static void fact_22_set_link_info_can_be_turned_off(void **state)
{
	static const struct {
		enum kpptp_call_role role;
		enum kpptp_call_link_info policy;
		bool sends;
	} cases[] = {
		{ KPPTP_CALL_PNS_OUT, KPPTP_LINK_INFO_NEVER, false },
		{ KPPTP_CALL_PNS_OUT, KPPTP_LINK_INFO_PNS, true },
		{ KPPTP_CALL_PNS_OUT, KPPTP_LINK_INFO_BOTH, true },
		{ KPPTP_CALL_PAC_OUT, KPPTP_LINK_INFO_NEVER, false },
		{ KPPTP_CALL_PAC_OUT, KPPTP_LINK_INFO_PNS, false },
		{ KPPTP_CALL_PAC_OUT, KPPTP_LINK_INFO_BOTH, true },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		reach(&f, cases[i].role, KPPTP_CALL_ESTABLISHED);
		f.call.params.link_info = cases[i].policy;
		f.call.link_sent = false;
		STEP(&f, .type = KPPTP_CALL_EV_LINK_INFO, .send_accm = 1,
		     .receive_accm = 2);
		if (!cases[i].sends) {
			assert_int_equal(f.out.count, 0);
			continue;
		}
		assert_int_equal(sent(&f, KPPTP_SLI)->sli.peers_call_id, PEERS);
		assert_int_equal(sent(&f, KPPTP_SLI)->sli.send_accm, 1);
		assert_int_equal(sent(&f, KPPTP_SLI)->sli.receive_accm, 2);
		/* The same again is not news */
		STEP(&f, .type = KPPTP_CALL_EV_LINK_INFO, .send_accm = 1,
		     .receive_accm = 2);
		assert_int_equal(f.out.count, 0);
	}
}

static void fact_24_message_order_of_a_lan_to_lan_call(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PNS_OUT);
	STEP(&f, .type = KPPTP_CALL_EV_START);
	data_ready(&f);
	assert_string_equal(describe(&f), "OCRQ wait_reply");
	receive(&f, message(KPPTP_OCRP));
	assert_string_equal(describe(&f), "set SLI up established");
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.send_accm, 0xffffffff);
	receive(&f, message(KPPTP_SLI));
	assert_string_equal(describe(&f), "established");
	STEP(&f, .type = KPPTP_CALL_EV_LINK_INFO);
	assert_string_equal(describe(&f), "SLI established");
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.receive_accm, 0);
	STEP(&f, .type = KPPTP_CALL_EV_PPP_ENDED);
	assert_string_equal(describe(&f), "SLI CCRQ down wait_disconnect");
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.send_accm, 0xffffffff);
	receive(&f, message(KPPTP_CDN));
	assert_string_equal(describe(&f), "del over");

	begin(&f, KPPTP_CALL_PAC_OUT);
	f.call.params.link_info = KPPTP_LINK_INFO_BOTH;
	receive(&f, message(KPPTP_OCRQ));
	data_ready(&f);
	assert_string_equal(describe(&f), "OCRP(1,0) SLI pppd established");
	receive(&f, message(KPPTP_SLI));
	receive(&f, message(KPPTP_CCRQ));
	assert_string_equal(describe(&f), "CDN(4,0) del over");
}

/* A call given up while its kernel call was being made leaves nothing */
static void cancelled_calls_wait_for_the_data_plane(void **state)
{
	static const struct {
		enum kpptp_call_role role;
		enum kpptp_call_state in;
	} cases[] = {
		{ KPPTP_CALL_PNS_OUT, KPPTP_CALL_PREPARE },
		{ KPPTP_CALL_PAC_OUT, KPPTP_CALL_WAIT_CS_ANS },
		{ KPPTP_CALL_PAC_IN, KPPTP_CALL_PREPARE },
		{ KPPTP_CALL_PNS_IN, KPPTP_CALL_PREPARE },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		reach(&f, cases[i].role, cases[i].in);
		STEP(&f, .type = KPPTP_CALL_EV_CONN_DOWN);
		assert_int_equal(f.call.state, KPPTP_CALL_CANCELLED);
		assert_null(find(&f, KPPTP_CALL_ACT_RELEASE));
		data_ready(&f);
		assert_string_equal(describe(&f), "del over");
		reach(&f, cases[i].role, cases[i].in);
		wait_until(&f, START + 30000);
		assert_int_equal(f.call.state, KPPTP_CALL_CANCELLED);
		STEP(&f, .type = KPPTP_CALL_EV_DATA_FAILED);
		assert_string_equal(describe(&f), "over");
	}
}

static void events_without_text_still_give_a_reason(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_PREPARE);
	STEP(&f, .type = KPPTP_CALL_EV_DATA_FAILED);
	assert_string_equal(find(&f, KPPTP_CALL_ACT_REPORT_FAILED)->why.text,
			    "the data plane failed");
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CONN_DOWN);
	assert_string_equal(find(&f, KPPTP_CALL_ACT_REPORT_DOWN)->why.text,
			    "control connection lost");
	STEP(&f, .type = KPPTP_CALL_EVENTS);
	assert_int_equal(f.out.count, 0);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(kpptp_call_state_name(KPPTP_CALL_WAIT_CS_ANS),
			    "wait_cs_ans");
	assert_string_equal(kpptp_call_state_name(KPPTP_CALL_STATES), "?");
	assert_string_equal(kpptp_call_role_name(KPPTP_CALL_PAC_IN),
			    "PAC incoming");
	assert_string_equal(kpptp_call_role_name(KPPTP_CALL_ROLES), "?");
}

/* What a walk counts, to see that whatever was made is deleted */
struct ledger {
	bool asked, answered, failed, deleted, released;
	unsigned int final_words;
};

static void keep_ledger(const struct fixture *f, struct ledger *l)
{
	size_t i;

	for (i = 0; i < f->out.count; i++) {
		switch (f->out.item[i].type) {
		case KPPTP_CALL_ACT_KERNEL_NEW:
			assert_false(l->asked);
			l->asked = true;
			break;
		case KPPTP_CALL_ACT_KERNEL_SET:
			assert_true(l->answered && !l->deleted);
			break;
		case KPPTP_CALL_ACT_KERNEL_DEL:
			assert_true(l->answered && !l->failed && !l->deleted);
			l->deleted = true;
			break;
		case KPPTP_CALL_ACT_REPORT_FAILED:
		case KPPTP_CALL_ACT_REPORT_DOWN:
			l->final_words++;
			break;
		case KPPTP_CALL_ACT_RELEASE:
			l->released = true;
			break;
		default:
			break;
		}
	}
}

static void random_walks_leave_nothing_behind(void **state)
{
	unsigned int walk, i, released = 0;
	uint32_t seed = 0x3232;
	struct fixture f;

	(void)state;
	for (walk = 0; walk < 8000; walk++) {
		enum kpptp_call_role role = walk % KPPTP_CALL_ROLES;
		struct ledger l = { 0 };

		reach(&f, role, KPPTP_CALL_IDLE);
		for (i = 0; i < 60 && !l.released; i++) {
			struct kpptp_call_event ev = { .call_id = OURS };
			struct kpptp_msg msg;

			seed = seed * 1664525 + 1013904223;
			ev.type = (seed >> 8) % KPPTP_CALL_EVENTS;
			msg = message(7 + (seed >> 16) % 9);
			ev.msg = &msg;
			ev.wan_errors.crc_errors = seed >> 30;
			ev.send_accm = seed >> 31;
			if (!i)
				ev.type = local(role) ? KPPTP_CALL_EV_START :
							KPPTP_CALL_EV_MSG;
			if (!i && !local(role))
				msg = message(role == KPPTP_CALL_PAC_OUT ?
					      KPPTP_OCRQ : KPPTP_ICRQ);
			/* The data plane answers once, when it was asked */
			if (ev.type == KPPTP_CALL_EV_DATA_READY) {
				if (!l.asked || l.answered)
					continue;
				l.answered = true;
			}
			if (ev.type == KPPTP_CALL_EV_DATA_FAILED) {
				if (!l.asked)
					continue;
				l.failed = !l.answered;
				l.answered = true;
			}
			f.now += (seed >> 12) % 20000;
			step(&f, ev);
			describe(&f);
			assert_true(in_table(&f.call));
			keep_ledger(&f, &l);
		}
		if (!l.released)
			continue;
		released++;
		assert_true(!l.asked || l.answered);
		assert_true(!l.answered || l.failed || l.deleted);
		if (l.asked)
			assert_int_equal(l.final_words, local(role));
	}
	assert_true(released > 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tables_are_complete),
		cmocka_unit_test(pns_outgoing_every_state_and_every_event),
		cmocka_unit_test(pac_outgoing_every_state_and_every_event),
		cmocka_unit_test(pac_incoming_every_state_and_every_event),
		cmocka_unit_test(pns_incoming_every_state_and_every_event),
		cmocka_unit_test(fact_01_whose_call_id),
		cmocka_unit_test(fact_01_matching_a_message_to_its_call),
		cmocka_unit_test(fact_02_cleared_pns_waits_for_the_cdn),
		cmocka_unit_test(reply_that_crossed_our_clear_names_the_cdn),
		cmocka_unit_test(fact_04_a_peers_call_id_of_0_is_legal),
		cmocka_unit_test(kernel_call_precedes_request_and_reply),
		cmocka_unit_test(outgoing_call_carries_the_parameters),
		cmocka_unit_test(answered_call_carries_the_parameters),
		cmocka_unit_test(connect_speed_stays_within_the_request),
		cmocka_unit_test(incoming_call_three_way_handshake),
		cmocka_unit_test(an_incoming_call_says_who_calls),
		cmocka_unit_test(fact_08_a_window_of_0_is_taken_as_1),
		cmocka_unit_test(fact_11_a_call_stuck_for_a_minute_closes_everything),
		cmocka_unit_test(established_calls_have_no_deadline),
		cmocka_unit_test(values_out_of_range_are_refused),
		cmocka_unit_test(fact_16_types_of_an_outgoing_call_are_1_2_or_3),
		cmocka_unit_test(fact_16_bearer_of_an_incoming_call_is_1_or_2),
		cmocka_unit_test(requests_refused_by_the_server),
		cmocka_unit_test(requests_refused_by_the_peer),
		cmocka_unit_test(a_repeated_call_id_leaves_the_call_alone),
		cmocka_unit_test(disconnect_says_why),
		cmocka_unit_test(fact_18_wan_errors_at_most_once_a_minute),
		cmocka_unit_test(fact_18_peers_wan_errors_are_logged),
		cmocka_unit_test(fact_22_set_link_info_can_be_turned_off),
		cmocka_unit_test(fact_22_set_link_info_makes_no_noise),
		cmocka_unit_test(unexpected_messages_are_warned_of_once),
		cmocka_unit_test(one_line_for_each_end),
		cmocka_unit_test(fact_24_message_order_of_a_lan_to_lan_call),
		cmocka_unit_test(cancelled_calls_wait_for_the_data_plane),
		cmocka_unit_test(events_without_text_still_give_a_reason),
		cmocka_unit_test(names),
		cmocka_unit_test(random_walks_leave_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
