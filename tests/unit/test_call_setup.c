// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a call is set up: in which order, and with which values.
 */
#include "call_steps.h"

/* The kernel call exists before anything that lets the peer send */
static void kernel_call_precedes_request_and_reply(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PNS_OUT);
	STEP(&f, .type = KPPTP_CALL_EV_START);
	assert_string_equal(describe(&f), "new prepare");
	assert_false(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.id_known);
	begin(&f, KPPTP_CALL_PAC_OUT);
	receive(&f, message(KPPTP_OCRQ));
	assert_string_equal(describe(&f), "new wait_cs_ans");
	assert_true(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.id_known);
	assert_true(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.window_known);
	begin(&f, KPPTP_CALL_PNS_IN);
	receive(&f, message(KPPTP_ICRQ));
	assert_string_equal(describe(&f), "new prepare");
	assert_true(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.id_known);
	assert_false(find(&f, KPPTP_CALL_ACT_KERNEL_NEW)->peer.window_known);
}

static void outgoing_call_carries_the_parameters(void **state)
{
	const struct kpptp_ocrq *ocrq;
	const struct kpptp_call_peer *peer;
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	ocrq = &sent(&f, KPPTP_OCRQ)->ocrq;
	assert_int_equal(ocrq->call_id, OURS);
	assert_int_equal(ocrq->call_serial_number, 42);
	assert_int_equal(ocrq->minimum_bps, 300);
	assert_int_equal(ocrq->maximum_bps, 100000000);
	assert_int_equal(ocrq->packet_recv_window_size, 64);
	assert_string_equal(ocrq->phone_number, "5551234");
	assert_int_equal(ocrq->phone_number_length, 7);
	assert_string_equal(ocrq->subaddress, "s");
	receive(&f, message(KPPTP_OCRP));
	peer = &find(&f, KPPTP_CALL_ACT_KERNEL_SET)->peer;
	assert_int_equal(peer->call_id, PEERS);
	assert_int_equal(peer->recv_window_size, 16);
	assert_int_equal(peer->delay, 5);
	assert_int_equal(peer->connect_speed, 64000);
	assert_int_equal(f.call.channel, 7);
}

static void answered_call_carries_the_parameters(void **state)
{
	const struct kpptp_ocrp *ocrp;
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	ocrp = &sent(&f, KPPTP_OCRP)->ocrp;
	assert_int_equal(ocrp->call_id, OURS);
	assert_int_equal(ocrp->peers_call_id, PEERS);
	assert_int_equal(ocrp->packet_recv_window_size, 64);
	assert_int_equal(ocrp->connect_speed, 1000000);
	assert_int_equal(f.call.params.call_serial_number, 99);
	assert_string_equal(f.call.params.phone_number, "123");
	assert_string_equal(f.call.params.subaddress, "sub");
	assert_int_equal(f.call.peer.recv_window_size, 16);
}

static void connect_speed_stays_within_the_request(void **state)
{
	struct kpptp_msg msg = message(KPPTP_OCRQ);
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PAC_OUT);
	f.call.params.connect_speed = 100;
	receive(&f, msg);
	assert_int_equal(f.call.params.connect_speed, 300);
}

