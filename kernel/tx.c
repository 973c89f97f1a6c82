// SPDX-License-Identifier: GPL-2.0
/*
 * The transmit path: frames and standalone acks, and two timers: the delayed ack,
 * and the acknowledgment timeout (RFC 2637 section 4.4).
 */
#include "tx.h"

#include <linux/ppp_defs.h>
#include <linux/ppp-ioctl.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip.h>

#include "call.h"
#include "clock.h"
#include "compat/compat.h"
#include "crypt.h"
#include "gre.h"
#include "gso.h"
#include "output.h"
#include "packet.h"
#include "ppp.h"
#include "route.h"
#include "tos.h"
#include "trace.h"

/* Headers in front of the payload: PPP address and control, GRE, IP. */
#define PPP_ADDRESS_LEN 2
#define TUNNEL_HEADROOM (PPP_ADDRESS_LEN + KPPTP_GRE_MAX + sizeof(struct iphdr))

/*
 * LCP negotiates the compression of these fields, so its own packets (codes 1 to 7)
 * never compress them (RFC 1661 sections 6.5 and 6.6).
 */
static bool tx_is_lcp(const u8 *frame, unsigned int len)
{
	return len >= 3 && get_unaligned_be16(frame) == PPP_LCP && frame[2] >= 1 && frame[2] <= 7;
}

/* Compress or complete the PPP header. Needs headroom and 3 linear bytes (or all). */
static void tx_finish(struct sk_buff *skb, u32 ppp_flags)
{
	bool lcp = tx_is_lcp(skb->data, skb_headlen(skb));

	if (!lcp && (ppp_flags & SC_COMP_PROT) && skb->data[0] == 0)
		__skb_pull(skb, 1);
	if (lcp || !(ppp_flags & SC_COMP_AC)) {
		u8 *address = __skb_push(skb, PPP_ADDRESS_LEN);

		address[0] = PPP_ALLSTATIONS;
		address[1] = PPP_UI;
	}
}

/*
 * Does the frame fit? With df on it must fit the path MTU with the longest header,
 * so that the answer does not depend on whether an acknowledgment is owed.
 */
static bool tx_fits(const struct kpptp_call *call, const struct sk_buff *skb,
		    const struct dst_entry *dst)
{
	unsigned int most = call->send.ip.df ? dst_mtu(dst) : IP_MAX_MTU;

	return skb->len + TUNNEL_HEADROOM <= most;
}

/*
 * Check that the frame can be sent, and make headroom. Counts a refused frame and
 * returns the reason; it has no sequence number yet, so the peer sees no gap.
 */
static enum skb_drop_reason tx_prepare(struct kpptp_call *call, struct sk_buff *skb,
				       struct dst_entry *dst)
{
	struct kpptp_send_stats *stats = &call->send.stats;

	if (unlikely(!pskb_may_pull(skb, 2))) {
		stats->tx_malformed++;
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	}
	if (unlikely(!tx_fits(call, skb, dst))) {
		stats->tx_too_big++;
		return SKB_DROP_REASON_PKT_TOO_BIG;
	}
	if (unlikely(skb_cow_head(skb, TUNNEL_HEADROOM + LL_RESERVED_SPACE(dst->dev)) ||
		     (skb_headlen(skb) < 3 && !pskb_may_pull(skb, min(skb->len, 3U))))) {
		stats->tx_no_memory++;
		return SKB_DROP_REASON_NOMEM;
	}
	return SKB_NOT_DROPPED_YET;
}

/* Called for each packet sent, so read the clock only to set the timer. */
static void tx_arm_ato(struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;
	u32 at;

	if (!kpptp_window_deadline(&send->window, &at))
		return;
	if (timer_pending(&call->ato_timer) && !kpptp_seq_before(at, send->ato_at))
		return;
	send->ato_at = at;
	kpptp_timer_arm(&call->ato_timer, kpptp_until(at, kpptp_now()));
}

/*
 * Add the GRE header. Under send.lock, so that numbers are in order. Returns whether
 * it carries an acknowledgment.
 */
static bool tx_number(struct kpptp_call *call, struct sk_buff *skb)
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
	/* If others are in flight, their deadline is earlier. */
	if (kpptp_window_in_flight(&send->window) == 1 || !timer_pending(&call->ato_timer))
		tx_arm_ato(call);
	return gre.has_ack;
}

