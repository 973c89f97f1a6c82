// SPDX-License-Identifier: GPL-2.0
/* The receive side of a call: decide which data packets may be delivered now. */
#include "reorder.h"

#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

/* A jump over at most this many numbers counts them as lost, as in an outage. */
#define LOSS_MAX 65535u

/* How far behind the next number anything is remembered. */
#define MEMORY BIT(30)

static struct kpptp_reorder_cb *reorder_cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct kpptp_reorder_cb) > sizeof(skb->cb));
	return (struct kpptp_reorder_cb *)skb->cb;
}

static struct sk_buff *reorder_skb_of(struct rb_node *node)
{
	void *where = rb_entry(node, struct kpptp_reorder_cb, node);

	return container_of(where, struct sk_buff, cb);
}

/* ---- The hold time ---- */

static u32 reorder_hold_min(const struct kpptp_reorder *r)
{
	return min(KPPTP_REORDER_HOLD_MIN, r->hold_max);
}

/*
 * A packet arrived after a later one, which had arrived at @since. Extend the hold
 * time to that delay plus a quarter, capped at the maximum; ignore a delay beyond
 * the maximum.
 */
static void reorder_lengthen_hold(struct kpptp_reorder *r, u32 since, u32 now)
{
	u32 late = now - since;

	if (late <= r->hold_max)
		r->hold = max(r->hold, min(late + late / 4, r->hold_max));
}

/* A gap was given up: waiting was in vain. */
static void reorder_shorten_hold(struct kpptp_reorder *r)
{
	r->hold = max(r->hold - r->hold / 16, reorder_hold_min(r));
}

/* ---- Gaps that were given up ---- */

static void reorder_remember_gap(struct kpptp_reorder *r, u32 from, u32 len, u32 since)
{
	r->newest = (r->newest + 1) % KPPTP_REORDER_GAPS;
	r->gaps[r->newest] = (struct kpptp_reorder_gap){ from, since, len };
}

static struct kpptp_reorder_gap *reorder_find_gap(struct kpptp_reorder *r, u32 seq)
{
	struct kpptp_reorder_gap *gap;

	for (gap = r->gaps; gap < r->gaps + KPPTP_REORDER_GAPS; gap++) {
		if (seq - gap->from < gap->len)
			return gap;
	}
	return NULL;
}

/* @seq has arrived after all: remove it, so that a second copy is a duplicate. */
static void reorder_fill_gap(struct kpptp_reorder *r, struct kpptp_reorder_gap *gap, u32 seq)
{
	u32 before = seq - gap->from;
	u32 behind = gap->len - before - 1;
	u32 since = gap->since;

	gap->len = before;
	if (behind)
		reorder_remember_gap(r, seq + 1, behind, since);
}

/* Serial numbers compare within 2^31: forget numbers before they are farther behind. */
static void reorder_forget(struct kpptp_reorder *r)
{
	struct kpptp_reorder_gap *gap;

	if (likely(r->next - r->base <= MEMORY))
		return;
	r->base = r->next - MEMORY;
	for (gap = r->gaps; gap < r->gaps + KPPTP_REORDER_GAPS; gap++) {
		if (kpptp_seq_before(gap->from, r->base))
			gap->len = 0;
	}
}

/* ---- Delivery ---- */

static void reorder_set_plain(struct kpptp_reorder *r)
{
	r->plain = r->started && skb_queue_empty(&r->held);
}

/* Release everything held. */
static void reorder_release_all(struct kpptp_reorder *r, struct kpptp_reorder_out *out)
{
	skb_queue_splice_tail_init(&r->held, &out->ready);
	r->tree = RB_ROOT;
	out->bytes += r->bytes;
	r->bytes = 0;
	reorder_set_plain(r);
}

static void reorder_release_head(struct kpptp_reorder *r, struct kpptp_reorder_out *out)
{
	struct sk_buff *skb = __skb_dequeue(&r->held);

	rb_erase(&reorder_cb(skb)->node, &r->tree);
	r->bytes -= skb->truesize;
	out->bytes += skb->truesize;
	__skb_queue_tail(&out->ready, skb);
}

