// SPDX-License-Identifier: GPL-2.0-or-later
/* clang-format off */
/*
 * The control connection against RFC 2637 §3.1: one table of every state and
 * every event, to be read beside the diagrams, then what a table cannot show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <cmocka.h>

#include "ctrl_fsm.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define START	1000000ULL	/* monotonic milliseconds when a test begins */

/* 192.33.45.17 and 192.33.45.89, the RFC's example of a collision */
#define LOW	0xc0212d11U
#define HIGH	0xc0212d59U

struct fixture {
	struct kpptp_ctrl c;
	struct kpptp_ctrl_actions out;
	uint64_t now;
};

static void step(struct fixture *f, struct kpptp_ctrl_event ev)
{
	ev.now = f->now;
	memset(&f->out, 0xa5, sizeof(f->out));
	kpptp_ctrl_step(&f->c, &ev, &f->out);
	assert_true(f->out.count <= KPPTP_CTRL_ACTIONS_MAX);
}

#define STEP(f, ...)	step(f, (struct kpptp_ctrl_event){ __VA_ARGS__ })

static void receive(struct fixture *f, struct kpptp_msg msg)
{
	STEP(f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg);
}

#define RECEIVE(f, ...)	receive(f, (struct kpptp_msg){ __VA_ARGS__ })

static void receive_sccrq(struct fixture *f, uint16_t version)
{
	RECEIVE(f, .type = KPPTP_SCCRQ,
		.sccrq = { .protocol_version = version, .host_name = "peer" });
}

static void receive_sccrp(struct fixture *f, uint16_t version, uint8_t result)
{
	RECEIVE(f, .type = KPPTP_SCCRP,
		.sccrp = { .protocol_version = version, .result_code = result,
			   .host_name = "peer" });
}

static void wait_until(struct fixture *f, uint64_t now)
{
	f->now = now;
	STEP(f, .type = KPPTP_CTRL_EV_TIMER);
}

static void begin(struct fixture *f, enum kpptp_ctrl_role role)
{
	struct kpptp_ctrl_config config;

	kpptp_ctrl_config_default(&config);
	config.pac = true;
	config.local.maximum_channels = 100;
	snprintf(config.local.host_name, sizeof(config.local.host_name), "us");
	kpptp_ctrl_init(&f->c, role, &config);
	f->now = START;
}

static void originator_idle(struct fixture *f)
{
	begin(f, KPPTP_CTRL_ORIGINATOR);
}

static void originator_wait(struct fixture *f)
{
	originator_idle(f);
	STEP(f, .type = KPPTP_CTRL_EV_OPENED);
}

static void originator_established(struct fixture *f)
{
	originator_wait(f);
	receive_sccrp(f, KPPTP_VERSION, KPPTP_RESULT_OK);
}

static void originator_stopping(struct fixture *f)
{
	originator_established(f);
	STEP(f, .type = KPPTP_CTRL_EV_STOP, .stop_reason = KPPTP_STOP_NONE);
}

static void receiver_idle(struct fixture *f)
{
	begin(f, KPPTP_CTRL_RECEIVER);
	STEP(f, .type = KPPTP_CTRL_EV_OPENED);
}

static void receiver_mute(struct fixture *f)
{
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ,
				 .sccrq = { .protocol_version = 0x0100 } };

	receiver_idle(f);
	STEP(f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg,
	     .other = KPPTP_CTRL_OTHER_OPENING, .local_addr = HIGH,
	     .peer_addr = LOW);
}

static void receiver_established(struct fixture *f)
{
	receiver_idle(f);
	receive_sccrq(f, KPPTP_VERSION);
}

static void receiver_stopping(struct fixture *f)
{
	receiver_established(f);
	STEP(f, .type = KPPTP_CTRL_EV_STOP, .stop_reason = KPPTP_STOP_NONE);
}

