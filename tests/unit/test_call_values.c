// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each field that a call sends, the bounds of values it accepts, and the log level of
 * events.
 */
#include "call_steps.h"

static int level_of(const struct fixture *f, const char *part)
{
	unsigned int i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CALL_ACT_LOG &&
		    strstr(f->out.item[i].why.text, part))
			return f->out.item[i].level;
	fail_msg("nothing was logged with '%s'", part);
	return -1;
}

/* Begin as @role with values that differ from each other and from all defaults. */
static void begin_odd(struct fixture *f, enum kpptp_call_role role)
{
	struct kpptp_call_params *params = &f->call.params;

	begin(f, role);
	params->recv_window_size = 11;
	params->processing_delay = 12;
	params->minimum_bps = 1300;
	params->maximum_bps = 1400000;
	params->connect_speed = 15000;
	params->bearer_type = 1;
	params->framing_type = 2;
	params->physical_channel_id = 0x12345678;
	params->call_serial_number = 19;
}

static void every_field_of_an_outgoing_call_request(void **state)
{
	struct kpptp_ocrq expected = {
		.call_id = OURS,
		.call_serial_number = 19,
		.minimum_bps = 1300,
		.maximum_bps = 1400000,
		.bearer_type = 1,
		.framing_type = 2,
		.packet_recv_window_size = 11,
		.packet_processing_delay = 12,
		.phone_number_length = 7,
		.phone_number = "5551234",
		.subaddress = "s",
	};
	struct fixture f;

	(void)state;
	begin_odd(&f, KPPTP_CALL_PNS_OUT);
	STEP(&f, .type = KPPTP_CALL_EV_START);
	data_ready(&f);
	assert_memory_equal(&sent(&f, KPPTP_OCRQ)->ocrq, &expected, sizeof(expected));
}

static void every_field_of_an_outgoing_call_reply(void **state)
{
	struct kpptp_ocrp expected = {
		.call_id = OURS,
		.peers_call_id = PEERS,
		.result_code = 1,
		.connect_speed = 15000,
		.packet_recv_window_size = 11,
		.packet_processing_delay = 12,
		.physical_channel_id = 0x12345678,
	};
	struct fixture f;

	(void)state;
	begin_odd(&f, KPPTP_CALL_PAC_OUT);
	receive(&f, message(KPPTP_OCRQ));
	data_ready(&f);
	assert_memory_equal(&sent(&f, KPPTP_OCRP)->ocrp, &expected, sizeof(expected));
	assert_int_equal(f.call.peer.call_id, PEERS);
	assert_int_equal(f.call.peer.delay, 5);
	assert_int_equal(f.call.peer.connect_speed, 15000);
}

static void every_field_of_an_incoming_call(void **state)
{
	struct kpptp_icrq request = {
		.call_id = OURS,
		.call_serial_number = 19,
		.call_bearer_type = 1,
		.physical_channel_id = 0x12345678,
		.dialed_number_length = 7,
		.dialing_number_length = 3,
		.dialed_number = "5551234",
		.dialing_number = "777",
		.subaddress = "s",
	};
	struct kpptp_iccn connected = {
		.peers_call_id = PEERS,
		.connect_speed = 15000,
		.packet_recv_window_size = 11,
		.packet_transmit_delay = 12,
		.framing_type = 2,
	};
	struct fixture f;

	(void)state;
	begin_odd(&f, KPPTP_CALL_PAC_IN);
	STEP(&f, .type = KPPTP_CALL_EV_START);
	data_ready(&f);
	assert_memory_equal(&sent(&f, KPPTP_ICRQ)->icrq, &request, sizeof(request));
	receive(&f, message(KPPTP_ICRP));
	assert_memory_equal(&sent(&f, KPPTP_ICCN)->iccn, &connected, sizeof(connected));
	assert_int_equal(f.call.peer.delay, 5);
	assert_int_equal(f.call.peer.connect_speed, 15000);
}

static void every_field_of_an_incoming_call_reply(void **state)
{
	struct kpptp_icrp expected = {
		.call_id = OURS,
		.peers_call_id = PEERS,
		.result_code = 1,
		.packet_recv_window_size = 11,
		.packet_transmit_delay = 12,
	};
	struct fixture f;

	(void)state;
	begin_odd(&f, KPPTP_CALL_PNS_IN);
	receive(&f, message(KPPTP_ICRQ));
	assert_int_equal(f.call.params.call_serial_number, 99);
	assert_string_equal(f.call.params.phone_number, "123");
	assert_string_equal(f.call.params.subaddress, "sub");
	data_ready(&f);
	assert_memory_equal(&sent(&f, KPPTP_ICRP)->icrp, &expected, sizeof(expected));
	receive(&f, message(KPPTP_ICCN));
	assert_int_equal(f.call.peer.connect_speed, 64000);
}

