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

/*
 * May the frame be merged with others? Not UDP, whose socket GRO would look up in the
 * initial namespace.
 */
static bool deliver_merges(const struct kpptp_call *call, const struct sk_buff *skb, int unit)
{
	return unit >= 0 && !call->recv.unmerged && kpptp_deliver_tcp(skb->data, skb_headlen(skb));
}

/* Pass on a frame that PPP need not decrypt. */
static void deliver_clear(struct kpptp_call *call, struct sk_buff *skb, u16 protocol,
			  unsigned int field, struct napi_struct *napi, int unit)
{
	if (napi && deliver_merges(call, skb, unit) &&
	    kpptp_gro_receive(call, napi, skb, kpptp_frame_ethertype(protocol), field))
		return;
	ppp_input(&call->chan, skb);
}

/*
 * Does the frame show that PPP may count frames? A decompressor of BSD-Compress or
 * Deflate counts those in clear, too (RFC 1977 and 1979), and a bundle may have
 * negotiated it on another link.
 */
static bool deliver_is_counted(u16 protocol)
{
	return protocol == PPP_COMP || protocol == PPP_MP;
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
	} else if (unlikely(deliver_is_counted(protocol))) {
		WRITE_ONCE(call->recv.unmerged, !kpptp_crypt_bound(call));
	}
	deliver_clear(call, skb, protocol, field, napi, unit);
}
