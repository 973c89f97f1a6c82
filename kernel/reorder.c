// SPDX-License-Identifier: GPL-2.0
/*
 * The receive side: which frames may be delivered now.
 */
#include "reorder.h"

#include <linux/minmax.h>

/* A number further than this from the expected one, either way, is far. */
#define NEAR 1024

/* So many in a row have to agree, each at most so far after the one before. */
#define FAR_AGREE 4
#define FAR_STEP 16

/* The hold time to begin with, in microseconds. */
#define HOLD_START 10000

struct held_frame {
	u32 seq;
	u32 at;
};

static struct held_frame *frame(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct held_frame) > sizeof(skb->cb));
	return (struct held_frame *)skb->cb;
}

static bool holding(const struct kpptp_reorder *r)
{
	return r->hold_max && r->packets_max;
}

static void set_hold(struct kpptp_reorder *r, u32 hold)
{
	r->hold = min(max_t(u32, hold, KPPTP_REORDER_TIME_MIN), r->hold_max);
}

void kpptp_reorder_init(struct kpptp_reorder *r, u32 hold_max, u32 packets_max)
{
	*r = (struct kpptp_reorder) { .hold = HOLD_START };
	__skb_queue_head_init(&r->held);
	kpptp_reorder_limit(r, hold_max, packets_max);
}

void kpptp_reorder_limit(struct kpptp_reorder *r, u32 hold_max, u32 packets_max)
{
	r->hold_max = hold_max;
	r->packets_max = packets_max;
	set_hold(r, r->hold);
}

void kpptp_reorder_purge(struct kpptp_reorder *r)
{
	__skb_queue_purge(&r->held);
}

/* The window moves to @next; of what it moves over, the last one was received or not. */
static void move(struct kpptp_reorder *r, u32 next, bool received)
{
	u32 by = next - r->next;

	r->seen = by < 64 ? r->seen << by : 0;
	r->seen |= received;
	r->next = next;
}

/* Release what follows without a gap, and note since when the next gap is known. */
static void release(struct kpptp_reorder *r, struct sk_buff_head *released)
{
	struct sk_buff *skb;

	while ((skb = skb_peek(&r->held)) && frame(skb)->seq == r->next) {
		__skb_unlink(skb, &r->held);
		__skb_queue_tail(released, skb);
		move(r, r->next + 1, true);
	}
	if (skb)
		r->gap_since = frame(skb)->at;
}

/* Give up the first gap: what was missing there is lost, or will be late. */
static void give_up(struct kpptp_reorder *r, struct sk_buff_head *released,
		    struct kpptp_reorder_gaps *gaps)
{
	u32 first = frame(skb_peek(&r->held))->seq;

	gaps->lost += first - r->next;
	move(r, first, false);
	release(r, released);
}

/* Put a frame among the held ones; most often it belongs behind the last. */
static bool hold(struct kpptp_reorder *r, struct sk_buff *skb, u32 seq, u32 now)
{
	struct sk_buff *before;

	if (!kpptp_reorder_holds(r))
		r->gap_since = now;
	skb_queue_reverse_walk(&r->held, before) {
		if (frame(before)->seq == seq)
			return false;
		if (kpptp_seq_before(frame(before)->seq, seq))
			break;
	}
	frame(skb)->seq = seq;
	frame(skb)->at = now;
	/* At the end of the walk, @before is the head of the list. */
	__skb_queue_after(&r->held, before, skb);
	return true;
}

static enum kpptp_reorder_verdict ahead(struct kpptp_reorder *r, struct sk_buff *skb, u32 seq,
					u32 now, struct sk_buff_head *released,
					struct kpptp_reorder_gaps *gaps)
{
	if (!holding(r) && !kpptp_reorder_holds(r)) {
		gaps->lost += seq - r->next;
		move(r, seq + 1, true);
		return KPPTP_REORDER_DELIVER;
	}
	if (!hold(r, skb, seq, now))
		return KPPTP_REORDER_DUPLICATE;
	while (kpptp_reorder_held(r) > r->packets_max) {
		gaps->overflows++;
		give_up(r, released, gaps);
	}
	return KPPTP_REORDER_HELD;
}

static enum kpptp_reorder_verdict behind(struct kpptp_reorder *r, u32 seq)
{
	u32 back = r->next - 1 - seq;

	if (back < 64 && r->seen & BIT_ULL(back))
		return KPPTP_REORDER_DUPLICATE;
	if (back < 64)
		r->seen |= BIT_ULL(back);
	/* It would have found its place, had we held longer. */
	set_hold(r, 2 * r->hold);
	return KPPTP_REORDER_LATE;
}

/*
 * A number that nothing leads to: forged, or the peer began anew, or a long
 * outage ended. What arrives where it is expected clears @far_count, so that
 * against real traffic there is never agreement.
 */
static enum kpptp_reorder_verdict far(struct kpptp_reorder *r, u32 seq,
				      struct sk_buff_head *released)
{
	u32 step = seq - r->far_seq;

	r->far_count = step && step <= FAR_STEP ? r->far_count + 1 : 1;
	r->far_seq = seq;
	if (r->far_count < FAR_AGREE)
		return KPPTP_REORDER_FAR;

	skb_queue_splice_tail_init(&r->held, released);
	r->next = seq + 1;
	r->seen = 1;
	r->far_count = 0;
	return KPPTP_REORDER_DELIVER;
}

enum kpptp_reorder_verdict
kpptp_reorder_accept_other(struct kpptp_reorder *r, struct sk_buff *skb, u32 seq, u32 now,
			   struct sk_buff_head *released, struct kpptp_reorder_gaps *gaps)
{
	s32 distance = kpptp_seq_diff(seq, r->next);

	if (!r->started) {
		r->started = true;
		r->next = seq + 1;
		r->seen = 1;
		return KPPTP_REORDER_DELIVER;
	}
	if (distance > NEAR || distance < -NEAR)
		return far(r, seq, released);
	r->far_count = 0;
	if (distance > 0)
		return ahead(r, skb, seq, now, released, gaps);
	if (distance < 0)
		return behind(r, seq);

	/* The gap fills: hold for twice as long as that took, from now on. */
	if (kpptp_reorder_holds(r) && 2 * (now - r->gap_since) > r->hold)
		set_hold(r, 2 * (now - r->gap_since));
	move(r, seq + 1, true);
	release(r, released);
	return KPPTP_REORDER_DELIVER;
}

void kpptp_reorder_expire(struct kpptp_reorder *r, u32 now, struct sk_buff_head *released,
			  struct kpptp_reorder_gaps *gaps)
{
	u32 at;

	while (kpptp_reorder_deadline(r, &at) && !kpptp_seq_after(at, now)) {
		gaps->timeouts++;
		give_up(r, released, gaps);
		set_hold(r, r->hold - r->hold / 8);
	}
}
