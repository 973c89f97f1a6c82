// SPDX-License-Identifier: GPL-2.0-or-later
/* Link messages of an established call: Set-Link-Info and WAN-Error-Notify. */
#include "call_steps.h"

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

/* Each of the six counters counts as news, and stands in the line */
static void fact_18_each_counter_of_the_peer_is_logged(void **state)
{
	static const struct {
		struct kpptp_wen wen;
		const char *part;
	} cases[] = {
		{ { .crc_errors = 7 }, "crc 7," },
		{ { .framing_errors = 7 }, "framing 7," },
		{ { .hardware_overruns = 7 }, "hardware overruns 7," },
		{ { .buffer_overruns = 7 }, "buffer overruns 7," },
		{ { .time_out_errors = 7 }, "time-outs 7," },
		{ { .alignment_errors = 7 }, "alignment 7" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
		RECEIVE(&f, .type = KPPTP_WEN, .wen = cases[i].wen);
		assert_true(logged(&f, cases[i].part));
	}
}

static void fact_18_peers_wan_errors_are_logged(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	RECEIVE(&f, .type = KPPTP_WEN, .wen = { .crc_errors = 77 });
	assert_true(logged(&f, "crc 77"));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_INFO);
	/* No change, nothing logged */
	RECEIVE(&f, .type = KPPTP_WEN, .wen = { .crc_errors = 77 });
	assert_int_equal(f.out.count, 0);
	/* More often than §2.14 allows: log at debug level only */
	f.now += 59999;
	RECEIVE(&f, .type = KPPTP_WEN, .wen = { .crc_errors = 78 });
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_DEBUG);
	/* The minute is counted from the last that everyone saw */
	f.now += 1;
	RECEIVE(&f, .type = KPPTP_WEN, .wen = { .crc_errors = 79 });
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
		STEP(&f, .type = KPPTP_CALL_EV_LINK_INFO, .send_accm = 1, .receive_accm = 2);
		if (!cases[i].sends) {
			assert_int_equal(f.out.count, 0);
			continue;
		}
		assert_int_equal(sent(&f, KPPTP_SLI)->sli.peers_call_id, PEERS);
		assert_int_equal(sent(&f, KPPTP_SLI)->sli.send_accm, 1);
		assert_int_equal(sent(&f, KPPTP_SLI)->sli.receive_accm, 2);
		/* A repetition is not logged */
		STEP(&f, .type = KPPTP_CALL_EV_LINK_INFO, .send_accm = 1, .receive_accm = 2);
		assert_int_equal(f.out.count, 0);
	}
}

/* In either role, as Windows sends it both ways */
static void fact_22_set_link_info_is_not_logged(void **state)
{
	static const enum kpptp_call_role roles[] = { KPPTP_CALL_PNS_OUT, KPPTP_CALL_PAC_OUT };
	struct kpptp_msg msg = message(KPPTP_SLI);
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(roles); i++) {
		reach(&f, roles[i], KPPTP_CALL_ESTABLISHED);
		/* The default values are not logged */
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
	/* Nothing precedes the clear: some servers fail on two messages in one read */
	assert_string_equal(describe(&f), "CCRQ down wait_disconnect");
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

/* Repeated unexpected messages do not flood the log */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fact_18_wan_errors_at_most_once_a_minute),
		cmocka_unit_test(fact_18_peers_wan_errors_are_logged),
		cmocka_unit_test(fact_18_each_counter_of_the_peer_is_logged),
		cmocka_unit_test(fact_22_set_link_info_can_be_turned_off),
		cmocka_unit_test(fact_22_set_link_info_is_not_logged),
		cmocka_unit_test(fact_24_message_order_of_a_lan_to_lan_call),
		cmocka_unit_test(unexpected_messages_are_warned_of_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
