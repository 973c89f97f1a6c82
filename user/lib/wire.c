// SPDX-License-Identifier: GPL-2.0-or-later
/* clang-format off */
/*
 * Codec of the control messages. The lists below define the layout of every
 * message once; encode, decode and the lengths are all generated from them.
 */
#include "wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * One list per message, in the order of the octets after the header:
 * F(type, message, octets, field), and R(type, octets, field) if reserved. More
 * than four octets are a string.
 */
#define FIELDS_SCCRQ(F, R) \
	F(SCCRQ, sccrq, 2, protocol_version) \
	R(SCCRQ, 2, reserved1) \
	F(SCCRQ, sccrq, 4, framing_capabilities) \
	F(SCCRQ, sccrq, 4, bearer_capabilities) \
	F(SCCRQ, sccrq, 2, maximum_channels) \
	F(SCCRQ, sccrq, 2, firmware_revision) \
	F(SCCRQ, sccrq, 64, host_name) \
	F(SCCRQ, sccrq, 64, vendor_name)

#define FIELDS_SCCRP(F, R) \
	F(SCCRP, sccrp, 2, protocol_version) \
	F(SCCRP, sccrp, 1, result_code) \
	F(SCCRP, sccrp, 1, error_code) \
	F(SCCRP, sccrp, 4, framing_capabilities) \
	F(SCCRP, sccrp, 4, bearer_capabilities) \
	F(SCCRP, sccrp, 2, maximum_channels) \
	F(SCCRP, sccrp, 2, firmware_revision) \
	F(SCCRP, sccrp, 64, host_name) \
	F(SCCRP, sccrp, 64, vendor_name)

#define FIELDS_STOPCCRQ(F, R) \
	F(STOPCCRQ, stopccrq, 1, reason) \
	R(STOPCCRQ, 1, reserved1) \
	R(STOPCCRQ, 2, reserved2)

#define FIELDS_STOPCCRP(F, R) \
	F(STOPCCRP, stopccrp, 1, result_code) \
	F(STOPCCRP, stopccrp, 1, error_code) \
	R(STOPCCRP, 2, reserved1)

#define FIELDS_ECHORQ(F, R) \
	F(ECHORQ, echorq, 4, identifier)

#define FIELDS_ECHORP(F, R) \
	F(ECHORP, echorp, 4, identifier) \
	F(ECHORP, echorp, 1, result_code) \
	F(ECHORP, echorp, 1, error_code) \
	R(ECHORP, 2, reserved1)

#define FIELDS_OCRQ(F, R) \
	F(OCRQ, ocrq, 2, call_id) \
	F(OCRQ, ocrq, 2, call_serial_number) \
	F(OCRQ, ocrq, 4, minimum_bps) \
	F(OCRQ, ocrq, 4, maximum_bps) \
	F(OCRQ, ocrq, 4, bearer_type) \
	F(OCRQ, ocrq, 4, framing_type) \
	F(OCRQ, ocrq, 2, packet_recv_window_size) \
	F(OCRQ, ocrq, 2, packet_processing_delay) \
	F(OCRQ, ocrq, 2, phone_number_length) \
	R(OCRQ, 2, reserved1) \
	F(OCRQ, ocrq, 64, phone_number) \
	F(OCRQ, ocrq, 64, subaddress)

#define FIELDS_OCRP(F, R) \
	F(OCRP, ocrp, 2, call_id) \
	F(OCRP, ocrp, 2, peers_call_id) \
	F(OCRP, ocrp, 1, result_code) \
	F(OCRP, ocrp, 1, error_code) \
	F(OCRP, ocrp, 2, cause_code) \
	F(OCRP, ocrp, 4, connect_speed) \
	F(OCRP, ocrp, 2, packet_recv_window_size) \
	F(OCRP, ocrp, 2, packet_processing_delay) \
	F(OCRP, ocrp, 4, physical_channel_id)

