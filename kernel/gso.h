/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames that carry several packets at once, or one whose checksum is still to
 * be filled in. They come from a bridged channel whose device does GRO, as
 * PPPoE's may. No device can split them behind a GRE header with a sequence
 * number, so it is done here, before the numbers are given.
 */
#ifndef KPPTP_GSO_H
#define KPPTP_GSO_H

#include <linux/skbuff.h>

/**
 * kpptp_gso_needed - does a frame need kpptp_gso_segment()?
 * @skb: the frame
 */
static inline bool kpptp_gso_needed(const struct sk_buff *skb)
{
	return skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL;
}

/**
 * kpptp_gso_segment - make plain frames of a frame
 * @skb: the frame, from its protocol field on, which may be compressed;
 *	consumed
 *
 * Context: any.
 * Return: a list of frames, each with @skb's protocol field, its checksums
 * filled in, linked by their next pointers; or NULL if @skb cannot be split.
 */
struct sk_buff *kpptp_gso_segment(struct sk_buff *skb);

#endif /* KPPTP_GSO_H */
