// SPDX-License-Identifier: GPL-2.0
/*
 * A frame or a bare acknowledgment onto the wire.
 */
#include "tx.h"

#include <linux/ppp_defs.h>
#include <linux/ppp-ioctl.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "call.h"
#include "clock.h"
#include "compat/compat.h"
#include "gre.h"
#include "route.h"
#include "timer.h"
#include "tos.h"
#include "trace.h"

/* What may stand before the payload: PPP address and control, GRE, IP. */
#define PPP_ADDRESS_LEN 2
#define TUNNEL_HEADROOM (PPP_ADDRESS_LEN + KPPTP_GRE_MAX + sizeof(struct iphdr))

/*
 * LCP negotiates the compression of these fields, so its own packets (codes 1
 * to 7) always carry them whole (RFC 1661 section 6.5 and 6.6).
 */
static bool frame_is_lcp(const u8 *frame, unsigned int len)
{
	return len >= 3 && get_unaligned_be16(frame) == PPP_LCP &&
	       frame[2] >= 1 && frame[2] <= 7;
}

/* Compress or complete the frame's first octets. Room and 3 linear octets (or all) are there. */
static void frame_finish(struct sk_buff *skb, u32 ppp_flags)
{
	bool lcp = frame_is_lcp(skb->data, skb_headlen(skb));

	if (!lcp && (ppp_flags & SC_COMP_PROT) && skb->data[0] == 0)
		__skb_pull(skb, 1);
	if (lcp || !(ppp_flags & SC_COMP_AC)) {
		u8 *address = __skb_push(skb, PPP_ADDRESS_LEN);

		address[0] = PPP_ALLSTATIONS;
		address[1] = PPP_UI;
	}
}

/*
 * Put an IP header before @skb. Under send.lock, and with bottom halves off
 * from the time that @dst was got until the packet has left, for nobody holds a
 * reference. The identification is from a counter of the call, as a connected
 * socket's: the packet may be fragmented on its way.
 */
static void ip_build(struct kpptp_call *call, struct sk_buff *skb,
		     struct dst_entry *dst, u8 tos)
{
	struct kpptp_send *send = &call->send;
	struct iphdr *iph;

	if (unlikely(call->foreign))
		skb_scrub_packet(skb, true);
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	nf_reset_ct(skb);
	secpath_reset(skb);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	skb->ip_summed = CHECKSUM_NONE;
	skb->protocol = htons(ETH_P_IP);
	skb->mark = send->ip.mark;
	skb->ignore_df = 0;

	skb_reset_transport_header(skb);
	iph = __skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = tos;
	iph->frag_off = send->ip.df ? htons(IP_DF) : 0;
	iph->ttl = send->ip.ttl ?: ip4_dst_hoplimit(dst);
	iph->protocol = IPPROTO_GRE;
	iph->saddr = call->key.local;
	iph->daddr = call->key.peer;
	iph->id = htons(send->ip_id++);
}

/*
 * Let a packet go, with no lock held: it may come back to us through a bridge of
 * channels. IP adds the header's length and checksum.
 */
static void output(struct kpptp_call *call, struct sk_buff *skb)
{
	int err = ip_local_out(call->kn->net, NULL, skb);

	if (likely(!net_xmit_eval(err)))
		return;
	spin_lock(&call->send.lock);
	call->send.stats.tx_errors++;
	spin_unlock(&call->send.lock);
}

/*
 * Does the frame fit? With df on it has to fit the path's MTU with the longest
 * header, so that the answer does not depend on whether an acknowledgment is
 * owed.
 */
static bool frame_fits(const struct kpptp_call *call, const struct sk_buff *skb,
		       const struct dst_entry *dst)
{
	unsigned int most = call->send.ip.df ? dst_mtu(dst) : IP_MAX_MTU;

	return skb->len + TUNNEL_HEADROOM <= most;
}

/*
 * Is the frame one that can be sent, and is there room before it? What is
 * refused is counted; the frame has no sequence number yet, so that the peer
 * sees no gap. Returns why it is refused, if it is.
 */
static enum skb_drop_reason frame_prepare(struct kpptp_call *call,
					  struct sk_buff *skb,
					  struct dst_entry *dst)
{
	struct kpptp_send_stats *stats = &call->send.stats;

	if (unlikely(!pskb_may_pull(skb, 2))) {
		stats->tx_malformed++;
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	}
	if (unlikely(!frame_fits(call, skb, dst))) {
		stats->tx_too_big++;
		return SKB_DROP_REASON_PKT_TOO_BIG;
	}
	if (unlikely(skb_cow_head(skb, TUNNEL_HEADROOM +
					       LL_RESERVED_SPACE(dst->dev)) ||
		     !pskb_may_pull(skb, min(skb->len, 3U)))) {
		stats->tx_no_memory++;
		return SKB_DROP_REASON_NOMEM;
	}
	return SKB_NOT_DROPPED_YET;
}