/* Every field of what we send comes from the parameters, none from another */
static void each_parameter_goes_into_its_field(void **state)
{
	struct kpptp_call_params params;
	const struct kpptp_ocrp *ocrp;
	const struct kpptp_ocrq *ocrq;
	const struct kpptp_icrq *icrq;
	const struct kpptp_iccn *iccn;
	const struct kpptp_icrp *icrp;
	struct fixture f = { .now = START };

	(void)state;
	for (unsigned int role = 0; role < KPPTP_CALL_ROLES; role++) {
		kpptp_call_params_default(&params, role);
		params.recv_window_size = 11;
		params.processing_delay = 12;
		params.minimum_bps = 13;
		params.maximum_bps = 14;
		params.connect_speed = 15000;
		params.bearer_type = 1;
		params.framing_type = 2;
		params.physical_channel_id = 16;
		params.call_serial_number = 17;
		strcpy(params.phone_number, "18");
		strcpy(params.dialing_number, "190");
		strcpy(params.subaddress, "20");
		kpptp_call_init(&f.call, role, &params);
		if (local(role))
			STEP(&f, .type = KPPTP_CALL_EV_START);
		else
			receive(&f, message(role == KPPTP_CALL_PAC_OUT ? KPPTP_OCRQ : KPPTP_ICRQ));
		data_ready(&f);
		switch (role) {
		case KPPTP_CALL_PNS_OUT:
			ocrq = &sent(&f, KPPTP_OCRQ)->ocrq;
			assert_int_equal(ocrq->call_id, OURS);
			assert_int_equal(ocrq->call_serial_number, 17);
			assert_int_equal(ocrq->minimum_bps, 13);
			assert_int_equal(ocrq->maximum_bps, 14);
			assert_int_equal(ocrq->bearer_type, 1);
			assert_int_equal(ocrq->framing_type, 2);
			assert_int_equal(ocrq->packet_recv_window_size, 11);
			assert_int_equal(ocrq->packet_processing_delay, 12);
			assert_int_equal(ocrq->phone_number_length, 2);
			assert_string_equal(ocrq->phone_number, "18");
			assert_string_equal(ocrq->subaddress, "20");
			break;
		case KPPTP_CALL_PAC_OUT:
			ocrp = &sent(&f, KPPTP_OCRP)->ocrp;
			assert_int_equal(ocrp->call_id, OURS);
			assert_int_equal(ocrp->peers_call_id, PEERS);
			assert_int_equal(ocrp->result_code, KPPTP_RESULT_OK);
			assert_int_equal(ocrp->error_code, KPPTP_ERR_NONE);
			assert_int_equal(ocrp->connect_speed, 15000);
			assert_int_equal(ocrp->packet_recv_window_size, 11);
			assert_int_equal(ocrp->packet_processing_delay, 12);
			assert_int_equal(ocrp->physical_channel_id, 16);
			break;
		case KPPTP_CALL_PAC_IN:
			icrq = &sent(&f, KPPTP_ICRQ)->icrq;
			assert_int_equal(icrq->call_id, OURS);
			assert_int_equal(icrq->call_serial_number, 17);
			assert_int_equal(icrq->call_bearer_type, 1);
			assert_int_equal(icrq->physical_channel_id, 16);
			assert_int_equal(icrq->dialed_number_length, 2);
			assert_int_equal(icrq->dialing_number_length, 3);
			assert_string_equal(icrq->dialed_number, "18");
			assert_string_equal(icrq->dialing_number, "190");
			assert_string_equal(icrq->subaddress, "20");
			receive(&f, message(KPPTP_ICRP));
			iccn = &sent(&f, KPPTP_ICCN)->iccn;
			assert_int_equal(iccn->peers_call_id, PEERS);
			assert_int_equal(iccn->connect_speed, 15000);
			assert_int_equal(iccn->packet_recv_window_size, 11);
			assert_int_equal(iccn->packet_transmit_delay, 12);
			assert_int_equal(iccn->framing_type, 2);
			assert_int_equal(f.call.peer.connect_speed, 15000);
			assert_int_equal(f.call.peer.delay, 5);
			break;
		default:
			icrp = &sent(&f, KPPTP_ICRP)->icrp;
			assert_int_equal(icrp->call_id, OURS);
			assert_int_equal(icrp->peers_call_id, PEERS);
			assert_int_equal(icrp->result_code, KPPTP_RESULT_OK);
			assert_int_equal(icrp->error_code, KPPTP_ERR_NONE);
			assert_int_equal(icrp->packet_recv_window_size, 11);
			assert_int_equal(icrp->packet_transmit_delay, 12);
			assert_int_equal(f.call.params.call_serial_number, 99);
			assert_string_equal(f.call.params.phone_number, "123");
			assert_string_equal(f.call.params.subaddress, "sub");
			receive(&f, message(KPPTP_ICCN));
			assert_int_equal(f.call.peer.connect_speed, 64000);
			break;
		}
	}
}

