// SPDX-License-Identifier: GPL-2.0
/*
 * The way up into ppp_generic: a received frame, and that PPP may send again.
 */
#include "ppp.h"

#include <linux/ppp_channel.h>
#include <linux/ppp_defs.h>
#include <linux/skbuff.h>

#include "call.h"

void kpptp_ppp_input(struct kpptp_call *call, struct sk_buff *skb,
		     struct kpptp_recv_stats *stats)
{
	if (pskb_may_pull(skb, 2) && skb->data[0] == PPP_ALLSTATIONS &&
	    skb->data[1] == PPP_UI)
		__skb_pull(skb, 2);
	if (unlikely(!pskb_may_pull(skb, 1))) {
		stats->rx_malformed++;
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
		return;
	}
	stats->rx_packets++;
	stats->rx_bytes += skb->len;
	ppp_input(&call->chan, skb);
}

void kpptp_ppp_wake(struct kpptp_call *call)
{
	ppp_output_wakeup(&call->chan);
}

int kpptp_ppp_index(struct kpptp_call *call)
{
	return ppp_channel_index(&call->chan);
}
