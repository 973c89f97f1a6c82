// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How an established control connection is kept alive, and how it ends.
 */
#include "ctrl_steps.h"

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
	RECEIVE(&f, .type = KPPTP_ECHORP, .echorp = { .identifier = id + 1, .result_code = 1 });
	assert_true(logged(&f, "ignoring an Echo-Reply"));
	assert_int_equal(kpptp_ctrl_deadline(&f.c), START + 179000);
	RECEIVE(&f, .type = KPPTP_ECHORP, .echorp = { .identifier = id, .result_code = 1 });
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

static void fact_19_reserved_fields_are_logged_once(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_ECHORQ, .reserved_nonzero = true };
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

static void fact_14_stop_clears_every_call_and_flushes(void **state)
{
	struct fixture f;
	uint8_t reason;

	(void)state;
	for (reason = 0; reason < 5; reason++) {
		receiver_established(&f);
		RECEIVE(&f, .type = KPPTP_STOPCCRQ, .stopccrq = { .reason = reason });
		assert_string_equal(describe(&f), "StopRP down flush over");
		assert_int_equal(sent(&f)->stopccrp.result_code, KPPTP_RESULT_OK);
	}
	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_STOP, .stop_reason = KPPTP_STOP_LOCAL_SHUTDOWN,
	     .text = "shutting down");
	assert_string_equal(describe(&f), "StopRQ down wait_stop");
	assert_int_equal(sent(&f)->stopccrq.reason, KPPTP_STOP_LOCAL_SHUTDOWN);
	RECEIVE(&f, .type = KPPTP_STOPCCRP, .stopccrp = { .result_code = 1 });
	assert_string_equal(describe(&f), "flush over");
}

static int level_of(const struct fixture *f, const char *part)
{
	size_t i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CTRL_ACT_LOG &&
		    strstr(f->out.item[i].why.text, part))
			return f->out.item[i].level;
	fail_msg("nothing is said of \"%s\"", part);
	return -1;
}

/* An expected loss is not a warning, any other is */
static void a_loss_is_a_warning_unless_expected(void **state)
{
	static const struct {
		void (*reach)(struct fixture *f);
		int level;
	} cases[] = {
		{ originator_idle, LOG_WARNING },	 { originator_wait, LOG_WARNING },
		{ originator_established, LOG_WARNING }, { receiver_idle, LOG_WARNING },
		{ receiver_established, LOG_WARNING },	 { receiver_mute, LOG_INFO },
		{ originator_stopping, LOG_INFO },	 { receiver_stopping, LOG_INFO },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		cases[i].reach(&f);
		STEP(&f, .type = KPPTP_CTRL_EV_CLOSED, .text = "reset");
		assert_int_equal(level_of(&f, "control connection lost in"), cases[i].level);
	}
}

/* Each end is logged at the right level */
static void log_level_of_each_end(void **state)
{
	struct fixture f;

	(void)state;
	receiver_established(&f);
	RECEIVE(&f, .type = KPPTP_STOPCCRQ, .stopccrq = { .reason = 2 });
	assert_int_equal(level_of(&f, "reason 2 (Stop-Protocol)"), LOG_INFO);
	receiver_stopping(&f);
	RECEIVE(&f, .type = KPPTP_STOPCCRP, .stopccrp = { .result_code = 1 });
	assert_int_equal(level_of(&f, "result 1 (OK)"), LOG_DEBUG);
	receiver_stopping(&f);
	RECEIVE(&f, .type = KPPTP_STOPCCRP, .stopccrp = { .result_code = 2 });
	assert_int_equal(level_of(&f, "result 2 (General Error)"), LOG_WARNING);
	receiver_stopping(&f);
	wait_until(&f, START + 60000);
	assert_int_equal(level_of(&f, "no Stop-Control-Connection-Reply"), LOG_WARNING);
	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_STOP, .text = "enough");
	assert_int_equal(level_of(&f, "enough"), LOG_NOTICE);
	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_EVICT, .text = "enough");
	assert_int_equal(level_of(&f, "enough"), LOG_NOTICE);
	assert_int_equal(sent(&f)->stopccrq.reason, KPPTP_STOP_NONE);
	receiver_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_EVICT);
	assert_int_equal(level_of(&f, "evicted to make room"), LOG_NOTICE);
	receiver_established(&f);
	RECEIVE(&f, .type = KPPTP_SCCRQ);
	assert_int_equal(level_of(&f, "Start-Control-Connection-Request in "
				      "state established"),
			 LOG_WARNING);
	assert_int_equal(sent(&f)->stopccrq.reason, KPPTP_STOP_NONE);
	receiver_established(&f);
	wait_until(&f, START + 60000);
	wait_until(&f, START + 120000);
	assert_int_equal(level_of(&f, "no Echo-Reply"), LOG_ERR);
	receiver_mute(&f);
	wait_until(&f, START + 60000);
	assert_int_equal(level_of(&f, "the peer lost the collision"), LOG_WARNING);
	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_LOST_SYNC);
	assert_int_equal(level_of(&f, "lost synchronization"), LOG_ERR);
}

/* An unexpected Echo-Reply, or one with another identifier, is logged */
static void unexpected_echo_reply_is_logged(void **state)
{
	struct fixture f;

	(void)state;
	receiver_established(&f);
	RECEIVE(&f, .type = KPPTP_ECHORP, .echorp = { .identifier = 7 });
	assert_true(logged(&f, "identifier 0x00000007, none expected, last "
			       "0x00000000"));
	wait_until(&f, START + 60000);
	RECEIVE(&f, .type = KPPTP_ECHORP, .echorp = { .identifier = 7 });
	assert_true(logged(&f, "identifier 0x00000007, expected 0x00000001"));
	/* The right one is taken once */
	RECEIVE(&f, .type = KPPTP_ECHORP, .echorp = { .identifier = 1 });
	assert_int_equal(f.out.count, 0);
	RECEIVE(&f, .type = KPPTP_ECHORP, .echorp = { .identifier = 1 });
	assert_true(logged(&f, "none expected, last 0x00000001"));
}

static void a_stop_without_reason_gets_one(void **state)
{
	struct fixture f;

	(void)state;
	originator_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_STOP);
	assert_int_equal(sent(&f)->stopccrq.reason, KPPTP_STOP_NONE);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fact_10_echo_after_sixty_silent_seconds),
		cmocka_unit_test(fact_10_no_echo_reply_closes),
		cmocka_unit_test(echo_replies_repeat_the_identifier),
		cmocka_unit_test(intervals_are_configurable),
		cmocka_unit_test(fact_19_reserved_fields_are_logged_once),
		cmocka_unit_test(fact_14_stop_clears_every_call_and_flushes),
		cmocka_unit_test(a_loss_is_a_warning_unless_expected),
		cmocka_unit_test(log_level_of_each_end),
		cmocka_unit_test(unexpected_echo_reply_is_logged),
		cmocka_unit_test(a_stop_without_reason_gets_one),
		cmocka_unit_test(events_without_text_still_give_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
