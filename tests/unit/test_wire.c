// SPDX-License-Identifier: GPL-2.0-or-later
/* clang-format off */
/*
 * The codec against messages written down octet by octet from RFC 2637 §2.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Length, PPTP Message Type, Magic Cookie, Control Message Type, Reserved0 */
#define HEADER(length, type) \
	0x00, length, 0x00, 0x01, 0x1a, 0x2b, 0x3c, 0x4d, 0x00, type, 0x00, 0x00

static const uint8_t sccrq[] = {
	HEADER(156, 1),
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
	0x00, 0x00, 0x00, 0x02, 0x12, 0x34, 0x56, 0x78,
	[28] = 'h', 'o', 's', 't',
	[92] = 'v', 'e', 'n', 'd', 'o', 'r',
	[155] = 0,
};

static const uint8_t sccrp[] = {
	HEADER(156, 2),
	0x01, 0x00, 0x02, 0x04, 0x00, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x03, 0xff, 0xfe, 0x00, 0x09,
	[28] = 'p', 'a', 'c',
	[92] = 'x',
	[155] = 0,
};

static const uint8_t stopccrq[] = { HEADER(16, 3), 0x03, 0x00, 0x00, 0x00 };
static const uint8_t stopccrp[] = { HEADER(16, 4), 0x02, 0x06, 0x00, 0x00 };
static const uint8_t echorq[] = { HEADER(16, 5), 0xde, 0xad, 0xbe, 0xef };

static const uint8_t echorp[] = {
	HEADER(20, 6),
	0x01, 0x02, 0x03, 0x04, 0x01, 0x00, 0x00, 0x00,
};

static const uint8_t ocrq[] = {
	HEADER(168, 7),
	0x11, 0x22, 0x33, 0x44, 0x00, 0x00, 0x01, 0x2c,
	0x05, 0xf5, 0xe1, 0x00, 0x00, 0x00, 0x00, 0x03,
	0x00, 0x00, 0x00, 0x02, 0x00, 0x40, 0x00, 0x05,
	0x00, 0x03, 0x00, 0x00,
	[40] = '1', '2', '3',
	[104] = 's', 'u', 'b',
	[167] = 0,
};

static const uint8_t ocrp[] = {
	HEADER(32, 8),
	0xab, 0xcd, 0x11, 0x22, 0x02, 0x04, 0x00, 0x11,
	0x00, 0x01, 0xc2, 0x00, 0x00, 0x40, 0x00, 0x07,
	0x01, 0x02, 0x03, 0x04,
};

static const uint8_t icrq[] = {
	HEADER(220, 9),
	0x10, 0x20, 0x30, 0x40, 0x00, 0x00, 0x00, 0x02,
	0x0a, 0x0b, 0x0c, 0x0d, 0x00, 0x02, 0x00, 0x03,
	[28] = '9', '9',
	[92] = '8', '8', '8',
	[156] = 'z',
	[219] = 0,
};

static const uint8_t icrp[] = {
	HEADER(24, 10),
	0x01, 0x02, 0x03, 0x04, 0x02, 0x05, 0x00, 0x20,
	0x00, 0x08, 0x00, 0x00,
};

static const uint8_t iccn[] = {
	HEADER(28, 11),
	0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0xfa, 0x00,
	0x00, 0x10, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01,
};

static const uint8_t ccrq[] = { HEADER(16, 12), 0x77, 0x88, 0x00, 0x00 };

static const uint8_t cdn[] = {
	HEADER(148, 13),
	0x99, 0xaa, 0x02, 0x06, 0x00, 0x10, 0x00, 0x00,
	[20] = 's', 't', 'a', 't', 's',
	[147] = 0,
};

static const uint8_t wen[] = {
	HEADER(40, 14),
	0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x03,
	0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x05,
	0x00, 0x00, 0x00, 0x06,
};

static const uint8_t sli[] = {
	HEADER(24, 15),
	0x01, 0x02, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff,
	0x00, 0x0a, 0x00, 0x00,
};

