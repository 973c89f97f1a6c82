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

/* What may stand before the payload: PPP address and control, GRE, IP. */
#define PPP_ADDRESS_LEN 2
#define TUNNEL_HEADROOM (PPP_ADDRESS_LEN + KPPTP_GRE_MAX + sizeof(struct iphdr))

/* The payload length field and the IP length field have 16 bits. */
#define FRAME_LEN_MAX (IP_MAX_MTU - TUNNEL_HEADROOM)

/*
 * LCP negotiates the compression of these fields, so its own packets (codes 1
 * to 7) always carry them whole (RFC 1661 section 6.5 and 6.6).
 */
static bool frame_is_lcp(const u8 *frame, unsigned int len)
{
	return len >= 3 && get_unaligned_be16(frame) == PPP_LCP && frame[2] >= 1 && frame[2] <= 7;
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
 * Put an IP header before @skb and let it go. Consumes @skb. With bottom halves
 * off since @dst was got, for nobody holds a reference. @id is of a counter of the call, as that of a connected
 * socket: a packet may be fragmented on its way.
 */
static int ip_output_frame(struct kpptp_call *call, struct sk_buff *skb, struct dst_entry *dst,
			   u16 id)
{
	struct net *net = call->kn->net;
	struct iphdr *iph;

	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	nf_reset_ct(skb);
	secpath_reset(skb);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	skb->ip_summed = CHECKSUM_NONE;
	skb->protocol = htons(ETH_P_IP);

	skb_reset_transport_header(skb);
	iph = __skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = 0;
	iph->frag_off = 0;
	iph->ttl = ip4_dst_hoplimit(dst);
	iph->protocol = IPPROTO_GRE;
	iph->saddr = call->key.local;
	iph->daddr = call->key.peer;
	iph->tot_len = htons(skb->len);
	iph->id = htons(id);
	ip_send_check(iph);

	return ip_local_out(net, NULL, skb);
}

static void count_output(struct kpptp_call *call, int err)
{
	if (likely(!net_xmit_eval(err)))
		return;
	spin_lock(&call->send.lock);
	call->send.stats.tx_errors++;
	spin_unlock(&call->send.lock);
}

/*
 * Is the frame one that can be sent, and is there room before it? What is
 * refused is counted; the frame has no sequence number yet, so that the peer
 * sees no gap.
 */
static bool frame_prepare(struct kpptp_call *call, struct sk_buff *skb, struct dst_entry *dst)
{
	struct kpptp_send_stats *stats = &call->send.stats;

	if (unlikely(!pskb_may_pull(skb, 2))) {
		stats->tx_malformed++;
		return false;
	}
	if (unlikely(skb->len > FRAME_LEN_MAX)) {
		stats->tx_too_big++;
		return false;
	}
	if (unlikely(skb_cow_head(skb, TUNNEL_HEADROOM + LL_RESERVED_SPACE(dst->dev)) ||
		     !pskb_may_pull(skb, min(skb->len, 3U)))) {
		stats->tx_no_memory++;
		return false;
	}
	return true;
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
	gre.seq = kpptp_window_sent(&send->window,
				    kpptp_window_times_next(&send->window) ? kpptp_now() : 0);
	gre.has_ack = kpptp_ack_take(&send->ack, &gre.ack);
	kpptp_gre_build(__skb_push(skb, kpptp_gre_len(true, gre.has_ack)), &gre);
	/* As long as others are in flight, theirs is the earlier deadline. */
	if (kpptp_window_in_flight(&send->window) == 1 || !timer_pending(&call->ato_timer))
		kpptp_timer_sent(call);
}

bool kpptp_tx_frame(struct kpptp_call *call, struct sk_buff *skb)
{
	struct kpptp_send *send = &call->send;
	struct dst_entry *dst;
	u16 id;

	spin_lock(&send->lock);
	if (unlikely(send->peer_id == KPPTP_PEER_ID_UNKNOWN)) {
		send->stats.tx_no_peer_id++;
		goto drop;
	}
	switch (kpptp_window_may_send(&send->window)) {
	case KPPTP_WINDOW_SEND:
		break;
	case KPPTP_WINDOW_WAIT:
		send->stats.tx_window_stalls++;
		spin_unlock(&send->lock);
			return false;
	case KPPTP_WINDOW_DROP:
		send->stats.tx_window_drops++;
		goto drop;
	}
	dst = kpptp_route_get(call);
	if (unlikely(!dst)) {
		send->stats.tx_no_route++;
		goto drop;
	}
	if (unlikely(!frame_prepare(call, skb, dst)))
		goto drop;
	frame_finish(skb, send->ppp_flags);
	frame_number(call, skb);
	id = send->ip_id++;
	spin_unlock(&send->lock);

	count_output(call, ip_output_frame(call, skb, dst, id));
	return true;

drop:
	spin_unlock(&send->lock);
	kfree_skb(skb);
	return true;
}

void kpptp_tx_ack(struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;
	struct kpptp_gre gre = { .has_ack = true };
	struct dst_entry *dst;
	struct sk_buff *skb;
	unsigned int room;
	u16 id;

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
	id = send->ip_id++;
	spin_unlock(&send->lock);

	count_output(call, ip_output_frame(call, skb, dst, id));
	return;

unlock:
	spin_unlock(&send->lock);
}
