// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz the state machines of a control connection and its calls. An input is a program
 * of messages from a peer, elapsed time, and local events. The target carries out their
 * actions and checks that they keep the rules of ctrl_fsm.h and call_fsm.h.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "fsm/call_fsm.h"
#include "fsm/ctrl_fsm.h"

#define CALLS 4

/* The rest of the input. Reads beyond its end return zero. */
struct input {
	const uint8_t *data;
	size_t left;
};

/* @asked: the data plane owes an answer; @kernel: a call of the kernel exists */
struct slot {
	bool used;
	bool asked;
	bool kernel;
	bool up;
	bool reported;
	struct kpptp_call call;
};

struct world {
	struct input in;
	uint64_t now;
	struct kpptp_ctrl ctrl;
	struct slot slots[CALLS];
	uint16_t last_id;
	bool stop_later;
};

static uint8_t take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static uint16_t take16(struct input *in)
{
	uint16_t high = take(in);

	return high << 8 | take(in);
}

/* What we send must decode. */
static void check_sent(const struct kpptp_msg *msg)
{
	uint8_t buf[KPPTP_MSG_MAX];
	size_t len = kpptp_wire_encode(msg, buf), frame;
	struct kpptp_msg again;

	must(len > 0);
	must(kpptp_wire_frame(buf, len, &frame, NULL) == KPPTP_FRAME_WHOLE);
	must(frame == len);
	must(kpptp_wire_decode(buf, len, &again, NULL) == KPPTP_DECODE_OK);
}

static void check_sent_by_call(const struct slot *s, const struct kpptp_msg *m)
{
	enum kpptp_call_role role = s->call.role;
	bool pns = role == KPPTP_CALL_PNS_OUT || role == KPPTP_CALL_PNS_IN;

	check_sent(m);
	if (m->type == KPPTP_OCRQ)
		must(role == KPPTP_CALL_PNS_OUT);
	if (m->type == KPPTP_OCRP)
		must(role == KPPTP_CALL_PAC_OUT);
	if (m->type == KPPTP_ICRQ || m->type == KPPTP_ICCN)
		must(role == KPPTP_CALL_PAC_IN);
	if (m->type == KPPTP_ICRP)
		must(role == KPPTP_CALL_PNS_IN);
	if (m->type == KPPTP_CCRQ)
		must(pns && m->ccrq.call_id == s->call.call_id);
	if (m->type == KPPTP_CDN || m->type == KPPTP_WEN)
		must(!pns);
	must(m->type >= KPPTP_OCRQ);
}

static void carry_out_call(struct world *w, struct slot *s, const struct kpptp_call_action *a)
{
	must(s->used);
	switch (a->type) {
	case KPPTP_CALL_ACT_SEND:
		check_sent_by_call(s, &a->msg);
		break;
	case KPPTP_CALL_ACT_KERNEL_NEW:
		must(!s->asked && !s->kernel);
		s->asked = true;
		break;
	case KPPTP_CALL_ACT_KERNEL_SET:
		must(s->kernel && a->peer.id_known && a->peer.window_known);
		must(a->peer.recv_window_size > 0);
		break;
	case KPPTP_CALL_ACT_KERNEL_DEL:
		must(s->kernel);
		s->kernel = false;
		break;
	case KPPTP_CALL_ACT_START_PPPD:
		must(s->kernel);
		break;
	case KPPTP_CALL_ACT_REPORT_UP:
		must(s->kernel && !s->up && !s->reported);
		s->up = true;
		break;
	case KPPTP_CALL_ACT_REPORT_FAILED:
		must(!s->up && !s->reported);
		s->reported = true;
		break;
	case KPPTP_CALL_ACT_REPORT_DOWN:
		must(s->up && !s->reported);
		s->reported = true;
		break;
	case KPPTP_CALL_ACT_CLOSE_CTRL:
		w->stop_later = true;
		break;
	case KPPTP_CALL_ACT_LOG:
		must(a->why.text[0]);
		break;
	case KPPTP_CALL_ACT_RELEASE:
		must(!s->asked && !s->kernel);
		s->used = false;
		break;
	}
}

static void step_call(struct world *w, struct slot *s, struct kpptp_call_event *ev)
{
	struct kpptp_call_actions out;

	ev->now = w->now;
	kpptp_call_step(&s->call, ev, &out);
	must(out.count <= KPPTP_CALL_ACTIONS_MAX);
	for (unsigned int i = 0; i < out.count; i++)
		carry_out_call(w, s, &out.item[i]);
	must(!s->used || s->kernel == s->call.kernel);
}

static struct slot *free_slot(struct world *w)
{
	for (int i = 0; i < CALLS; i++)
		if (!w->slots[i].used)
			return &w->slots[i];
	return NULL;
}