/* Move the packets that are next in order to @out. */
static void reorder_release(struct kpptp_reorder *r, struct kpptp_reorder_out *out)
{
	const struct sk_buff *tail = skb_peek_tail(&r->held);
	const struct sk_buff *head;

	/* The usual case: the only gap was before the first packet held. */
	if (tail && reorder_cb(tail)->seq - r->next == kpptp_reorder_held(r) - 1) {
		r->next = reorder_cb(tail)->seq + 1;
		reorder_release_all(r, out);
		return;
	}
	while ((head = skb_peek(&r->held)) && reorder_cb(head)->seq == r->next) {
		reorder_release_head(r, out);
		r->next++;
	}
	reorder_set_plain(r);
}

/* Deliver @skb, which has the next number, and the held packets that follow it. */
static enum kpptp_reorder_verdict reorder_deliver(struct kpptp_reorder *r, struct sk_buff *skb,
						  struct kpptp_reorder_out *out)
{
	__skb_queue_tail(&out->ready, skb);
	out->bytes += skb->truesize;
	r->next++;
	reorder_release(r, out);
	return KPPTP_REORDER_DELIVER;
}

/* Give up the gap before @seq, noticed at @since. */
static void reorder_skip_to(struct kpptp_reorder *r, u32 seq, u32 since,
			    struct kpptp_reorder_out *out)
{
	u32 len = seq - r->next;

	reorder_remember_gap(r, r->next, len, since);
	reorder_shorten_hold(r);
	out->gaps++;
	out->lost += len;
	r->next = seq;
}

static void reorder_skip_to_held(struct kpptp_reorder *r, const struct sk_buff *head,
				 struct kpptp_reorder_out *out)
{
	reorder_skip_to(r, reorder_cb(head)->seq, reorder_cb(head)->since, out);
	reorder_release(r, out);
}

/* ---- Too early ---- */

/**
 * struct place - where a number belongs among the held packets
 * @prev: the packet before it, or NULL
 * @parent: parent of its tree node, or NULL
 * @link: the pointer in the parent, or the root, that will link its node
 */
struct place {
	struct sk_buff *prev;
	struct rb_node *parent;
	struct rb_node **link;
};

/*
 * Find the place of @seq. Try both ends first: most packets belong right behind the
 * last one held. Returns false if the number is already held.
 */
static bool reorder_find_place(struct kpptp_reorder *r, u32 seq, struct place *place)
{
	struct sk_buff *head = skb_peek(&r->held);
	struct sk_buff *tail = skb_peek_tail(&r->held);

	*place = (struct place){ .link = &r->tree.rb_node };
	if (!head)
		return true;
	if (kpptp_seq_after(seq, reorder_cb(tail)->seq)) {
		place->prev = tail;
		place->parent = &reorder_cb(tail)->node;
		place->link = &place->parent->rb_right;
	} else if (kpptp_seq_before(seq, reorder_cb(head)->seq)) {
		place->parent = &reorder_cb(head)->node;
		place->link = &place->parent->rb_left;
	}
	while (*place->link) {
		struct sk_buff *skb = reorder_skb_of(*place->link);
		s32 ahead = kpptp_seq_diff(seq, reorder_cb(skb)->seq);

		if (!ahead)
			return false;
		place->parent = *place->link;
		if (ahead < 0) {
			place->link = &place->parent->rb_left;
		} else {
			place->prev = skb;
			place->link = &place->parent->rb_right;
		}
	}
	return true;
}

/* The packet behind @place, or NULL. */
static const struct sk_buff *reorder_next_of(struct kpptp_reorder *r, const struct place *place)
{
	if (!place->prev)
		return skb_peek(&r->held);
	return skb_peek_next(place->prev, &r->held);
}

/*
 * The gap before @skb, if any, has been known since the packets behind it arrived,
 * so take @since from the next one.
 */
