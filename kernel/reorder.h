/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The receive side: which frames may be delivered now.
 *
 * PPP wants frames in order and copes with loss (RFC 2637 section 4.3). A frame
 * that comes too early is held for those before it, for a time that follows the
 * reordering that the path shows: a gap that fills late lengthens it, a gap
 * that never fills shortens it. A frame whose place has been passed is dropped.
 *
 * A sequence number far from the expected one is not believed until others
 * agree with it while nothing arrives where it is expected: one forged packet
 * cannot move the window, and forged ones cannot move it against real traffic.
 *
 * Time is an argument: microseconds modulo 2^32.
 */
#ifndef KPPTP_REORDER_H
#define KPPTP_REORDER_H

#include <linux/skbuff.h>
#include <linux/types.h>

#include "seq.h"

#define KPPTP_REORDER_TIME_MIN		1000	/* microseconds */
#define KPPTP_REORDER_TIME_MAX		100000	/* by default */
#define KPPTP_REORDER_PACKETS_MAX	512	/* by default */

/**
 * struct kpptp_reorder - what was received, and what is held
 * @held:	frames that came too early, by sequence number; each one's is
 *		kept in its control buffer
 * @seen:	bit n: the packet n + 1 before @next has been received
 * @next:	sequence number expected next
 * @hold:	present hold time
 * @hold_max:	longest hold time, 0 to hold nothing
 * @packets_max: most frames held, 0 to hold nothing
 * @gap_since:	when the first gap was noticed, if frames are held
 * @far_seq:	highest number that nobody believes yet
 * @far_count:	how many in a row agree with it
 * @started:	@next is known
 */
struct kpptp_reorder {
	struct sk_buff_head held;
	u64 seen;
	u32 next;
	u32 hold;
	u32 hold_max;
	u32 packets_max;
	u32 gap_since;
	u32 far_seq;
	u8 far_count;
	bool started;
};

/**
 * enum kpptp_reorder_verdict - what becomes of a frame
 * @KPPTP_REORDER_DELIVER: it is to be delivered now, before what was released
 * @KPPTP_REORDER_HELD:	it is held, or was released behind others
 * @KPPTP_REORDER_BELIEVED: the last verdict by which the sequence number counts
 *	as received; the frame still is the caller's with the others
 * @KPPTP_REORDER_LATE:	its place has been passed
 * @KPPTP_REORDER_DUPLICATE: it was received before
 * @KPPTP_REORDER_FAR:	its number is not believed
 */
enum kpptp_reorder_verdict {
	KPPTP_REORDER_DELIVER,
	KPPTP_REORDER_HELD,
	KPPTP_REORDER_BELIEVED = KPPTP_REORDER_HELD,
	KPPTP_REORDER_LATE,
	KPPTP_REORDER_DUPLICATE,
	KPPTP_REORDER_FAR,
};

/**
 * struct kpptp_reorder_gaps - gaps that were given up
 * @overflows:	because too many frames were held
 * @timeouts:	because the hold time ended
 * @lost:	sequence numbers in them, and in those skipped at once
 */
struct kpptp_reorder_gaps {
	u32 overflows;
	u32 timeouts;
	u32 lost;
};

/**
 * kpptp_reorder_init - nothing received
 * @r: the state
 * @hold_max: longest hold time in microseconds, 0 to hold nothing
 * @packets_max: most frames held, 0 to hold nothing
 */
void kpptp_reorder_init(struct kpptp_reorder *r, u32 hold_max, u32 packets_max);

/**
 * kpptp_reorder_limit - other limits for a state in use
 * @r: the state
 * @hold_max: longest hold time in microseconds, 0 to hold nothing
 * @packets_max: most frames held, 0 to hold nothing
 */
void kpptp_reorder_limit(struct kpptp_reorder *r, u32 hold_max, u32 packets_max);

/**
 * kpptp_reorder_purge - free what is held
 * @r: the state
 */
void kpptp_reorder_purge(struct kpptp_reorder *r);

/* Are frames held? */
static inline bool kpptp_reorder_holds(const struct kpptp_reorder *r)
{
	return !skb_queue_empty(&r->held);
}

/* Frames held. */
static inline u32 kpptp_reorder_held(const struct kpptp_reorder *r)
{
	return skb_queue_len(&r->held);
}

/* Present hold time, in microseconds. */
static inline u32 kpptp_reorder_hold_time(const struct kpptp_reorder *r)
{
	return r->hold;
}

/* kpptp_reorder_accept() for all but the frame that is expected while none is held. */
enum kpptp_reorder_verdict
kpptp_reorder_accept_other(struct kpptp_reorder *r, struct sk_buff *skb, u32 seq, u32 now,
			   struct sk_buff_head *released, struct kpptp_reorder_gaps *gaps);

/**
 * kpptp_reorder_accept - a frame came
 * @r: the state
 * @skb: the frame; kept if the verdict is KPPTP_REORDER_HELD
 * @seq: its sequence number
 * @now: time
 * @released: held frames that may be delivered now are appended, in order
 * @gaps: what is given up is added
 */
static inline enum kpptp_reorder_verdict
kpptp_reorder_accept(struct kpptp_reorder *r, struct sk_buff *skb, u32 seq, u32 now,
		     struct sk_buff_head *released, struct kpptp_reorder_gaps *gaps)
{
	if (unlikely(!r->started || seq != r->next || kpptp_reorder_holds(r)))
		return kpptp_reorder_accept_other(r, skb, seq, now, released, gaps);
	r->next++;
	r->seen = r->seen << 1 | 1;
	r->far_count = 0;
	return KPPTP_REORDER_DELIVER;
}

/**
 * kpptp_reorder_deadline - does a hold end?
 * @r: the state
 * @at: set to when, if frames are held
 * Return: whether frames are held.
 */
static inline bool kpptp_reorder_deadline(const struct kpptp_reorder *r, u32 *at)
{
	*at = r->gap_since + r->hold;
	return kpptp_reorder_holds(r);
}

/**
 * kpptp_reorder_expire - give up the gaps whose hold has ended
 * @r: the state
 * @now: time
 * @released: held frames that may be delivered now are appended, in order
 * @gaps: what is given up is added
 */
void kpptp_reorder_expire(struct kpptp_reorder *r, u32 now, struct sk_buff_head *released,
			  struct kpptp_reorder_gaps *gaps);

#endif /* KPPTP_REORDER_H */
