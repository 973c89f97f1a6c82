// SPDX-License-Identifier: GPL-2.0
/*
 * The receive path: the handler of GRE version 1, and the timer that ends a hold.
 *
 * Validate a packet, look up its call, put it in order, acknowledge it and pass it
 * to PPP. Nothing in it is believed before its header is complete and its sequence
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

#include "budget.h"
#include "call.h"
#include "clock.h"
#include "compat/compat.h"
#include "deliver.h"
#include "drop.h"
#include "gre.h"
#include "ppp.h"
#include "ready.h"
#include "route.h"
#include "table.h"
#include "tos.h"
#include "trace.h"
#include "tx.h"

/*
 * Process the packet's acknowledgment and record the one we owe. Returns whether
 * to send ours at once; @opened says whether our window opened.
 */
static bool rx_acknowledge(struct kpptp_call *call, const struct kpptp_gre *gre, bool jumped,
			   bool *opened)
{
	enum kpptp_ack_verdict debt = KPPTP_ACK_NOTHING;
	struct kpptp_send *send = &call->send;

	spin_lock(&send->lock);
	if (gre->has_ack) {
		u32 now = kpptp_window_acks_new(&send->window, gre->ack) ? kpptp_now() : 0;
		bool lone = !gre->has_seq;

		send->stats.rx_acks += lone;
		switch (kpptp_window_acked(&send->window, gre->ack, lone, now)) {
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
		kpptp_tx_ack_later(call);
	spin_unlock(&send->lock);
	return debt == KPPTP_ACK_SEND_NOW;
}

static void rx_count_verdict(struct kpptp_recv_stats *stats, enum kpptp_reorder_verdict verdict)
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

/* Count gaps given up at the call's limit, or at the namespace's if not @room. */
static void rx_count_gaps(struct kpptp_recv_stats *stats, u32 gaps, bool room)
{
	if (room)
		stats->rx_reorder_overflows += gaps;
	else
		stats->rx_held_limits += gaps;
}

/*
 * Pass ready frames to PPP: a single one at once, several through the queue. Under
 * recv.lock, so that two CPUs keep the order.
 */
static void rx_deliver(struct kpptp_call *call, struct kpptp_reorder_out *out, bool room)
{
	struct kpptp_recv *recv = &call->recv;

	recv->stats.rx_lost += out->lost;
	if (skb_queue_empty(&out->ready))
		return;
	if (skb_queue_len(&out->ready) == 1 && !kpptp_ready_busy(call))
		kpptp_deliver(call, __skb_dequeue(&out->ready), &recv->stats, NULL, 0);
	else
		kpptp_ready_add(call, out, room);
}

/* Charge the budget with the change in bytes held since @before. */
static void rx_charge(struct kpptp_call *call, u32 before)
{
	kpptp_budget_charge(call->kn, (long)call->recv.reorder.bytes - before);
}

static enum kpptp_drop rx_drop_of(enum kpptp_reorder_verdict verdict)
{
	switch (verdict) {
	case KPPTP_REORDER_LATE:
		return KPPTP_DROP_LATE;
	case KPPTP_REORDER_DUPLICATE:
		return KPPTP_DROP_DUPLICATE;
	default:
		return KPPTP_DROP_FAR_AHEAD;
	}
}

static void rx_drop(struct kpptp_call *call, struct sk_buff *skb, u32 seq, enum kpptp_drop drop)
{
	trace_kpptp_rx_drop(call, seq, drop);
	kfree_skb_reason(skb, kpptp_drop_reason(drop));
}

static void rx_trace(struct kpptp_call *call, u32 next, u32 seq, enum kpptp_reorder_verdict verdict,
		     const struct kpptp_reorder_out *out)
{
	if (verdict == KPPTP_REORDER_HELD)
		trace_kpptp_rx_hold(call, seq);
	if (verdict == KPPTP_REORDER_JUMPED)
		trace_kpptp_rx_jump(call, next, seq);
	if (out->gaps || skb_queue_len(&out->ready) > 1)
		trace_kpptp_rx_release(call, out);
}

/*
 * Use an hrtimer: a hold may be shorter than a tick, and with packet loss every
 * extra wait adds delay. The hrtimer softirq runs after that of received packets, so
 * a packet waiting in the backlog still counts as in time.
 */
static void rx_arm_hold(struct kpptp_call *call)
{
	struct kpptp_recv *recv = &call->recv;
	u64 us;
	u32 at;

	if (!kpptp_reorder_deadline(&recv->reorder, &at))
		return;
	if (hrtimer_is_queued(&call->hold_timer) && !kpptp_seq_before(at, recv->hold_at))
		return;
	recv->hold_at = at;
	us = kpptp_until(at, kpptp_now());
	hrtimer_start(&call->hold_timer, ns_to_ktime(us * NSEC_PER_USEC), HRTIMER_MODE_REL_SOFT);
}

/* Is there room for one frame more in the queue, and a queue? */
static bool rx_queue_has_room(struct kpptp_call *call, const struct sk_buff *skb)
{
	return kpptp_ready_prepare(call) && kpptp_ready_has_room(call) &&
	       kpptp_budget_room(call->kn, skb->truesize);
}

/* A packet may only be held if there is a queue for its release. */
static bool rx_has_room(struct kpptp_call *call, u32 seq)
{
	const struct kpptp_reorder *reorder = &call->recv.reorder;

	return !reorder->started || seq == reorder->next || kpptp_ready_prepare(call);
}

/*
 * Deliver, hold or drop a packet that is not on the fast path. noinline to keep the
 * fast path's stack frame small.
 */
static noinline enum kpptp_reorder_verdict rx_reorder(struct kpptp_call *call, struct sk_buff *skb,
						      u32 seq)
{
	struct kpptp_recv *recv = &call->recv;
	bool budget = kpptp_budget_room(call->kn, skb->truesize) && rx_has_room(call, seq);
	bool room = budget && kpptp_ready_has_room(call);
	u32 before = recv->reorder.bytes;
	u32 next = recv->reorder.next;
	enum kpptp_reorder_verdict verdict;
	struct kpptp_reorder_out out;

	kpptp_reorder_out_init(&out);
	verdict = kpptp_reorder_accept(&recv->reorder, skb, seq, kpptp_now(), room, &out);
	rx_charge(call, before);
	rx_count_verdict(&recv->stats, verdict);
	rx_count_gaps(&recv->stats, out.gaps, budget);
	if (!kpptp_reorder_believed(verdict))
		rx_drop(call, skb, seq, rx_drop_of(verdict));
	rx_trace(call, next, seq, verdict, &out);
	rx_deliver(call, &out, room);
	rx_arm_hold(call);
	return verdict;
}

/*
 * Is it better for a frame to be queued? Those to be decrypted or merged are; others
 * would only lose time.
 */
static bool rx_wants_queue(const struct kpptp_call *call, const struct sk_buff *skb)
{
	unsigned int len = skb_headlen(skb), address, field;
	const u8 *data = skb->data;

	address = kpptp_frame_address_len(data, len);
	data += address;
	len -= address;
	if (kpptp_crypt_bound(call))
		return kpptp_crypt_opens(call) &&
		       kpptp_frame_protocol(data, len, &field) == PPP_COMP;
	return skb->len >= KPPTP_DELIVER_SHORT && !READ_ONCE(call->recv.unmerged) &&
	       kpptp_deliver_tcp(data, len) && kpptp_ready_merges(call);
}

/*
 * The fast path: the packet is the next one. A queue that has no room for it decides
 * in rx_reorder(), as for any other.
 */
static bool rx_inorder(struct kpptp_call *call, struct sk_buff *skb, u32 seq)
{
	struct kpptp_recv *recv = &call->recv;
	bool queued = kpptp_ready_busy(call) || rx_wants_queue(call, skb);

	if (unlikely(queued && !rx_queue_has_room(call, skb)))
		return false;
	if (unlikely(!kpptp_reorder_inorder(&recv->reorder, seq)))
		return false;
	if (queued)
		kpptp_ready_add_frame(call, skb);
	else
		kpptp_deliver(call, skb, &recv->stats, NULL, 0);
	return true;
}

/* Put a data packet, @skb at its payload, in order. Consumes @skb. */
static enum kpptp_reorder_verdict rx_sequence(struct kpptp_call *call, struct sk_buff *skb, u32 seq)
{
	enum kpptp_reorder_verdict verdict = KPPTP_REORDER_DELIVER;
	struct kpptp_recv *recv = &call->recv;

	spin_lock(&recv->lock);
	if (unlikely(!rx_inorder(call, skb, seq)))
		verdict = rx_reorder(call, skb, seq);
	spin_unlock(&recv->lock);
	return verdict;
}

/* Trim @skb to the payload that its header states. */
static bool rx_payload(struct sk_buff *skb, const struct kpptp_gre *gre)
{
	return !pskb_trim_rcsum(skb, gre->header_len + gre->payload_len) &&
	       pskb_pull(skb, gre->header_len);
}

/* Clear the outer packet's metadata before PPP sees the frame. */
static void rx_scrub(const struct kpptp_call *call, struct sk_buff *skb)
{
	if (unlikely(call->send.foreign))
		skb_scrub_packet(skb, true);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	secpath_reset(skb);
	skb->ip_summed = CHECKSUM_NONE;
}

/* Pass a congested router's mark on to the inner packet, and count it. */
static void rx_congested(struct kpptp_call *call, struct sk_buff *skb)
{
	kpptp_tos_congested(skb);
	spin_lock(&call->recv.lock);
	call->recv.stats.rx_congested++;
	spin_unlock(&call->recv.lock);
}

/* Receive a packet with a valid header for @call. Consumes @skb. */
static void rx_receive(struct kpptp_call *call, struct sk_buff *skb, const struct kpptp_gre *gre)
{
	enum kpptp_reorder_verdict verdict = KPPTP_REORDER_DELIVER;
	bool opened = false;
	bool ack_now;

	if (gre->has_seq) {
		if (unlikely(!rx_payload(skb, gre))) {
			spin_lock(&call->recv.lock);
			call->recv.stats.rx_no_memory++;
			rx_drop(call, skb, gre->seq, KPPTP_DROP_NO_MEMORY);
			spin_unlock(&call->recv.lock);
			return;
		}
		if (unlikely(INET_ECN_is_ce(ip_hdr(skb)->tos)))
			rx_congested(call, skb);
		rx_scrub(call, skb);
		verdict = rx_sequence(call, skb, gre->seq);
		if (unlikely(!kpptp_reorder_believed(verdict)))
			return;
	} else {
		consume_skb(skb);
	}

	ack_now = rx_acknowledge(call, gre, verdict == KPPTP_REORDER_JUMPED, &opened);
	if (unlikely(opened))
		kpptp_ppp_wake(call);
	if (ack_now)
		kpptp_tx_ack(call);
}

/* A call bound to a device or VRF receives only from it. */
static __always_inline bool rx_device_ok(const struct kpptp_call *call, const struct sk_buff *skb)
{
	int device = READ_ONCE(call->send.ip.device);

	return likely(!device) || device == inet_iif(skb) || device == inet_sdif(skb);
}

static int kpptp_rx(struct sk_buff *skb)
{
	struct kpptp_net *kn = kpptp_net_of_rcu(dev_net(skb->dev));
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
	if (unlikely(skb_headlen(skb) < KPPTP_GRE_MAX &&
		     !pskb_may_pull(skb, min_t(unsigned int, skb->len, KPPTP_GRE_MAX)))) {
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
	if (unlikely(!call || !rx_device_ok(call, skb))) {
		reason = SKB_DROP_REASON_NO_SOCKET;
		kpptp_net_count(kn, rx_no_call);
		goto drop;
	}
	rx_receive(call, skb, &gre);
	return NET_RX_SUCCESS;

drop:
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}

/*
 * The call that sent the packet quoted by an ICMP error, or NULL. Anybody can send
 * such an error, but it must quote a call's addresses and the Call ID that the peer
 * assigned, which is in the first eight bytes of GRE, always quoted.
 */
static struct kpptp_call *rx_quoted_call(struct sk_buff *skb)
{
	const unsigned int ip_len = ((struct iphdr *)skb->data)->ihl * 4;
	struct kpptp_call_key key = {};
	const struct iphdr *iph;
	struct kpptp_call *call;

	if (!pskb_may_pull(skb, ip_len + KPPTP_GRE_MIN))
		return NULL;
	iph = (struct iphdr *)skb->data;
	if (iph->frag_off & htons(IP_OFFSET) || !kpptp_gre_quoted(skb->data + ip_len, &key.id))
		return NULL;
	key.local = iph->saddr;
	key.peer = iph->daddr;
	call = kpptp_table_lookup_peer(kpptp_net_of(dev_net(skb->dev)), &key);
	return call && rx_device_ok(call, skb) ? call : NULL;
}

/* Handle an ICMP error about our packet. @skb's data is at the quoted IP header. */
static void kpptp_rx_err(struct sk_buff *skb, u32 info)
{
	const u8 type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;
	struct kpptp_call *call;

	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED) {
		call = rx_quoted_call(skb);
		if (call)
			kpptp_route_pmtu(call, info);
	} else if (type == ICMP_REDIRECT) {
		call = rx_quoted_call(skb);
		if (call)
			kpptp_route_redirect(call, skb);
	}
}

void kpptp_rx_expire(struct kpptp_call *call)
{
	struct kpptp_recv *recv = &call->recv;
	struct kpptp_reorder_out out;
	u32 before;

	kpptp_reorder_out_init(&out);
	spin_lock_bh(&recv->lock);
	before = recv->reorder.bytes;
	recv->stats.rx_reorder_timeouts += kpptp_reorder_expire(&recv->reorder, kpptp_now(), &out);
	rx_charge(call, before);
	if (out.gaps)
		trace_kpptp_rx_release(call, &out);
	rx_deliver(call, &out, true);
	rx_arm_hold(call);
	spin_unlock_bh(&recv->lock);
}

static enum hrtimer_restart rx_hold_expired(struct hrtimer *timer)
{
	kpptp_rx_expire(container_of(timer, struct kpptp_call, hold_timer));
	return HRTIMER_NORESTART; /* already rearmed if needed */
}

void kpptp_rx_timer_init(struct kpptp_call *call)
{
	hrtimer_setup(&call->hold_timer, rx_hold_expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
}

void kpptp_rx_timer_shutdown(struct kpptp_call *call)
{
	hrtimer_cancel(&call->hold_timer);
}

void kpptp_rx_purge(struct kpptp_call *call)
{
	u32 before = call->recv.reorder.bytes;
	struct kpptp_reorder_out out;

	kpptp_reorder_out_init(&out);
	kpptp_reorder_purge(&call->recv.reorder, &out);
	rx_charge(call, before);
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