static enum kpptp_reorder_verdict reorder_hold(struct kpptp_reorder *r, struct sk_buff *skb,
					       u32 seq, u32 now, const struct place *place)
{
	const struct sk_buff *next = reorder_next_of(r, place);

	if (next)
		reorder_lengthen_hold(r, reorder_cb(next)->since, now);

	reorder_cb(skb)->seq = seq;
	reorder_cb(skb)->since = next ? reorder_cb(next)->since : now;
	rb_link_node(&reorder_cb(skb)->node, place->parent, place->link);
	rb_insert_color(&reorder_cb(skb)->node, &r->tree);
	if (place->prev)
		__skb_queue_after(&r->held, place->prev, skb);
	else
		__skb_queue_head(&r->held, skb);
	r->bytes += skb->truesize;
	r->plain = false;
	return KPPTP_REORDER_HELD;
}

static bool reorder_has_room(const struct kpptp_reorder *r, bool may_hold)
{
	return may_hold && r->hold_max && kpptp_reorder_held(r) < r->limit;
}

static enum kpptp_reorder_verdict reorder_early(struct kpptp_reorder *r, struct sk_buff *skb,
						u32 seq, u32 now, bool may_hold,
						struct kpptp_reorder_out *out)
{
	const struct sk_buff *head;
	struct place place;

	if (!reorder_find_place(r, seq, &place))
		return KPPTP_REORDER_DUPLICATE;
	if (reorder_has_room(r, may_hold))
		return reorder_hold(r, skb, seq, now, &place);

	/* Give up the oldest gaps until there is room. */
	do {
		head = skb_peek(&r->held);
		if (!head || kpptp_seq_before(seq, reorder_cb(head)->seq)) {
			reorder_skip_to(r, seq, head ? reorder_cb(head)->since : now, out);
			return reorder_deliver(r, skb, out);
		}
		reorder_skip_to_held(r, head, out);
		if (seq == r->next)
			return reorder_deliver(r, skb, out);
	} while (!reorder_has_room(r, may_hold));
	reorder_find_place(r, seq, &place); /* the tree has changed */
	return reorder_hold(r, skb, seq, now, &place);
}

/* How far ahead a single packet is believed. */
static u32 reorder_near(const struct kpptp_reorder *r)
{
	return max(r->limit, KPPTP_REORDER_NEAR);
}

/*
 * A long queue reaches beyond that, all the more with several gaps in it. The held
 * packets vouch for what follows close behind them.
 */
static bool reorder_follows_queue(const struct kpptp_reorder *r, u32 seq)
{
	const struct sk_buff *tail = skb_peek_tail(&r->held);

	return kpptp_reorder_held(r) >= reorder_near(r) / 2 &&
	       seq - reorder_cb(tail)->seq <= KPPTP_REORDER_CLOSE;
}

/* ---- Too late, too far ---- */

static enum kpptp_reorder_verdict reorder_behind(struct kpptp_reorder *r, u32 seq, u32 now,
						 struct kpptp_reorder_out *out)
{
	struct kpptp_reorder_gap *gap;

	if (seq - r->base >= r->next - r->base)
		return KPPTP_REORDER_LATE;
	gap = reorder_find_gap(r, seq);
	if (!gap)
		return KPPTP_REORDER_DUPLICATE;
	out->lost--;
	reorder_lengthen_hold(r, gap->since, now);
	reorder_fill_gap(r, gap, seq);
	return KPPTP_REORDER_LATE;
}

/*
 * Whether enough packets support the unlikely number @seq: each slightly higher
 * than the one before, with nothing accepted since the first.
 */
static bool reorder_agreed(struct kpptp_reorder *r, u32 seq, u32 now)
{
	struct kpptp_reorder_run *run = &r->run;
	s32 step = kpptp_seq_diff(seq, run->seq);

	if (!run->count || run->next != r->next || abs(step) > KPPTP_REORDER_CLOSE) {
		*run = (struct kpptp_reorder_run){
			.seq = seq,
			.first = seq,
			.next = r->next,
			.since = now,
			.count = 1,
		};
		return false;
	}
	if (step <= 0)
		return false;
	run->seq = seq;
	run->count++;
	if (run->count < KPPTP_REORDER_AGREE)
		return false;
	return kpptp_seq_after(seq, r->next) || now - run->since >= KPPTP_REORDER_DOUBT;
}