#define FIELDS_ICRQ(F, R) \
	F(ICRQ, icrq, 2, call_id) \
	F(ICRQ, icrq, 2, call_serial_number) \
	F(ICRQ, icrq, 4, call_bearer_type) \
	F(ICRQ, icrq, 4, physical_channel_id) \
	F(ICRQ, icrq, 2, dialed_number_length) \
	F(ICRQ, icrq, 2, dialing_number_length) \
	F(ICRQ, icrq, 64, dialed_number) \
	F(ICRQ, icrq, 64, dialing_number) \
	F(ICRQ, icrq, 64, subaddress)

#define FIELDS_ICRP(F, R) \
	F(ICRP, icrp, 2, call_id) \
	F(ICRP, icrp, 2, peers_call_id) \
	F(ICRP, icrp, 1, result_code) \
	F(ICRP, icrp, 1, error_code) \
	F(ICRP, icrp, 2, packet_recv_window_size) \
	F(ICRP, icrp, 2, packet_transmit_delay) \
	R(ICRP, 2, reserved1)

#define FIELDS_ICCN(F, R) \
	F(ICCN, iccn, 2, peers_call_id) \
	R(ICCN, 2, reserved1) \
	F(ICCN, iccn, 4, connect_speed) \
	F(ICCN, iccn, 2, packet_recv_window_size) \
	F(ICCN, iccn, 2, packet_transmit_delay) \
	F(ICCN, iccn, 4, framing_type)

#define FIELDS_CCRQ(F, R) \
	F(CCRQ, ccrq, 2, call_id) \
	R(CCRQ, 2, reserved1)

#define FIELDS_CDN(F, R) \
	F(CDN, cdn, 2, call_id) \
	F(CDN, cdn, 1, result_code) \
	F(CDN, cdn, 1, error_code) \
	F(CDN, cdn, 2, cause_code) \
	R(CDN, 2, reserved1) \
	F(CDN, cdn, 128, call_statistics)

#define FIELDS_WEN(F, R) \
	F(WEN, wen, 2, peers_call_id) \
	R(WEN, 2, reserved1) \
	F(WEN, wen, 4, crc_errors) \
	F(WEN, wen, 4, framing_errors) \
	F(WEN, wen, 4, hardware_overruns) \
	F(WEN, wen, 4, buffer_overruns) \
	F(WEN, wen, 4, time_out_errors) \
	F(WEN, wen, 4, alignment_errors)

#define FIELDS_SLI(F, R) \
	F(SLI, sli, 2, peers_call_id) \
	R(SLI, 2, reserved1) \
	F(SLI, sli, 4, send_accm) \
	F(SLI, sli, 4, receive_accm)

/* M(type, length of §2, name of §1.4) */
#define MESSAGES(M) \
	M(SCCRQ, 156, "Start-Control-Connection-Request") \
	M(SCCRP, 156, "Start-Control-Connection-Reply") \
	M(STOPCCRQ, 16, "Stop-Control-Connection-Request") \
	M(STOPCCRP, 16, "Stop-Control-Connection-Reply") \
	M(ECHORQ, 16, "Echo-Request") \
	M(ECHORP, 20, "Echo-Reply") \
	M(OCRQ, 168, "Outgoing-Call-Request") \
	M(OCRP, 32, "Outgoing-Call-Reply") \
	M(ICRQ, 220, "Incoming-Call-Request") \
	M(ICRP, 24, "Incoming-Call-Reply") \
	M(ICCN, 28, "Incoming-Call-Connected") \
	M(CCRQ, 16, "Call-Clear-Request") \
	M(CDN, 148, "Call-Disconnect-Notify") \
	M(WEN, 40, "WAN-Error-Notify") \
	M(SLI, 24, "Set-Link-Info")

