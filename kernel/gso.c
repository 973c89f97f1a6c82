// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation of GSO frames, and checksums left to offload.
 */
#include "gso.h"

#include <linux/netdevice.h>

#include "compat/compat.h"
#include "frame.h"

/* The stack sees the protocol field as a link-layer header of 1 or 2 bytes. */
static struct sk_buff *gso_split(struct sk_buff *skb)
{
	unsigned int len;
	__be16 type;

	if (!pskb_may_pull(skb, 2))
		return NULL;
	type = kpptp_frame_ethertype(kpptp_frame_protocol(skb->data, 2, &len));
	if (!type)
		return NULL;
	skb->protocol = type;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, len);
	skb->mac_len = len;
	return skb_gso_segment(skb, NETIF_F_SG);
}

/* Fill in all checksums: a device would not find them behind our headers. */
static bool gso_checksum(struct sk_buff *list)
{
	struct sk_buff *skb;

	for (skb = list; skb; skb = skb->next)
		if (skb->ip_summed == CHECKSUM_PARTIAL && skb_csum_hwoffload_help(skb, 0))
			return false;
	return true;
}

struct sk_buff *kpptp_gso_segment(struct sk_buff *skb)
{
	struct sk_buff *list = skb;

	if (skb_is_gso(skb)) {
		list = gso_split(skb);
		if (IS_ERR_OR_NULL(list)) {
			kfree_skb(skb);
			return NULL;
		}
		consume_skb(skb);
	}
	if (!gso_checksum(list)) {
		kfree_skb_list(list);
		return NULL;
	}
	return list;
}
