// SPDX-License-Identifier: GPL-2.0
/* The enhanced GRE header of RFC 2637 section 4.1, as quoted by an ICMP error. */
#include "gre.h"

bool kpptp_gre_quoted(const void *data, u16 *call_id)
{
	const __be32 *word = data;
	u32 bits = be32_to_cpu(*word++);
	u32 fixed = bits & ~(KPPTP_GRE_W_S | KPPTP_GRE_W_A);

	if (fixed != KPPTP_GRE_W_FIXED || fixed == bits)
		return false;
	*call_id = be32_to_cpu(*word);
	return true;
}