/* The columns of the table */
static const struct {
	const char *name;
	void (*reach)(struct fixture *f);
	enum kpptp_ctrl_state state;
} columns[] = {
	{ "originator idle", originator_idle, KPPTP_CTRL_IDLE },
	{ "originator wait_ctl_reply", originator_wait,
	  KPPTP_CTRL_WAIT_CTL_REPLY },
	{ "originator established", originator_established,
	  KPPTP_CTRL_ESTABLISHED },
	{ "originator wait_stop_reply", originator_stopping,
	  KPPTP_CTRL_WAIT_STOP_REPLY },
	{ "receiver idle", receiver_idle, KPPTP_CTRL_IDLE },
	{ "receiver idle, collision won", receiver_mute, KPPTP_CTRL_IDLE },
	{ "receiver established", receiver_established,
	  KPPTP_CTRL_ESTABLISHED },
	{ "receiver wait_stop_reply", receiver_stopping,
	  KPPTP_CTRL_WAIT_STOP_REPLY },
};

/* What a step did, as in the table's cells; log lines are left out */
static const char *describe(const struct fixture *f)
{
	static const char *const messages[] = {
		"?", "SCCRQ", "SCCRP", "StopRQ", "StopRP", "EchoRQ", "EchoRP",
		"OCRQ", "OCRP", "ICRQ", "ICRP", "ICCN", "CCRQ", "CDN", "WEN",
		"SLI",
	};
	static const char *const states[] = {
		"idle", "wait_ctl", "estab", "wait_stop",
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
			ADD("%s ", messages[a->msg.type]);
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

static bool logged(const struct fixture *f, const char *part)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CTRL_ACT_LOG &&
		    strstr(f->out.item[i].why.text, part))
			return true;
	return false;
}

static const struct kpptp_msg *sent(const struct fixture *f)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CTRL_ACT_SEND)
			return &f->out.item[i].msg;
	fail_msg("no message was sent");
	return NULL;
}

#define MSG(type)	KPPTP_CTRL_EV_MSG, KPPTP_##type
#define EV(type)	KPPTP_CTRL_EV_##type, 0

/*
 * Each cell: what is sent and done, then the state after ("over": idle again
 * and TCP closed). "flush" is a close with the last bytes pushed, "close" one
 * without. Columns as above: originator idle (TCP not open yet),
 * wait_ctl_reply, established, wait_stop_reply; receiver idle (TCP open), idle
 * and told to stay mute after a collision, established, wait_stop_reply.
 */
static const struct {
	enum kpptp_ctrl_event_type event;
	unsigned int message;
	const char *cell[ARRAY_SIZE(columns)];
} rows[] = {
	{ MSG(SCCRQ), {
		"down close over", "down close over", "StopRQ down wait_stop", "wait_stop",
		"SCCRP up estab", "idle", "StopRQ down wait_stop", "wait_stop" } },
	{ MSG(SCCRP), {
		"down close over", "up estab", "StopRQ down wait_stop", "wait_stop",
		"close over", "idle", "StopRQ down wait_stop", "wait_stop" } },
	{ MSG(STOPCCRQ), {
		"down close over", "StopRP down flush over", "StopRP down flush over", "StopRP flush over",
		"close over", "idle", "StopRP down flush over", "StopRP flush over" } },
	{ MSG(STOPCCRP), {
		"down close over", "down close over", "StopRQ down wait_stop", "flush over",
		"close over", "idle", "StopRQ down wait_stop", "flush over" } },
	{ MSG(ECHORQ), {
		"down close over", "down close over", "EchoRP estab", "wait_stop",
		"close over", "idle", "EchoRP estab", "wait_stop" } },
	{ MSG(ECHORP), {
		"down close over", "down close over", "estab", "wait_stop",
		"close over", "idle", "estab", "wait_stop" } },
	{ MSG(OCRQ), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ MSG(OCRP), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ MSG(ICRQ), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ MSG(ICRP), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ MSG(ICCN), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ MSG(CCRQ), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ MSG(CDN), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ MSG(WEN), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ MSG(SLI), {
		"down close over", "down close over", "pass estab", "wait_stop",
		"close over", "idle", "pass estab", "wait_stop" } },
	{ EV(OPENED), {
		"SCCRQ wait_ctl", "wait_ctl", "estab", "wait_stop",
		"idle", "idle", "estab", "wait_stop" } },
	{ EV(CLOSED), {
		"down over", "down over", "down over", "over",
		"over", "over", "down over", "over" } },
	{ EV(LOST_SYNC), {
		"down close over", "down close over", "down close over", "close over",
		"close over", "close over", "down close over", "close over" } },
	{ EV(UNKNOWN_MSG), {
		"down close over", "down close over", "StopRQ down wait_stop", "wait_stop",
		"close over", "idle", "StopRQ down wait_stop", "wait_stop" } },
	{ EV(STOP), {
		"down close over", "down close over", "StopRQ down wait_stop", "wait_stop",
		"close over", "close over", "StopRQ down wait_stop", "wait_stop" } },
	{ EV(COLLISION_LOST), {
		"idle", "use-other close over", "estab", "wait_stop",
		"idle", "idle", "estab", "wait_stop" } },
	{ EV(TIMER), {
		"idle", "down close over", "EchoRQ estab", "close over",
		"close over", "close over", "EchoRQ estab", "close over" } },
};

