// SPDX-License-Identifier: GPL-2.0
/* The receive side of a call: which data packets may be delivered now. */
#include "reorder.h"

#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

/* An outage that skips no more than this counts as so many packets lost. */
#define LOSS_MAX 65535u

/* Farther back than this from the next number, nothing is remembered. */
#define MEMORY BIT(30)

static struct kpptp_reorder_cb *cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct kpptp_reorder_cb) > sizeof(skb->cb));
	return (struct kpptp_reorder_cb *)skb->cb;
}

/* ---- The hold time ---- */

static u32 hold_min(const struct kpptp_reorder *r)
{
	return min(KPPTP_REORDER_HOLD_MIN, r->hold_max);
}

/*
 * A packet came after one that it should have preceded, which had arrived at
 * @since. Holding for a quarter longer than that would have been right, unless
 * it is longer than we may hold at all.
 */
static void lengthen_hold(struct kpptp_reorder *r, u32 since, u32 now)
{
	u32 late = now - since;

	if (late <= r->hold_max)
		r->hold = max(r->hold, min(late + late / 4, r->hold_max));
}

/* A gap was given up: nothing came of the waiting. */
static void shorten_hold(struct kpptp_reorder *r)
{
	r->hold = max(r->hold - r->hold / 16, hold_min(r));
}

/* ---- Gaps that were given up ---- */

static void remember_gap(struct kpptp_reorder *r, u32 from, u32 len, u32 since)
{
	r->newest = (r->newest + 1) % KPPTP_REORDER_GAPS;
	r->gaps[r->newest] = (struct kpptp_reorder_gap){ from, len, since };
}

static struct kpptp_reorder_gap *find_gap(struct kpptp_reorder *r, u32 seq)
{
	struct kpptp_reorder_gap *gap;

	for (gap = r->gaps; gap < r->gaps + KPPTP_REORDER_GAPS; gap++) {
		if (seq - gap->from < gap->len)
			return gap;
	}
	return NULL;
}

/* @seq has come after all: a second one like it will be a duplicate. */
static void fill_gap(struct kpptp_reorder *r, struct kpptp_reorder_gap *gap,
		     u32 seq)
{
	u32 before = seq - gap->from;
	u32 behind = gap->len - before - 1;
	u32 since = gap->since;

	gap->len = before;
	if (behind)
		remember_gap(r, seq + 1, behind, since);
}

/* Serial numbers compare over 2^31: forget in time what lies too far back. */
static void forget(struct kpptp_reorder *r)
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

/* Move the packets to @out that are next in order. */
static void release(struct kpptp_reorder *r, struct kpptp_reorder_out *out)
{
	struct sk_buff *skb;

	while ((skb = skb_peek(&r->held)) && cb(skb)->seq == r->next) {
		__skb_unlink(skb, &r->held);
		r->bytes -= skb->truesize;
		__skb_queue_tail(&out->ready, skb);
		r->next++;
	}
	r->plain = skb_queue_empty(&r->held);
}

static void release_all(struct kpptp_reorder *r, struct kpptp_reorder_out *out)
{
	skb_queue_splice_tail_init(&r->held, &out->ready);
	r->bytes = 0;
	r->plain = r->started;
}

/* Make @skb, whose number is the next one, the first to be delivered now. */
static enum kpptp_reorder_verdict deliver(struct kpptp_reorder *r,
					  struct sk_buff *skb,
					  struct kpptp_reorder_out *out)
{
	__skb_queue_tail(&out->ready, skb);
	r->next++;
	release(r, out);
	return KPPTP_REORDER_DELIVER;
}

/* Give up what is missing before @seq, noticed at @since. */
static void skip_to(struct kpptp_reorder *r, u32 seq, u32 since,
		    struct kpptp_reorder_out *out)
{
	u32 len = seq - r->next;

	remember_gap(r, r->next, len, since);
	shorten_hold(r);
	out->gaps++;
	out->lost += len;
	r->next = seq;
}

static void skip_to_held(struct kpptp_reorder *r, const struct sk_buff *head,
			 struct kpptp_reorder_out *out)
{
	skip_to(r, cb(head)->seq, cb(head)->since, out);
	release(r, out);
}

/* ---- Too early ---- */

/* The last of the held packets whose number is not after @seq, or NULL. */
static struct sk_buff *find_held(struct kpptp_reorder *r, u32 seq)
{
	struct sk_buff *skb;

	/* From the tail: most come right after the last one held. */
	skb_queue_reverse_walk(&r->held, skb) {
		if (!kpptp_seq_after(cb(skb)->seq, seq))
			return skb;
	}
	return NULL;
}

/*
 * Whatever gap is before @skb, the packets behind it have proved since their
 * arrival that it is there: so @since needs no search.
 */
static enum kpptp_reorder_verdict hold(struct kpptp_reorder *r,
				       struct sk_buff *skb, u32 seq, u32 now)
{
	struct sk_buff *prev = find_held(r, seq), *next;

	if (prev)
		next = skb_queue_is_last(&r->held, prev) ? NULL : prev->next;
	else
		next = skb_peek(&r->held);
	if (next)
		lengthen_hold(r, cb(next)->since, now);

	cb(skb)->seq = seq;
	cb(skb)->since = next ? cb(next)->since : now;
	if (prev)
		__skb_queue_after(&r->held, prev, skb);
	else
		__skb_queue_head(&r->held, skb);
	r->bytes += skb->truesize;
	r->plain = false;
	return KPPTP_REORDER_HELD;
}

