// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each field that a control connection sends, the versions it accepts, and the log
 * level of events.
 */
#include "ctrl_steps.h"

static int level_of(const struct fixture *f, const char *part)
{
	unsigned int i;

	for (i = 0; i < f->out.count; i++)
		if (f->out.item[i].type == KPPTP_CTRL_ACT_LOG &&
		    strstr(f->out.item[i].why.text, part))
			return f->out.item[i].level;
	fail_msg("nothing was logged with '%s'", part);
	return -1;
}

/* Begin with values that differ from each other and from all defaults. */
static void begin_odd(struct fixture *f, enum kpptp_ctrl_role role, bool pac)
{
	struct kpptp_ctrl_config config;

	kpptp_ctrl_config_default(&config);
	config.pac = pac;
	config.local.framing_capabilities = 0x11;
	config.local.bearer_capabilities = 0x12;
	config.local.maximum_channels = 0x13;
	config.local.firmware_revision = 0x14;
	strcpy(config.local.host_name, "our host");
	strcpy(config.local.vendor_name, "our vendor");
	kpptp_ctrl_init(&f->c, role, &config);
	f->now = START;
	STEP(f, .type = KPPTP_CTRL_EV_OPENED);
}

static void every_field_of_a_start_request(void **state)
{
	struct kpptp_sccrq expected = {
		.protocol_version = KPPTP_VERSION,
		.framing_capabilities = 0x11,
		.bearer_capabilities = 0x12,
		.maximum_channels = 0x13,
		.firmware_revision = 0x14,
		.host_name = "our host",
		.vendor_name = "our vendor",
	};
	struct fixture f;

	(void)state;
	begin_odd(&f, KPPTP_CTRL_ORIGINATOR, true);
	assert_memory_equal(&sent(&f)->sccrq, &expected, sizeof(expected));
	/* 17: a PNS sends 0 channels */
	begin_odd(&f, KPPTP_CTRL_ORIGINATOR, false);
	expected.maximum_channels = 0;
	assert_memory_equal(&sent(&f)->sccrq, &expected, sizeof(expected));
}

static void every_field_of_a_start_reply(void **state)
{
	struct kpptp_sccrp expected = {
		.protocol_version = KPPTP_VERSION,
		.result_code = 1,
		.framing_capabilities = 0x11,
		.bearer_capabilities = 0x12,
		.maximum_channels = 0x13,
		.firmware_revision = 0x14,
		.host_name = "our host",
		.vendor_name = "our vendor",
	};
	struct fixture f;

	(void)state;
	begin_odd(&f, KPPTP_CTRL_RECEIVER, true);
	receive_sccrq(&f, KPPTP_VERSION);
	assert_memory_equal(&sent(&f)->sccrp, &expected, sizeof(expected));
	begin_odd(&f, KPPTP_CTRL_RECEIVER, false);
	receive_sccrq(&f, KPPTP_VERSION);
	expected.maximum_channels = 0;
	assert_memory_equal(&sent(&f)->sccrp, &expected, sizeof(expected));
}

static void every_field_of_the_peer_is_kept(void **state)
{
	struct kpptp_msg request = { .type = KPPTP_SCCRQ };
	struct kpptp_msg reply = { .type = KPPTP_SCCRP };
	struct fixture f;

	(void)state;
	request.sccrq = (struct kpptp_sccrq){
		.protocol_version = KPPTP_VERSION,
		.framing_capabilities = 1,
		.bearer_capabilities = 2,
		.maximum_channels = 3,
		.firmware_revision = 4,
		.host_name = "its host",
		.vendor_name = "its vendor",
	};
	reply.sccrp = (struct kpptp_sccrp){
		.protocol_version = KPPTP_VERSION,
		.result_code = 1,
		.framing_capabilities = 1,
		.bearer_capabilities = 2,
		.maximum_channels = 3,
		.firmware_revision = 4,
		.host_name = "its host",
		.vendor_name = "its vendor",
	};
	receiver_idle(&f);
	receive(&f, request);
	assert_int_equal(f.c.peer.firmware_revision, 4);
	assert_int_equal(f.c.peer.maximum_channels, 3);
	assert_int_equal(f.c.peer.bearer_capabilities, 2);
	assert_int_equal(f.c.peer.framing_capabilities, 1);
	assert_string_equal(f.c.peer.host_name, "its host");
	assert_string_equal(f.c.peer.vendor_name, "its vendor");
	assert_int_equal(level_of(&f, "version 1.0, host \"its host\", vendor \"its"), LOG_INFO);
	originator_wait(&f);
	receive(&f, reply);
	assert_int_equal(f.c.peer.firmware_revision, 4);
	assert_int_equal(f.c.peer.maximum_channels, 3);
	assert_string_equal(f.c.peer.host_name, "its host");
	assert_string_equal(f.c.peer.vendor_name, "its vendor");
}

/* 3.1.2: revisions of our version are spoken, the higher of them as ours. */
static void versions_that_a_reply_may_have(void **state)
{
	static const struct {
		uint16_t version;
		bool spoken;
	} cases[] = {
		{ 0x0000, false }, { 0x00ff, false }, { 0x0100, true },	 { 0x0101, true },
		{ 0x01ff, true },  { 0x0200, false }, { 0xffff, false },
	};
	struct fixture f;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		originator_wait(&f);
		receive_sccrp(&f, cases[i].version, KPPTP_RESULT_OK);
		if (cases[i].spoken) {
			assert_string_equal(describe(&f), "up estab");
			assert_int_equal(f.c.version, KPPTP_VERSION);
			continue;
		}
		assert_string_equal(describe(&f), "StopRQ down wait_stop");
		assert_int_equal(sent(&f)->stopccrq.reason, KPPTP_STOP_PROTOCOL);
		assert_int_equal(level_of(&f, "the peer replies with version"), LOG_ERR);
	}
}