static void run_cell(size_t row, size_t column)
{
	struct kpptp_msg msg = { .type = rows[row].message };
	struct fixture f;
	const char *got;

	columns[column].reach(&f);
	assert_int_equal(f.c.state, columns[column].state);
	if (msg.type == KPPTP_SCCRQ)
		msg.sccrq.protocol_version = KPPTP_VERSION;
	if (msg.type == KPPTP_SCCRP) {
		msg.sccrp.protocol_version = KPPTP_VERSION;
		msg.sccrp.result_code = KPPTP_RESULT_OK;
	}
	if (rows[row].event == KPPTP_CTRL_EV_TIMER)
		f.now = kpptp_ctrl_deadline(&f.c);
	if (f.now == KPPTP_NO_DEADLINE)
		f.now = START;
	STEP(&f, .type = rows[row].event, .msg = &msg);
	got = describe(&f);
	if (strcmp(got, rows[row].cell[column]))
		fail_msg("event %d, message %s, %s: %s, expected %s",
			 rows[row].event, kpptp_msg_name(msg.type),
			 columns[column].name, got, rows[row].cell[column]);
	if (f.c.finished)
		assert_int_equal(kpptp_ctrl_deadline(&f.c), KPPTP_NO_DEADLINE);
}

/* A row for each message and each other event, and a word in each cell */
static void the_table_is_complete(void **state)
{
	unsigned int messages[KPPTP_MSG_TYPES + 1] = { 0 };
	unsigned int events[KPPTP_CTRL_EVENTS] = { 0 };
	size_t row, i;

	(void)state;
	for (row = 0; row < ARRAY_SIZE(rows); row++) {
		events[rows[row].event]++;
		if (rows[row].event == KPPTP_CTRL_EV_MSG)
			messages[rows[row].message]++;
		for (i = 0; i < ARRAY_SIZE(columns); i++)
			assert_non_null(rows[row].cell[i]);
	}
	for (i = 1; i <= KPPTP_MSG_TYPES; i++)
		assert_int_equal(messages[i], 1);
	for (i = 0; i < KPPTP_CTRL_EVENTS; i++)
		assert_int_equal(events[i], i == KPPTP_CTRL_EV_MSG ?
						    KPPTP_MSG_TYPES : 1);
}

static void every_state_and_every_event(void **state)
{
	size_t row, column;

	(void)state;
	assert_int_equal(ARRAY_SIZE(rows),
			 KPPTP_MSG_TYPES + KPPTP_CTRL_EVENTS - 1);
	for (row = 0; row < ARRAY_SIZE(rows); row++)
		for (column = 0; column < ARRAY_SIZE(columns); column++)
			run_cell(row, column);
}