static bool has_room(const struct kpptp_reorder *r, bool may_hold)
{
	return may_hold && r->hold_max && kpptp_reorder_held(r) < r->limit;
}

static enum kpptp_reorder_verdict early(struct kpptp_reorder *r,
					struct sk_buff *skb, u32 seq, u32 now,
					bool may_hold,
					struct kpptp_reorder_out *out)
{
	const struct sk_buff *head = find_held(r, seq);

	if (head && cb(head)->seq == seq)
		return KPPTP_REORDER_DUPLICATE;

	/* Where there is no room the oldest gap goes, until there is. */
	while (!has_room(r, may_hold)) {
		head = skb_peek(&r->held);
		if (!head || kpptp_seq_before(seq, cb(head)->seq)) {
			skip_to(r, seq, head ? cb(head)->since : now, out);
			return deliver(r, skb, out);
		}
		skip_to_held(r, head, out);
		if (seq == r->next)
			return deliver(r, skb, out);
	}
	return hold(r, skb, seq, now);
}

/* ---- Too late, too far ---- */

static enum kpptp_reorder_verdict behind(struct kpptp_reorder *r, u32 seq,
					 u32 now, struct kpptp_reorder_out *out)
{
	struct kpptp_reorder_gap *gap;

	if (seq - r->base >= r->next - r->base)
		return KPPTP_REORDER_LATE;
	gap = find_gap(r, seq);
	if (!gap)
		return KPPTP_REORDER_DUPLICATE;
	out->lost--;
	lengthen_hold(r, gap->since, now);
	fill_gap(r, gap, seq);
	return KPPTP_REORDER_LATE;
}

/*
 * Whether enough packets support the unlikely number @seq: each a little
 * higher than the one before it, with nothing accepted since the first.
 */
static bool agreed(struct kpptp_reorder *r, u32 seq, u32 now)
{
	struct kpptp_reorder_run *run = &r->run;
	s32 step = kpptp_seq_diff(seq, run->seq);

	if (!run->count || run->next != r->next ||
	    abs(step) > KPPTP_REORDER_CLOSE) {
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
	return kpptp_seq_after(seq, r->next) ||
	       now - run->since >= KPPTP_REORDER_DOUBT;
}

/* Start at @seq, wherever it is. */
static void rebase(struct kpptp_reorder *r, u32 seq)
{
	memset(r->gaps, 0, sizeof(r->gaps));
	r->run.count = 0;
	r->started = true;
	r->base = seq;
	r->next = seq;
}

/*
 * What is held belongs to the old place, and its turn is now or never. A jump
 * over a distance that no outage explains is another stream, not a loss.
 */
static enum kpptp_reorder_verdict jump(struct kpptp_reorder *r,
				       struct sk_buff *skb, u32 seq,
				       struct kpptp_reorder_out *out)
{
	u32 missing = r->run.first - r->next;

	if (missing <= LOSS_MAX)
		out->lost += missing - kpptp_reorder_held(r);
	release_all(r, out);
	rebase(r, seq);
	deliver(r, skb, out);
	return KPPTP_REORDER_JUMPED;
}

/* ---- What the receive path calls ---- */

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
	r->hold = clamp(r->hold ?: KPPTP_REORDER_HOLD_START, hold_min(r),
			hold_max);
}

enum kpptp_reorder_verdict kpptp_reorder_accept(struct kpptp_reorder *r,
						struct sk_buff *skb, u32 seq,
						u32 now, bool may_hold,
						struct kpptp_reorder_out *out)
{
	enum kpptp_reorder_verdict verdict = KPPTP_REORDER_FAR;
	s32 ahead;

	if (unlikely(!r->started)) {
		rebase(r, seq);
		return deliver(r, skb, out);
	}
	forget(r);

	ahead = kpptp_seq_diff(seq, r->next);
	if (!ahead) {
		if (!r->plain)
			lengthen_hold(r, cb(skb_peek(&r->held))->since, now);
		return deliver(r, skb, out);
	}
	if (ahead > 0 && ahead <= max(r->limit, KPPTP_REORDER_NEAR))
		return early(r, skb, seq, now, may_hold, out);

	if (ahead < 0)
		verdict = behind(r, seq, now, out);
	if (verdict == KPPTP_REORDER_DUPLICATE || !agreed(r, seq, now))
		return verdict;
	return jump(r, skb, seq, out);
}

bool kpptp_reorder_deadline(const struct kpptp_reorder *r, u32 *at)
{
	const struct sk_buff *head = skb_peek(&r->held);

	if (!head)
		return false;
	*at = cb(head)->since + r->hold;
	return true;
}

u32 kpptp_reorder_expire(struct kpptp_reorder *r, u32 now,
			 struct kpptp_reorder_out *out)
{
	u32 hold = r->hold; /* one for all, though each gap shortens it */
	const struct sk_buff *head;
	u32 before = out->gaps;

	while ((head = skb_peek(&r->held)) &&
	       !kpptp_seq_before(now, cb(head)->since + hold))
		skip_to_held(r, head, out);
	return out->gaps - before;
}

void kpptp_reorder_purge(struct kpptp_reorder *r, struct kpptp_reorder_out *out)
{
	const struct sk_buff *tail = skb_peek_tail(&r->held);

	if (tail)
		r->next = cb(tail)->seq + 1;
	release_all(r, out);
}