/* A refusal carries the peer's Call ID and the codes, nothing of a call of ours. */
static void a_refusal_carries_no_more_than_its_codes(void **state)
{
	struct kpptp_ocrp ocrp = { .peers_call_id = PEERS, .result_code = 2, .error_code = 3 };
	struct kpptp_msg msg = message(KPPTP_OCRQ);
	struct fixture f;

	(void)state;
	begin_odd(&f, KPPTP_CALL_PAC_OUT);
	msg.ocrq.framing_type = 9;
	receive(&f, msg);
	assert_memory_equal(&sent(&f, KPPTP_OCRP)->ocrp, &ocrp, sizeof(ocrp));
}

static void a_refused_offer_carries_no_more_than_its_codes(void **state)
{
	struct kpptp_icrp icrp = { .peers_call_id = PEERS, .result_code = 2, .error_code = 3 };
	struct kpptp_msg msg = message(KPPTP_ICRQ);
	struct fixture f;

	(void)state;
	begin_odd(&f, KPPTP_CALL_PNS_IN);
	msg.icrq.call_bearer_type = 9;
	receive(&f, msg);
	assert_memory_equal(&sent(&f, KPPTP_ICRP)->icrp, &icrp, sizeof(icrp));

	/* The ID in use belongs to the other call: do not log it for this one. */
	icrp.error_code = KPPTP_ERR_BAD_CALL_ID;
	reach(&f, KPPTP_CALL_PNS_IN, KPPTP_CALL_ESTABLISHED);
	receive(&f, message(KPPTP_ICRQ));
	assert_memory_equal(&sent(&f, KPPTP_ICRP)->icrp, &icrp, sizeof(icrp));
	assert_int_equal(level_of(&f, "is already in use"), LOG_WARNING);
}

static void bounds_are_accepted(void **state)
{
	struct kpptp_msg msg = message(KPPTP_OCRQ);
	struct fixture f;

	(void)state;
	msg.ocrq.minimum_bps = msg.ocrq.maximum_bps = 9600;
	msg.ocrq.phone_number_length = 64;
	memset(msg.ocrq.phone_number, '7', 64);
	memset(msg.ocrq.subaddress, '8', 64);
	begin(&f, KPPTP_CALL_PAC_OUT);
	receive(&f, msg);
	assert_string_equal(describe(&f), "new wait_cs_ans");
	assert_int_equal(f.call.params.connect_speed, 9600);
	assert_int_equal(strlen(f.call.params.phone_number), 64);
	assert_int_equal(strlen(f.call.params.subaddress), 64);

	msg = message(KPPTP_ICRQ);
	msg.icrq.dialed_number_length = 64;
	msg.icrq.dialing_number_length = 64;
	memset(msg.icrq.dialed_number, '7', 64);
	memset(msg.icrq.dialing_number, '8', 64);
	begin(&f, KPPTP_CALL_PNS_IN);
	receive(&f, msg);
	assert_string_equal(describe(&f), "new prepare");
	assert_int_equal(strlen(f.call.params.phone_number), 64);
	assert_int_equal(strlen(f.call.params.dialing_number), 64);
}

/* Before the data plane has given it one, a call has no Call ID, not even 0. */
static void missing_call_id_is_not_0(void **state)
{
	struct kpptp_msg ocrp = { .type = KPPTP_OCRP };
	struct kpptp_msg cdn = { .type = KPPTP_CDN };
	struct kpptp_msg sli = { .type = KPPTP_SLI };
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_PREPARE);
	assert_int_equal(kpptp_call_matches(&f.call, &ocrp), KPPTP_CALL_MATCH_NO);
	assert_int_equal(kpptp_call_matches(&f.call, &cdn), KPPTP_CALL_MATCH_NO);
	assert_int_equal(kpptp_call_matches(&f.call, &sli), KPPTP_CALL_MATCH_NO);
	/* Nor has the peer before it said so. */
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	assert_int_equal(kpptp_call_matches(&f.call, &cdn), KPPTP_CALL_MATCH_NO);
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	assert_int_equal(kpptp_call_matches(&f.call, &cdn), KPPTP_CALL_MATCH_NO);
}

static void every_message_names_its_call(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.peers_call_id, PEERS);
	STEP(&f, .type = KPPTP_CALL_EV_LINK_INFO, .send_accm = 1, .receive_accm = 2);
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.send_accm, 1);
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.receive_accm, 2);
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.peers_call_id, PEERS);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR);
	assert_int_equal(sent(&f, KPPTP_CCRQ)->ccrq.call_id, OURS);

	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR, .result = 2, .stats = "some");
	assert_int_equal(sent(&f, KPPTP_CDN)->cdn.call_id, OURS);
	assert_int_equal(sent(&f, KPPTP_CDN)->cdn.result_code, 2);
	assert_string_equal(sent(&f, KPPTP_CDN)->cdn.call_statistics, "some");
}

