/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The enhanced GRE header of RFC 2637 section 4.1: bytes in, struct out, and
 * back.
 *
 *	 0                   1                   2                   3
 *	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *	|C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
 *	|    Key (HW) Payload Length    |       Key (LW) Call ID        |
 *	|                 Sequence Number, if S is set                  |
 *	|              Acknowledgment Number, if A is set               |
 */
#ifndef KPPTP_GRE_H
#define KPPTP_GRE_H

#include <linux/types.h>

#define KPPTP_GRE_LEN_MIN	8	/* with neither number */
#define KPPTP_GRE_LEN_MAX	16	/* with both */

/**
 * struct kpptp_gre - an enhanced GRE header, in host byte order
 * @seq:	sequence number, if @has_seq
 * @ack:	highest sequence number its sender has received, if @has_ack
 * @call_id:	Call ID that the packet's receiver assigned
 * @payload_len: octets of payload; what follows them is not part of the packet
 * @header_len:	octets of the header (written by kpptp_gre_parse() only)
 * @has_seq:	there is a payload, with a sequence number
 * @has_ack:	there is an acknowledgment
 */
struct kpptp_gre {
	u32 seq;
	u32 ack;
	u16 call_id;
	u16 payload_len;
	u8 header_len;
	bool has_seq;
	bool has_ack;
};

/**
 * enum kpptp_gre_verdict - what kpptp_gre_parse() thinks of a packet
 * @KPPTP_GRE_OK:	a sound header
 * @KPPTP_GRE_TRUNCATED: the packet ends before its header or its payload does
 * @KPPTP_GRE_MALFORMED: the header is not one of RFC 2637
 */
enum kpptp_gre_verdict {
	KPPTP_GRE_OK,
	KPPTP_GRE_TRUNCATED,
	KPPTP_GRE_MALFORMED,
};

/**
 * kpptp_gre_parse - read a header
 * @data: the packet, from its GRE header on; the first min(@len,
 *	KPPTP_GRE_LEN_MAX) octets are read
 * @len: length of the whole packet
 * @gre: filled in if the verdict is KPPTP_GRE_OK
 *
 * Context: any; touches nothing else.
 */
enum kpptp_gre_verdict kpptp_gre_parse(const u8 *data, unsigned int len, struct kpptp_gre *gre);

/**
 * kpptp_gre_len - length of a header
 * @seq: whether it has a sequence number
 * @ack: whether it has an acknowledgment number
 */
static inline unsigned int kpptp_gre_len(bool seq, bool ack)
{
	return KPPTP_GRE_LEN_MIN + 4 * seq + 4 * ack;
}

/**
 * kpptp_gre_build - write a header
 * @data: where; kpptp_gre_len() octets
 * @gre: what, without @gre->header_len
 *
 * Context: any; touches nothing else.
 */
void kpptp_gre_build(u8 *data, const struct kpptp_gre *gre);

#endif /* KPPTP_GRE_H */
