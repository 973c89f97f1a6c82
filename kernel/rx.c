// SPDX-License-Identifier: GPL-2.0
/*
 * Packets from the wire: the handler of GRE version 1.
 *
 * A packet is checked, found a call, put in order, acknowledged and handed to
 * PPP. Nothing it says is believed before its header is whole and its sequence
 * number plausible.
 */
#include "rx.h"

#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/gre.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "call.h"
#include "channel.h"
#include "clock.h"
#include "compat/compat.h"
#include "gre.h"
#include "route.h"
#include "table.h"
#include "timer.h"
#include "tos.h"
#include "tx.h"

/*
 * Note what a believed packet says of acknowledgments, both ways: what the peer
 * has of ours, and that we owe it one for its own. Returns whether to send that
 * one at once; @opened says whether our window opened.
 */
static bool acknowledge(struct kpptp_call *call, const struct kpptp_gre *gre,
			bool jumped, bool *opened)
{
	enum kpptp_ack_verdict debt = KPPTP_ACK_NOTHING;
	struct kpptp_send *send = &call->send;

	spin_lock(&send->lock);
	if (gre->has_ack) {
		bool lone = !gre->has_seq;

		send->stats.rx_acks += lone;
		switch (kpptp_window_acked(&send->window, gre->ack, lone,
					   kpptp_now())) {
		case KPPTP_WINDOW_ACK_OLD:
		case KPPTP_WINDOW_ACK_NEW:
			break;
		case KPPTP_WINDOW_ACK_OPENED:
			*opened = true;
			break;
		case KPPTP_WINDOW_ACK_BOGUS:
			send->stats.rx_bad_acks++;
			break;
		}
	}
	if (gre->has_seq)
		debt = jumped ? kpptp_ack_restart(&send->ack, gre->seq)
			      : kpptp_ack_received(&send->ack, gre->seq);
	if (debt == KPPTP_ACK_ARM_TIMER)
		kpptp_timer_ack_owed(call);
	spin_unlock(&send->lock);
	return debt == KPPTP_ACK_SEND_NOW;
}

static void count_verdict(struct kpptp_recv_stats *stats,
			  enum kpptp_reorder_verdict verdict)
{
	switch (verdict) {
	case KPPTP_REORDER_DELIVER:
	case KPPTP_REORDER_JUMPED:
		break;
	case KPPTP_REORDER_HELD:
		stats->rx_out_of_order++;
		break;
	case KPPTP_REORDER_LATE:
		stats->rx_late++;
		break;
	case KPPTP_REORDER_DUPLICATE:
		stats->rx_duplicates++;
		break;
	case KPPTP_REORDER_FAR:
		stats->rx_far_ahead++;
		break;
	}
}

/* Gaps given up for want of room: the call's own, or the namespace's. */
static void count_gaps(struct kpptp_recv_stats *stats, u32 gaps, bool room)
{
	if (room)
		stats->rx_reorder_overflows += gaps;
	else
		stats->rx_held_limits += gaps;
}

/* Hand to PPP what is ready. Under recv.lock, so that two CPUs keep the order. */
static void deliver(struct kpptp_call *call, struct kpptp_reorder_out *out)
{
	struct sk_buff *skb;

	call->recv.stats.rx_lost += out->lost;
	while ((skb = __skb_dequeue(&out->ready)))
		kpptp_channel_input(call, skb);
}

/* Whether the namespace's budget has room for @skb. Those who race may exceed it a little. */
static bool may_hold(const struct kpptp_net *kn, const struct sk_buff *skb)
{
	return atomic_long_read(&kn->held) + skb->truesize <=
	       READ_ONCE(kn->held_limit);
}

/* Charge the budget with what is held now instead of @before. */
static void charge(struct kpptp_call *call, u32 before)
{
	long change = (long)call->recv.reorder.bytes - before;

	if (change)
		atomic_long_add(change, &call->kn->held);
}

