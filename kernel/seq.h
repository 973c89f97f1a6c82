/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Serial-number arithmetic (as in RFC 1982) on 32 bits, for the sequence
 * numbers of GRE packets and for times in microseconds.
 *
 * The order of two numbers is that of the shorter way around the circle; it is
 * meaningful while they are less than 2^31 apart.
 */
#ifndef KPPTP_SEQ_H
#define KPPTP_SEQ_H

#include <linux/types.h>

/* How far @a is ahead of @b: negative if it is behind. */
static inline s32 kpptp_seq_diff(u32 a, u32 b)
{
	return (s32)(a - b);
}

static inline bool kpptp_seq_after(u32 a, u32 b)
{
	return kpptp_seq_diff(a, b) > 0;
}

static inline bool kpptp_seq_before(u32 a, u32 b)
{
	return kpptp_seq_diff(a, b) < 0;
}

#endif /* KPPTP_SEQ_H */
