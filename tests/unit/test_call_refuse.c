// SPDX-License-Identifier: GPL-2.0-or-later
/* How a call is refused: by whom, with which codes, and that the reason is reported. */
#include "call_steps.h"

static void requests_refused_by_the_server(void **state)
{
	struct kpptp_msg ocrq = message(KPPTP_OCRQ);
	struct kpptp_msg icrq = message(KPPTP_ICRQ);
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PAC_OUT);
	STEP(&f, .type = KPPTP_CALL_EV_MSG, .msg = &ocrq,
	     .refuse_result = KPPTP_RESULT_GENERAL_ERROR, .refuse_error = KPPTP_ERR_NO_RESOURCE,
	     .text = "100 calls already");
	assert_string_equal(describe(&f), "OCRP(2,4) over");
	assert_true(logged(&f, "refusing the call with result 2 (General "
			       "Error), error 4 (No-Resource): 100 calls "
			       "already"));
	assert_false(logged(&f, "call ended"));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_WARNING);
	begin(&f, KPPTP_CALL_PNS_IN);
	STEP(&f, .type = KPPTP_CALL_EV_MSG, .msg = &icrq,
	     .refuse_result = KPPTP_ICRP_DO_NOT_ACCEPT);
	assert_string_equal(describe(&f), "ICRP(3,0) over");
	assert_int_equal(sent(&f, KPPTP_ICRP)->icrp.peers_call_id, PEERS);
	assert_true(logged(&f, "refusing the call with result 3 (Do Not "
			       "Accept): not accepted here"));
	assert_false(logged(&f, "call ended"));
}

/* Whatever the reason, and whichever step it comes in */
static void every_refusal_is_logged_with_its_code(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_WAIT_CS_ANS);
	STEP(&f, .type = KPPTP_CALL_EV_DATA_FAILED, .text = "no memory");
	assert_true(logged(&f, "refusing the call with result 2 (General "
			       "Error), error 4 (No-Resource): no memory"));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_ERR);
	assert_false(logged(&f, "call ended"));

	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_WAIT_CS_ANS);
	wait_until(&f, START + 30000);
	assert_true(logged(&f, "refusing the call with result 6 (Time-out)"));

	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_WAIT_CS_ANS);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .text = "by hand");
	assert_true(logged(&f, "refusing the call with result 7 (Do Not "
			       "Accept): by hand"));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_INFO);

	reach(&f, KPPTP_CALL_PNS_IN, KPPTP_CALL_PREPARE);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .text = "by hand");
	assert_true(logged(&f, "refusing the call with result 3 (Do Not "
			       "Accept): by hand"));

	reach(&f, KPPTP_CALL_PNS_IN, KPPTP_CALL_PREPARE);
	wait_until(&f, START + 30000);
	assert_true(logged(&f, "refusing the call with result 2 (General "
			       "Error), error 4 (No-Resource)"));

	/* An established call cannot be refused any more: it ends */
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .text = "by hand");
	assert_true(logged(&f, "call ended: by hand"));
	/* Nobody asked for a dial of our own: it ends, too */
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_PREPARE);
	STEP(&f, .type = KPPTP_CALL_EV_DATA_FAILED, .text = "no memory");
	assert_true(logged(&f, "call ended: no memory"));
	assert_false(logged(&f, "refus"));
}

/* A refusal names no call and offers nothing: all but its codes is 0 */
static void refusals_carry_no_data(void **state)
{
	struct kpptp_ocrp ocrp = { .peers_call_id = PEERS,
				   .result_code = 2,
				   .error_code = KPPTP_ERR_BAD_CALL_ID };
	struct kpptp_icrp icrp = { .peers_call_id = PEERS,
				   .result_code = 2,
				   .error_code = KPPTP_ERR_BAD_CALL_ID };
	struct kpptp_call_params params;
	struct fixture f;

	(void)state;
	kpptp_call_params_default(&params, KPPTP_CALL_PAC_OUT);
	params.processing_delay = 3;
	params.physical_channel_id = 9;
	kpptp_call_init(&f.call, KPPTP_CALL_PAC_OUT, &params);
	f.now = START;
	receive(&f, message(KPPTP_OCRQ));
	data_ready(&f);
	receive(&f, message(KPPTP_OCRQ));
	assert_memory_equal(&sent(&f, KPPTP_OCRP)->ocrp, &ocrp, sizeof(ocrp));
	assert_true(logged(&f, "error 5 (Bad-Call ID): Call ID 22136 is already in use"));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_WARNING);

	kpptp_call_params_default(&params, KPPTP_CALL_PNS_IN);
	params.processing_delay = 3;
	kpptp_call_init(&f.call, KPPTP_CALL_PNS_IN, &params);
	receive(&f, message(KPPTP_ICRQ));
	data_ready(&f);
	assert_int_equal(sent(&f, KPPTP_ICRP)->icrp.packet_transmit_delay, 3);
	receive(&f, message(KPPTP_ICRQ));
	assert_memory_equal(&sent(&f, KPPTP_ICRP)->icrp, &icrp, sizeof(icrp));
	assert_true(logged(&f, "error 5 (Bad-Call ID): Call ID 22136 is already in use"));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_LOG)->level, LOG_WARNING);
}

static void requests_refused_by_the_peer(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	RECEIVE(&f, .type = KPPTP_OCRP,
		.ocrp = { .peers_call_id = OURS, .result_code = 4, .cause_code = 17 });
	assert_string_equal(describe(&f), "failed del over");
	assert_true(logged(&f, "result 4 (Busy), cause 17"));
	reach(&f, KPPTP_CALL_PAC_IN, KPPTP_CALL_WAIT_REPLY);
	RECEIVE(&f, .type = KPPTP_ICRP, .icrp = { .peers_call_id = OURS, .result_code = 3 });
	assert_string_equal(describe(&f), "failed del over");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_refused_by_the_server),
		cmocka_unit_test(every_refusal_is_logged_with_its_code),
		cmocka_unit_test(refusals_carry_no_data),
		cmocka_unit_test(requests_refused_by_the_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
