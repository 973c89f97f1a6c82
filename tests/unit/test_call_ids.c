// SPDX-License-Identifier: GPL-2.0-or-later
/* Call IDs: whose ID a message carries, and how it is matched to a call. */
#include "call_steps.h"

static void fact_01_whose_call_id(void **state)
{
	struct fixture f;

	(void)state;
	/* The PNS clears by its own ID and sets the link by the PAC's */
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_ESTABLISHED);
	assert_int_equal(sent(&f, KPPTP_SLI)->sli.peers_call_id, PEERS);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR);
	assert_int_equal(sent(&f, KPPTP_CCRQ)->ccrq.call_id, OURS);
	/* The PAC disconnects by its own and notifies by the PNS's */
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	STEP(&f, .type = KPPTP_CALL_EV_WAN_ERRORS, .wan_errors = { .crc_errors = 1 });
	assert_int_equal(sent(&f, KPPTP_WEN)->wen.peers_call_id, PEERS);
	STEP(&f, .type = KPPTP_CALL_EV_CLEAR);
	assert_int_equal(sent(&f, KPPTP_CDN)->cdn.call_id, OURS);
}

/* How each role and state treats a message with our ID or the peer's */
static void fact_01_matching_a_message_to_its_call(void **state)
{
	enum { NO, GUESS, SWAPPED, EXACT };
	static const struct {
		enum kpptp_call_role role;
		enum kpptp_call_state in;
		enum kpptp_msg_type type;
		unsigned int ours, peers, other;
	} cases[] = {
#define C(role, in, type, ...) { KPPTP_CALL_##role, KPPTP_CALL_##in, KPPTP_##type, __VA_ARGS__ }
		C(PNS_OUT, WAIT_REPLY, OCRP, EXACT, NO, NO),
		C(PNS_OUT, WAIT_REPLY, CDN, SWAPPED, NO, NO),
		C(PNS_OUT, ESTABLISHED, OCRP, EXACT, NO, NO),
		C(PNS_OUT, ESTABLISHED, CDN, SWAPPED, EXACT, NO),
		C(PNS_OUT, ESTABLISHED, WEN, EXACT, SWAPPED, NO),
		C(PNS_OUT, ESTABLISHED, SLI, EXACT, SWAPPED, NO),
		C(PNS_OUT, ESTABLISHED, CCRQ, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, OCRQ, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, ICRP, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, ICCN, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, ECHORQ, NO, NO, NO),
		C(PNS_OUT, WAIT_DISCONNECT, CDN, SWAPPED, GUESS, GUESS),
		C(PNS_OUT, IDLE, CDN, NO, NO, NO),
		C(PNS_OUT, PREPARE, OCRP, NO, NO, NO),
		C(PNS_OUT, PREPARE, CDN, NO, NO, NO),
		C(PNS_OUT, PREPARE, WEN, NO, NO, NO),
		C(PNS_OUT, PREPARE, SLI, NO, NO, NO),
		C(PNS_OUT, ESTABLISHED, ICRQ, NO, NO, NO),
		C(PNS_IN, ESTABLISHED, OCRQ, NO, NO, NO),
		C(PNS_IN, ESTABLISHED, OCRP, NO, NO, NO),
		C(PNS_IN, ESTABLISHED, WEN, EXACT, SWAPPED, NO),
		C(PAC_IN, ESTABLISHED, OCRQ, NO, NO, NO),
		C(PAC_IN, ESTABLISHED, ICCN, NO, NO, NO),
		C(PAC_IN, PREPARE, ICRP, NO, NO, NO),
		C(PAC_OUT, ESTABLISHED, ICRP, NO, NO, NO),
		C(PNS_OUT, CANCELLED, CDN, NO, NO, NO),
		C(PAC_OUT, WAIT_CS_ANS, CCRQ, NO, EXACT, NO),
		C(PAC_OUT, ESTABLISHED, CCRQ, SWAPPED, EXACT, NO),
		C(PAC_OUT, ESTABLISHED, OCRQ, NO, EXACT, NO),
		C(PAC_OUT, ESTABLISHED, SLI, EXACT, SWAPPED, NO),
		C(PAC_OUT, ESTABLISHED, CDN, NO, NO, NO),
		C(PAC_OUT, ESTABLISHED, WEN, NO, NO, NO),
		C(PAC_OUT, CANCELLED, OCRQ, NO, NO, NO),
		C(PAC_IN, WAIT_REPLY, ICRP, EXACT, NO, NO),
		C(PAC_IN, WAIT_REPLY, CCRQ, SWAPPED, NO, NO),
		C(PAC_IN, ESTABLISHED, CCRQ, SWAPPED, EXACT, NO),
		C(PAC_IN, ESTABLISHED, ICRQ, NO, NO, NO),
		C(PNS_IN, PREPARE, CDN, NO, EXACT, NO),
		C(PNS_IN, WAIT_CONNECT, ICCN, EXACT, NO, NO),
		C(PNS_IN, WAIT_CONNECT, ICRQ, NO, EXACT, NO),
		C(PNS_IN, WAIT_DISCONNECT, CDN, SWAPPED, EXACT, NO),
#undef C
	};
	/* 0 is none of the three: neither's ID before it is known */
	static const uint16_t ids[] = { OURS, PEERS, 0x9abc, 0 };
	struct fixture f;
	size_t i, id;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const unsigned int expected[] = { cases[i].ours, cases[i].peers, cases[i].other,
						  cases[i].other };

		reach(&f, cases[i].role, cases[i].in);
		for (id = 0; id < ARRAY_SIZE(ids); id++) {
			struct kpptp_msg msg = message(cases[i].type);

			if (msg.type == KPPTP_OCRP)
				msg.ocrp.peers_call_id = ids[id];
			else if (msg.type == KPPTP_ICRP)
				msg.icrp.peers_call_id = ids[id];
			else
				/* First field of all the others */
				memcpy(&msg.ccrq, &ids[id], sizeof(ids[id]));
			if (kpptp_call_matches(&f.call, &msg) != expected[id])
				fail_msg("case %zu, id %zu: %d, expected %u", i, id,
					 kpptp_call_matches(&f.call, &msg), expected[id]);
		}
	}
}

