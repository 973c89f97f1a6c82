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
#include <net/xfrm.h>

#include "call.h"
#include "channel.h"
#include "clock.h"
#include "gre.h"
#include "route.h"
#include "table.h"
#include "timer.h"
#include "tx.h"

/*
 * Note what a believed packet says of acknowledgments, both ways: what the peer
 * has of ours, and that we owe it one for its own. Returns whether to send that
 * one at once; @opened says whether our window opened.
 */
static bool acknowledge(struct kpptp_call *call, const struct kpptp_gre *gre, bool *opened)
{
	struct kpptp_send *send = &call->send;
	bool now = false;

	spin_lock(&send->lock);
	if (gre->has_ack) {
		if (!gre->has_seq)
			send->stats.rx_acks++;
		if (kpptp_window_acked(&send->window, gre->ack, !gre->has_seq, kpptp_now(),
				       opened) == KPPTP_WINDOW_ACK_BOGUS)
			send->stats.rx_bad_acks++;
	}
	if (gre->has_seq) {
		switch (kpptp_ack_received(&send->ack, gre->seq)) {
		case KPPTP_ACK_NOTHING:
			break;
		case KPPTP_ACK_LATER:
			kpptp_timer_ack_owed(call);
			break;
		case KPPTP_ACK_NOW:
			now = true;
			break;
		}
	}
	spin_unlock(&send->lock);
	return now;
}

static void deliver_list(struct kpptp_call *call, struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)))
		kpptp_channel_input(call, skb);
}

/*
 * Deliver, hold or drop a data packet, whose payload @skb now is. Consumes @skb.
 * Returns whether its sequence number is believed.
 */
static bool sequence(struct kpptp_call *call, struct sk_buff *skb, u32 seq)
{
	struct kpptp_recv *recv = &call->recv;
	struct kpptp_reorder_gaps gaps = {};
	enum kpptp_reorder_verdict verdict;
	struct sk_buff_head list;

	__skb_queue_head_init(&list);
	spin_lock(&recv->lock);
	verdict = kpptp_reorder_accept(&recv->reorder, skb, seq, kpptp_now(), &list, &gaps);
	switch (verdict) {
	case KPPTP_REORDER_DELIVER:
		kpptp_channel_input(call, skb);
		break;
	case KPPTP_REORDER_HELD:
		recv->stats.rx_out_of_order++;
		break;
	case KPPTP_REORDER_LATE:
		recv->stats.rx_late++;
		break;
	case KPPTP_REORDER_DUPLICATE:
		recv->stats.rx_duplicates++;
		break;
	case KPPTP_REORDER_FAR:
		recv->stats.rx_far_ahead++;
		break;
	}
	deliver_list(call, &list);
	recv->stats.rx_reorder_overflows += gaps.overflows;
	recv->stats.rx_lost += gaps.lost;
	if (kpptp_reorder_holds(&recv->reorder))
		kpptp_timer_held(call);
	spin_unlock(&recv->lock);

	if (verdict > KPPTP_REORDER_BELIEVED)
		kfree_skb(skb);
	return verdict <= KPPTP_REORDER_BELIEVED;
}

/* Trim @skb to the payload that its header states. */
static bool payload(struct sk_buff *skb, const struct kpptp_gre *gre)
{
	return !pskb_trim_rcsum(skb, gre->header_len + gre->payload_len) &&
	       pskb_pull(skb, gre->header_len);
}

static void scrub(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	secpath_reset(skb);
	skb->ip_summed = CHECKSUM_NONE;
}

/* A packet whose header is sound, for @call. Consumes @skb. */
static void receive(struct kpptp_call *call, struct sk_buff *skb, const struct kpptp_gre *gre)
{
	bool opened = false;
	bool ack_now;

	if (gre->has_seq) {
		if (unlikely(!payload(skb, gre))) {
			spin_lock(&call->recv.lock);
			call->recv.stats.rx_no_memory++;
			spin_unlock(&call->recv.lock);
			kfree_skb(skb);
			return;
		}
		scrub(skb);
		if (unlikely(!sequence(call, skb, gre->seq)))
			return;
	} else {
		consume_skb(skb);
	}

	ack_now = acknowledge(call, gre, &opened);
	if (unlikely(opened))
		kpptp_channel_wake(call);
	if (ack_now)
		kpptp_tx_ack(call);
}

static int kpptp_rx(struct sk_buff *skb)
{
	struct kpptp_net *kn = kpptp_net_of(dev_net(skb->dev));
	struct kpptp_call_key key = {};
	struct kpptp_call *call;
	const struct iphdr *iph;
	struct kpptp_gre gre;

	if (unlikely(skb->pkt_type != PACKET_HOST)) {
		kpptp_net_count(kn, rx_not_host);
		goto drop;
	}
	if (unlikely(!pskb_may_pull(skb, min_t(unsigned int, skb->len, KPPTP_GRE_LEN_MAX)))) {
		kpptp_net_count(kn, rx_truncated);
		goto drop;
	}
	switch (kpptp_gre_parse(skb->data, skb->len, &gre)) {
	case KPPTP_GRE_OK:
		break;
	case KPPTP_GRE_TRUNCATED:
		kpptp_net_count(kn, rx_truncated);
		goto drop;
	case KPPTP_GRE_MALFORMED:
		kpptp_net_count(kn, rx_malformed);
		goto drop;
	}

	iph = ip_hdr(skb);
	key.local = iph->daddr;
	key.peer = iph->saddr;
	key.id = gre.call_id;
	call = kpptp_table_lookup(kn, &key);
	if (unlikely(!call)) {
		kpptp_net_count(kn, rx_no_call);
		goto drop;
	}
	receive(call, skb, &gre);
	return NET_RX_SUCCESS;

drop:
	kfree_skb(skb);
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
	struct kpptp_reorder_gaps gaps = {};
	struct sk_buff_head list;

	__skb_queue_head_init(&list);
	spin_lock(&recv->lock);
	kpptp_reorder_expire(&recv->reorder, kpptp_now(), &list, &gaps);
	recv->stats.rx_reorder_timeouts += gaps.timeouts;
	recv->stats.rx_lost += gaps.lost;
	deliver_list(call, &list);
	kpptp_timer_held(call);
	spin_unlock(&recv->lock);
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