/* The packet's type of service. A standalone ack has no @frame to inherit from. */
static u8 tx_tos(const struct kpptp_call *call, const struct sk_buff *frame)
{
	u8 dscp = call->send.ip.dscp;

	if (likely(dscp != KPPTP_DSCP_INHERIT))
		return dscp << 2;
	return frame ? kpptp_tos_inherit(frame) : 0;
}

/*
 * Settle the fate of the last refused frame. PPP keeps one that came from an
 * interface, or was written to the channel, and offers it again. One from a bridged
 * channel it frees, so that our reference is the last.
 */
static noinline void tx_refused_settle(struct kpptp_send *send, const struct sk_buff *skb)
{
	struct sk_buff *refused = send->refused;

	send->refused = NULL;
	if (skb != refused && !skb_shared(refused)) {
		send->stats.tx_window_drops++;
		kfree_skb_reason(refused, SKB_DROP_REASON_FULL_RING);
		return;
	}
	send->stats.tx_window_stalls++;
	consume_skb(refused);
}

/* Orphan the frame, as our reference may be the last and be dropped much later. */
static void tx_refused_note(struct kpptp_send *send, struct sk_buff *skb)
{
	skb_orphan(skb);
	send->refused = skb_get(skb);
}

/*
 * Send one frame. Returns false if a closed window refuses it, only if @may_wait;
 * @skb is then still the caller's.
 */