/* The octets of each message as a struct, used only for its offsets */
#define WIRE_FIELD(type, msg, octets, field)	uint8_t field[octets];
#define WIRE_RESERVED(type, octets, field)	uint8_t field[octets];
#define WIRE_STRUCT(type, length, name) \
	struct wire_##type { \
		uint8_t header[KPPTP_HEADER_LEN]; \
		FIELDS_##type(WIRE_FIELD, WIRE_RESERVED) \
	}; \
	_Static_assert(sizeof(struct wire_##type) == (length), \
		       name ": length differs from RFC 2637"); \
	_Static_assert((length) <= KPPTP_MSG_MAX, name ": too long");

MESSAGES(WIRE_STRUCT)

/* Our member must be as wide as the field on the wire, a string one wider */
#define CHECK_FIELD(type, msg, octets, field) \
	_Static_assert(sizeof(((struct kpptp_msg *)NULL)->msg.field) == \
		       ((octets) > 4 ? (octets) + 1 : (octets)), \
		       #msg "." #field ": wrong width");
#define CHECK_RESERVED(type, octets, field)
#define CHECK_STRUCT(type, length, name) \
	FIELDS_##type(CHECK_FIELD, CHECK_RESERVED)

MESSAGES(CHECK_STRUCT)

/* Position of a field on the wire and in struct kpptp_msg (0: reserved) */
struct field {
	uint16_t offset;
	uint16_t octets;
	uint16_t member;
};

#define ROW_FIELD(type, msg, octets, field) \
	{ offsetof(struct wire_##type, field), octets, \
	  offsetof(struct kpptp_msg, msg.field) },
#define ROW_RESERVED(type, octets, field) \
	{ offsetof(struct wire_##type, field), octets, 0 },
#define FIELD_TABLE(type, length, name) \
	static const struct field fields_##type[] = { \
		FIELDS_##type(ROW_FIELD, ROW_RESERVED) \
	};

MESSAGES(FIELD_TABLE)

struct layout {
	const char *name;
	uint16_t length;
	uint16_t count;
	const struct field *fields;
};

#define LAYOUT_ROW(type, length, name) \
	[KPPTP_##type] = { name, length, ARRAY_SIZE(fields_##type), \
			   fields_##type },

static const struct layout layouts[KPPTP_MSG_TYPES + 1] = {
	MESSAGES(LAYOUT_ROW)
};

/* NULL if the type is none of the fifteen */
static const struct layout *layout_of(unsigned int type)
{
	if (!type || type > KPPTP_MSG_TYPES)
		return NULL;
	return &layouts[type];
}

void kpptp_reason_set(struct kpptp_reason *why, const char *fmt, ...)
{
	va_list args;

	if (!why)
		return;
	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	kpptp_text_clean(why->text);
}

static uint32_t load(const uint8_t *from, unsigned int octets)
{
	uint32_t value = 0;

	while (octets--)
		value = value << 8 | *from++;
	return value;
}

static void store(uint8_t *to, unsigned int octets, uint32_t value)
{
	while (octets--) {
		to[octets] = (uint8_t)value;
		value >>= 8;
	}
}

enum kpptp_frame kpptp_wire_frame(const uint8_t *buf, size_t len,
				  size_t *frame_len, struct kpptp_reason *why)
{
	const struct layout *layout;
	uint32_t length, value;

	/* The cookie first: it best identifies a stream that never was PPTP */
	if (len >= 8) {
		value = load(buf + 4, 4);
		if (value != KPPTP_MAGIC) {
			kpptp_reason_set(why, "magic cookie 0x%08x, expected 0x%08x",
					 value, KPPTP_MAGIC);
			return KPPTP_FRAME_LOST;
		}
	}
	if (len < 2)
		return KPPTP_FRAME_MORE;
	length = load(buf, 2);
	if (length < KPPTP_HEADER_LEN || length > KPPTP_MSG_MAX) {
		kpptp_reason_set(why, "length %u, expected %u to %u", length,
				 KPPTP_HEADER_LEN, KPPTP_MSG_MAX);
		return KPPTP_FRAME_LOST;
	}
	if (len < 4)
		return KPPTP_FRAME_MORE;
	value = load(buf + 2, 2);
	if (value != KPPTP_CONTROL_MESSAGE) {
		kpptp_reason_set(why, "PPTP Message Type %u, expected %u",
				 value, KPPTP_CONTROL_MESSAGE);
		return KPPTP_FRAME_LOST;
	}
	if (len < 10)
		return KPPTP_FRAME_MORE;
	layout = layout_of(load(buf + 8, 2));
	if (layout && layout->length != length) {
		kpptp_reason_set(why, "%s of length %u, expected %u",
				 layout->name, length, layout->length);
		return KPPTP_FRAME_LOST;
	}
	if (len < length)
		return KPPTP_FRAME_MORE;
	*frame_len = length;
	return KPPTP_FRAME_WHOLE;
}

static void decode_field(const struct field *f, const uint8_t *buf,
			 struct kpptp_msg *msg)
{
	uint8_t *member = (uint8_t *)msg + f->member;
	const uint8_t *from = buf + f->offset;
	uint32_t value;

	if (f->octets > 4) {
		/* The message was cleared, so the byte after it stays zero */
		memcpy(member, from, strnlen((const char *)from, f->octets));
		kpptp_text_clean((char *)member);
		return;
	}
	value = load(from, f->octets);
	if (!f->member)
		msg->reserved_nonzero |= value != 0;
	else if (f->octets == 1)
		*member = (uint8_t)value;
	else if (f->octets == 2)
		*(uint16_t *)(void *)member = (uint16_t)value;
	else
		*(uint32_t *)(void *)member = value;
}

enum kpptp_decode kpptp_wire_decode(const uint8_t *buf, size_t len,
				    struct kpptp_msg *msg,
				    struct kpptp_reason *why)
{
	const struct layout *layout;
	enum kpptp_frame frame;
	unsigned int type, i;
	size_t frame_len = 0;

	memset(msg, 0, sizeof(*msg));
	frame = kpptp_wire_frame(buf, len, &frame_len, why);
	if (frame == KPPTP_FRAME_LOST)
		return KPPTP_DECODE_BAD;
	if (frame == KPPTP_FRAME_MORE || frame_len != len) {
		kpptp_reason_set(why, "%zu bytes are not one whole message",
				 len);
		return KPPTP_DECODE_BAD;
	}
	type = load(buf + 8, 2);
	layout = layout_of(type);
	if (!layout) {
		kpptp_reason_set(why, "unknown Control Message Type %u of length %zu",
				 type, len);
		return KPPTP_DECODE_UNKNOWN;
	}
	msg->type = type;
	msg->reserved_nonzero = load(buf + 10, 2) != 0;
	for (i = 0; i < layout->count; i++)
		decode_field(&layout->fields[i], buf, msg);
	return KPPTP_DECODE_OK;
}

static void encode_field(const struct field *f, const struct kpptp_msg *msg,
			 uint8_t *buf)
{
	const uint8_t *member = (const uint8_t *)msg + f->member;
	uint8_t *to = buf + f->offset;

	if (!f->member)
		return;
	if (f->octets > 4)
		memcpy(to, member, strnlen((const char *)member, f->octets));
	else if (f->octets == 1)
		store(to, 1, *member);
	else if (f->octets == 2)
		store(to, 2, *(const uint16_t *)(const void *)member);
	else
		store(to, 4, *(const uint32_t *)(const void *)member);
}

size_t kpptp_wire_encode(const struct kpptp_msg *msg,
			 uint8_t buf[KPPTP_MSG_MAX])
{
	const struct layout *layout = layout_of(msg->type);
	unsigned int i;

	if (!layout)
		return 0;
	memset(buf, 0, layout->length);
	store(buf, 2, layout->length);
	store(buf + 2, 2, KPPTP_CONTROL_MESSAGE);
	store(buf + 4, 4, KPPTP_MAGIC);
	store(buf + 8, 2, msg->type);
	for (i = 0; i < layout->count; i++)
		encode_field(&layout->fields[i], msg, buf);
	return layout->length;
}

size_t kpptp_msg_len(unsigned int type)
{
	const struct layout *layout = layout_of(type);

	return layout ? layout->length : 0;
}

const char *kpptp_msg_name(unsigned int type)
{
	const struct layout *layout = layout_of(type);

	return layout ? layout->name : "unknown message";
}