static void nothing_happens_after_the_end(void **state)
{
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(columns); i++) {
		columns[i].reach(&f);
		STEP(&f, .type = KPPTP_CTRL_EV_CLOSED, .text = "reset");
		assert_true(f.c.finished);
		STEP(&f, .type = KPPTP_CTRL_EV_OPENED);
		assert_int_equal(f.out.count, 0);
		receive_sccrq(&f, KPPTP_VERSION);
		assert_int_equal(f.out.count, 0);
	}
}

static void early_timers_do_nothing(void **state)
{
	struct fixture f;
	uint64_t deadline;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(columns); i++) {
		columns[i].reach(&f);
		deadline = kpptp_ctrl_deadline(&f.c);
		if (deadline == KPPTP_NO_DEADLINE)
			continue;
		wait_until(&f, deadline - 1);
		assert_int_equal(f.out.count, 0);
		assert_int_equal(kpptp_ctrl_deadline(&f.c), deadline);
		assert_int_equal(f.c.state, columns[i].state);
	}
}

static void events_without_text_still_give_a_reason(void **state)
{
	struct fixture f;

	(void)state;
	originator_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_CLOSED);
	assert_true(logged(&f, "closed by the peer"));
	originator_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_LOST_SYNC, .text = "magic cookie 0x0");
	assert_true(logged(&f, "magic cookie 0x0"));
	originator_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EVENTS);
	assert_int_equal(f.out.count, 0);
}

static void a_stop_without_reason_gets_one(void **state)
{
	struct fixture f;

	(void)state;
	originator_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_STOP);
	assert_int_equal(sent(&f)->stopccrq.reason, KPPTP_STOP_NONE);
}

static void request_and_reply_say_who_we_are(void **state)
{
	const struct kpptp_msg *msg;
	struct fixture f;

	(void)state;
	originator_wait(&f);
	msg = sent(&f);
	assert_int_equal(msg->type, KPPTP_SCCRQ);
	assert_int_equal(msg->sccrq.protocol_version, 0x0100);
	assert_int_equal(msg->sccrq.framing_capabilities, 3);
	assert_int_equal(msg->sccrq.bearer_capabilities, 3);
	assert_string_equal(msg->sccrq.host_name, "us");
	receiver_established(&f);
	msg = sent(&f);
	assert_int_equal(msg->sccrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(msg->sccrp.error_code, KPPTP_ERR_NONE);
	assert_int_equal(msg->sccrp.maximum_channels, 100);
	assert_string_equal(msg->sccrp.host_name, "us");
	assert_string_equal(f.c.peer.host_name, "peer");
}

/* A peer may offer all bits, among them those that nobody has defined yet */
static void fact_16_capabilities_are_32_bit_masks(void **state)
{
	static const uint32_t masks[] = { 0, 1, 2, 3, 0x80000001, 0xffffffff };
	struct kpptp_msg msg;
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		receiver_idle(&f);
		msg = (struct kpptp_msg){
			.type = KPPTP_SCCRQ,
			.sccrq = { .protocol_version = KPPTP_VERSION,
				   .framing_capabilities = masks[i],
				   .bearer_capabilities = ~masks[i] },
		};
		STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg);
		assert_int_equal(f.c.state, KPPTP_CTRL_ESTABLISHED);
		assert_int_equal(f.c.peer.framing_capabilities, masks[i]);
		assert_int_equal(f.c.peer.bearer_capabilities, ~masks[i]);
	}
}