/* @reserved: offsets of the octets the RFC reserves, Reserved0 apart */
static const struct sample {
	const uint8_t *bytes;
	size_t len;
	struct kpptp_msg msg;
	uint8_t reserved[3];
} samples[] = {
	{ sccrq, sizeof(sccrq),
	  { .type = KPPTP_SCCRQ,
	    .sccrq = { .protocol_version = 0x0100, .framing_capabilities = 3,
		       .bearer_capabilities = 2, .maximum_channels = 0x1234,
		       .firmware_revision = 0x5678, .host_name = "host",
		       .vendor_name = "vendor" } }, { 14, 15 } },
	{ sccrp, sizeof(sccrp),
	  { .type = KPPTP_SCCRP,
	    .sccrp = { .protocol_version = 0x0100, .result_code = 2,
		       .error_code = 4, .framing_capabilities = 1,
		       .bearer_capabilities = 3, .maximum_channels = 0xfffe,
		       .firmware_revision = 9, .host_name = "pac",
		       .vendor_name = "x" } }, { 0 } },
	{ stopccrq, sizeof(stopccrq),
	  { .type = KPPTP_STOPCCRQ, .stopccrq = { .reason = 3 } },
	  { 13, 14, 15 } },
	{ stopccrp, sizeof(stopccrp),
	  { .type = KPPTP_STOPCCRP,
	    .stopccrp = { .result_code = 2, .error_code = 6 } }, { 14, 15 } },
	{ echorq, sizeof(echorq),
	  { .type = KPPTP_ECHORQ, .echorq = { .identifier = 0xdeadbeef } },
	  { 0 } },
	{ echorp, sizeof(echorp),
	  { .type = KPPTP_ECHORP,
	    .echorp = { .identifier = 0x01020304, .result_code = 1 } },
	  { 18, 19 } },
	{ ocrq, sizeof(ocrq),
	  { .type = KPPTP_OCRQ,
	    .ocrq = { .call_id = 0x1122, .call_serial_number = 0x3344,
		      .minimum_bps = 300, .maximum_bps = 100000000,
		      .bearer_type = 3, .framing_type = 2,
		      .packet_recv_window_size = 64,
		      .packet_processing_delay = 5, .phone_number_length = 3,
		      .phone_number = "123", .subaddress = "sub" } },
	  { 38, 39 } },
	{ ocrp, sizeof(ocrp),
	  { .type = KPPTP_OCRP,
	    .ocrp = { .call_id = 0xabcd, .peers_call_id = 0x1122,
		      .result_code = 2, .error_code = 4, .cause_code = 17,
		      .connect_speed = 115200, .packet_recv_window_size = 64,
		      .packet_processing_delay = 7,
		      .physical_channel_id = 0x01020304 } }, { 0 } },
	{ icrq, sizeof(icrq),
	  { .type = KPPTP_ICRQ,
	    .icrq = { .call_id = 0x1020, .call_serial_number = 0x3040,
		      .call_bearer_type = 2,
		      .physical_channel_id = 0x0a0b0c0d,
		      .dialed_number_length = 2, .dialing_number_length = 3,
		      .dialed_number = "99", .dialing_number = "888",
		      .subaddress = "z" } }, { 0 } },
	{ icrp, sizeof(icrp),
	  { .type = KPPTP_ICRP,
	    .icrp = { .call_id = 0x0102, .peers_call_id = 0x0304,
		      .result_code = 2, .error_code = 5,
		      .packet_recv_window_size = 32,
		      .packet_transmit_delay = 8 } }, { 22, 23 } },
	{ iccn, sizeof(iccn),
	  { .type = KPPTP_ICCN,
	    .iccn = { .peers_call_id = 0x0102, .connect_speed = 64000,
		      .packet_recv_window_size = 16,
		      .packet_transmit_delay = 3, .framing_type = 1 } },
	  { 14, 15 } },
	{ ccrq, sizeof(ccrq),
	  { .type = KPPTP_CCRQ, .ccrq = { .call_id = 0x7788 } }, { 14, 15 } },
	{ cdn, sizeof(cdn),
	  { .type = KPPTP_CDN,
	    .cdn = { .call_id = 0x99aa, .result_code = 2, .error_code = 6,
		     .cause_code = 16, .call_statistics = "stats" } },
	  { 18, 19 } },
	{ wen, sizeof(wen),
	  { .type = KPPTP_WEN,
	    .wen = { .peers_call_id = 0x0102, .crc_errors = 1,
		     .framing_errors = 2, .hardware_overruns = 3,
		     .buffer_overruns = 4, .time_out_errors = 5,
		     .alignment_errors = 6 } }, { 14, 15 } },
	{ sli, sizeof(sli),
	  { .type = KPPTP_SLI,
	    .sli = { .peers_call_id = 0x0102, .send_accm = 0xffffffff,
		     .receive_accm = 0x000a0000 } }, { 14, 15 } },
};

static enum kpptp_decode decode(const uint8_t *buf, size_t len,
				struct kpptp_msg *msg, struct kpptp_reason *why)
{
	enum kpptp_decode result;
	uint8_t *exact;

