// SPDX-License-Identifier: GPL-2.0-or-later
/* How a control connection is opened: identification, version, refusal, collision. */
#include "ctrl_steps.h"

static void request_and_reply_identify_us(void **state)
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
		assert_int_equal(sent(&f)->stopccrq.reason, KPPTP_STOP_PROTOCOL);
		assert_int_equal(kpptp_ctrl_deadline(&f.c), START + 60000);
	}
}

/* A newer revision of the version is understood, a newer version is not */
static void fact_12_originator_takes_a_newer_revision(void **state)
{
	struct fixture f;

	(void)state;
	originator_wait(&f);
	receive_sccrp(&f, 0x0101, KPPTP_RESULT_OK);
	assert_string_equal(describe(&f), "up estab");
	assert_int_equal(f.c.version, 0x0100);
	originator_wait(&f);
	receive_sccrp(&f, 0x01ff, KPPTP_RESULT_OK);
	assert_string_equal(describe(&f), "up estab");
}

static const struct kpptp_ctrl_info ourselves = {
	.protocol_version = KPPTP_VERSION,
	.framing_capabilities = 0x11,
	.bearer_capabilities = 0x22,
	.maximum_channels = 0x33,
	.firmware_revision = 0x44,
	.host_name = "our host",
	.vendor_name = "our vendor",
};

static void begin_as(struct fixture *f, enum kpptp_ctrl_role role)
{
	struct kpptp_ctrl_config config;

	kpptp_ctrl_config_default(&config);
	config.pac = true;
	config.local = ourselves;
	kpptp_ctrl_init(&f->c, role, &config);
	f->now = START;
	STEP(f, .type = KPPTP_CTRL_EV_OPENED);
}

#define ASSERT_SAYS(msg, info)                                                                     \
	do {                                                                                       \
		assert_int_equal((msg)->protocol_version, (info)->protocol_version);               \
		assert_int_equal((msg)->framing_capabilities, (info)->framing_capabilities);       \
		assert_int_equal((msg)->bearer_capabilities, (info)->bearer_capabilities);         \
		assert_int_equal((msg)->maximum_channels, (info)->maximum_channels);               \
		assert_int_equal((msg)->firmware_revision, (info)->firmware_revision);             \
		assert_string_equal((msg)->host_name, (info)->host_name);                          \
		assert_string_equal((msg)->vendor_name, (info)->vendor_name);                      \
	} while (0)

/* Each field of ours goes out, and each of the peer's is kept */
static void each_field_of_the_start_is_carried(void **state)
{
	const struct kpptp_sccrq request = {
		.protocol_version = KPPTP_VERSION,
		.framing_capabilities = 0x55,
		.bearer_capabilities = 0x66,
		.maximum_channels = 0x77,
		.firmware_revision = 0x88,
		.host_name = "its host",
		.vendor_name = "its vendor",
	};
	const struct kpptp_sccrp reply = {
		.protocol_version = KPPTP_VERSION,
		.result_code = KPPTP_RESULT_OK,
		.framing_capabilities = 0x55,
		.bearer_capabilities = 0x66,
		.maximum_channels = 0x77,
		.firmware_revision = 0x88,
		.host_name = "its host",
		.vendor_name = "its vendor",
	};
	struct fixture f;

	(void)state;
	begin_as(&f, KPPTP_CTRL_ORIGINATOR);
	ASSERT_SAYS(&sent(&f)->sccrq, &ourselves);
	RECEIVE(&f, .type = KPPTP_SCCRP, .sccrp = reply);
	ASSERT_SAYS(&f.c.peer, &request);
	assert_true(logged(&f, "control connection is up, version 1.0, host "
			       "\"its host\", vendor \"its vendor\""));

	begin_as(&f, KPPTP_CTRL_RECEIVER);
	RECEIVE(&f, .type = KPPTP_SCCRQ, .sccrq = request);
	ASSERT_SAYS(&sent(&f)->sccrp, &ourselves);
	assert_int_equal(sent(&f)->sccrp.result_code, KPPTP_RESULT_OK);
	ASSERT_SAYS(&f.c.peer, &request);
}

static void fact_19_reply_with_result_0_is_accepted(void **state)
{
	struct fixture f;

	(void)state;
	originator_wait(&f);
	receive_sccrp(&f, KPPTP_VERSION, 0);
	assert_string_equal(describe(&f), "up estab");
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
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ, .sccrq = { .protocol_version = 0x0100 } };
	struct fixture f;

	(void)state;
	receiver_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg,
	     .refuse_result = KPPTP_RESULT_GENERAL_ERROR, .refuse_error = KPPTP_ERR_NO_RESOURCE,
	     .text = "100 already");
	assert_string_equal(describe(&f), "SCCRP flush over");
	assert_int_equal(sent(&f)->sccrp.result_code, 2);
	assert_int_equal(sent(&f)->sccrp.error_code, 4);
	assert_true(logged(&f, "refusing the control connection with result 2 "
			       "(General Error), error 4 (No-Resource): 100 "
			       "already"));
	receiver_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg, .other = KPPTP_CTRL_OTHER_ESTABLISHED);
	assert_string_equal(describe(&f), "SCCRP flush over");
	assert_int_equal(sent(&f)->sccrp.result_code, KPPTP_SCCRP_CHANNEL_EXISTS);
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

static void no_collision_with_ourselves(void **state)
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
	STEP(&f, .type = KPPTP_CTRL_EV_MSG, .msg = &msg, .other = KPPTP_CTRL_OTHER_OPENING,
	     .local_addr = LOW, .peer_addr = HIGH);
	assert_string_equal(describe(&f), "SCCRP flush over");
}

static void collision_peer_was_faster_than_our_tcp(void **state)
{
	struct fixture f;

	(void)state;
	originator_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_OPENED, .other = KPPTP_CTRL_OTHER_ESTABLISHED);
	assert_string_equal(describe(&f), "use-other close over");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_and_reply_identify_us),
		cmocka_unit_test(fact_16_capabilities_are_32_bit_masks),
		cmocka_unit_test(fact_17_a_pns_sends_no_channels),
		cmocka_unit_test(fact_11_sixty_seconds_for_sccrq_and_sccrp),
		cmocka_unit_test(fact_12_older_version_is_refused_with_result_5),
		cmocka_unit_test(fact_12_newer_version_gets_our_version_and_goes_on),
		cmocka_unit_test(fact_12_supported_older_version_is_used),
		cmocka_unit_test(fact_12_originator_stops_on_a_version_it_cannot_take),
		cmocka_unit_test(fact_12_originator_takes_a_newer_revision),
		cmocka_unit_test(each_field_of_the_start_is_carried),
		cmocka_unit_test(fact_19_reply_with_result_0_is_accepted),
		cmocka_unit_test(refused_by_the_peer),
		cmocka_unit_test(refused_by_us),
		cmocka_unit_test(collision_higher_address_wins),
		cmocka_unit_test(no_collision_with_ourselves),
		cmocka_unit_test(collision_a_refused_request_leaves_our_own_open),
		cmocka_unit_test(collision_peer_was_faster_than_our_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
