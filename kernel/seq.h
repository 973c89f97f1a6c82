/* SPDX-License-Identifier: GPL-2.0 */
/*
 * 32-bit serial number arithmetic in the style of RFC 1982.
 *
 * Used to compare a call's sequence numbers, and times of the data path's clock
 * (microseconds in a u32, which wraps every 71 minutes). Two numbers exactly 2^31
 * apart have no order: here neither is before the other, so that such a pair has
 * no effect.
 */
#ifndef KPPTP_SEQ_H
#define KPPTP_SEQ_H

#include <linux/types.h>

/**
 * kpptp_seq_diff - how far one serial number is ahead of another
 * @a: serial number
 * @b: serial number
 *
 * Return: @a - @b; negative if @a is behind. S32_MIN means "no order".
 */
static inline s32 kpptp_seq_diff(u32 a, u32 b)
{
	return (s32)(a - b);
}

/**
 * kpptp_seq_after - whether one serial number comes after another
 * @a: serial number
 * @b: serial number
 *
 * Return: true if @a is 1 to 2^31 - 1 ahead of @b.
 */
static inline bool kpptp_seq_after(u32 a, u32 b)
{
	return kpptp_seq_diff(a, b) > 0;
}

/**
 * kpptp_seq_before - whether one serial number comes before another
 * @a: serial number
 * @b: serial number
 *
 * Return: true if @b is 1 to 2^31 - 1 ahead of @a.
 */
static inline bool kpptp_seq_before(u32 a, u32 b)
{
	return kpptp_seq_after(b, a);
}

#endif /* KPPTP_SEQ_H */