	/* A copy without slack, so that the sanitizer sees any overread */
	exact = malloc(len ? len : 1);
	assert_non_null(exact);
	memcpy(exact, buf, len);
	result = kpptp_wire_decode(exact, len, msg, why);
	free(exact);
	return result;
}

static enum kpptp_frame frame(const uint8_t *buf, size_t len,
			      size_t *frame_len, struct kpptp_reason *why)
{
	enum kpptp_frame result;
	uint8_t *exact;

	exact = malloc(len ? len : 1);
	assert_non_null(exact);
	memcpy(exact, buf, len);
	result = kpptp_wire_frame(exact, len, frame_len, why);
	free(exact);
	return result;
}

static void encode_gives_the_octets_of_the_rfc(void **state)
{
	uint8_t buf[KPPTP_MSG_MAX];
	size_t i;

	(void)state;
	assert_int_equal(ARRAY_SIZE(samples), KPPTP_MSG_TYPES);
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		memset(buf, 0xa5, sizeof(buf));
		assert_int_equal(kpptp_wire_encode(&samples[i].msg, buf),
				 samples[i].len);
		assert_memory_equal(buf, samples[i].bytes, samples[i].len);
	}
}

static void decode_gives_the_fields_of_the_rfc(void **state)
{
	struct kpptp_msg msg;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		memset(&msg, 0xa5, sizeof(msg));
		assert_int_equal(decode(samples[i].bytes, samples[i].len, &msg,
					NULL), KPPTP_DECODE_OK);
		assert_memory_equal(&msg, &samples[i].msg, sizeof(msg));
	}
}

static void fact_23_lengths_of_all_messages(void **state)
{
	static const size_t lengths[] = { 0, 156, 156, 16, 16, 16, 20, 168, 32,
					  220, 24, 28, 16, 148, 40, 24, 0 };
	unsigned int type;

	(void)state;
	for (type = 0; type < ARRAY_SIZE(lengths); type++)
		assert_int_equal(kpptp_msg_len(type), lengths[type]);
}

static void truncated_messages_wait_and_never_decode(void **state)
{
	struct kpptp_reason why;
	struct kpptp_msg msg;
	size_t i, len, got;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		for (len = 0; len < samples[i].len; len++) {
			assert_int_equal(frame(samples[i].bytes, len, &got,
					       &why), KPPTP_FRAME_MORE);
			assert_int_equal(decode(samples[i].bytes, len, &msg,
						&why), KPPTP_DECODE_BAD);
			assert_int_equal(msg.type, 0);
			assert_non_null(strstr(why.text, "not one whole"));
		}
		assert_int_equal(frame(samples[i].bytes, len, &got, &why),
				 KPPTP_FRAME_WHOLE);
		assert_int_equal(got, samples[i].len);
	}
}