/* A packet that is not simply the next one: deliver, hold or drop it. */
static enum kpptp_reorder_verdict reorder(struct kpptp_call *call,
					  struct sk_buff *skb, u32 seq)
{
	struct kpptp_recv *recv = &call->recv;
	bool room = may_hold(call->kn, skb);
	u32 before = recv->reorder.bytes;
	enum kpptp_reorder_verdict verdict;
	struct kpptp_reorder_out out;

	kpptp_reorder_out_init(&out);
	verdict = kpptp_reorder_accept(&recv->reorder, skb, seq, kpptp_now(),
				       room, &out);
	charge(call, before);
	count_verdict(&recv->stats, verdict);
	if (verdict == KPPTP_REORDER_DELIVER || verdict == KPPTP_REORDER_HELD)
		count_gaps(&recv->stats, out.gaps, room);
	if (!kpptp_reorder_believed(verdict))
		kfree_skb(skb); /* the kernel has no name for these reasons */
	deliver(call, &out);
	kpptp_timer_held(call);
	return verdict;
}

/* Put a data packet, whose payload @skb now is, in its place. Consumes @skb. */
static enum kpptp_reorder_verdict sequence(struct kpptp_call *call,
					   struct sk_buff *skb, u32 seq)
{
	enum kpptp_reorder_verdict verdict = KPPTP_REORDER_DELIVER;
	struct kpptp_recv *recv = &call->recv;

	spin_lock(&recv->lock);
	if (likely(kpptp_reorder_inorder(&recv->reorder, seq)))
		kpptp_channel_input(call, skb);
	else
		verdict = reorder(call, skb, seq);
	spin_unlock(&recv->lock);
	return verdict;
}

/* Trim @skb to the payload that its header states. */
static bool payload(struct sk_buff *skb, const struct kpptp_gre *gre)
{
	return !pskb_trim_rcsum(skb, gre->header_len + gre->payload_len) &&
	       pskb_pull(skb, gre->header_len);
}

/* What the packet was outside must not show inside. */
static void scrub(const struct kpptp_call *call, struct sk_buff *skb)
{
	if (unlikely(call->foreign))
		skb_scrub_packet(skb, true);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	secpath_reset(skb);
	skb->ip_summed = CHECKSUM_NONE;
}

/* A router on the way was congested, and its mark must not end with the tunnel. */
static void congested(struct kpptp_call *call, struct sk_buff *skb)
{
	kpptp_tos_congested(skb);
	spin_lock(&call->recv.lock);
	call->recv.stats.rx_congested++;
	spin_unlock(&call->recv.lock);
}

/* A packet whose header is sound, for @call. Consumes @skb. */
static void receive(struct kpptp_call *call, struct sk_buff *skb,
		    const struct kpptp_gre *gre)
{
	enum kpptp_reorder_verdict verdict = KPPTP_REORDER_DELIVER;
	bool opened = false;
	bool ack_now;

	if (gre->has_seq) {
		if (unlikely(!payload(skb, gre))) {
			spin_lock(&call->recv.lock);
			call->recv.stats.rx_no_memory++;
			spin_unlock(&call->recv.lock);
			kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
			return;
		}
		if (unlikely(INET_ECN_is_ce(ip_hdr(skb)->tos)))
			congested(call, skb);
		scrub(call, skb);
		verdict = sequence(call, skb, gre->seq);
		if (unlikely(!kpptp_reorder_believed(verdict)))
			return;
	} else {
		consume_skb(skb);
	}

	ack_now = acknowledge(call, gre, verdict == KPPTP_REORDER_JUMPED,
			      &opened);
	if (unlikely(opened))
		kpptp_channel_wake(call);
	if (ack_now)
		kpptp_tx_ack(call);
}

/* A call that is bound to a device, or a VRF, receives by it alone. */
static bool came_by(const struct kpptp_call *call, const struct sk_buff *skb)
{
	int device = READ_ONCE(call->send.ip.device);

	return likely(!device) || device == inet_iif(skb) ||
	       device == inet_sdif(skb);
}