static void fact_10_echo_after_sixty_silent_seconds(void **state)
{
	uint32_t id;
	struct fixture f;

	(void)state;
	originator_established(&f);
	assert_int_equal(kpptp_ctrl_deadline(&f.c), START + 60000);
	/* Any control message defers it */
	f.now = START + 59000;
	RECEIVE(&f, .type = KPPTP_SLI);
	assert_int_equal(kpptp_ctrl_deadline(&f.c), START + 119000);
	wait_until(&f, START + 119000);
	assert_string_equal(describe(&f), "EchoRQ estab");
	id = sent(&f)->echorq.identifier;
	/* Neither another message nor a foreign reply answers it */
	f.now += 1000;
	RECEIVE(&f, .type = KPPTP_SLI);
	RECEIVE(&f, .type = KPPTP_ECHORP,
		.echorp = { .identifier = id + 1, .result_code = 1 });
	assert_true(logged(&f, "ignoring an Echo-Reply"));
	assert_int_equal(kpptp_ctrl_deadline(&f.c), START + 179000);
	RECEIVE(&f, .type = KPPTP_ECHORP,
		.echorp = { .identifier = id, .result_code = 1 });
	assert_string_equal(describe(&f), "estab");
	assert_int_equal(kpptp_ctrl_deadline(&f.c), START + 180000);
	/* Identifiers differ, so a late reply cannot stand for a new one */
	wait_until(&f, START + 180000);
	assert_int_not_equal(sent(&f)->echorq.identifier, id);
}

static void fact_10_no_echo_reply_closes(void **state)
{
	struct fixture f;

	(void)state;
	receiver_established(&f);
	wait_until(&f, START + 60000);
	assert_string_equal(describe(&f), "EchoRQ estab");
	wait_until(&f, START + 119999);
	assert_string_equal(describe(&f), "estab");
	wait_until(&f, START + 120000);
	assert_string_equal(describe(&f), "down close over");
	assert_true(logged(&f, "no Echo-Reply"));
}

static void echo_replies_repeat_the_identifier(void **state)
{
	struct fixture f;

	(void)state;
	receiver_established(&f);
	RECEIVE(&f, .type = KPPTP_ECHORQ, .echorq = { .identifier = 0xcafe });
	assert_int_equal(sent(&f)->echorp.identifier, 0xcafe);
	assert_int_equal(sent(&f)->echorp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(sent(&f)->echorp.error_code, KPPTP_ERR_NONE);
}

static void intervals_are_configurable(void **state)
{
	struct kpptp_ctrl_config config;
	struct fixture f = { .now = START };

	(void)state;
	kpptp_ctrl_config_default(&config);
	config.echo_interval = 0;
	config.reply_timeout = 5000;
	kpptp_ctrl_init(&f.c, KPPTP_CTRL_ORIGINATOR, &config);
	STEP(&f, .type = KPPTP_CTRL_EV_OPENED);
	assert_int_equal(kpptp_ctrl_deadline(&f.c), START + 5000);
	receive_sccrp(&f, KPPTP_VERSION, KPPTP_RESULT_OK);
	assert_int_equal(kpptp_ctrl_deadline(&f.c), KPPTP_NO_DEADLINE);
}

static void fact_11_sixty_seconds_for_sccrq_and_sccrp(void **state)
{
	struct fixture f;

	(void)state;
	originator_wait(&f);
	wait_until(&f, START + 60000);
	assert_string_equal(describe(&f), "down close over");
	assert_true(logged(&f, "no Start-Control-Connection-Reply"));
	receiver_idle(&f);
	wait_until(&f, START + 60000);
	assert_string_equal(describe(&f), "close over");
	assert_true(logged(&f, "no Start-Control-Connection-Request"));
}

static void fact_12_older_version_is_refused_with_result_5(void **state)
{
	struct fixture f;

	(void)state;
	receiver_idle(&f);
	receive_sccrq(&f, 0x00ff);
	assert_string_equal(describe(&f), "SCCRP flush over");
	assert_int_equal(sent(&f)->sccrp.result_code, KPPTP_SCCRP_BAD_VERSION);
	assert_int_equal(sent(&f)->sccrp.protocol_version, 0x0100);
	assert_true(logged(&f, "version 0x00ff, lowest accepted 0x0100"));
}

static void fact_12_newer_version_gets_our_version_and_goes_on(void **state)
{
	static const uint16_t newer[] = { 0x0101, 0x0200, 0xffff };
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(newer); i++) {
		receiver_idle(&f);
		receive_sccrq(&f, newer[i]);
		assert_string_equal(describe(&f), "SCCRP up estab");
		assert_int_equal(sent(&f)->sccrp.protocol_version, 0x0100);
		assert_int_equal(sent(&f)->sccrp.result_code, KPPTP_RESULT_OK);
		assert_int_equal(f.c.version, 0x0100);
	}
}

