// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where a message in a stream of octets ends, and when the stream has lost its
 * sync.
 */
#include <stdio.h>

#include "wire_samples.h"

static void truncated_messages_wait_and_never_decode(void **state)
{
	struct kpptp_reason why;
	struct kpptp_msg msg;
	size_t i, len, got;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		for (len = 0; len < samples[i].len; len++) {
			assert_int_equal(frame(samples[i].bytes, len, &got, &why),
					 KPPTP_FRAME_MORE);
			assert_int_equal(decode(samples[i].bytes, len, &msg, &why),
					 KPPTP_DECODE_BAD);
			assert_int_equal(msg.type, 0);
			assert_non_null(strstr(why.text, "not one whole"));
		}
		assert_int_equal(frame(samples[i].bytes, len, &got, &why), KPPTP_FRAME_WHOLE);
		assert_int_equal(got, samples[i].len);
	}
}

static void trailing_bytes_do_not_decode(void **state)
{
	uint8_t buf[KPPTP_MSG_MAX + 1] = { 0 };
	struct kpptp_msg msg;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		memcpy(buf, samples[i].bytes, samples[i].len);
		assert_int_equal(decode(buf, samples[i].len + 1, &msg, NULL), KPPTP_DECODE_BAD);
	}
}

static void fact_21_many_messages_in_one_read(void **state)
{
	uint8_t stream[4096];
	size_t i, len = 0, at = 0, got;
	struct kpptp_msg msg;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		memcpy(stream + len, samples[i].bytes, samples[i].len);
		len += samples[i].len;
	}
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		assert_int_equal(frame(stream + at, len - at, &got, NULL), KPPTP_FRAME_WHOLE);
		assert_int_equal(decode(stream + at, got, &msg, NULL), KPPTP_DECODE_OK);
		assert_memory_equal(&msg, &samples[i].msg, sizeof(msg));
		at += got;
	}
	assert_int_equal(at, len);
	assert_int_equal(frame(stream + at, 0, &got, NULL), KPPTP_FRAME_MORE);
}

static void lost_with(const uint8_t *buf, size_t len, const char *text)
{
	struct kpptp_reason why = { "" };
	struct kpptp_msg msg;
	size_t got;

	assert_int_equal(frame(buf, len, &got, &why), KPPTP_FRAME_LOST);
	assert_string_equal(why.text, text);
	assert_int_equal(decode(buf, len, &msg, NULL), KPPTP_DECODE_BAD);
}

static void fact_13_bad_cookie_is_lost_sync(void **state)
{
	static const uint8_t bad[] = { 0, 16, 0, 1, 0x12, 0x34, 0x56, 0x78 };
	size_t i, bit, got;
	uint8_t buf[220];

	(void)state;
	lost_with(bad, sizeof(bad), "magic cookie 0x12345678, expected 0x1a2b3c4d");
	/* A request of another protocol is named by its cookie too */
	lost_with((const uint8_t *)"GET / HTTP/1.1", 14,
		  "magic cookie 0x2f204854, expected 0x1a2b3c4d");
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		for (bit = 0; bit < 32; bit++) {
			memcpy(buf, samples[i].bytes, samples[i].len);
			buf[4 + bit / 8] ^= 1 << bit % 8;
			assert_int_equal(frame(buf, 8, &got, NULL), KPPTP_FRAME_LOST);
		}
	}
}

static void fact_13_no_rescan_for_a_later_cookie(void **state)
{
	uint8_t buf[1 + sizeof(echorq)] = { 0 };
	size_t got = 4711;

	(void)state;
	memcpy(buf + 1, echorq, sizeof(echorq));
	assert_int_equal(frame(buf, sizeof(buf), &got, NULL), KPPTP_FRAME_LOST);
	assert_int_equal(got, 4711);
}

static void fact_13_bad_length_is_lost_sync(void **state)
{
	unsigned int type, length;
	uint8_t buf[256];
	size_t got;

	(void)state;
	lost_with((const uint8_t[]){ 0, 11 }, 2, "length 11, expected 12 to 220");
	lost_with((const uint8_t[]){ 0, 221 }, 2, "length 221, expected 12 to 220");
	lost_with((const uint8_t[]){ 0xff, 0xff }, 2, "length 65535, expected 12 to 220");
	for (type = 1; type <= KPPTP_MSG_TYPES; type++) {
		for (length = 0; length < 256; length++) {
			const uint8_t header[] = { HEADER(length, type) };

			memset(buf, 0, sizeof(buf));
			memcpy(buf, header, sizeof(header));
			assert_int_equal(frame(buf, sizeof(buf), &got, NULL),
					 length == kpptp_msg_len(type) ? KPPTP_FRAME_WHOLE
								       : KPPTP_FRAME_LOST);
		}
	}
	/* As soon as the type is there. */
	for (size_t len = 10; len <= 12; len++)
		lost_with((const uint8_t[]){ HEADER(20, 5) }, len,
			  "Echo-Request of length 20, expected 16");
}

static void fact_13_management_message_is_lost_sync(void **state)
{
	(void)state;
	lost_with((const uint8_t[]){ 0, 16, 0, 2 }, 4, "PPTP Message Type 2, expected 1");
	lost_with((const uint8_t[]){ 0, 16, 0, 0 }, 4, "PPTP Message Type 0, expected 1");
}

static void unknown_type_is_framed_but_refused(void **state)
{
	static const uint8_t types[] = { 0, 16, 255 };
	uint8_t buf[KPPTP_MSG_MAX] = { HEADER(20, 0) };
	struct kpptp_reason why;
	struct kpptp_msg msg;
	size_t i, got;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		char text[64];

		buf[9] = types[i];
		assert_int_equal(frame(buf, 19, &got, &why), KPPTP_FRAME_MORE);
		assert_int_equal(frame(buf, 20, &got, &why), KPPTP_FRAME_WHOLE);
		assert_int_equal(got, 20);
		assert_int_equal(decode(buf, 20, &msg, &why), KPPTP_DECODE_UNKNOWN);
		snprintf(text, sizeof(text), "unknown Control Message Type %u of length 20",
			 types[i]);
		assert_string_equal(why.text, text);
		assert_int_equal(msg.type, 0);
	}
	/* A header and nothing else. */
	buf[1] = KPPTP_HEADER_LEN;
	assert_int_equal(frame(buf, 11, &got, &why), KPPTP_FRAME_MORE);
	assert_int_equal(frame(buf, 12, &got, &why), KPPTP_FRAME_WHOLE);
	assert_int_equal(got, 12);
	assert_int_equal(decode(buf, 12, &msg, &why), KPPTP_DECODE_UNKNOWN);
	msg.type = 16;
	assert_int_equal(kpptp_wire_encode(&msg, buf), 0);
	msg.type = 0;
	assert_int_equal(kpptp_wire_encode(&msg, buf), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truncated_messages_wait_and_never_decode),
		cmocka_unit_test(trailing_bytes_do_not_decode),
		cmocka_unit_test(fact_21_many_messages_in_one_read),
		cmocka_unit_test(fact_13_bad_cookie_is_lost_sync),
		cmocka_unit_test(fact_13_no_rescan_for_a_later_cookie),
		cmocka_unit_test(fact_13_bad_length_is_lost_sync),
		cmocka_unit_test(fact_13_management_message_is_lost_sync),
		cmocka_unit_test(unknown_type_is_framed_but_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