static int kpptp_rx(struct sk_buff *skb)
{
	struct kpptp_net *kn = kpptp_net_of(dev_net(skb->dev));
	enum skb_drop_reason reason;
	struct kpptp_call_key key = {};
	struct kpptp_call *call;
	const struct iphdr *iph;
	struct kpptp_gre gre;

	if (unlikely(skb->pkt_type != PACKET_HOST)) {
		reason = SKB_DROP_REASON_OTHERHOST;
		kpptp_net_count(kn, rx_not_host);
		goto drop;
	}
	if (unlikely(!pskb_may_pull(skb, min_t(unsigned int, skb->len,
					       KPPTP_GRE_MAX)))) {
		reason = SKB_DROP_REASON_HDR_TRUNC;
		kpptp_net_count(kn, rx_truncated);
		goto drop;
	}
	switch (kpptp_gre_parse(skb->data, skb->len, &gre)) {
	case KPPTP_GRE_OK:
		break;
	case KPPTP_GRE_SHORT:
		reason = SKB_DROP_REASON_HDR_TRUNC;
		kpptp_net_count(kn, rx_truncated);
		goto drop;
	case KPPTP_GRE_VERSION:
	case KPPTP_GRE_MALFORMED:
		reason = SKB_DROP_REASON_INVALID_PROTO;
		kpptp_net_count(kn, rx_malformed);
		goto drop;
	}

	iph = ip_hdr(skb);
	key.local = iph->daddr;
	key.peer = iph->saddr;
	key.id = gre.call_id;
	call = kpptp_table_lookup(kn, &key);
	if (unlikely(!call || !came_by(call, skb))) {
		reason = SKB_DROP_REASON_NO_SOCKET;
		kpptp_net_count(kn, rx_no_call);
		goto drop;
	}
	receive(call, skb, &gre);
	return NET_RX_SUCCESS;

drop:
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}

/*
 * An ICMP error about a packet of ours. It quotes the IP header, which IP has
 * left before @skb's data, and at least the first eight octets behind it: the
 * Call ID is the peer's, so the call cannot be looked up by it. The addresses
 * say whose path it is, and the routing table keeps the path's MTU.
 */
static void kpptp_rx_err(struct sk_buff *skb, u32 info)
{
	const struct icmphdr *icmp = icmp_hdr(skb);

	if (icmp->type == ICMP_DEST_UNREACH && icmp->code == ICMP_FRAG_NEEDED)
		kpptp_route_pmtu(dev_net(skb->dev), skb, info);
}

void kpptp_rx_expire(struct kpptp_call *call)
{
	struct kpptp_recv *recv = &call->recv;
	struct kpptp_reorder_out out;
	u32 before;

	kpptp_reorder_out_init(&out);
	spin_lock_bh(&recv->lock);
	before = recv->reorder.bytes;
	recv->stats.rx_reorder_timeouts +=
		kpptp_reorder_expire(&recv->reorder, kpptp_now(), &out);
	charge(call, before);
	deliver(call, &out);
	kpptp_timer_held(call);
	spin_unlock_bh(&recv->lock);
}

void kpptp_rx_purge(struct kpptp_call *call)
{
	u32 before = call->recv.reorder.bytes;
	struct kpptp_reorder_out out;

	kpptp_reorder_out_init(&out);
	kpptp_reorder_purge(&call->recv.reorder, &out);
	charge(call, before);
	__skb_queue_purge(&out.ready);
}

static const struct gre_protocol kpptp_gre_protocol = {
	.handler = kpptp_rx,
	.err_handler = kpptp_rx_err,
};

int kpptp_rx_setup(void)
{
	return gre_add_protocol(&kpptp_gre_protocol, GREPROTO_PPTP);
}

void kpptp_rx_cleanup(void)
{
	gre_del_protocol(&kpptp_gre_protocol, GREPROTO_PPTP);
}
