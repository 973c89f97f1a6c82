/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drive the state machine of a call: bring it by real events to a state, apply one
 * step, and describe in words what the step did.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_CALL_STEPS_H
#define KPPTP_TEST_CALL_STEPS_H

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "fsm/call_fsm.h"
#include "short_names.h"
#include "unit.h"

#define START 1000000ULL /* monotonic milliseconds when a test begins */
#define OURS  0x1234 /* the Call ID that the data plane gives us */
#define PEERS 0x5678 /* the Call ID that the peer chooses */

struct fixture {
	struct kpptp_call call;
	struct kpptp_call_actions out;
	uint64_t now;
};

static inline void step(struct fixture *f, struct kpptp_call_event ev)
{
	ev.now = f->now;
	memset(&f->out, 0xa5, sizeof(f->out));
	kpptp_call_step(&f->call, &ev, &f->out);
	assert_true(f->out.count <= KPPTP_CALL_ACTIONS_MAX);
}

#define STEP(f, ...) step(f, (struct kpptp_call_event){ __VA_ARGS__ })

static inline void receive(struct fixture *f, struct kpptp_msg msg)
{
	STEP(f, .type = KPPTP_CALL_EV_MSG, .msg = &msg);
}

#define RECEIVE(f, ...) receive(f, (struct kpptp_msg){ __VA_ARGS__ })

static inline void wait_until(struct fixture *f, uint64_t now)
{
	f->now = now;
	STEP(f, .type = KPPTP_CALL_EV_TIMER);
}

static inline void data_ready(struct fixture *f)
{
	STEP(f, .type = KPPTP_CALL_EV_DATA_READY, .call_id = OURS, .channel = 7);
}

/* A message from the peer for the fixture's call, without refusal */
static inline struct kpptp_msg message(enum kpptp_msg_type type)
{
	struct kpptp_msg msg = { .type = type };

	switch (type) {
	case KPPTP_OCRQ:
		msg.ocrq = (struct kpptp_ocrq){ .call_id = PEERS,
						.call_serial_number = 99,
						.minimum_bps = 300,
						.maximum_bps = 1000000,
						.bearer_type = 3,
						.framing_type = 3,
						.packet_recv_window_size = 16,
						.packet_processing_delay = 5,
						.phone_number_length = 3,
						.phone_number = "123",
						.subaddress = "sub" };
		break;
	case KPPTP_OCRP:
		msg.ocrp = (struct kpptp_ocrp){ .call_id = PEERS,
						.peers_call_id = OURS,
						.result_code = 1,
						.connect_speed = 64000,
						.packet_recv_window_size = 16,
						.packet_processing_delay = 5 };
		break;
	case KPPTP_ICRQ:
		msg.icrq = (struct kpptp_icrq){ .call_id = PEERS,
						.call_serial_number = 99,
						.call_bearer_type = 2,
						.dialed_number_length = 3,
						.dialing_number_length = 3,
						.dialed_number = "123",
						.dialing_number = "456",
						.subaddress = "sub" };
		break;
	case KPPTP_ICRP:
		msg.icrp = (struct kpptp_icrp){ .call_id = PEERS,
						.peers_call_id = OURS,
						.result_code = 1,
						.packet_recv_window_size = 16,
						.packet_transmit_delay = 5 };
		break;
	case KPPTP_ICCN:
		msg.iccn = (struct kpptp_iccn){ .peers_call_id = OURS,
						.connect_speed = 64000,
						.packet_recv_window_size = 16,
						.packet_transmit_delay = 5,
						.framing_type = 2 };
		break;
	case KPPTP_CCRQ:
		msg.ccrq.call_id = PEERS;
		break;
	case KPPTP_CDN:
		msg.cdn = (struct kpptp_cdn){ .call_id = PEERS, .result_code = 4 };
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

static inline bool local(enum kpptp_call_role role)
{
	return role == KPPTP_CALL_PNS_OUT || role == KPPTP_CALL_PAC_IN;
}

static inline void begin(struct fixture *f, enum kpptp_call_role role)
{
	struct kpptp_call_params params;

	kpptp_call_params_default(&params, role);
	params.call_serial_number = 42;
	if (local(role)) {
		strcpy(params.phone_number, "5551234");
		strcpy(params.dialing_number, "777");
		strcpy(params.subaddress, "s");
	}
	kpptp_call_init(&f->call, role, &params);
	f->now = START;
}

/* By real events from idle to @state, on the shortest way of the diagram */
static inline void reach(struct fixture *f, enum kpptp_call_role role, enum kpptp_call_state state)
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

/* Describe a step, in the format of the tables; log lines are omitted */
static inline const char *describe(const struct fixture *f)
{
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
			snprintf(end, len, "%s(%u,%u) ", short_name(msg->type), result, error);
		else
			snprintf(end, len, "%s ", short_name(msg->type));
	}
	if (released)
		assert_int_equal(f->call.state, KPPTP_CALL_IDLE);
	strcat(text, released ? "over" : kpptp_call_state_name(f->call.state));
	return text;
}

static inline bool logged(const struct fixture *f, const char *part)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CALL_ACT_LOG &&
		    strstr(f->out.item[i].why.text, part))
			return true;
	return false;
}

static inline const struct kpptp_call_action *find(const struct fixture *f,
						   enum kpptp_call_act type)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == type)
			return &f->out.item[i];
	return NULL;
}

static inline const struct kpptp_msg *sent(const struct fixture *f, enum kpptp_msg_type type)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CALL_ACT_SEND && f->out.item[i].msg.type == type)
			return &f->out.item[i].msg;
	fail_msg("%s was not sent", kpptp_msg_name(type));
	return NULL;
}

#endif /* KPPTP_TEST_CALL_STEPS_H */