static void trailing_octets_do_not_decode(void **state)
{
	uint8_t buf[KPPTP_MSG_MAX + 1] = { 0 };
	struct kpptp_msg msg;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		memcpy(buf, samples[i].bytes, samples[i].len);
		assert_int_equal(decode(buf, samples[i].len + 1, &msg, NULL),
				 KPPTP_DECODE_BAD);
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
		assert_int_equal(frame(stream + at, len - at, &got, NULL),
				 KPPTP_FRAME_WHOLE);
		assert_int_equal(decode(stream + at, got, &msg, NULL),
				 KPPTP_DECODE_OK);
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
	lost_with(bad, sizeof(bad),
		  "magic cookie 0x12345678, expected 0x1a2b3c4d");
	/* A request of another protocol is named by its cookie too */
	lost_with((const uint8_t *)"GET / HTTP/1.1", 14,
		  "magic cookie 0x2f204854, expected 0x1a2b3c4d");
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		for (bit = 0; bit < 32; bit++) {
			memcpy(buf, samples[i].bytes, samples[i].len);
			buf[4 + bit / 8] ^= 1 << bit % 8;
			assert_int_equal(frame(buf, 8, &got, NULL),
					 KPPTP_FRAME_LOST);
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
	lost_with((const uint8_t[]){ 0, 11 }, 2,
		  "length 11, expected 12 to 220");
	lost_with((const uint8_t[]){ 0, 221 }, 2,
		  "length 221, expected 12 to 220");
	lost_with((const uint8_t[]){ 0xff, 0xff }, 2,
		  "length 65535, expected 12 to 220");
	for (type = 1; type <= KPPTP_MSG_TYPES; type++) {
		for (length = 0; length < 256; length++) {
			const uint8_t header[] = { HEADER(length, type) };

			memset(buf, 0, sizeof(buf));
			memcpy(buf, header, sizeof(header));
			assert_int_equal(frame(buf, sizeof(buf), &got, NULL),
					 length == kpptp_msg_len(type) ?
					 KPPTP_FRAME_WHOLE : KPPTP_FRAME_LOST);
		}
	}
	lost_with((const uint8_t[]){ HEADER(20, 5) }, 12,
		  "Echo-Request of length 20, expected 16");
}

static void fact_13_management_message_is_lost_sync(void **state)
{
	(void)state;
	lost_with((const uint8_t[]){ 0, 16, 0, 2 }, 4,
		  "PPTP Message Type 2, expected 1");
	lost_with((const uint8_t[]){ 0, 16, 0, 0 }, 4,
		  "PPTP Message Type 0, expected 1");
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
		assert_int_equal(decode(buf, 20, &msg, &why),
				 KPPTP_DECODE_UNKNOWN);
		snprintf(text, sizeof(text),
			 "unknown Control Message Type %u of length 20",
			 types[i]);
		assert_string_equal(why.text, text);
		assert_int_equal(msg.type, 0);
	}
	msg.type = 16;
	assert_int_equal(kpptp_wire_encode(&msg, buf), 0);
	msg.type = 0;
	assert_int_equal(kpptp_wire_encode(&msg, buf), 0);
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
			assert_int_equal(decode(buf, s->len, &msg, NULL),
					 KPPTP_DECODE_OK);
			assert_int_equal(msg.reserved_nonzero, reserved);
			assert_int_equal(kpptp_wire_encode(&msg, again),
					 s->len);
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
	assert_int_equal(decode(buf, sizeof(sccrq), &msg, NULL),
			 KPPTP_DECODE_OK);
	assert_int_equal(strlen(msg.sccrq.host_name), 64);
	assert_int_equal(strlen(msg.sccrq.vendor_name), 64);
	assert_int_equal(msg.sccrq.host_name[63], 'h');

	memcpy(buf, cdn, sizeof(cdn));
	memset(buf + 20, 's', 128);
	assert_int_equal(decode(buf, sizeof(cdn), &msg, NULL),
			 KPPTP_DECODE_OK);
	assert_int_equal(strlen(msg.cdn.call_statistics), 128);

	memset(&longest, 0, sizeof(longest));
	longest.type = KPPTP_ICRQ;
	memset(longest.icrq.subaddress, 'a', sizeof(longest.icrq.subaddress));
	assert_int_equal(kpptp_wire_encode(&longest, buf), 220);
	assert_int_equal(buf[219], 'a');
}

/* xorshift32: the same garbage on every machine */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void garbage_is_survived_and_what_decodes_is_stable(void **state)
{
	uint8_t buf[256], again[KPPTP_MSG_MAX];
	struct kpptp_msg msg, second;
	unsigned int round, decoded = 0;
	uint32_t seed = 0x2637;

	(void)state;
	for (round = 0; round < 20000; round++) {
		size_t i, len = next_random(&seed) % sizeof(buf), got;
		unsigned int type = next_random(&seed) % 18;

		for (i = 0; i < len; i++)
			buf[i] = next_random(&seed);
		if (round % 4 && len >= 12) {
			const uint8_t header[] = {
				HEADER(kpptp_msg_len(type), type)
			};

			memcpy(buf, header, 10);
			if (round % 4 > 1 && kpptp_msg_len(type))
				len = kpptp_msg_len(type);
		}
		frame(buf, len, &got, NULL);
		if (decode(buf, len, &msg, NULL) != KPPTP_DECODE_OK)
			continue;
		decoded++;
		assert_int_equal(kpptp_wire_encode(&msg, again), len);
		assert_int_equal(decode(again, len, &second, NULL),
				 KPPTP_DECODE_OK);
		assert_false(second.reserved_nonzero);
		second.reserved_nonzero = msg.reserved_nonzero;
		assert_memory_equal(&msg, &second, sizeof(msg));
	}
	assert_true(decoded > 1000);
}

