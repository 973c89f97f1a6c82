// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz the codec with a peer's byte stream. Whatever decodes must encode to bytes that
 * decode to the same, and encode to the same again.
 */
#include "fuzz.h"

#include <string.h>

#include "wire.h"

static void check_printable(const struct kpptp_reason *why)
{
	size_t len = strnlen(why->text, sizeof(why->text));

	must(len > 0 && len < sizeof(why->text));
	for (size_t i = 0; i < len; i++)
		must(why->text[i] >= 0x20 && why->text[i] != 0x7f);
}

static void check_decoded(const struct kpptp_msg *msg, size_t len)
{
	uint8_t first[KPPTP_MSG_MAX], second[KPPTP_MSG_MAX];
	unsigned int result, error;
	struct kpptp_reason why;
	struct kpptp_msg again;

	must(kpptp_msg_len(msg->type) == len);
	must(kpptp_wire_encode(msg, first) == len);
	must(kpptp_wire_decode(first, len, &again, &why) == KPPTP_DECODE_OK);
	must(again.type == msg->type);
	/* Reserved fields are sent as zero, whatever was received. */
	must(!again.reserved_nonzero);
	must(kpptp_wire_encode(&again, second) == len);
	must(!memcmp(first, second, len));
	if (kpptp_msg_result(msg, &result, &error)) {
		kpptp_msg_result_describe(msg, &why);
		check_printable(&why);
	}
}

static void check_frame(const uint8_t *frame, size_t len)
{
	struct kpptp_reason why = { "" };
	struct kpptp_msg msg;

	must(len >= KPPTP_HEADER_LEN && len <= KPPTP_MSG_MAX);
	switch (kpptp_wire_decode(frame, len, &msg, &why)) {
	case KPPTP_DECODE_OK:
		check_decoded(&msg, len);
		break;
	case KPPTP_DECODE_UNKNOWN:
		check_printable(&why);
		break;
	case KPPTP_DECODE_BAD:
		must(!"a frame that does not decode");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kpptp_reason why = { "" };
	struct kpptp_msg msg;
	size_t at = 0, len;

	/* Must be safe on any bytes, even without framing. */
	kpptp_wire_decode(data, size, &msg, &why);
	while (at < size) {
		switch (kpptp_wire_frame(data + at, size - at, &len, &why)) {
		case KPPTP_FRAME_MORE:
			must(size - at < KPPTP_MSG_MAX);
			return 0;
		case KPPTP_FRAME_LOST:
			check_printable(&why);
			return 0;
		case KPPTP_FRAME_WHOLE:
			must(len <= size - at);
			check_frame(data + at, len);
			at += len;
			break;
		}
	}
	return 0;
}
