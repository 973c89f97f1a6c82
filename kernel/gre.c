// SPDX-License-Identifier: GPL-2.0
/*
 * The enhanced GRE header of RFC 2637 section 4.1.
 */
#include "gre.h"

#include "compat/compat.h"

/* The first 16 bits: flags and version. */
#define GRE_KEY_PRESENT		0x2000
#define GRE_SEQ_PRESENT		0x1000
#define GRE_ACK_PRESENT		0x0080
#define GRE_PPTP_VERSION	0x0001

/* The next 16 bits. */
#define GRE_PPTP_PROTOCOL	0x880b

enum kpptp_gre_verdict kpptp_gre_parse(const u8 *data, unsigned int len, struct kpptp_gre *gre)
{
	const u8 *number = data + KPPTP_GRE_LEN_MIN;
	u16 flags;

	if (len < KPPTP_GRE_LEN_MIN)
		return KPPTP_GRE_TRUNCATED;

	/* All but these two bits are given: K set, the rest 0, version 1. */
	flags = get_unaligned_be16(data);
	if ((flags & ~(GRE_SEQ_PRESENT | GRE_ACK_PRESENT)) != (GRE_KEY_PRESENT | GRE_PPTP_VERSION) ||
	    get_unaligned_be16(data + 2) != GRE_PPTP_PROTOCOL)
		return KPPTP_GRE_MALFORMED;

	gre->payload_len = get_unaligned_be16(data + 4);
	gre->call_id = get_unaligned_be16(data + 6);
	gre->has_seq = flags & GRE_SEQ_PRESENT;
	gre->has_ack = flags & GRE_ACK_PRESENT;
	gre->header_len = kpptp_gre_len(gre->has_seq, gre->has_ack);

	/* "S: set if a payload is present"; a packet with neither says nothing. */
	if (!gre->has_seq && (gre->payload_len || !gre->has_ack))
		return KPPTP_GRE_MALFORMED;
	if (len < gre->header_len + gre->payload_len)
		return KPPTP_GRE_TRUNCATED;

	if (gre->has_seq) {
		gre->seq = get_unaligned_be32(number);
		number += 4;
	}
	if (gre->has_ack)
		gre->ack = get_unaligned_be32(number);
	return KPPTP_GRE_OK;
}

void kpptp_gre_build(u8 *data, const struct kpptp_gre *gre)
{
	u8 *number = data + KPPTP_GRE_LEN_MIN;
	u16 flags = GRE_KEY_PRESENT | GRE_PPTP_VERSION;

	if (gre->has_seq) {
		flags |= GRE_SEQ_PRESENT;
		put_unaligned_be32(gre->seq, number);
		number += 4;
	}
	if (gre->has_ack) {
		flags |= GRE_ACK_PRESENT;
		put_unaligned_be32(gre->ack, number);
	}
	put_unaligned_be16(flags, data);
	put_unaligned_be16(GRE_PPTP_PROTOCOL, data + 2);
	put_unaligned_be16(gre->payload_len, data + 4);
	put_unaligned_be16(gre->call_id, data + 6);
}