/* Start at @seq, whatever it is. */
static void reorder_rebase(struct kpptp_reorder *r, u32 seq)
{
	memset(r->gaps, 0, sizeof(r->gaps));
	r->run.count = 0;
	r->started = true;
	r->base = seq;
	r->next = seq;
}

/*
 * Held packets belong to the old range: release them now. A jump too far for any
 * outage is another stream, not a loss.
 */
static enum kpptp_reorder_verdict reorder_jump(struct kpptp_reorder *r, struct sk_buff *skb,
					       u32 seq, struct kpptp_reorder_out *out)
{
	u32 missing = r->run.first - r->next;

	if (missing <= LOSS_MAX)
		out->lost += missing - kpptp_reorder_held(r);
	reorder_release_all(r, out);
	reorder_rebase(r, seq);
	reorder_deliver(r, skb, out);
	return KPPTP_REORDER_JUMPED;
}

/* ---- Interface of the receive path ---- */

void kpptp_reorder_init(struct kpptp_reorder *r, u32 limit, u32 hold_max)
{
	memset(r, 0, sizeof(*r));
	__skb_queue_head_init(&r->held);
	kpptp_reorder_set(r, limit, hold_max);
}

void kpptp_reorder_set(struct kpptp_reorder *r, u32 limit, u32 hold_max)
{
	r->limit = limit;
	r->hold_max = hold_max;
	r->hold = clamp(r->hold ?: KPPTP_REORDER_HOLD_START, reorder_hold_min(r), hold_max);
}

enum kpptp_reorder_verdict kpptp_reorder_accept(struct kpptp_reorder *r, struct sk_buff *skb,
						u32 seq, u32 now, bool may_hold,
						struct kpptp_reorder_out *out)
{
	enum kpptp_reorder_verdict verdict = KPPTP_REORDER_FAR;
	const struct sk_buff *head;
	s32 ahead;

	if (unlikely(!r->started)) {
		reorder_rebase(r, seq);
		return reorder_deliver(r, skb, out);
	}
	reorder_forget(r);

	ahead = kpptp_seq_diff(seq, r->next);
	if (!ahead) {
		head = skb_peek(&r->held);
		if (head)
			reorder_lengthen_hold(r, reorder_cb(head)->since, now);
		return reorder_deliver(r, skb, out);
	}
	if (ahead > 0 && (ahead <= reorder_near(r) || reorder_follows_queue(r, seq)))
		return reorder_early(r, skb, seq, now, may_hold, out);

	if (ahead < 0)
		verdict = reorder_behind(r, seq, now, out);
	if (verdict == KPPTP_REORDER_DUPLICATE || !reorder_agreed(r, seq, now))
		return verdict;
	return reorder_jump(r, skb, seq, out);
}

bool kpptp_reorder_deadline(const struct kpptp_reorder *r, u32 *at)
{
	const struct sk_buff *head = skb_peek(&r->held);

	if (!head)
		return false;
	*at = reorder_cb(head)->since + r->hold;
	return true;
}

u32 kpptp_reorder_expire(struct kpptp_reorder *r, u32 now, struct kpptp_reorder_out *out)
{
	u32 hold = r->hold; /* one for all gaps, although each shortens it */
	const struct sk_buff *head;
	u32 before = out->gaps;

	while ((head = skb_peek(&r->held)) &&
	       !kpptp_seq_before(now, reorder_cb(head)->since + hold))
		reorder_skip_to_held(r, head, out);
	return out->gaps - before;
}

void kpptp_reorder_purge(struct kpptp_reorder *r, struct kpptp_reorder_out *out)
{
	const struct sk_buff *tail = skb_peek_tail(&r->held);

	if (tail)
		r->next = reorder_cb(tail)->seq + 1;
	reorder_release_all(r, out);
}
