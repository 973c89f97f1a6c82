// SPDX-License-Identifier: GPL-2.0
/* The enhanced GRE header of RFC 2637 section 4.1. */
#include "gre.h"

#include <asm/byteorder.h>

/*
 * The first 32 bits: C R K S s Recur(3), A Flags(4) Ver(3), Protocol Type(16).
 * Only S and A vary between valid packets.
 */
#define GRE_FIXED	 0x2001880b /* K, version 1, protocol 0x880B */
#define GRE_S		 0x10000000
#define GRE_A		 0x00800000
#define GRE_VERSION_MASK 0x00070000
#define GRE_VERSION	 0x00010000

enum kpptp_gre_verdict kpptp_gre_parse(const void *data, unsigned int len,
				       struct kpptp_gre *gre)
{
	const __be32 *word = data;
	u32 bits, key;

	if (len < kpptp_gre_len(false, false))
		return KPPTP_GRE_SHORT;

	bits = be32_to_cpu(*word++);
	if ((bits & ~(GRE_S | GRE_A)) != GRE_FIXED)
		return (bits & GRE_VERSION_MASK) == GRE_VERSION
			       ? KPPTP_GRE_MALFORMED
			       : KPPTP_GRE_VERSION;
	if (!(bits & (GRE_S | GRE_A)))
		return KPPTP_GRE_MALFORMED;

	gre->has_seq = bits & GRE_S;
	gre->has_ack = bits & GRE_A;
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

bool kpptp_gre_quoted(const void *data, u16 *call_id)
{
	const __be32 *word = data;
	u32 bits = be32_to_cpu(*word++);
	u32 fixed = bits & ~(GRE_S | GRE_A);

	if (fixed != GRE_FIXED || fixed == bits)
		return false;
	*call_id = be32_to_cpu(*word);
	return true;
}

void kpptp_gre_build(void *where, const struct kpptp_gre *gre)
{
	__be32 *word = where;
	u32 bits = GRE_FIXED;

	if (gre->has_seq)
		bits |= GRE_S;
	if (gre->has_ack)
		bits |= GRE_A;
	*word++ = cpu_to_be32(bits);
	*word++ = cpu_to_be32((u32)gre->payload_len << 16 | gre->call_id);
	if (gre->has_seq)
		*word++ = cpu_to_be32(gre->seq);
	if (gre->has_ack)
		*word = cpu_to_be32(gre->ack);
}
