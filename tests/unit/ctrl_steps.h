/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drive the state machine of a control connection: bring it by real events to a state,
 * apply one step, and describe in words what the step did.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_CTRL_STEPS_H
#define KPPTP_TEST_CTRL_STEPS_H

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "fsm/ctrl_fsm.h"
#include "short_names.h"
#include "unit.h"

#define START 1000000ULL /* monotonic milliseconds when a test begins */

/* 192.33.45.17 and 192.33.45.89, the RFC's example of a collision */
#define LOW  0xc0212d11U
#define HIGH 0xc0212d59U

struct fixture {
	struct kpptp_ctrl c;
	struct kpptp_ctrl_actions out;
	uint64_t now;
};

static inline void step(struct fixture *f, struct kpptp_ctrl_event ev)
{
	ev.now = f->now;
	memset(&f->out, 0xa5, sizeof(f->out));
	kpptp_ctrl_step(&f->c, &ev, &f->out);
	assert_true(f->out.count <= KPPTP_CTRL_ACTIONS_MAX);
}

#define STEP(f, ...) step(f, (struct kpptp_ctrl_event){ __VA_ARGS__ })

static inline void receive(struct fixture *f, struct kpptp_msg msg)
{
	STEP(f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg);
}

#define RECEIVE(f, ...) receive(f, (struct kpptp_msg){ __VA_ARGS__ })

static inline void receive_sccrq(struct fixture *f, uint16_t version)
{
	RECEIVE(f, .type = KPPTP_SCCRQ,
		.sccrq = { .protocol_version = version, .host_name = "peer" });
}

static inline void receive_sccrp(struct fixture *f, uint16_t version, uint8_t result)
{
	RECEIVE(f, .type = KPPTP_SCCRP,
		.sccrp = {
			.protocol_version = version, .result_code = result, .host_name = "peer" });
}

static inline void wait_until(struct fixture *f, uint64_t now)
{
	f->now = now;
	STEP(f, .type = KPPTP_CTRL_EV_TIMER);
}

static inline void begin(struct fixture *f, enum kpptp_ctrl_role role)
{
	struct kpptp_ctrl_config config;

	kpptp_ctrl_config_default(&config);
	config.pac = true;
	config.local.maximum_channels = 100;
	snprintf(config.local.host_name, sizeof(config.local.host_name), "us");
	kpptp_ctrl_init(&f->c, role, &config);
	f->now = START;
}

static inline void originator_idle(struct fixture *f)
{
	begin(f, KPPTP_CTRL_ORIGINATOR);
}

static inline void originator_wait(struct fixture *f)
{
	originator_idle(f);
	STEP(f, .type = KPPTP_CTRL_EV_OPENED);
}

static inline void originator_established(struct fixture *f)
{
	originator_wait(f);
	receive_sccrp(f, KPPTP_VERSION, KPPTP_RESULT_OK);
}

static inline void originator_stopping(struct fixture *f)
{
	originator_established(f);
	STEP(f, .type = KPPTP_CTRL_EV_STOP, .stop_reason = KPPTP_STOP_NONE);
}

static inline void receiver_idle(struct fixture *f)
{
	begin(f, KPPTP_CTRL_RECEIVER);
	STEP(f, .type = KPPTP_CTRL_EV_OPENED);
}

static inline void receive_colliding(struct fixture *f, uint32_t local, uint32_t peer)
{
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ, .sccrq = { .protocol_version = 0x0100 } };

	receiver_idle(f);
	STEP(f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg, .other = KPPTP_CTRL_OTHER_OPENING,
	     .local_addr = local, .peer_addr = peer);
}

static inline void receiver_mute(struct fixture *f)
{
	receive_colliding(f, HIGH, LOW);
}

static inline void receiver_established(struct fixture *f)
{
	receiver_idle(f);
	receive_sccrq(f, KPPTP_VERSION);
}

static inline void receiver_stopping(struct fixture *f)
{
	receiver_established(f);
	STEP(f, .type = KPPTP_CTRL_EV_STOP, .stop_reason = KPPTP_STOP_NONE);
}

/* Describe a step, in the format of the table; log lines are omitted */
static inline const char *describe(const struct fixture *f)
{
	static const char *const states[] = {
		"idle",
		"wait_ctl",
		"estab",
		"wait_stop",
	};
	static char text[128];
	size_t len, i;

	text[0] = 0;
	for (i = 0; i < f->out.count; i++) {
		const struct kpptp_ctrl_action *a = &f->out.item[i];

		len = strlen(text);
#define ADD(...) snprintf(text + len, sizeof(text) - len, __VA_ARGS__)
		switch (a->type) {
		case KPPTP_CTRL_ACT_SEND:
			ADD("%s ", short_name(a->msg.type));
			break;
		case KPPTP_CTRL_ACT_CLOSE:
			ADD(a->flush ? "flush " : "close ");
			break;
		case KPPTP_CTRL_ACT_UP:
			ADD("up ");
			break;
		case KPPTP_CTRL_ACT_CALLS_DOWN:
			assert_true(strlen(a->why.text) > 0);
			ADD("down ");
			break;
		case KPPTP_CTRL_ACT_PASS:
			ADD("pass ");
			break;
		case KPPTP_CTRL_ACT_CLOSE_OTHER:
			ADD("close-other ");
			break;
		case KPPTP_CTRL_ACT_USE_OTHER:
			ADD("use-other ");
			break;
		case KPPTP_CTRL_ACT_LOG:
			assert_in_range(a->level, LOG_ERR, LOG_DEBUG);
			assert_true(strlen(a->why.text) > 0);
			break;
		}
	}
	len = strlen(text);
	if (f->c.finished)
		ADD("over");
	else
		ADD("%s", states[f->c.state]);
#undef ADD
	return text;
}

static inline bool logged(const struct fixture *f, const char *part)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CTRL_ACT_LOG &&
		    strstr(f->out.item[i].why.text, part))
			return true;
	return false;
}

static inline const struct kpptp_msg *sent(const struct fixture *f)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CTRL_ACT_SEND)
			return &f->out.item[i].msg;
	fail_msg("no message was sent");
	return NULL;
}

#endif /* KPPTP_TEST_CTRL_STEPS_H */
