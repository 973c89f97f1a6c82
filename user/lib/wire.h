/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off */
/*
 * The fifteen control messages of RFC 2637 §2: bytes to structs and back.
 *
 * Pure: no I/O, no allocation, no state. Integers in the structs are in host
 * byte order, fields have the RFC's names, and every string is terminated
 * whatever the peer sent.
 */
#ifndef KPPTP_WIRE_H
#define KPPTP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KPPTP_TCP_PORT		1723
#define KPPTP_MAGIC		0x1a2b3c4dU
#define KPPTP_VERSION		0x0100	/* version 1, revision 0 */
#define KPPTP_CONTROL_MESSAGE	1	/* the PPTP Message Type we speak */
#define KPPTP_HEADER_LEN	12	/* up to and including Reserved0 */
#define KPPTP_MSG_MAX		220	/* Incoming-Call-Request, the longest */

#define KPPTP_NAME_LEN		64	/* host, vendor, numbers, subaddress */
#define KPPTP_STATISTICS_LEN	128

/* Control Message Type, §1.4 */
enum kpptp_msg_type {
	KPPTP_SCCRQ = 1,	/* Start-Control-Connection-Request */
	KPPTP_SCCRP = 2,	/* Start-Control-Connection-Reply */
	KPPTP_STOPCCRQ = 3,	/* Stop-Control-Connection-Request */
	KPPTP_STOPCCRP = 4,	/* Stop-Control-Connection-Reply */
	KPPTP_ECHORQ = 5,	/* Echo-Request */
	KPPTP_ECHORP = 6,	/* Echo-Reply */
	KPPTP_OCRQ = 7,		/* Outgoing-Call-Request */
	KPPTP_OCRP = 8,		/* Outgoing-Call-Reply */
	KPPTP_ICRQ = 9,		/* Incoming-Call-Request */
	KPPTP_ICRP = 10,	/* Incoming-Call-Reply */
	KPPTP_ICCN = 11,	/* Incoming-Call-Connected */
	KPPTP_CCRQ = 12,	/* Call-Clear-Request */
	KPPTP_CDN = 13,		/* Call-Disconnect-Notify */
	KPPTP_WEN = 14,		/* WAN-Error-Notify */
	KPPTP_SLI = 15,		/* Set-Link-Info */
};

#define KPPTP_MSG_TYPES		15

/* Framing and bearer capabilities: masks, in SCCRQ and SCCRP only */
#define KPPTP_FRAMING_CAP_ASYNC		0x1
#define KPPTP_FRAMING_CAP_SYNC		0x2
#define KPPTP_BEARER_CAP_ANALOG		0x1
#define KPPTP_BEARER_CAP_DIGITAL	0x2

/* Framing and bearer types: values, in the call messages; ANY in OCRQ only */
#define KPPTP_FRAMING_ASYNC	1
#define KPPTP_FRAMING_SYNC	2
#define KPPTP_FRAMING_ANY	3
#define KPPTP_BEARER_ANALOG	1
#define KPPTP_BEARER_DIGITAL	2
#define KPPTP_BEARER_ANY	3

#define KPPTP_ACCM_DEFAULT	0xffffffffU	/* until a Set-Link-Info, §2.15 */

/* Result codes. In every message 1 is success and 2 is "see Error Code". */
#define KPPTP_RESULT_OK			1
#define KPPTP_RESULT_GENERAL_ERROR	2

#define KPPTP_SCCRP_CHANNEL_EXISTS	3
#define KPPTP_SCCRP_NOT_AUTHORIZED	4
#define KPPTP_SCCRP_BAD_VERSION		5

#define KPPTP_OCRP_NO_CARRIER		3
#define KPPTP_OCRP_BUSY			4
#define KPPTP_OCRP_NO_DIAL_TONE		5
#define KPPTP_OCRP_TIME_OUT		6
#define KPPTP_OCRP_DO_NOT_ACCEPT	7

#define KPPTP_ICRP_DO_NOT_ACCEPT	3

/* CDN has no success code: its result says why the call ended, §2.13 */
#define KPPTP_CDN_LOST_CARRIER		1
#define KPPTP_CDN_GENERAL_ERROR		2
#define KPPTP_CDN_ADMIN_SHUTDOWN	3
#define KPPTP_CDN_REQUEST		4

/* Reason of a Stop-Control-Connection-Request, §2.3 */
#define KPPTP_STOP_NONE			1
#define KPPTP_STOP_PROTOCOL		2
#define KPPTP_STOP_LOCAL_SHUTDOWN	3

/* General error codes, §2.16 */
#define KPPTP_ERR_NONE			0
#define KPPTP_ERR_NOT_CONNECTED		1
#define KPPTP_ERR_BAD_FORMAT		2
#define KPPTP_ERR_BAD_VALUE		3
#define KPPTP_ERR_NO_RESOURCE		4
#define KPPTP_ERR_BAD_CALL_ID		5
#define KPPTP_ERR_PAC_ERROR		6