/* A refused call is logged, too. */
static void incoming_call_logs_the_caller(void **state)
{
	struct kpptp_msg msg = message(KPPTP_ICRQ);
	struct fixture f;

	(void)state;
	begin(&f, KPPTP_CALL_PNS_IN);
	strcpy(msg.icrq.dialing_number, "45\n6");
	receive(&f, msg);
	assert_true(logged(&f, "incoming call from \"45?6\" to \"123\""));
	/* A repeated Call ID is not. */
	receive(&f, msg);
	assert_false(logged(&f, "incoming call"));
	begin(&f, KPPTP_CALL_PNS_IN);
	STEP(&f, .type = KPPTP_CALL_EV_MSG, .msg = &msg, .refuse_result = KPPTP_ICRP_DO_NOT_ACCEPT);
	assert_true(logged(&f, "incoming call from \"45?6\" to \"123\""));
}

static void incoming_call_three_way_handshake(void **state)
{
	const struct kpptp_icrq *icrq;
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_IN, KPPTP_CALL_WAIT_REPLY);
	icrq = &sent(&f, KPPTP_ICRQ)->icrq;
	assert_int_equal(icrq->call_id, OURS);
	assert_int_equal(icrq->call_serial_number, 42);
	assert_int_equal(icrq->call_bearer_type, KPPTP_BEARER_DIGITAL);
	assert_string_equal(icrq->dialed_number, "5551234");
	assert_int_equal(icrq->dialed_number_length, 7);
	assert_string_equal(icrq->dialing_number, "777");
	assert_int_equal(icrq->dialing_number_length, 3);
	receive(&f, message(KPPTP_ICRP));
	assert_string_equal(describe(&f), "set ICCN up established");
	assert_int_equal(sent(&f, KPPTP_ICCN)->iccn.peers_call_id, PEERS);
	assert_int_equal(sent(&f, KPPTP_ICCN)->iccn.framing_type, KPPTP_FRAMING_SYNC);
	assert_int_equal(sent(&f, KPPTP_ICCN)->iccn.packet_recv_window_size, 64);

	reach(&f, KPPTP_CALL_PNS_IN, KPPTP_CALL_WAIT_CONNECT);
	assert_int_equal(sent(&f, KPPTP_ICRP)->icrp.call_id, OURS);
	assert_int_equal(sent(&f, KPPTP_ICRP)->icrp.peers_call_id, PEERS);
	assert_string_equal(f.call.params.dialing_number, "456");
	receive(&f, message(KPPTP_ICCN));
	assert_int_equal(find(&f, KPPTP_CALL_ACT_KERNEL_SET)->peer.recv_window_size, 16);
	assert_int_equal(f.call.peer.delay, 5);
}

static void fact_08_a_window_of_0_means_1(void **state)
{
	struct kpptp_msg msg = message(KPPTP_OCRP);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	msg.ocrp.packet_recv_window_size = 0;
	receive(&f, msg);
	assert_int_equal(f.call.peer.recv_window_size, 1);
	assert_true(logged(&f, "receive window of 0"));
}

static void values_out_of_range_are_refused(void **state)
{
	struct kpptp_msg msg;
	struct fixture f;
	unsigned int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		msg = message(KPPTP_OCRQ);
		if (i == 0)
			msg.ocrq.bearer_type = 0;
		else if (i == 1)
			msg.ocrq.bearer_type = 4;
		else if (i == 2)
			msg.ocrq.framing_type = 0;
		else if (i == 3)
			msg.ocrq.framing_type = 4;
		else if (i == 4)
			msg.ocrq.minimum_bps = msg.ocrq.maximum_bps + 1;
		else
			msg.ocrq.phone_number_length = 65;
		begin(&f, KPPTP_CALL_PAC_OUT);
		receive(&f, msg);
		assert_string_equal(describe(&f), "OCRP(2,3) over");
		assert_int_equal(sent(&f, KPPTP_OCRP)->ocrp.peers_call_id, PEERS);
		assert_int_equal(sent(&f, KPPTP_OCRP)->ocrp.call_id, 0);
	}
}