/* Give the frame its GRE header. Under send.lock: numbers are taken in order. */
static void frame_number(struct kpptp_call *call, struct sk_buff *skb)
{
	struct kpptp_send *send = &call->send;
	struct kpptp_gre gre = {
		.call_id = send->peer_id,
		.payload_len = skb->len,
		.has_seq = true,
	};

	send->stats.tx_packets++;
	send->stats.tx_bytes += skb->len;
	gre.seq = kpptp_window_sent(
		&send->window,
		kpptp_window_times_next(&send->window) ? kpptp_now() : 0);
	gre.has_ack = kpptp_ack_take(&send->ack, &gre.ack);
	kpptp_gre_build(__skb_push(skb, kpptp_gre_len(true, gre.has_ack)),
			&gre);
	/* As long as others are in flight, theirs is the earlier deadline. */
	if (kpptp_window_in_flight(&send->window) == 1 ||
	    !timer_pending(&call->ato_timer))
		kpptp_timer_sent(call);
}

/* What the packet's type of service is. An acknowledgment alone has no @frame to inherit from. */
static u8 packet_tos(const struct kpptp_call *call, const struct sk_buff *frame)
{
	u8 dscp = call->send.ip.dscp;

	if (likely(dscp != KPPTP_DSCP_INHERIT))
		return dscp << 2;
	return frame ? kpptp_tos_inherit(frame) : 0;
}

bool kpptp_tx_frame(struct kpptp_call *call, struct sk_buff *skb)
{
	struct kpptp_send *send = &call->send;
	enum skb_drop_reason reason;
	struct dst_entry *dst;
	u8 tos;

	spin_lock(&send->lock);
	if (unlikely(send->peer_id == KPPTP_PEER_ID_UNKNOWN)) {
		send->stats.tx_no_peer_id++;
		reason = SKB_DROP_REASON_DEV_READY;
		goto drop;
	}
	switch (kpptp_window_may_send(&send->window)) {
	case KPPTP_WINDOW_SEND:
		break;
	case KPPTP_WINDOW_WAIT:
		send->stats.tx_window_stalls++;
		trace_kpptp_tx_window(call, KPPTP_STOP_STALL);
		spin_unlock(&send->lock);
		return false;
	case KPPTP_WINDOW_DROP:
		send->stats.tx_window_drops++;
		trace_kpptp_tx_window(call, KPPTP_STOP_DROP);
		reason = SKB_DROP_REASON_FULL_RING;
		goto drop;
	}
	dst = kpptp_route_get(call);
	if (unlikely(!dst)) {
		send->stats.tx_no_route++;
		reason = SKB_DROP_REASON_IP_OUTNOROUTES;
		goto drop;
	}
	reason = frame_prepare(call, skb, dst);
	if (unlikely(reason != SKB_NOT_DROPPED_YET))
		goto drop;
	tos = packet_tos(call, skb);
	frame_finish(skb, send->ppp_flags);
	frame_number(call, skb);
	ip_build(call, skb, dst, tos);
	spin_unlock(&send->lock);

	output(call, skb);
	return true;

drop:
	spin_unlock(&send->lock);
	kfree_skb_reason(skb, reason);
	return true;
}

void kpptp_tx_ack(struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;
	struct kpptp_gre gre = { .has_ack = true };
	struct dst_entry *dst;
	struct sk_buff *skb;
	unsigned int room;

	spin_lock(&send->lock);
	if (send->peer_id == KPPTP_PEER_ID_UNKNOWN || !send->ack.owed)
		goto unlock;
	dst = kpptp_route_get(call);
	if (unlikely(!dst)) {
		send->stats.tx_no_route++;
		goto unlock;
	}
	room = TUNNEL_HEADROOM + LL_RESERVED_SPACE(dst->dev);
	skb = alloc_skb(room, GFP_ATOMIC);
	if (unlikely(!skb)) {
		send->stats.tx_no_memory++;
		goto unlock;
	}
	skb_reserve(skb, room);
	kpptp_ack_take(&send->ack, &gre.ack);
	gre.call_id = send->peer_id;
	kpptp_gre_build(__skb_push(skb, kpptp_gre_len(false, true)), &gre);
	send->stats.tx_acks++;
	ip_build(call, skb, dst, packet_tos(call, NULL));
	spin_unlock(&send->lock);

	output(call, skb);
	return;

unlock:
	spin_unlock(&send->lock);
}