/* §2.1 */
struct kpptp_sccrq {
	uint16_t protocol_version;
	uint32_t framing_capabilities;
	uint32_t bearer_capabilities;
	uint16_t maximum_channels;
	uint16_t firmware_revision;
	char host_name[KPPTP_NAME_LEN + 1];
	char vendor_name[KPPTP_NAME_LEN + 1];
};

/* §2.2 */
struct kpptp_sccrp {
	uint16_t protocol_version;
	uint8_t result_code;
	uint8_t error_code;
	uint32_t framing_capabilities;
	uint32_t bearer_capabilities;
	uint16_t maximum_channels;
	uint16_t firmware_revision;
	char host_name[KPPTP_NAME_LEN + 1];
	char vendor_name[KPPTP_NAME_LEN + 1];
};

/* §2.3 */
struct kpptp_stopccrq {
	uint8_t reason;
};

/* §2.4 */
struct kpptp_stopccrp {
	uint8_t result_code;
	uint8_t error_code;
};

/* §2.5 */
struct kpptp_echorq {
	uint32_t identifier;
};

/* §2.6 */
struct kpptp_echorp {
	uint32_t identifier;
	uint8_t result_code;
	uint8_t error_code;
};

/* §2.7; speeds in bits per second, delay in tenths of a second */
struct kpptp_ocrq {
	uint16_t call_id;
	uint16_t call_serial_number;
	uint32_t minimum_bps;
	uint32_t maximum_bps;
	uint32_t bearer_type;
	uint32_t framing_type;
	uint16_t packet_recv_window_size;
	uint16_t packet_processing_delay;
	uint16_t phone_number_length;
	char phone_number[KPPTP_NAME_LEN + 1];
	char subaddress[KPPTP_NAME_LEN + 1];
};

/* §2.8 */
struct kpptp_ocrp {
	uint16_t call_id;
	uint16_t peers_call_id;
	uint8_t result_code;
	uint8_t error_code;
	uint16_t cause_code;
	uint32_t connect_speed;
	uint16_t packet_recv_window_size;
	uint16_t packet_processing_delay;
	uint32_t physical_channel_id;
};

/* §2.9 */
struct kpptp_icrq {
	uint16_t call_id;
	uint16_t call_serial_number;
	uint32_t call_bearer_type;
	uint32_t physical_channel_id;
	uint16_t dialed_number_length;
	uint16_t dialing_number_length;
	char dialed_number[KPPTP_NAME_LEN + 1];
	char dialing_number[KPPTP_NAME_LEN + 1];
	char subaddress[KPPTP_NAME_LEN + 1];
};

/* §2.10; delay in tenths of a second */
struct kpptp_icrp {
	uint16_t call_id;
	uint16_t peers_call_id;
	uint8_t result_code;
	uint8_t error_code;
	uint16_t packet_recv_window_size;
	uint16_t packet_transmit_delay;
};

/* §2.11; delay in tenths of a second */
struct kpptp_iccn {
	uint16_t peers_call_id;
	uint32_t connect_speed;
	uint16_t packet_recv_window_size;
	uint16_t packet_transmit_delay;
	uint32_t framing_type;
};

/* §2.12; the Call ID is the PNS's own */
struct kpptp_ccrq {
	uint16_t call_id;
};

/* §2.13; the Call ID is the PAC's own */
struct kpptp_cdn {
	uint16_t call_id;
	uint8_t result_code;
	uint8_t error_code;
	uint16_t cause_code;
	char call_statistics[KPPTP_STATISTICS_LEN + 1];
};

/* §2.14; counters since the call began */
struct kpptp_wen {
	uint16_t peers_call_id;
	uint32_t crc_errors;
	uint32_t framing_errors;
	uint32_t hardware_overruns;
	uint32_t buffer_overruns;
	uint32_t time_out_errors;
	uint32_t alignment_errors;
};

/* §2.15 */
struct kpptp_sli {
	uint16_t peers_call_id;
	uint32_t send_accm;
	uint32_t receive_accm;
};

/**
 * struct kpptp_msg - one control message
 * @type: selects the member of the union
 * @reserved_nonzero: set by decode if the peer sent a nonzero reserved field
 *	(including Reserved0). §2 forbids that but real peers do it: tolerate
 *	it, and log it once. Ignored by encode.
 */
struct kpptp_msg {
	enum kpptp_msg_type type;
	bool reserved_nonzero;
	union {
		struct kpptp_sccrq sccrq;
		struct kpptp_sccrp sccrp;
		struct kpptp_stopccrq stopccrq;
		struct kpptp_stopccrp stopccrp;
		struct kpptp_echorq echorq;
		struct kpptp_echorp echorp;
		struct kpptp_ocrq ocrq;
		struct kpptp_ocrp ocrp;
		struct kpptp_icrq icrq;
		struct kpptp_icrp icrp;
		struct kpptp_iccn iccn;
		struct kpptp_ccrq ccrq;
		struct kpptp_cdn cdn;
		struct kpptp_wen wen;
		struct kpptp_sli sli;
	};
};