static void fact_12_supported_older_version_is_used(void **state)
{
	struct kpptp_ctrl_config config;
	struct fixture f = { .now = START };

	(void)state;
	kpptp_ctrl_config_default(&config);
	config.local.protocol_version = 0x0200;
	kpptp_ctrl_init(&f.c, KPPTP_CTRL_RECEIVER, &config);
	STEP(&f, .type = KPPTP_CTRL_EV_OPENED);
	receive_sccrq(&f, 0x0100);
	assert_int_equal(sent(&f)->sccrp.protocol_version, 0x0100);
	assert_int_equal(f.c.version, 0x0100);
	kpptp_ctrl_init(&f.c, KPPTP_CTRL_ORIGINATOR, &config);
	STEP(&f, .type = KPPTP_CTRL_EV_OPENED);
	receive_sccrp(&f, 0x0100, KPPTP_RESULT_OK);
	assert_string_equal(describe(&f), "up estab");
	assert_int_equal(f.c.version, 0x0100);
}

static void fact_12_originator_stops_on_a_version_it_cannot_take(void **state)
{
	static const uint16_t bad[] = { 0x0000, 0x00ff, 0x0200 };
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		originator_wait(&f);
		receive_sccrp(&f, bad[i], KPPTP_RESULT_OK);
		assert_string_equal(describe(&f), "StopRQ down wait_stop");
		assert_int_equal(sent(&f)->stopccrq.reason,
				 KPPTP_STOP_PROTOCOL);
		assert_int_equal(kpptp_ctrl_deadline(&f.c), START + 60000);
	}
}

static void refused_by_the_peer(void **state)
{
	struct fixture f;

	(void)state;
	originator_wait(&f);
	receive_sccrp(&f, KPPTP_VERSION, KPPTP_SCCRP_NOT_AUTHORIZED);
	assert_string_equal(describe(&f), "down close over");
	assert_true(logged(&f, "result 4 (Requester is not authorized)"));
}

static void refused_by_us(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ,
				 .sccrq = { .protocol_version = 0x0100 } };
	struct fixture f;

	(void)state;
	receiver_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg,
	     .refuse_result = KPPTP_RESULT_GENERAL_ERROR,
	     .refuse_error = KPPTP_ERR_NO_RESOURCE, .text = "100 already");
	assert_string_equal(describe(&f), "SCCRP flush over");
	assert_int_equal(sent(&f)->sccrp.result_code, 2);
	assert_int_equal(sent(&f)->sccrp.error_code, 4);
	assert_true(logged(&f, "100 already"));
	receiver_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg,
	     .other = KPPTP_CTRL_OTHER_ESTABLISHED);
	assert_string_equal(describe(&f), "SCCRP flush over");
	assert_int_equal(sent(&f)->sccrp.result_code,
			 KPPTP_SCCRP_CHANNEL_EXISTS);
}

static void fact_14_stop_clears_every_call_and_flushes(void **state)
{
	struct fixture f;
	uint8_t reason;

	(void)state;
	for (reason = 0; reason < 5; reason++) {
		receiver_established(&f);
		RECEIVE(&f, .type = KPPTP_STOPCCRQ,
			.stopccrq = { .reason = reason });
		assert_string_equal(describe(&f), "StopRP down flush over");
		assert_int_equal(sent(&f)->stopccrp.result_code,
				 KPPTP_RESULT_OK);
	}
	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_STOP,
	     .stop_reason = KPPTP_STOP_LOCAL_SHUTDOWN, .text = "shutting down");
	assert_string_equal(describe(&f), "StopRQ down wait_stop");
	assert_int_equal(sent(&f)->stopccrq.reason, KPPTP_STOP_LOCAL_SHUTDOWN);
	RECEIVE(&f, .type = KPPTP_STOPCCRP, .stopccrp = { .result_code = 1 });
	assert_string_equal(describe(&f), "flush over");
}

