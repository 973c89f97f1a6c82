/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off */
/*
 * All messages as bytes, from RFC 2637 §2, with their field values; and the codec on an
 * exactly sized copy.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_WIRE_SAMPLES_H
#define KPPTP_TEST_WIRE_SAMPLES_H

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "wire.h"

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

/* @reserved: offsets of the bytes the RFC reserves, Reserved0 apart */
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

/* A copy without slack, so that the sanitizer sees any overread */
static inline uint8_t *exact_copy(const uint8_t *buf, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);

	assert_non_null(exact);
	memcpy(exact, buf, len);
	return exact;
}

static inline enum kpptp_decode decode(const uint8_t *buf, size_t len,
				       struct kpptp_msg *msg,
				       struct kpptp_reason *why)
{
	uint8_t *exact = exact_copy(buf, len);
	enum kpptp_decode result = kpptp_wire_decode(exact, len, msg, why);

	free(exact);
	return result;
}

static inline enum kpptp_frame frame(const uint8_t *buf, size_t len,
				     size_t *frame_len,
				     struct kpptp_reason *why)
{
	uint8_t *exact = exact_copy(buf, len);
	enum kpptp_frame result = kpptp_wire_frame(exact, len, frame_len, why);

	free(exact);
	return result;
}

#endif /* KPPTP_TEST_WIRE_SAMPLES_H */
