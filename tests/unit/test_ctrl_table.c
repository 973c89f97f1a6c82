// SPDX-License-Identifier: GPL-2.0-or-later
/* clang-format off */
/*
 * The control connection, RFC 2637 §3.1: a table of every state and event, laid out
 * like the RFC's diagrams, and invariants.
 */
#include "../fuzz/random.h"
#include "ctrl_steps.h"

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
		"down close over", "down close over",
		"StopRQ down wait_stop", "wait_stop",
		"SCCRP up estab", "idle",
		"StopRQ down wait_stop", "wait_stop" } },
	{ MSG(SCCRP), {
		"down close over", "up estab",
		"StopRQ down wait_stop", "wait_stop",
		"close over", "idle", "StopRQ down wait_stop", "wait_stop" } },
	{ MSG(STOPCCRQ), {
		"down close over", "StopRP down flush over",
		"StopRP down flush over", "StopRP flush over",
		"close over", "idle",
		"StopRP down flush over", "StopRP flush over" } },
	{ MSG(STOPCCRP), {
		"down close over", "down close over",
		"StopRQ down wait_stop", "flush over",
		"close over", "idle", "StopRQ down wait_stop", "flush over" } },
	{ MSG(ECHORQ), {
		"down close over", "down close over",
		"EchoRP estab", "wait_stop",
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
		"down close over", "down close over",
		"down close over", "close over",
		"close over", "close over", "down close over", "close over" } },
	{ EV(UNKNOWN_MSG), {
		"down close over", "down close over",
		"StopRQ down wait_stop", "wait_stop",
		"close over", "idle", "StopRQ down wait_stop", "wait_stop" } },
	{ EV(STOP), {
		"down close over", "down close over",
		"StopRQ down wait_stop", "wait_stop",
		"close over", "close over",
		"StopRQ down wait_stop", "wait_stop" } },
	{ EV(COLLISION_LOST), {
		"idle", "use-other close over", "estab", "wait_stop",
		"idle", "idle", "estab", "wait_stop" } },
	{ EV(TIMER), {
		"idle", "down close over", "EchoRQ estab", "close over",
		"close over", "close over", "EchoRQ estab", "close over" } },
	{ EV(EVICT), {
		"down close over", "down close over",
		"StopRQ down flush over", "close over",
		"close over", "close over",
		"StopRQ down flush over", "close over" } },
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

static void state_names(void **state)
{
	(void)state;
	assert_string_equal(kpptp_ctrl_state_name(KPPTP_CTRL_IDLE), "idle");
	assert_string_equal(kpptp_ctrl_state_name(KPPTP_CTRL_WAIT_STOP_REPLY),
			    "wait_stop_reply");
	assert_string_equal(kpptp_ctrl_state_name(KPPTP_CTRL_STATES), "?");
}

/* Invariants of a step: nothing follows a close, and every action is legal in its state */
static void check_walk(const struct fixture *f, enum kpptp_ctrl_event_type type,
		       enum kpptp_ctrl_state was)
{
	const char *text = describe(f), *close = strstr(text, "close ");
	bool up = strstr(text, "up ") && f->c.state == KPPTP_CTRL_ESTABLISHED;

	if (!close)
		close = strstr(text, "flush ");
	if (close)
		assert_string_equal(strchr(close, ' '), " over");
	assert_int_equal(f->c.finished,
			 close || type == KPPTP_CTRL_EV_CLOSED);
	assert_int_equal(up, f->c.state == KPPTP_CTRL_ESTABLISHED &&
				     was != KPPTP_CTRL_ESTABLISHED);
	/* The owner of calls is notified once when they are down */
	if (was == KPPTP_CTRL_ESTABLISHED)
		assert_int_equal(!!strstr(text, "down "),
				 f->c.state != KPPTP_CTRL_ESTABLISHED);
	if (strstr(text, "pass "))
		assert_string_equal(text, "pass estab");
}

/* Any sequence of events keeps the invariants and ends properly */
static void random_walks(void **state)
{
	enum kpptp_ctrl_state was;
	unsigned int walk, i;
	struct fixture f;

	(void)state;
	random_seed(0x3131);
	for (walk = 0; walk < 3000; walk++) {
		begin(&f, walk % 2);
		for (i = 0; i < 40; i++) {
			struct kpptp_msg msg = { 0 };
			struct kpptp_ctrl_event ev = { .msg = &msg };

			ev.type = random_below(KPPTP_CTRL_EVENTS);
			if (i && ev.type != KPPTP_CTRL_EV_TIMER &&
			    !one_in(4))
				ev.type = KPPTP_CTRL_EV_MSG;
			msg.type = 1 + random_below(KPPTP_MSG_TYPES);
			if (!i)
				ev.type = KPPTP_CTRL_EV_OPENED;
			if (msg.type == KPPTP_SCCRQ)
				msg.sccrq.protocol_version = KPPTP_VERSION;
			if (msg.type == KPPTP_SCCRP)
				msg.sccrp.protocol_version = KPPTP_VERSION;
			msg.reserved_nonzero = one_in(2);
			ev.other = random_below(3);
			ev.local_addr = random_u64();
			ev.peer_addr = random_u64();
			f.now += random_below(50000);
			was = f.c.state;
			step(&f, ev);
			check_walk(&f, ev.type, was);
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
		cmocka_unit_test(state_names),
		cmocka_unit_test(random_walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