static void fact_17_a_pns_sends_no_channels(void **state)
{
	struct kpptp_ctrl_config config;
	struct fixture f = { .now = START };

	(void)state;
	kpptp_ctrl_config_default(&config);
	config.local.maximum_channels = 100;
	kpptp_ctrl_init(&f.c, KPPTP_CTRL_ORIGINATOR, &config);
	STEP(&f, .type = KPPTP_CTRL_EV_OPENED);
	assert_int_equal(sent(&f)->sccrq.maximum_channels, 0);
	kpptp_ctrl_init(&f.c, KPPTP_CTRL_RECEIVER, &config);
	STEP(&f, .type = KPPTP_CTRL_EV_OPENED);
	receive_sccrq(&f, KPPTP_VERSION);
	assert_int_equal(sent(&f)->sccrp.maximum_channels, 0);
}

static void fact_19_reply_with_result_0_is_accepted(void **state)
{
	struct fixture f;

	(void)state;
	originator_wait(&f);
	receive_sccrp(&f, KPPTP_VERSION, 0);
	assert_string_equal(describe(&f), "up estab");
}

static void fact_19_reserved_fields_are_logged_once(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_ECHORQ,
				 .reserved_nonzero = true };
	struct fixture f;

	(void)state;
	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg);
	assert_true(logged(&f, "reserved fields (first in Echo-Request)"));
	assert_string_equal(describe(&f), "EchoRP estab");
	STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg);
	assert_int_equal(f.out.count, 1);
	assert_string_equal(describe(&f), "EchoRP estab");
}

static void receive_colliding(struct fixture *f, uint32_t local, uint32_t peer)
{
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ,
				 .sccrq = { .protocol_version = 0x0100 } };

	receiver_idle(f);
	STEP(f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg,
	     .other = KPPTP_CTRL_OTHER_OPENING, .local_addr = local,
	     .peer_addr = peer);
}

static void collision_higher_address_wins(void **state)
{
	struct fixture f;

	(void)state;
	receive_colliding(&f, LOW, HIGH);
	assert_string_equal(describe(&f), "close-other SCCRP up estab");
	receive_colliding(&f, HIGH, LOW);
	assert_string_equal(describe(&f), "idle");
	assert_true(f.c.mute);
	/* Compared without a sign */
	receive_colliding(&f, 0x7f000001, 0x80000001);
	assert_string_equal(describe(&f), "close-other SCCRP up estab");
	/* The peer closes, or its time is up; nothing is ever sent */
	receive_colliding(&f, HIGH, LOW);
	wait_until(&f, START + 60000);
	assert_string_equal(describe(&f), "close over");
}

static void collision_of_a_host_with_itself_is_none(void **state)
{
	struct fixture f;

	(void)state;
	receive_colliding(&f, LOW, LOW);
	assert_string_equal(describe(&f), "SCCRP up estab");
}

static void collision_a_refused_request_leaves_our_own_open(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ };
	struct fixture f;

	(void)state;
	receiver_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg,
	     .other = KPPTP_CTRL_OTHER_OPENING, .local_addr = LOW,
	     .peer_addr = HIGH);
	assert_string_equal(describe(&f), "SCCRP flush over");
}

static void collision_peer_was_faster_than_our_tcp(void **state)
{
	struct fixture f;

	(void)state;
	originator_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_OPENED,
	     .other = KPPTP_CTRL_OTHER_ESTABLISHED);
	assert_string_equal(describe(&f), "use-other close over");
}

static void state_names(void **state)
{
	(void)state;
	assert_string_equal(kpptp_ctrl_state_name(KPPTP_CTRL_IDLE), "idle");
	assert_string_equal(kpptp_ctrl_state_name(KPPTP_CTRL_WAIT_STOP_REPLY),
			    "wait_stop_reply");
	assert_string_equal(kpptp_ctrl_state_name(KPPTP_CTRL_STATES), "?");
}

