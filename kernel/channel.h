/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PPP side of a call: a channel of ppp_generic.
 */
#ifndef KPPTP_CHANNEL_H
#define KPPTP_CHANNEL_H

#include <linux/ppp_channel.h>
#include <linux/ppp_defs.h>
#include <linux/skbuff.h>

#include "call.h"
#include "compat/compat.h"

/**
 * kpptp_channel_register - make a call's channel known to PPP
 * @call: the call
 *
 * The channel pins the namespace that it is in.
 * Context: process; sleeps.
 * Return: 0 or a negative errno.
 */
int kpptp_channel_register(struct kpptp_call *call);

/**
 * kpptp_channel_unregister - end a call's channel
 * @call: the call
 *
 * Who has /dev/ppp attached to it sees a hang-up. When this returns, PPP calls
 * the channel no more.
 * Context: process; sleeps.
 */
void kpptp_channel_unregister(struct kpptp_call *call);

/**
 * kpptp_channel_index - what PPPIOCATTCHAN wants
 * @call: the call
 */
int kpptp_channel_index(struct kpptp_call *call);

/**
 * kpptp_channel_input - hand a received frame to PPP
 * @call: the call
 * @skb: the frame as it came, its address and control field perhaps left out;
 *	consumed
 * @stats: where it is counted: the call's under recv.lock, or the caller's own
 *
 * Context: softirq; under recv.lock, or as the only one that empties the call's
 * queue of ready frames.
 */
static inline void kpptp_channel_input(struct kpptp_call *call,
				       struct sk_buff *skb,
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

/**
 * kpptp_channel_wake - the window opened: PPP may send again
 * @call: the call
 *
 * Context: softirq or process, without a lock of the call.
 */
void kpptp_channel_wake(struct kpptp_call *call);

#endif /* KPPTP_CHANNEL_H */
