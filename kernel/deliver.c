// SPDX-License-Identifier: GPL-2.0
/* The last step of a received frame. */
#include "deliver.h"

#include <linux/ppp_channel.h>

#include "gro.h"
#include "ppp.h"

/* Find the protocol field, and count the frame. False if there is none. */
static bool deliver_begin(struct sk_buff *skb, struct kpptp_recv_stats *stats)
{
	if (pskb_may_pull(skb, 2))
		__skb_pull(skb, kpptp_frame_address_len(skb->data, 2));
	if (unlikely(!pskb_may_pull(skb, min(skb->len, 2U)) || !skb->len)) {
		stats->rx_malformed++;
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
		return false;
	}
	stats->rx_packets++;
	stats->rx_bytes += skb->len;
	return true;
}

static void deliver_drop(struct sk_buff *skb, u64 *counter)
{
	++*counter;
	kfree_skb_reason(skb, SKB_DROP_REASON_INVALID_PROTO);
}

/* May the frame not come in clear? */
static bool deliver_refuses(struct kpptp_call *call, u16 protocol)
{
	return kpptp_crypt_refuses(call, protocol) &&
	       !kpptp_crypt_moved(call, kpptp_ppp_unit(call));
}

/* Pass on a frame in clear whose protocol is known. */
static void deliver_clear(struct kpptp_call *call, struct sk_buff *skb, u16 protocol,
			  unsigned int field, struct napi_struct *napi, int unit)
{
	__be16 type = kpptp_frame_ethertype(protocol);

	if (napi && unit >= 0 && type && kpptp_gro_receive(call, napi, skb, type, field))
		return;
	ppp_input(&call->chan, skb);
}

void kpptp_deliver(struct kpptp_call *call, struct sk_buff *skb, struct kpptp_recv_stats *stats,
		   struct napi_struct *napi, int unit)
{
	unsigned int field;
	u16 protocol;

	if (!deliver_begin(skb, stats))
		return;
	protocol = kpptp_frame_protocol(skb->data, skb_headlen(skb), &field);
	if (protocol == PPP_COMP && napi && kpptp_crypt_open(call, skb, field, unit)) {
		protocol = kpptp_frame_protocol(skb->data, skb_headlen(skb), &field);
		if (unlikely(protocol == PPP_COMP)) { /* PPP must not decrypt again */
			deliver_drop(skb, &stats->rx_malformed);
			return;
		}
	} else if (deliver_refuses(call, protocol)) {
		deliver_drop(skb, &stats->rx_clear);
		return;
	} else if (unlikely(protocol == PPP_CCP)) {
		kpptp_crypt_ccp_input(call, skb);
		return;
	}
	deliver_clear(call, skb, protocol, field, napi, unit);
}
