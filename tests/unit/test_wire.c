// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The codec of the messages: octets to fields and back.
 */
#include "../fuzz/random.h"
#include "wire_samples.h"

static void encode_matches_the_rfc(void **state)
{
	uint8_t buf[KPPTP_MSG_MAX];
	size_t i;

	(void)state;
	assert_int_equal(ARRAY_SIZE(samples), KPPTP_MSG_TYPES);
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		memset(buf, 0xa5, sizeof(buf));
		assert_int_equal(kpptp_wire_encode(&samples[i].msg, buf), samples[i].len);
		assert_memory_equal(buf, samples[i].bytes, samples[i].len);
	}
}

static void decode_matches_the_rfc(void **state)
{
	struct kpptp_msg msg;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		memset(&msg, 0xa5, sizeof(msg));
		assert_int_equal(decode(samples[i].bytes, samples[i].len, &msg, NULL),
				 KPPTP_DECODE_OK);
		assert_memory_equal(&msg, &samples[i].msg, sizeof(msg));
	}
}

static void fact_23_lengths_of_all_messages(void **state)
{
	static const size_t lengths[] = { 0,   156, 156, 16, 16,  16, 20, 168, 32,
					  220, 24,  28,	 16, 148, 40, 24, 0 };
	unsigned int type;

	(void)state;
	for (type = 0; type < ARRAY_SIZE(lengths); type++)
		assert_int_equal(kpptp_msg_len(type), lengths[type]);
}

static void fact_19_reserved_fields_are_flagged_and_never_sent(void **state)
{
	uint8_t buf[KPPTP_MSG_MAX], again[KPPTP_MSG_MAX];
	size_t i, off, r;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		for (off = 10; off < samples[i].len; off++) {
			const struct sample *s = &samples[i];
			bool reserved = off < 12;
			struct kpptp_msg msg;

			for (r = 0; r < ARRAY_SIZE(s->reserved); r++)
				reserved |= s->reserved[r] == off;
			memcpy(buf, s->bytes, s->len);
			buf[off] ^= 0x40;
			assert_int_equal(decode(buf, s->len, &msg, NULL), KPPTP_DECODE_OK);
			assert_int_equal(msg.reserved_nonzero, reserved);
			assert_int_equal(kpptp_wire_encode(&msg, again), s->len);
			if (reserved)
				assert_memory_equal(again, s->bytes, s->len);
		}
	}
}

static void strings_without_nul_are_terminated(void **state)
{
	struct kpptp_msg msg, longest;
	uint8_t buf[KPPTP_MSG_MAX];

	(void)state;
	memcpy(buf, sccrq, sizeof(sccrq));
	memset(buf + 28, 'h', 64);
	memset(buf + 92, 'v', 64);
	assert_int_equal(decode(buf, sizeof(sccrq), &msg, NULL), KPPTP_DECODE_OK);
	assert_int_equal(strlen(msg.sccrq.host_name), 64);
	assert_int_equal(strlen(msg.sccrq.vendor_name), 64);
	assert_int_equal(msg.sccrq.host_name[63], 'h');

	memcpy(buf, cdn, sizeof(cdn));
	memset(buf + 20, 's', 128);
	assert_int_equal(decode(buf, sizeof(cdn), &msg, NULL), KPPTP_DECODE_OK);
	assert_int_equal(strlen(msg.cdn.call_statistics), 128);

	memset(&longest, 0, sizeof(longest));
	longest.type = KPPTP_ICRQ;
	memset(longest.icrq.subaddress, 'a', sizeof(longest.icrq.subaddress));
	assert_int_equal(kpptp_wire_encode(&longest, buf), 220);
	assert_int_equal(buf[219], 'a');
}

/* It is not the peer's name, and it is not ours to pass on. */
static void text_after_a_nul_is_ignored(void **state)
{
	static const char zeroes[KPPTP_NAME_LEN];
	uint8_t buf[sizeof(sccrq)];
	struct kpptp_msg msg;

	(void)state;
	memcpy(buf, sccrq, sizeof(sccrq));
	memcpy(buf + 28, "host\0hidden", 11);
	assert_int_equal(decode(buf, sizeof(buf), &msg, NULL), KPPTP_DECODE_OK);
	assert_string_equal(msg.sccrq.host_name, "host");
	assert_memory_equal(msg.sccrq.host_name + 4, zeroes, 60);
}

static void random_input_is_safe_and_decoding_is_stable(void **state)
{
	uint8_t buf[256], again[KPPTP_MSG_MAX];
	struct kpptp_msg msg, second;
	unsigned int round, decoded = 0;

	(void)state;
	random_seed(0x2637);
	for (round = 0; round < 20000; round++) {
		size_t len = random_below(sizeof(buf)), got;
		unsigned int type = random_below(18);

		random_fill(buf, sizeof(buf));
		if (round % 4 && len >= 12) {
			const uint8_t header[] = { HEADER(kpptp_msg_len(type), type) };

			memcpy(buf, header, 10);
			if (round % 4 > 1 && kpptp_msg_len(type))
				len = kpptp_msg_len(type);
		}
		frame(buf, len, &got, NULL);
		if (decode(buf, len, &msg, NULL) != KPPTP_DECODE_OK)
			continue;
		decoded++;
		assert_int_equal(kpptp_wire_encode(&msg, again), len);
		assert_int_equal(decode(again, len, &second, NULL), KPPTP_DECODE_OK);
		assert_false(second.reserved_nonzero);
		second.reserved_nonzero = msg.reserved_nonzero;
		assert_memory_equal(&msg, &second, sizeof(msg));
	}
	assert_true(decoded > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encode_matches_the_rfc),
		cmocka_unit_test(decode_matches_the_rfc),
		cmocka_unit_test(fact_23_lengths_of_all_messages),
		cmocka_unit_test(fact_19_reserved_fields_are_flagged_and_never_sent),
		cmocka_unit_test(strings_without_nul_are_terminated),
		cmocka_unit_test(text_after_a_nul_is_ignored),
		cmocka_unit_test(random_input_is_safe_and_decoding_is_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