static void begin_call(struct slot *s, enum kpptp_call_role role, uint8_t flags)
{
	struct kpptp_call_params params;

	kpptp_call_params_default(&params, role);
	params.link_info = flags % 3;
	memset(s, 0, sizeof(*s));
	s->used = true;
	kpptp_call_init(&s->call, role, &params);
}

/* As tunnel_pass.c does. */
static void pass(struct world *w, const struct kpptp_msg *msg)
{
	static const uint8_t refusals[] = { 0, 0, 0, 2, 3, 7 };
	struct kpptp_call_event ev = { .type = KPPTP_CALL_EV_MSG, .msg = msg };
	enum kpptp_call_match match, best = KPPTP_CALL_MATCH_NO;
	struct slot *found = NULL;

	for (int i = 0; i < CALLS; i++) {
		if (!w->slots[i].used)
			continue;
		match = kpptp_call_matches(&w->slots[i].call, msg);
		if (match > best) {
			best = match;
			found = &w->slots[i];
		}
	}
	if (!found && (msg->type == KPPTP_OCRQ || msg->type == KPPTP_ICRQ)) {
		found = free_slot(w);
		if (!found)
			return;
		begin_call(found, msg->type == KPPTP_OCRQ ? KPPTP_CALL_PAC_OUT : KPPTP_CALL_PNS_IN,
			   take(&w->in));
		ev.refuse_result = refusals[take(&w->in) % sizeof(refusals)];
		ev.refuse_error = ev.refuse_result == 2 ? 4 : 0;
	}
	if (found)
		step_call(w, found, &ev);
}

static void all_calls(struct world *w, enum kpptp_call_event_type type)
{
	struct kpptp_call_event ev = { .type = type, .text = "all" };

	for (int i = 0; i < CALLS; i++)
		if (w->slots[i].used)
			step_call(w, &w->slots[i], &ev);
}

static void step_ctrl(struct world *w, struct kpptp_ctrl_event *ev)
{
	bool finished = w->ctrl.finished, mute = w->ctrl.mute, closed = false;
	struct kpptp_ctrl_actions out;

	ev->now = w->now;
	kpptp_ctrl_step(&w->ctrl, ev, &out);
	must(out.count <= KPPTP_CTRL_ACTIONS_MAX);
	must(!finished || out.count == 0);
	for (unsigned int i = 0; i < out.count; i++) {
		const struct kpptp_ctrl_action *a = &out.item[i];

		/* Nothing goes to TCP after it was closed. */
		must(!closed || a->type == KPPTP_CTRL_ACT_LOG);
		if (a->type == KPPTP_CTRL_ACT_SEND) {
			must(!mute);
			must(a->msg.type < KPPTP_OCRQ);
			check_sent(&a->msg);
		} else if (a->type == KPPTP_CTRL_ACT_PASS) {
			must(w->ctrl.state == KPPTP_CTRL_ESTABLISHED);
			must(ev->msg->type >= KPPTP_OCRQ);
			pass(w, ev->msg);
		} else if (a->type == KPPTP_CTRL_ACT_CALLS_DOWN) {
			all_calls(w, KPPTP_CALL_EV_CONN_DOWN);
		} else if (a->type == KPPTP_CTRL_ACT_CLOSE) {
			must(w->ctrl.finished);
			closed = true;
		} else if (a->type == KPPTP_CTRL_ACT_LOG) {
			must(a->why.text[0]);
		}
	}
	must(!w->ctrl.finished || kpptp_ctrl_deadline(&w->ctrl) == KPPTP_NO_DEADLINE);
}

/* A message of any type with a valid header; its body is from the input. */
static void receive(struct world *w)
{
	static const uint8_t refusals[] = { 0, 0, 0, 2, 4 };
	struct kpptp_ctrl_event ev = { .type = KPPTP_CTRL_EV_MSG };
	unsigned int type = 1 + take(&w->in) % KPPTP_MSG_TYPES;
	size_t len = kpptp_msg_len(type), i;
	uint8_t choice, buf[KPPTP_MSG_MAX] = { 0 };
	struct kpptp_msg msg;

	buf[1] = len;
	buf[3] = KPPTP_CONTROL_MESSAGE;
	buf[4] = KPPTP_MAGIC >> 24;
	buf[5] = KPPTP_MAGIC >> 16 & 0xff;
	buf[6] = KPPTP_MAGIC >> 8 & 0xff;
	buf[7] = KPPTP_MAGIC & 0xff;
	buf[9] = type;
	for (i = 10; i < len; i++)
		buf[i] = take(&w->in);
	must(kpptp_wire_decode(buf, len, &msg, NULL) == KPPTP_DECODE_OK);
	ev.msg = &msg;
	if (type == KPPTP_SCCRQ) {
		choice = take(&w->in);
		ev.other = choice % 3;
		ev.local_addr = choice >> 4;
		ev.peer_addr = choice >> 6;
		ev.refuse_result = refusals[take(&w->in) % sizeof(refusals)];
	}
	step_ctrl(w, &ev);
}