static void every_counter_of_wan_errors(void **state)
{
	const struct kpptp_call_wan_errors errors = { 1, 2, 3, 4, 5, 6 };
	struct kpptp_wen expected = {
		.peers_call_id = PEERS,
		.crc_errors = 1,
		.framing_errors = 2,
		.hardware_overruns = 3,
		.buffer_overruns = 4,
		.time_out_errors = 5,
		.alignment_errors = 6,
	};
	struct kpptp_msg wen = { .type = KPPTP_WEN, .wen = expected };
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_WAN_ERRORS, .wan_errors = errors);
	assert_memory_equal(&sent(&f, KPPTP_WEN)->wen, &expected, sizeof(expected));

	wen.wen.peers_call_id = OURS;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	receive(&f, wen);
	assert_memory_equal(&f.call.wan_heard, &errors, sizeof(errors));
	assert_int_equal(level_of(&f, "crc 1, framing 2, hardware overruns 3"), LOG_INFO);
	assert_int_equal(level_of(&f, "buffer overruns 4, time-outs 5"), LOG_INFO);
	assert_int_equal(level_of(&f, "alignment 6"), LOG_INFO);
	receive(&f, wen);
	assert_int_equal(f.out.count, 0);
}

/* The RFC allows one a minute: log more frequent ones at debug level. */
static void early_wan_errors_are_debug_only(void **state)
{
	struct kpptp_msg wen = message(KPPTP_WEN);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	wen.wen.crc_errors = 1;
	receive(&f, wen);
	assert_int_equal(level_of(&f, "crc 1"), LOG_INFO);
	f.now += 59999;
	wen.wen.crc_errors = 2;
	receive(&f, wen);
	assert_int_equal(level_of(&f, "crc 2"), LOG_DEBUG);
	/* An early one does not delay the next. */
	f.now++;
	wen.wen.crc_errors = 3;
	receive(&f, wen);
	assert_int_equal(level_of(&f, "crc 3"), LOG_INFO);
}

static void log_levels_of_ends(void **state)
{
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	receive(&f, message(KPPTP_CDN));
	assert_int_equal(level_of(&f, "disconnected by the peer"), LOG_INFO);

	/* Why we have cleared it has been said. */
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_DISCONNECT);
	assert_int_equal(level_of(&f, "clearing the call"), LOG_INFO);
	receive(&f, message(KPPTP_CDN));
	assert_int_equal(level_of(&f, "disconnected by the peer"), LOG_DEBUG);

	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	receive(&f, message(KPPTP_CCRQ));
	assert_int_equal(level_of(&f, "cleared by the peer"), LOG_INFO);

	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_WAIT_CS_ANS);
	STEP(&f, .type = KPPTP_CALL_EV_DATA_FAILED, .text = "no memory");
	assert_int_equal(level_of(&f, "no memory"), LOG_ERR);

	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_CONN_DOWN);
	assert_int_equal(level_of(&f, "control connection lost"), LOG_INFO);

	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	RECEIVE(&f, .type = KPPTP_OCRP, .ocrp = { .peers_call_id = OURS, .result_code = 4 });
	assert_int_equal(level_of(&f, "refused by the peer"), LOG_WARNING);
}

/* Warn once, then log at debug level. */
static void repeats_are_logged_once(void **state)
{
	struct kpptp_msg sli = message(KPPTP_SLI);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	receive(&f, message(KPPTP_OCRP));
	assert_int_equal(level_of(&f, "ignoring"), LOG_WARNING);
	receive(&f, message(KPPTP_OCRP));
	assert_int_equal(level_of(&f, "ignoring"), LOG_DEBUG);

	sli.sli.send_accm = 1;
	receive(&f, sli);
	assert_int_equal(level_of(&f, "send ACCM 0x00000001"), LOG_INFO);
	sli.sli.receive_accm = 2;
	receive(&f, sli);
	assert_int_equal(level_of(&f, "receive ACCM 0x00000002"), LOG_DEBUG);
	receive(&f, sli);
	assert_int_equal(f.out.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_an_outgoing_call_request),
		cmocka_unit_test(every_field_of_an_outgoing_call_reply),
		cmocka_unit_test(every_field_of_an_incoming_call),
		cmocka_unit_test(every_field_of_an_incoming_call_reply),
		cmocka_unit_test(a_refusal_carries_no_more_than_its_codes),
		cmocka_unit_test(a_refused_offer_carries_no_more_than_its_codes),
		cmocka_unit_test(bounds_are_accepted),
		cmocka_unit_test(missing_call_id_is_not_0),
		cmocka_unit_test(every_message_names_its_call),
		cmocka_unit_test(every_counter_of_wan_errors),
		cmocka_unit_test(early_wan_errors_are_debug_only),
		cmocka_unit_test(log_levels_of_ends),
		cmocka_unit_test(repeats_are_logged_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