/* Any sequence of events stays within bounds and ends with what it promises */
static void random_walks(void **state)
{
	uint32_t seed = 0x3131;
	unsigned int walk, i;
	struct fixture f;

	(void)state;
	for (walk = 0; walk < 3000; walk++) {
		begin(&f, walk % 2);
		for (i = 0; i < 40; i++) {
			struct kpptp_msg msg = { 0 };
			struct kpptp_ctrl_event ev = { .msg = &msg };

			seed = seed * 1664525 + 1013904223;
			ev.type = (seed >> 8) % KPPTP_CTRL_EVENTS;
			if (i && ev.type != KPPTP_CTRL_EV_TIMER &&
			    seed >> 28 > 3)
				ev.type = KPPTP_CTRL_EV_MSG;
			msg.type = 1 + (seed >> 16) % KPPTP_MSG_TYPES;
			if (!i)
				ev.type = KPPTP_CTRL_EV_OPENED;
			if (msg.type == KPPTP_SCCRQ)
				msg.sccrq.protocol_version = KPPTP_VERSION;
			if (msg.type == KPPTP_SCCRP)
				msg.sccrp.protocol_version = KPPTP_VERSION;
			msg.reserved_nonzero = seed >> 31;
			ev.other = (seed >> 4) % 3;
			ev.local_addr = seed;
			ev.peer_addr = seed >> 1;
			f.now += (seed >> 12) % 50000;
			step(&f, ev);
			describe(&f);
			if (f.c.finished)
				break;
			if (f.c.state == KPPTP_CTRL_WAIT_CTL_REPLY ||
			    f.c.state == KPPTP_CTRL_WAIT_STOP_REPLY)
				assert_true(kpptp_ctrl_deadline(&f.c) !=
					    KPPTP_NO_DEADLINE);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_complete),
		cmocka_unit_test(every_state_and_every_event),
		cmocka_unit_test(nothing_happens_after_the_end),
		cmocka_unit_test(early_timers_do_nothing),
		cmocka_unit_test(events_without_text_still_give_a_reason),
		cmocka_unit_test(a_stop_without_reason_gets_one),
		cmocka_unit_test(request_and_reply_say_who_we_are),
		cmocka_unit_test(fact_10_echo_after_sixty_silent_seconds),
		cmocka_unit_test(fact_10_no_echo_reply_closes),
		cmocka_unit_test(echo_replies_repeat_the_identifier),
		cmocka_unit_test(intervals_are_configurable),
		cmocka_unit_test(fact_11_sixty_seconds_for_sccrq_and_sccrp),
		cmocka_unit_test(fact_12_older_version_is_refused_with_result_5),
		cmocka_unit_test(fact_12_newer_version_gets_our_version_and_goes_on),
		cmocka_unit_test(fact_12_supported_older_version_is_used),
		cmocka_unit_test(fact_12_originator_stops_on_a_version_it_cannot_take),
		cmocka_unit_test(refused_by_the_peer),
		cmocka_unit_test(refused_by_us),
		cmocka_unit_test(fact_14_stop_clears_every_call_and_flushes),
		cmocka_unit_test(fact_16_capabilities_are_32_bit_masks),
		cmocka_unit_test(fact_17_a_pns_sends_no_channels),
		cmocka_unit_test(fact_19_reply_with_result_0_is_accepted),
		cmocka_unit_test(fact_19_reserved_fields_are_logged_once),
		cmocka_unit_test(collision_higher_address_wins),
		cmocka_unit_test(collision_of_a_host_with_itself_is_none),
		cmocka_unit_test(collision_a_refused_request_leaves_our_own_open),
		cmocka_unit_test(collision_peer_was_faster_than_our_tcp),
		cmocka_unit_test(state_names),
		cmocka_unit_test(random_walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
