/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the suites of the receive side: a receiver with a record, and steps. */
#ifndef KPPTP_REORDER_KUNIT_H
#define KPPTP_REORDER_KUNIT_H

#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/reorder.c"

#define MS     1000u
#define SECOND 1000000u

/**
 * struct receiver - a receive side and its record
 * @r: the receive state under test
 * @now: time of the last step
 * @may_hold: passed to accept
 * @lost: sum of out.lost
 * @gaps: sum of out.gaps
 * @next: lowest number that may be delivered next
 * @delivered: packets delivered
 */
struct receiver {
	struct kpptp_reorder r;
	u32 now;
	bool may_hold;
	s32 lost;
	u32 gaps;
	u32 next;
	u32 delivered;
};

static inline struct receiver *receiver(struct kunit *test, u32 limit, u32 hold_max)
{
	struct receiver *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	memset(&c->r, 0xff, sizeof(c->r)); /* init must set everything */
	kpptp_reorder_init(&c->r, limit, hold_max);
	c->may_hold = true;
	return c;
}

/* A packet that carries its sequence number. */
static inline struct sk_buff *packet(struct kunit *test, u32 seq)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_data(skb, &seq, sizeof(seq));
	memset(skb->cb, 0xa5, sizeof(skb->cb)); /* garbage */
	return skb;
}

/* Compare the delivered packets with @expect, and free them. */
static inline void drain(struct kunit *test, struct receiver *c, struct kpptp_reorder_out *out,
			 const u32 *expect, size_t n)
{
	struct sk_buff *skb;
	size_t i = 0;
	u32 seq;

	KUNIT_EXPECT_EQ(test, (size_t)skb_queue_len(&out->ready), n);
	while ((skb = __skb_dequeue(&out->ready))) {
		memcpy(&seq, skb->data, sizeof(seq));
		if (i < n)
			KUNIT_EXPECT_EQ(test, seq, expect[i]);
		c->next = seq + 1;
		c->delivered++;
		i++;
		kfree_skb(skb);
	}
	c->lost += out->lost;
	c->gaps += out->gaps;
	KUNIT_EXPECT_EQ(test, c->r.plain, c->r.started && skb_queue_empty(&c->r.held));
}

/* Like kernel/rx.c: the fast path, then the slow one. */
static inline enum kpptp_reorder_verdict give(struct kunit *test, struct receiver *c, u32 at,
					      u32 seq, struct kpptp_reorder_out *out)
{
	struct sk_buff *skb = packet(test, seq);
	enum kpptp_reorder_verdict verdict;

	c->now = at;
	kpptp_reorder_out_init(out);
	if (kpptp_reorder_inorder(&c->r, seq)) {
		__skb_queue_tail(&out->ready, skb);
		return KPPTP_REORDER_DELIVER;
	}
	verdict = kpptp_reorder_accept(&c->r, skb, seq, at, c->may_hold, out);
	if (!kpptp_reorder_believed(verdict))
		kfree_skb(skb);
	return verdict;
}

static inline void step(struct kunit *test, struct receiver *c, u32 at, u32 seq,
			enum kpptp_reorder_verdict verdict, const u32 *expect, size_t n)
{
	struct kpptp_reorder_out out;

	KUNIT_EXPECT_EQ_MSG(test, give(test, c, at, seq, &out), verdict, "packet %u at %u us", seq,
			    at);
	drain(test, c, &out, expect, n);
}

static inline void expire(struct kunit *test, struct receiver *c, u32 at, u32 gaps,
			  const u32 *expect, size_t n)
{
	struct kpptp_reorder_out out;

	c->now = at;
	kpptp_reorder_out_init(&out);
	KUNIT_EXPECT_EQ_MSG(test, kpptp_reorder_expire(&c->r, at, &out), gaps, "at %u us", at);
	KUNIT_EXPECT_EQ(test, out.gaps, gaps);
	drain(test, c, &out, expect, n);
}

/* Receive @seq at time @at; expect the verdict and the packets delivered. */
#define STEP(at, seq, verdict, ...)                                                                \
	do {                                                                                       \
		const u32 _list[] = { 0, ##__VA_ARGS__ };                                          \
		step(test, c, at, seq, KPPTP_REORDER_##verdict, _list + 1, ARRAY_SIZE(_list) - 1); \
	} while (0)

/* Run the timer at @at; expect the number of gaps and the packets delivered. */
#define EXPIRE(at, gaps, ...)                                                                      \
	do {                                                                                       \
		const u32 _list[] = { 0, ##__VA_ARGS__ };                                          \
		expire(test, c, at, gaps, _list + 1, ARRAY_SIZE(_list) - 1);                       \
	} while (0)

#define DEADLINE(when)                                                                             \
	do {                                                                                       \
		u32 _at = 0;                                                                       \
		KUNIT_EXPECT_TRUE(test, kpptp_reorder_deadline(&c->r, &_at));                      \
		KUNIT_EXPECT_EQ(test, _at, (u32)(when));                                           \
	} while (0)

#define NO_DEADLINE()                                                                              \
	do {                                                                                       \
		u32 _at;                                                                           \
		KUNIT_EXPECT_FALSE(test, kpptp_reorder_deadline(&c->r, &_at));                     \
	} while (0)

#define HOLD(us) KUNIT_EXPECT_EQ(test, c->r.hold, (u32)(us))
#define LOST(n)	 KUNIT_EXPECT_EQ(test, c->lost, (s32)(n))
#define GAPS(n)	 KUNIT_EXPECT_EQ(test, c->gaps, (u32)(n))
#define HELD(n)	 KUNIT_EXPECT_EQ(test, kpptp_reorder_held(&c->r), (u32)(n))

/* Empty the receive side at the end of a test. */
static inline void finish(struct kunit *test, struct receiver *c)
{
	struct kpptp_reorder_out out;

	kpptp_reorder_out_init(&out);
	kpptp_reorder_purge(&c->r, &out);
	__skb_queue_purge(&out.ready);
	KUNIT_EXPECT_EQ(test, c->r.bytes, 0u);
	HELD(0);
	NO_DEADLINE();
}

/* Room for 512, the default hold time, and @seq received at time 0. */
static inline struct receiver *started(struct kunit *test, u32 seq)
{
	struct receiver *c = receiver(test, 512, KPPTP_REORDER_HOLD_MAX);

	STEP(0, seq, DELIVER, seq);
	return c;
}

#endif /* KPPTP_REORDER_KUNIT_H */