static void pass_time(struct world *w)
{
	struct kpptp_ctrl_event tick = { .type = KPPTP_CTRL_EV_TIMER };

	w->now += take16(&w->in) * 4;
	step_ctrl(w, &tick);
	all_calls(w, KPPTP_CALL_EV_TIMER);
}

static void ctrl_event(struct world *w)
{
	static const enum kpptp_ctrl_event_type types[] = {
		KPPTP_CTRL_EV_OPENED,	      KPPTP_CTRL_EV_OPENED,	 KPPTP_CTRL_EV_CLOSED,
		KPPTP_CTRL_EV_LOST_SYNC,      KPPTP_CTRL_EV_UNKNOWN_MSG, KPPTP_CTRL_EV_STOP,
		KPPTP_CTRL_EV_COLLISION_LOST,
	};
	uint8_t choice = take(&w->in);
	struct kpptp_ctrl_event ev = {
		.type = types[choice % (sizeof(types) / sizeof(types[0]))],
		.text = choice & 0x80 ? "why" : NULL,
		.stop_reason = choice >> 5 & 3,
		.other = choice >> 5 & 1 ? KPPTP_CTRL_OTHER_ESTABLISHED : KPPTP_CTRL_OTHER_NONE,
	};

	step_ctrl(w, &ev);
}

/* The data plane answers each request once. */
static void answer(struct world *w, struct slot *s, bool good)
{
	struct kpptp_call_event ev = {
		.type = good ? KPPTP_CALL_EV_DATA_READY : KPPTP_CALL_EV_DATA_FAILED,
		.call_id = w->last_id + 1,
		.channel = 1,
	};

	if (!s->asked)
		return;
	w->last_id++;
	s->asked = false;
	s->kernel = good;
	step_call(w, s, &ev);
}

static void call_event(struct world *w)
{
	static const enum kpptp_call_event_type types[] = {
		KPPTP_CALL_EV_CLEAR,
		KPPTP_CALL_EV_PPP_ENDED,
		KPPTP_CALL_EV_LINK_INFO,
		KPPTP_CALL_EV_WAN_ERRORS,
	};
	uint8_t choice = take(&w->in);
	struct slot *s = &w->slots[choice % CALLS];
	struct kpptp_call_event ev = { .text = choice & 0x80 ? "why" : NULL };

	if (!s->used)
		return;
	choice = choice >> 2 & 7;
	if (choice < 2) {
		answer(w, s, choice == 0);
		return;
	}
	ev.type = types[choice % 4];
	ev.stats = ev.text;
	ev.send_accm = ev.wan_errors.crc_errors = take(&w->in);
	step_call(w, s, &ev);
}

static void local_call(struct world *w)
{
	struct kpptp_call_event ev = { .type = KPPTP_CALL_EV_START };
	struct slot *s = free_slot(w);
	uint8_t choice = take(&w->in);

	if (!s || w->ctrl.state != KPPTP_CTRL_ESTABLISHED)
		return;
	begin_call(s, choice & 1 ? KPPTP_CALL_PAC_IN : KPPTP_CALL_PNS_OUT, choice >> 1);
	step_call(w, s, &ev);
}

/* Once every request was answered, nothing may be left. */
static void end(struct world *w)
{
	struct kpptp_ctrl_event closed = { .type = KPPTP_CTRL_EV_CLOSED };

	step_ctrl(w, &closed);
	must(w->ctrl.finished);
	all_calls(w, KPPTP_CALL_EV_CONN_DOWN);
	for (int i = 0; i < CALLS; i++) {
		if (w->slots[i].used)
			answer(w, &w->slots[i], i & 1);
		must(!w->slots[i].used);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const ops[])(struct world * w) = {
		receive, receive, call_event, pass_time, local_call, ctrl_event,
	};
	struct kpptp_ctrl_event stop = { .type = KPPTP_CTRL_EV_STOP };
	struct kpptp_ctrl_event opened = { .type = KPPTP_CTRL_EV_OPENED };
	struct world w = { .in = { data, size }, .now = 1000 };
	struct kpptp_ctrl_config config;

	kpptp_ctrl_config_default(&config);
	kpptp_ctrl_init(&w.ctrl, take(&w.in) & 1 ? KPPTP_CTRL_ORIGINATOR : KPPTP_CTRL_RECEIVER,
			&config);
	step_ctrl(&w, &opened);
	while (w.in.left && !w.ctrl.finished) {
		ops[take(&w.in) % (sizeof(ops) / sizeof(ops[0]))](&w);
		if (w.stop_later)
			step_ctrl(&w, &stop);
		w.stop_later = false;
	}
	end(&w);
	return 0;
}
