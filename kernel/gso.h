/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segmentation of GSO frames, and checksums left to offload. Such frames come from
 * a bridged channel whose device does GRO, such as PPPoE's. No device can split
 * them behind a GRE header with a sequence number, so split them here, before they
 * are numbered.
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
 * kpptp_gso_segment - split a frame into plain ones and fill in checksums
 * @skb: the frame, starting at its protocol field, which may be compressed;
 *	consumed
 *
 * Context: any.
 * Return: a list of frames linked by their next pointers, each with @skb's
 * protocol field and complete checksums; or NULL if @skb cannot be split.
 */
struct sk_buff *kpptp_gso_segment(struct sk_buff *skb);

#endif /* KPPTP_GSO_H */