/* The last value that is accepted, and the first that is not */
static void values_at_the_bounds_are_accepted(void **state)
{
	struct kpptp_msg msg = message(KPPTP_OCRQ);
	struct fixture f;

	(void)state;
	msg.ocrq.minimum_bps = msg.ocrq.maximum_bps;
	msg.ocrq.phone_number_length = KPPTP_NAME_LEN;
	begin(&f, KPPTP_CALL_PAC_OUT);
	receive(&f, msg);
	assert_string_equal(describe(&f), "new wait_cs_ans");
	assert_int_equal(f.call.params.connect_speed, msg.ocrq.maximum_bps);
	assert_int_equal(f.call.peer.connect_speed, msg.ocrq.maximum_bps);
	assert_int_equal(f.call.peer.delay, 5);

	msg = message(KPPTP_ICRQ);
	msg.icrq.dialed_number_length = KPPTP_NAME_LEN;
	msg.icrq.dialing_number_length = KPPTP_NAME_LEN;
	begin(&f, KPPTP_CALL_PNS_IN);
	receive(&f, msg);
	assert_string_equal(describe(&f), "new prepare");
}

static void fact_16_types_of_an_outgoing_call_are_1_2_or_3(void **state)
{
	struct kpptp_msg msg;
	struct fixture f;
	uint32_t bearer, framing;
	bool good;

	(void)state;
	for (bearer = 0; bearer <= 4; bearer++)
		for (framing = 0; framing <= 4; framing++) {
			good = bearer >= 1 && bearer <= 3 && framing >= 1 && framing <= 3;
			msg = message(KPPTP_OCRQ);
			msg.ocrq.bearer_type = bearer;
			msg.ocrq.framing_type = framing;
			begin(&f, KPPTP_CALL_PAC_OUT);
			receive(&f, msg);
			assert_string_equal(describe(&f),
					    good ? "new wait_cs_ans" : "OCRP(2,3) over");
		}
}

static void fact_16_bearer_of_an_incoming_call_is_1_or_2(void **state)
{
	struct kpptp_msg msg;
	struct fixture f;
	unsigned int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		msg = message(KPPTP_ICRQ);
		msg.icrq.call_bearer_type = i < 4 ? i : 1;
		if (i == 4)
			msg.icrq.dialed_number_length = 65;
		if (i == 5)
			msg.icrq.dialing_number_length = 65;
		begin(&f, KPPTP_CALL_PNS_IN);
		receive(&f, msg);
		if (i == 1 || i == 2)
			assert_string_equal(describe(&f), "new prepare");
		else
			assert_string_equal(describe(&f), "ICRP(2,3) over");
	}
}

static void fact_16_our_own_types_are_what_each_message_may_have(void **state)
{
	const struct kpptp_ocrq *ocrq;
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	ocrq = &sent(&f, KPPTP_OCRQ)->ocrq;
	assert_in_range(ocrq->bearer_type, 1, 3);
	assert_in_range(ocrq->framing_type, 1, 3);
	reach(&f, KPPTP_CALL_PAC_IN, KPPTP_CALL_WAIT_REPLY);
	assert_in_range(sent(&f, KPPTP_ICRQ)->icrq.call_bearer_type, 1, 2);
	receive(&f, message(KPPTP_ICRP));
	assert_in_range(sent(&f, KPPTP_ICCN)->iccn.framing_type, 1, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_call_precedes_request_and_reply),
		cmocka_unit_test(outgoing_call_carries_the_parameters),
		cmocka_unit_test(answered_call_carries_the_parameters),
		cmocka_unit_test(connect_speed_stays_within_the_request),
		cmocka_unit_test(incoming_call_three_way_handshake),
		cmocka_unit_test(incoming_call_logs_the_caller),
		cmocka_unit_test(each_parameter_goes_into_its_field),
		cmocka_unit_test(fact_08_a_window_of_0_means_1),
		cmocka_unit_test(values_out_of_range_are_refused),
		cmocka_unit_test(values_at_the_bounds_are_accepted),
		cmocka_unit_test(fact_16_types_of_an_outgoing_call_are_1_2_or_3),
		cmocka_unit_test(fact_16_bearer_of_an_incoming_call_is_1_or_2),
		cmocka_unit_test(fact_16_our_own_types_are_what_each_message_may_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