static void fact_04_a_peers_call_id_of_0_is_legal(void **state)
{
	struct kpptp_msg msg = message(KPPTP_OCRP);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_REPLY);
	msg.ocrp.call_id = 0;
	receive(&f, msg);
	assert_int_equal(f.call.state, KPPTP_CALL_ESTABLISHED);
	assert_true(find(&f, KPPTP_CALL_ACT_KERNEL_SET)->peer.id_known);
	msg = message(KPPTP_CDN);
	msg.cdn.call_id = 0;
	assert_int_equal(kpptp_call_matches(&f.call, &msg), KPPTP_CALL_MATCH_EXACT);
}

static void a_repeated_call_id_leaves_the_call_alone(void **state)
{
	struct kpptp_msg ocrq = message(KPPTP_OCRQ);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PAC_OUT, KPPTP_CALL_ESTABLISHED);
	assert_int_equal(kpptp_call_matches(&f.call, &ocrq), KPPTP_CALL_MATCH_EXACT);
	receive(&f, ocrq);
	assert_string_equal(describe(&f), "OCRP(2,5) established");
}

static void reply_that_crossed_our_clear_names_the_cdn(void **state)
{
	struct kpptp_msg cdn = message(KPPTP_CDN);
	struct fixture f;

	(void)state;
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_DISCONNECT);
	assert_int_equal(kpptp_call_matches(&f.call, &cdn), KPPTP_CALL_MATCH_GUESS);
	receive(&f, message(KPPTP_OCRP));
	assert_string_equal(describe(&f), "wait_disconnect");
	assert_int_equal(kpptp_call_matches(&f.call, &cdn), KPPTP_CALL_MATCH_EXACT);
	/* A refusal that crossed it: no call, so no CDN will come */
	reach(&f, KPPTP_CALL_PNS_OUT, KPPTP_CALL_WAIT_DISCONNECT);
	RECEIVE(&f, .type = KPPTP_OCRP, .ocrp = { .peers_call_id = OURS, .result_code = 4 });
	assert_string_equal(describe(&f), "del over");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fact_01_whose_call_id),
		cmocka_unit_test(fact_01_matching_a_message_to_its_call),
		cmocka_unit_test(fact_04_a_peers_call_id_of_0_is_legal),
		cmocka_unit_test(a_repeated_call_id_leaves_the_call_alone),
		cmocka_unit_test(reply_that_crossed_our_clear_names_the_cdn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