static bool tx_one(struct kpptp_call *call, struct sk_buff *skb, bool may_wait)
{
	struct kpptp_send *send = &call->send;
	enum skb_drop_reason reason;
	unsigned int nesting = 0;
	struct dst_entry *dst;
	bool acked;
	u8 tos;

	spin_lock(&send->lock);
	if (unlikely(send->refused))
		tx_refused_settle(send, skb);
	if (unlikely(send->peer_id == KPPTP_PEER_ID_UNKNOWN)) {
		send->stats.tx_no_peer_id++;
		reason = SKB_DROP_REASON_DEV_READY;
		goto drop;
	}
	switch (kpptp_window_may_send(&send->window)) {
	case KPPTP_WINDOW_SEND:
		break;
	case KPPTP_WINDOW_WAIT:
		if (likely(may_wait)) {
			tx_refused_note(send, skb);
			trace_kpptp_tx_window(call, KPPTP_STOP_STALL);
			spin_unlock(&send->lock);
			return false;
		}
		fallthrough;
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
	if (unlikely(!send->direct)) {
		nesting = kpptp_output_nesting(skb);
		if (unlikely(nesting > KPPTP_OUTPUT_NESTING_MAX)) {
			send->stats.tx_loops++;
			reason = SKB_DROP_REASON_RECURSION_LIMIT;
			goto drop;
		}
	}
	reason = tx_prepare(call, skb, dst);
	if (unlikely(reason != SKB_NOT_DROPPED_YET))
		goto drop;
	tos = tx_tos(call, skb);
	tx_finish(skb, send->ppp_flags);
	acked = tx_number(call, skb);
	kpptp_packet_build(call, skb, dst, tos);
	spin_unlock(&send->lock);

	if (likely(!nesting))
		kpptp_output(call, skb, acked);
	else
		kpptp_output_defer(call, skb, acked, nesting);
	return true;

drop:
	spin_unlock(&send->lock);
	kfree_skb_reason(skb, reason);
	return true;
}

/*
 * Send a frame without a checksum, or a GSO frame. The parts of a GSO frame cannot
 * wait if the window closes among them: they come only from a bridge, which does not
 * keep refused frames.
 */
static noinline bool tx_offloaded(struct kpptp_call *call, struct sk_buff *skb)
{
	bool several = skb_is_gso(skb);
	struct sk_buff *frames, *next;

	frames = kpptp_gso_segment(skb);
	if (unlikely(!frames)) {
		spin_lock(&call->send.lock);
		call->send.stats.tx_gso_errors++;
		spin_unlock(&call->send.lock);
		return true;
	}
	if (!several)
		return tx_one(call, frames, true);
	skb_list_walk_safe(frames, skb, next)
	{
		skb_mark_not_on_list(skb);
		tx_one(call, skb, false);
	}
	return true;
}

/* CCP tells when encryption begins anew or ends. */
static void tx_watch_ccp(struct kpptp_call *call, struct sk_buff *skb)
{
	if (pskb_may_pull(skb, 2) && get_unaligned_be16(skb->data) == PPP_CCP)
		kpptp_crypt_ccp_output(call, skb);
}

bool kpptp_tx_frame(struct kpptp_call *call, struct sk_buff *skb)
{
	if (kpptp_crypt_bound(call))
		tx_watch_ccp(call, skb);
	if (unlikely(kpptp_gso_needed(skb)))
		return tx_offloaded(call, skb);
	return tx_one(call, skb, true);
}

void kpptp_tx_ack(struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;
	struct kpptp_gre gre = { .has_ack = true };
	struct dst_entry *dst;
	struct sk_buff *skb;
	unsigned int room;
	bool direct;

	spin_lock(&send->lock);
	if (!send->ack.owed)
		goto unlock;
	if (unlikely(send->peer_id == KPPTP_PEER_ID_UNKNOWN))
		goto retry;
	dst = kpptp_route_get(call);
	if (unlikely(!dst)) {
		send->stats.tx_no_route++;
		goto retry;
	}
	room = TUNNEL_HEADROOM + LL_RESERVED_SPACE(dst->dev);
	skb = alloc_skb(room, GFP_ATOMIC);
	if (unlikely(!skb)) {
		send->stats.tx_no_memory++;
		goto retry;
	}
	skb_reserve(skb, room);
	kpptp_ack_take(&send->ack, &gre.ack);
	gre.call_id = send->peer_id;
	kpptp_gre_build(__skb_push(skb, kpptp_gre_len(false, true)), &gre);
	send->stats.tx_acks++;
	kpptp_packet_build(call, skb, dst, tx_tos(call, NULL));
	direct = send->direct;
	spin_unlock(&send->lock);

	if (likely(direct))
		kpptp_output(call, skb, true);
	else
		kpptp_output_defer(call, skb, true, kpptp_output_nesting(NULL));
	return;

retry:
	kpptp_timer_arm(&call->ack_timer, KPPTP_ACK_RETRY);
unlock:
	spin_unlock(&send->lock);
}

void kpptp_tx_ack_later(struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;

	kpptp_timer_arm(&call->ack_timer,
			kpptp_ack_delay(&send->ack, kpptp_window_rtt(&send->window)));
}

static void tx_ack_expired(struct timer_list *timer)
{
	struct kpptp_call *call = timer_container_of(call, timer, ack_timer);

	kpptp_tx_ack(call);
}

static void tx_ato_expired(struct timer_list *timer)
{
	struct kpptp_call *call = timer_container_of(call, timer, ato_timer);
	struct kpptp_send *send = &call->send;
	enum kpptp_window_expiry expiry;

	spin_lock(&send->lock);
	expiry = kpptp_window_timeout(&send->window, kpptp_now());
	if (expiry != KPPTP_WINDOW_EARLY) {
		send->stats.ack_timeouts++;
		trace_kpptp_ack_timeout(call);
	}
	tx_arm_ato(call);
	spin_unlock(&send->lock);

	if (expiry == KPPTP_WINDOW_REOPENED)
		kpptp_ppp_wake(call);
}

void kpptp_tx_timers_init(struct kpptp_call *call)
{
	timer_setup(&call->ack_timer, tx_ack_expired, 0);
	timer_setup(&call->ato_timer, tx_ato_expired, 0);
}

void kpptp_tx_timers_shutdown(struct kpptp_call *call)
{
	timer_shutdown_sync(&call->ack_timer);
	timer_shutdown_sync(&call->ato_timer);
}

void kpptp_tx_stats(struct kpptp_call *call, struct kpptp_send_stats *stats)
{
	struct kpptp_send *send = &call->send;

	lockdep_assert_held(&send->lock);

	*stats = send->stats;
	if (!send->refused)
		return;
	if (skb_shared(send->refused))
		stats->tx_window_stalls++;
	else
		stats->tx_window_drops++;
}

void kpptp_tx_purge(struct kpptp_call *call)
{
	kfree_skb(call->send.refused);
	call->send.refused = NULL;
}