static void fact_15_general_errors_have_the_names_of_the_rfc(void **state)
{
	static const char *const names[] = {
		"None", "Not-Connected", "Bad-Format", "Bad-Value",
		"No-Resource", "Bad-Call ID", "PAC-Error", "unknown",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(kpptp_general_error_text(i), names[i]);
	assert_int_equal(KPPTP_ERR_BAD_VALUE, 3);
	assert_int_equal(KPPTP_ERR_PAC_ERROR, 6);
}

static void names_of_messages_results_and_reasons(void **state)
{
	static const struct {
		unsigned int type, code;
		const char *text;
	} results[] = {
		{ KPPTP_SCCRP, 0, "unknown" },
		{ KPPTP_SCCRP, 1, "Successful channel establishment" },
		{ KPPTP_SCCRP, 5, "Protocol version not supported" },
		{ KPPTP_SCCRP, 6, "unknown" },
		{ KPPTP_STOPCCRP, 1, "OK" },
		{ KPPTP_ECHORP, 2, "General Error" },
		{ KPPTP_OCRP, 4, "Busy" },
		{ KPPTP_OCRP, 7, "Do Not Accept" },
		{ KPPTP_OCRP, 8, "unknown" },
		{ KPPTP_ICRP, 3, "Do Not Accept" },
		{ KPPTP_CDN, 1, "Lost Carrier" },
		{ KPPTP_CDN, 4, "Request" },
		{ KPPTP_ECHORQ, 1, "unknown" },
		{ 16, 1, "unknown" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(results); i++)
		assert_string_equal(kpptp_result_text(results[i].type,
						      results[i].code),
				    results[i].text);
	assert_string_equal(kpptp_msg_name(1),
			    "Start-Control-Connection-Request");
	assert_string_equal(kpptp_msg_name(15), "Set-Link-Info");
	assert_string_equal(kpptp_msg_name(0), "unknown message");
	assert_string_equal(kpptp_msg_name(16), "unknown message");
	assert_string_equal(kpptp_stop_reason_text(0), "unknown");
	assert_string_equal(kpptp_stop_reason_text(1), "None");
	assert_string_equal(kpptp_stop_reason_text(2), "Stop-Protocol");
	assert_string_equal(kpptp_stop_reason_text(3), "Stop-Local-Shutdown");
	assert_string_equal(kpptp_stop_reason_text(4), "unknown");
}

static void results_are_described_in_full(void **state)
{
	static const struct {
		size_t sample;
		const char *text;
	} expected[] = {
		{ 1, "result 2 (General Error), error 4 (No-Resource)" },
		{ 3, "result 2 (General Error), error 6 (PAC-Error)" },
		{ 4, "Echo-Request" },
		{ 5, "result 1 (OK)" },
		{ 7, "result 2 (General Error), error 4 (No-Resource), cause 17" },
		{ 9, "result 2 (General Error), error 5 (Bad-Call ID)" },
		{ 12, "result 2 (General Error), error 6 (PAC-Error), cause 16" },
	};
	struct kpptp_reason why;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		kpptp_msg_result_describe(&samples[expected[i].sample].msg,
					  &why);
		assert_string_equal(why.text, expected[i].text);
	}
}

static void reasons_cannot_forge_a_log_line(void **state)
{
	struct kpptp_reason why;
	char longer[400];

	(void)state;
	kpptp_reason_set(&why, "host \"%s\"", "a\nb\033[2J\x7f\xff");
	assert_string_equal(why.text, "host \"a?b?[2J??\"");
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = 0;
	kpptp_reason_set(&why, "%s", longer);
	assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
	kpptp_reason_set(NULL, "%s", longer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encode_gives_the_octets_of_the_rfc),
		cmocka_unit_test(decode_gives_the_fields_of_the_rfc),
		cmocka_unit_test(fact_23_lengths_of_all_messages),
		cmocka_unit_test(truncated_messages_wait_and_never_decode),
		cmocka_unit_test(trailing_octets_do_not_decode),
		cmocka_unit_test(fact_21_many_messages_in_one_read),
		cmocka_unit_test(fact_13_bad_cookie_is_lost_sync),
		cmocka_unit_test(fact_13_no_rescan_for_a_later_cookie),
		cmocka_unit_test(fact_13_bad_length_is_lost_sync),
		cmocka_unit_test(fact_13_management_message_is_lost_sync),
		cmocka_unit_test(unknown_type_is_framed_but_refused),
		cmocka_unit_test(fact_19_reserved_fields_are_flagged_and_never_sent),
		cmocka_unit_test(strings_without_nul_are_terminated),
		cmocka_unit_test(garbage_is_survived_and_what_decodes_is_stable),
		cmocka_unit_test(fact_15_general_errors_have_the_names_of_the_rfc),
		cmocka_unit_test(names_of_messages_results_and_reasons),
		cmocka_unit_test(results_are_described_in_full),
		cmocka_unit_test(reasons_cannot_forge_a_log_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
