/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls into ppp_generic: pass on a received frame, wake the transmit side.
 */
#ifndef KPPTP_PPP_H
#define KPPTP_PPP_H

#include <linux/ppp_channel.h>
#include <linux/ppp_defs.h>
#include <linux/skbuff.h>

#include "call.h"
#include "compat/compat.h"

/**
 * kpptp_ppp_input - pass a received frame to PPP
 * @call: the call
 * @skb: the frame as received, with or without address and control field;
 *	consumed
 * @stats: counters to update: the call's, under recv.lock, or the caller's own
 *
 * Context: softirq; under recv.lock, or as the only poll emptying the call's queue
 * of ready frames.
 */
static inline void kpptp_ppp_input(struct kpptp_call *call, struct sk_buff *skb,
				   struct kpptp_recv_stats *stats)
{
	if (pskb_may_pull(skb, 2) && skb->data[0] == PPP_ALLSTATIONS && skb->data[1] == PPP_UI)
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

/**
 * kpptp_ppp_wake - the window opened: PPP may send again
 * @call: the call
 *
 * Context: softirq or process, no spin lock of the call held.
 */
void kpptp_ppp_wake(struct kpptp_call *call);

/**
 * kpptp_ppp_index - the channel's index, for PPPIOCATTCHAN
 * @call: the call
 */
int kpptp_ppp_index(struct kpptp_call *call);

#endif /* KPPTP_PPP_H */
