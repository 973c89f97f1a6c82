/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parse and build the enhanced GRE header of RFC 2637 section 4.1. Inline for the
 * packet path: kept in registers, with half of it constant on transmit, this costs
 * half of what a function call does.
 */
#ifndef KPPTP_GRE_H
#define KPPTP_GRE_H

#include <linux/types.h>

#include <asm/byteorder.h>

/* Longest header, in bytes: flags, key, sequence number, acknowledgment. */
#define KPPTP_GRE_MAX 16
/* Shortest header, in bytes; an ICMP error quotes at least this much. */
#define KPPTP_GRE_MIN 8

/*
 * The first 32 bits: C R K S s Recur(3), A Flags(4) Ver(3), Protocol Type(16).
 * Only S and A vary between valid packets.
 */
#define KPPTP_GRE_W_FIXED	 0x2001880b /* K, version 1, protocol 0x880B */
#define KPPTP_GRE_W_S		 0x10000000
#define KPPTP_GRE_W_A		 0x00800000
#define KPPTP_GRE_W_VERSION_MASK 0x00070000
#define KPPTP_GRE_W_VERSION	 0x00010000

/**
 * struct kpptp_gre - an enhanced GRE header, in host order
 * @seq: Sequence Number; 0 unless @has_seq
 * @ack: Acknowledgment Number; 0 unless @has_ack
 * @call_id: Call ID, as assigned by the receiver of the packet
 * @payload_len: payload length stated in the header, in bytes
 * @header_len: length of the header itself in bytes; kpptp_gre_build() ignores it
 * @has_seq: S bit: a data packet, with a sequence number
 * @has_ack: A bit: the packet carries an acknowledgment
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
 * enum kpptp_gre_verdict - result of kpptp_gre_parse()
 * @KPPTP_GRE_OK: the header conforms to section 4.1
 * @KPPTP_GRE_SHORT: header or stated payload is truncated
 * @KPPTP_GRE_VERSION: not version 1
 * @KPPTP_GRE_MALFORMED: version 1, but violates section 4.1: a must-be-zero bit is
 *	set, no key, another protocol, neither data nor acknowledgment, or a payload
 *	without a sequence number
 */
enum kpptp_gre_verdict {
	KPPTP_GRE_OK,
	KPPTP_GRE_SHORT,
	KPPTP_GRE_VERSION,
	KPPTP_GRE_MALFORMED,
};

/**
 * kpptp_gre_len - length of a header to be built
 * @seq: it carries a sequence number
 * @ack: it carries an acknowledgment
 *
 * Return: bytes, 8 to KPPTP_GRE_MAX.
 */
static inline unsigned int kpptp_gre_len(bool seq, bool ack)
{
	return 8 + 4 * seq + 4 * ack;
}

/**
 * kpptp_gre_parse - parse an enhanced GRE header
 * @data: start of the header, aligned as the kernel aligns an IP header; the
 *	first min(@len, KPPTP_GRE_MAX) bytes must be linear
 * @len: bytes from @data to the end of the packet, linear or not
 * @gre: filled in if the verdict is KPPTP_GRE_OK, else undefined
 *
 * Bytes beyond the stated payload are not an error, as the link may have padded
 * the packet: the caller trims to payload_len. Nor is a data packet with an empty
 * payload: it has used up its sequence number, and the missing PPP frame is not a
 * matter of the header.
 *
 * Return: the verdict.
 */
static inline enum kpptp_gre_verdict kpptp_gre_parse(const void *data, unsigned int len,
						     struct kpptp_gre *gre)
{
	const __be32 *word = data;
	u32 bits, key;

	if (len < kpptp_gre_len(false, false))
		return KPPTP_GRE_SHORT;

	bits = be32_to_cpu(*word++);
	if ((bits & ~(KPPTP_GRE_W_S | KPPTP_GRE_W_A)) != KPPTP_GRE_W_FIXED)
		return (bits & KPPTP_GRE_W_VERSION_MASK) == KPPTP_GRE_W_VERSION
			       ? KPPTP_GRE_MALFORMED
			       : KPPTP_GRE_VERSION;
	if (!(bits & (KPPTP_GRE_W_S | KPPTP_GRE_W_A)))
		return KPPTP_GRE_MALFORMED;

	gre->has_seq = bits & KPPTP_GRE_W_S;
	gre->has_ack = bits & KPPTP_GRE_W_A;
	gre->header_len = kpptp_gre_len(gre->has_seq, gre->has_ack);
	if (len < gre->header_len)
		return KPPTP_GRE_SHORT;

	key = be32_to_cpu(*word++);
	gre->payload_len = key >> 16;
	gre->call_id = key;
	if (gre->payload_len && !gre->has_seq)
		return KPPTP_GRE_MALFORMED;
	if (len - gre->header_len < gre->payload_len)
		return KPPTP_GRE_SHORT;

	gre->seq = gre->has_seq ? be32_to_cpu(*word++) : 0;
	gre->ack = gre->has_ack ? be32_to_cpu(*word) : 0;
	return KPPTP_GRE_OK;
}

/**
 * kpptp_gre_quoted - read the Call ID from a header quoted by an ICMP error
 * @data: the quoted KPPTP_GRE_MIN bytes, aligned to 4
 * @call_id: set to the Call ID
 *
 * Return: whether kpptp_gre_build() could have built this header.
 */
bool kpptp_gre_quoted(const void *data, u16 *call_id);

/**
 * kpptp_gre_build - write an enhanced GRE header
 * @where: kpptp_gre_len() bytes, aligned to 4
 * @gre: what to write
 */
static __always_inline void kpptp_gre_build(void *where, const struct kpptp_gre *gre)
{
	__be32 *word = where;
	u32 bits = KPPTP_GRE_W_FIXED;

	if (gre->has_seq)
		bits |= KPPTP_GRE_W_S;
	if (gre->has_ack)
		bits |= KPPTP_GRE_W_A;
	*word++ = cpu_to_be32(bits);
	*word++ = cpu_to_be32((u32)gre->payload_len << 16 | gre->call_id);
	if (gre->has_seq)
		*word++ = cpu_to_be32(gre->seq);
	if (gre->has_ack)
		*word = cpu_to_be32(gre->ack);
}

#endif /* KPPTP_GRE_H */
