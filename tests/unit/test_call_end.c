// SPDX-License-Identifier: GPL-2.0-or-later
/* How a call ends: who waits for whom, for how long, and that the reason is reported. */
#include "call_steps.h"

static void fact_02_cleared_pns_waits_for_the_cdn(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .text = "hang up");
	assert_string_equal(describe(&f), "CCRQ down wait_disconnect");
	assert_int_equal(kpptp_call_deadline(&f.call), START + 60000);
	STEP(&f, .type = KPPTP_CALL_EV_PPP_ENDED);
	assert_int_equal(f.out.count, 0);
	RECEIVE(&f, .type = KPPTP_CDN,
		.cdn = { .call_id = PEERS, .result_code = 4, .call_statistics = "rx 1\ntx 2" });
	assert_string_equal(describe(&f), "del over");
	assert_true(logged(&f, "result 4 (Request), statistics: rx 1?tx 2"));
}

static void fact_11_a_stuck_call_closes_the_connection(void **state)
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
		assert_int_equal(kpptp_call_deadline(&f.call), KPPTP_NO_DEADLINE);
		/* Logged once; the call ends with the control connection */
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
		assert_int_equal(kpptp_call_deadline(&f.call), KPPTP_NO_DEADLINE);
	}
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
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .stats = longer, .result = KPPTP_CDN_LOST_CARRIER);
	cdn = &sent(&f, KPPTP_CDN)->cdn;
	assert_int_equal(cdn->result_code, KPPTP_CDN_LOST_CARRIER);
	assert_int_equal(strlen(cdn->call_statistics), 128);
}

/* Each end of a call is logged once, with the reason */
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
			    "the kernel call failed");
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CONN_DOWN);
	assert_string_equal(find(&f, KPPTP_CALL_ACT_REPORT_DOWN)->why.text,
			    "control connection lost");
	STEP(&f, .type = KPPTP_CALL_EVENTS);
	assert_int_equal(f.out.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fact_02_cleared_pns_waits_for_the_cdn),
		cmocka_unit_test(fact_11_a_stuck_call_closes_the_connection),
		cmocka_unit_test(established_calls_have_no_deadline),
		cmocka_unit_test(disconnect_says_why),
		cmocka_unit_test(one_line_for_each_end),
		cmocka_unit_test(cancelled_calls_wait_for_the_data_plane),
		cmocka_unit_test(events_without_text_still_give_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