static void versions_that_a_request_may_have(void **state)
{
	struct fixture f;

	(void)state;
	receiver_idle(&f);
	receive_sccrq(&f, 0x00ff);
	assert_int_equal(sent(&f)->sccrp.result_code, KPPTP_SCCRP_BAD_VERSION);
	assert_int_equal(sent(&f)->sccrp.protocol_version, KPPTP_VERSION);
	assert_int_equal(level_of(&f, "refusing the control connection"), LOG_WARNING);
	receiver_idle(&f);
	receive_sccrq(&f, 0x0200);
	assert_int_equal(sent(&f)->sccrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(sent(&f)->sccrp.protocol_version, KPPTP_VERSION);
	assert_int_equal(f.c.version, KPPTP_VERSION);
}

/* An expected end is not a warning. */
static void log_levels_of_ends(void **state)
{
	struct fixture f;

	(void)state;
	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_CLOSED);
	assert_int_equal(level_of(&f, "lost in state established"), LOG_WARNING);
	receiver_stopping(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_CLOSED);
	assert_int_equal(level_of(&f, "lost in state wait_stop_reply"), LOG_INFO);
	receiver_mute(&f);
	assert_int_equal(level_of(&f, "collision won"), LOG_INFO);
	STEP(&f, .type = KPPTP_CTRL_EV_CLOSED);
	assert_int_equal(level_of(&f, "lost in state idle"), LOG_INFO);
	receiver_idle(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_CLOSED);
	assert_int_equal(level_of(&f, "lost in state idle"), LOG_WARNING);

	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_STOP, .text = "because");
	assert_int_equal(level_of(&f, "stopping the control connection: bec"), LOG_NOTICE);
	RECEIVE(&f, .type = KPPTP_STOPCCRP, .stopccrp.result_code = 1);
	assert_int_equal(level_of(&f, "control connection stopped"), LOG_DEBUG);
	receiver_stopping(&f);
	RECEIVE(&f, .type = KPPTP_STOPCCRP, .stopccrp.result_code = 2);
	assert_int_equal(level_of(&f, "control connection stopped"), LOG_WARNING);

	receiver_established(&f);
	RECEIVE(&f, .type = KPPTP_STOPCCRQ, .stopccrq.reason = 3);
	assert_int_equal(level_of(&f, "stopped by the peer with reason 3"), LOG_INFO);
	receiver_established(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_LOST_SYNC);
	assert_int_equal(level_of(&f, "lost synchronization"), LOG_ERR);
	originator_wait(&f);
	wait_until(&f, kpptp_ctrl_deadline(&f.c));
	assert_int_equal(level_of(&f, "no Start-Control-Connection-Reply"), LOG_WARNING);
	originator_wait(&f);
	STEP(&f, .type = KPPTP_CTRL_EV_STOP);
	assert_int_equal(level_of(&f, "closing the control connection"), LOG_NOTICE);
}

static void log_levels_of_lost_echoes(void **state)
{
	struct fixture f;

	(void)state;
	receiver_established(&f);
	wait_until(&f, kpptp_ctrl_deadline(&f.c));
	assert_int_equal(sent(&f)->echorq.identifier, f.c.echo_id);
	RECEIVE(&f, .type = KPPTP_ECHORP, .echorp.identifier = f.c.echo_id + 1);
	assert_int_equal(level_of(&f, "ignoring an Echo-Reply"), LOG_INFO);
	assert_true(f.c.echo_pending);
	wait_until(&f, kpptp_ctrl_deadline(&f.c));
	assert_int_equal(level_of(&f, "no Echo-Reply"), LOG_ERR);
	assert_string_equal(describe(&f), "down close over");

	receiver_established(&f);
	RECEIVE(&f, .type = KPPTP_ECHORP, .echorp.identifier = f.c.echo_id);
	assert_int_equal(level_of(&f, "ignoring an Echo-Reply"), LOG_INFO);
	RECEIVE(&f, .type = KPPTP_ECHORQ, .echorq.identifier = 0xdeadbeef);
	assert_int_equal(sent(&f)->echorp.identifier, 0xdeadbeef);
	assert_int_equal(sent(&f)->echorp.result_code, KPPTP_RESULT_OK);
}

static void reserved_fields_are_logged_once(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_ECHORQ, .reserved_nonzero = true };
	struct fixture f;

	(void)state;
	receiver_established(&f);
	receive(&f, msg);
	assert_int_equal(level_of(&f, "reserved fields (first in Echo-Req"), LOG_INFO);
	receive(&f, msg);
	assert_false(logged(&f, "reserved"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_a_start_request),
		cmocka_unit_test(every_field_of_a_start_reply),
		cmocka_unit_test(every_field_of_the_peer_is_kept),
		cmocka_unit_test(versions_that_a_reply_may_have),
		cmocka_unit_test(versions_that_a_request_may_have),
		cmocka_unit_test(log_levels_of_ends),
		cmocka_unit_test(log_levels_of_lost_echoes),
		cmocka_unit_test(reserved_fields_are_logged_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