/**
 * struct kpptp_reason - a sentence for the log that names what is wrong
 * @text: terminated, printable, without a final full stop or newline
 */
struct kpptp_reason {
	char text[192];
};

/**
 * kpptp_reason_set - format a reason, truncated to fit
 * @why: NULL is a no-op
 * @fmt: as in printf
 *
 * The text is cleaned (text.h): it may quote what a peer sent, which must not be
 * able to forge a log line.
 */
void kpptp_reason_set(struct kpptp_reason *why, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What kpptp_wire_frame() found at the start of a byte stream */
enum kpptp_frame {
	KPPTP_FRAME_MORE,	/* nothing wrong yet: read on */
	KPPTP_FRAME_WHOLE,	/* a message, or one of an unknown type */
	KPPTP_FRAME_LOST,	/* lost synchronisation: close at once, §1.4 */
};

/**
 * kpptp_wire_frame - find the end of the first message in a byte stream
 * @buf: the stream from the start of a message
 * @len: number of bytes in it
 * @frame_len: set to the message's length once it is complete
 * @why: filled if synchronisation is lost; may be NULL
 *
 * Checks each header field as soon as it arrives. A wrong magic cookie, a PPTP
 * Message Type other than 1, or a wrong length for the message (§1.4, §2) means
 * loss of synchronisation, and there is no recovery: the stream is never
 * searched for another start. A Control Message Type other than the fifteen,
 * with a length between the header's and KPPTP_MSG_MAX, is a whole message that
 * kpptp_wire_decode() reports as unknown.
 */
enum kpptp_frame kpptp_wire_frame(const uint8_t *buf, size_t len,
				  size_t *frame_len, struct kpptp_reason *why);

/* What kpptp_wire_decode() made of a message */
enum kpptp_decode {
	KPPTP_DECODE_OK,
	KPPTP_DECODE_UNKNOWN,	/* well framed, but of no type we know */
	KPPTP_DECODE_BAD,	/* kpptp_wire_frame() would have rejected it */
};

/**
 * kpptp_wire_decode - decode one whole message into a struct
 * @buf: the message
 * @len: its length, exactly as returned by kpptp_wire_frame()
 * @msg: filled on KPPTP_DECODE_OK, otherwise cleared
 * @why: filled on anything else; may be NULL
 *
 * Repeats the header checks, so it is safe on any bytes. Field *values* are not
 * checked here: the state machines decide whether, say, a result code is valid,
 * as they can answer with the right error.
 */
enum kpptp_decode kpptp_wire_decode(const uint8_t *buf, size_t len,
				    struct kpptp_msg *msg,
				    struct kpptp_reason *why);

/**
 * kpptp_wire_encode - encode a struct
 * @msg: the message; strings longer than their field are cut
 * @buf: room for any message
 *
 * Reserved fields and the rest of short strings are sent as zero (§2).
 *
 * Return: the message's length, or 0 if @msg->type is not one of the fifteen.
 */
size_t kpptp_wire_encode(const struct kpptp_msg *msg,
			 uint8_t buf[KPPTP_MSG_MAX]);

/**
 * kpptp_msg_len - length of a message on the wire
 *
 * Return: bytes including the header, 0 for an unknown type.
 */
size_t kpptp_msg_len(unsigned int type);

/** kpptp_msg_name - the RFC's name, such as "Echo-Request", for logs */
const char *kpptp_msg_name(unsigned int type);

/** kpptp_general_error_text - the RFC's name of an Error Code (§2.16) */
const char *kpptp_general_error_text(unsigned int code);

/** kpptp_stop_reason_text - the RFC's name of a StopCCRQ Reason (§2.3) */
const char *kpptp_stop_reason_text(unsigned int reason);

/**
 * kpptp_result_text - what a Result Code means in a message of type @type
 *
 * Return: never NULL; "unknown" where the RFC defines nothing.
 */
const char *kpptp_result_text(unsigned int type, unsigned int code);

/**
 * kpptp_msg_result - get the Result Code of a message
 * @result: set to the code
 * @error: set to the Error Code next to it
 *
 * Return: false if messages of this type have none.
 */
bool kpptp_msg_result(const struct kpptp_msg *msg, unsigned int *result,
		      unsigned int *error);

/**
 * kpptp_msg_result_describe - "result 2 (General Error), error 4 (No-Resource)"
 * @msg: a message with a Result Code
 * @why: filled, including the Cause Code if there is one and it is not zero
 */
void kpptp_msg_result_describe(const struct kpptp_msg *msg,
			       struct kpptp_reason *why);

#endif /* KPPTP_WIRE_H */
