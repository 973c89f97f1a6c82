// SPDX-License-Identifier: GPL-2.0-or-later
/* What is delivered when, against RFC 2637 section 4.3. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/reorder.c"

#define MS     1000u
#define SECOND 1000000u

/**
 * struct receiver - a receive side, and what happened to it
 * @r: what is tested
 * @now: time of the last step
 * @may_hold: handed to accept
 * @lost: sum of out.lost
 * @gaps: sum of out.gaps
 * @next: number that must be delivered at the least
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

static struct receiver *receiver(struct kunit *test, u32 limit, u32 hold_max)
{
	struct receiver *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	memset(&c->r, 0xff, sizeof(c->r)); /* init must not rely on it */
	kpptp_reorder_init(&c->r, limit, hold_max);
	c->may_hold = true;
	return c;
}

/* A packet that carries its sequence number. */
static struct sk_buff *packet(struct kunit *test, u32 seq)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_data(skb, &seq, sizeof(seq));
	memset(skb->cb, 0xa5, sizeof(skb->cb)); /* of no meaning to anybody */
	return skb;
}

/* Compare what came out with @expect, and dispose of it. */
static void drain(struct kunit *test, struct receiver *c,
		  struct kpptp_reorder_out *out, const u32 *expect, size_t n)
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
	KUNIT_EXPECT_EQ(test, c->r.plain,
			c->r.started && skb_queue_empty(&c->r.held));
}

/* As kernel/rx.c does it: the fast path, then the slow one. */
static enum kpptp_reorder_verdict give(struct kunit *test, struct receiver *c,
				       u32 at, u32 seq,
				       struct kpptp_reorder_out *out)
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

static void step(struct kunit *test, struct receiver *c, u32 at, u32 seq,
		 enum kpptp_reorder_verdict verdict, const u32 *expect,
		 size_t n)
{
	struct kpptp_reorder_out out;

	KUNIT_EXPECT_EQ_MSG(test, give(test, c, at, seq, &out), verdict,
			    "packet %u at %u us", seq, at);
	drain(test, c, &out, expect, n);
}

static void expire(struct kunit *test, struct receiver *c, u32 at, u32 gaps,
		   const u32 *expect, size_t n)
{
	struct kpptp_reorder_out out;

	c->now = at;
	kpptp_reorder_out_init(&out);
	KUNIT_EXPECT_EQ_MSG(test, kpptp_reorder_expire(&c->r, at, &out), gaps,
			    "at %u us", at);
	KUNIT_EXPECT_EQ(test, out.gaps, gaps);
	drain(test, c, &out, expect, n);
}

/* At the time @at comes @seq: the verdict, then all that is delivered. */
#define STEP(at, seq, verdict, ...)                                            \
	do {                                                                   \
		const u32 _list[] = { 0, ##__VA_ARGS__ };                      \
		step(test, c, at, seq, KPPTP_REORDER_##verdict, _list + 1,     \
		     ARRAY_SIZE(_list) - 1);                                   \
	} while (0)

/* The timer fires: how many gaps are given up, then all that is delivered. */
#define EXPIRE(at, gaps, ...)                                                  \
	do {                                                                   \
		const u32 _list[] = { 0, ##__VA_ARGS__ };                      \
		expire(test, c, at, gaps, _list + 1, ARRAY_SIZE(_list) - 1);   \
	} while (0)

#define DEADLINE(when)                                                         \
	do {                                                                   \
		u32 _at = 0;                                                   \
		KUNIT_EXPECT_TRUE(test, kpptp_reorder_deadline(&c->r, &_at));  \
		KUNIT_EXPECT_EQ(test, _at, (u32)(when));                       \
	} while (0)

#define NO_DEADLINE()                                                          \
	do {                                                                   \
		u32 _at;                                                       \
		KUNIT_EXPECT_FALSE(test, kpptp_reorder_deadline(&c->r, &_at)); \
	} while (0)

#define HOLD(us) KUNIT_EXPECT_EQ(test, c->r.hold, (u32)(us))
#define LOST(n)	 KUNIT_EXPECT_EQ(test, c->lost, (s32)(n))
#define GAPS(n)	 KUNIT_EXPECT_EQ(test, c->gaps, (u32)(n))
#define HELD(n)	 KUNIT_EXPECT_EQ(test, kpptp_reorder_held(&c->r), (u32)(n))

/* Empty the receive side at the end of a test. */
static void finish(struct kunit *test, struct receiver *c)
{
	struct kpptp_reorder_out out;

	kpptp_reorder_out_init(&out);
	kpptp_reorder_purge(&c->r, &out);
	__skb_queue_purge(&out.ready);
	KUNIT_EXPECT_EQ(test, c->r.bytes, 0u);
	HELD(0);
	NO_DEADLINE();
}

/* With the defaults, and @seq received at time 0. */
static struct receiver *started(struct kunit *test, u32 seq)
{
	struct receiver *c =
		receiver(test, KPPTP_REORDER_LIMIT, KPPTP_REORDER_HOLD_MAX);

	STEP(0, seq, DELIVER, seq);
	return c;
}

/* ---- In order ---- */

/* Peers begin with 0, with 1, or with anything: none of it is a gap. */
static void first_packet_sets_the_base(struct kunit *test)
{
	static const u32 firsts[] = { 0,	  1,	      2,
				      12345,	  0x3fffffff, 0x40000000,
				      0x7fffffff, 0x80000000, 0xfffffffe,
				      0xffffffff };
	int i;

	for (i = 0; i < ARRAY_SIZE(firsts); i++) {
		struct receiver *c = started(test, firsts[i]);

		STEP(0, firsts[i] + 1, DELIVER, firsts[i] + 1);
		STEP(0, firsts[i] + 2, DELIVER, firsts[i] + 2);
		NO_DEADLINE();
		LOST(0);
		finish(test, c);
	}
}

static void in_order_is_the_fast_path(struct kunit *test)
{
	struct receiver *c = started(test, 7);

	KUNIT_EXPECT_FALSE(test, kpptp_reorder_inorder(&c->r, 7));
	KUNIT_EXPECT_FALSE(test, kpptp_reorder_inorder(&c->r, 9));
	KUNIT_EXPECT_TRUE(test, kpptp_reorder_inorder(&c->r, 8));
	KUNIT_EXPECT_TRUE(test, kpptp_reorder_inorder(&c->r, 9));
	STEP(0, 11, HELD);
	KUNIT_EXPECT_FALSE(test, kpptp_reorder_inorder(&c->r, 10));
	STEP(0, 10, DELIVER, 10, 11);
	KUNIT_EXPECT_TRUE(test, kpptp_reorder_inorder(&c->r, 12));
	finish(test, c);

	c = receiver(test, 512, 100 * MS);
	KUNIT_EXPECT_FALSE(test, kpptp_reorder_inorder(&c->r, 0));
	finish(test, c);
}

/* ---- Too early ---- */

/* The RFC's example: 0 to 5 sent, 4 arrives before 3. */
static void example_of_section_4_3(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(1 * MS, 1, DELIVER, 1);
	STEP(2 * MS, 2, DELIVER, 2);
	STEP(3 * MS, 4, HELD);
	DEADLINE(13 * MS);
	STEP(4 * MS, 3, DELIVER, 3, 4);
	NO_DEADLINE();
	STEP(5 * MS, 5, DELIVER, 5);
	LOST(0);
	GAPS(0);
	finish(test, c);
}

/* As far ahead as is believed at once, and one more. */
static void near_and_far(struct kunit *test)
{
	struct receiver *c = receiver(test, 4, 100 * MS);

	STEP(0, U32_MAX, DELIVER, U32_MAX);
	STEP(0, 512, HELD);
	STEP(0, 513, FAR);
	finish(test, c);

	/* Who may hold more may also look farther. */
	c = receiver(test, 2000, 100 * MS);
	STEP(0, U32_MAX, DELIVER, U32_MAX);
	STEP(0, 2000, HELD);
	STEP(0, 2001, FAR);
	finish(test, c);
}

/* The same when 3 comes after its time: "MUST not attempt to transmit it". */
static void late_packet_is_not_delivered(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(1 * MS, 1, DELIVER, 1);
	STEP(2 * MS, 2, DELIVER, 2);
	STEP(3 * MS, 4, HELD);
	EXPIRE(13 * MS - 1, 0);
	EXPIRE(13 * MS, 1, 4);
	LOST(1);
	STEP(14 * MS, 3, LATE);
	LOST(0); /* it did come */
	STEP(15 * MS, 5, DELIVER, 5);
	STEP(16 * MS, 3, DUPLICATE);
	LOST(0);
	finish(test, c);
}

static void duplicates_are_discarded(struct kunit *test)
{
	struct receiver *c = started(test, 10);

	STEP(0, 10, DUPLICATE);
	STEP(0, 11, DELIVER, 11);
	STEP(0, 14, HELD);
	STEP(0, 13, HELD);
	STEP(0, 13, DUPLICATE);
	STEP(0, 14, DUPLICATE);
	STEP(0, 11, DUPLICATE);
	STEP(0, 10, DUPLICATE);
	STEP(0, 12, DELIVER, 12, 13, 14);
	STEP(0, 13, DUPLICATE);
	STEP(0, 9, LATE); /* from before the base: never seen */
	LOST(0);
	finish(test, c);
}

/* Every order of five packets, the first of them being the base. */
static void every_order_is_put_right(struct kunit *test)
{
	u32 order[5] = { 0, 1, 2, 3, 4 }, count[5] = { 0 };
	int i = 0, n = 0;

	/* Heap's algorithm, counting in @count. */
	while (i < 5) {
		struct receiver *c;
		struct kpptp_reorder_out out;
		int k;

		if (n && count[i] >= i) {
			count[i++] = 0;
			continue;
		}
		if (n) {
			swap(order[i % 2 ? count[i] : 0], order[i]);
			count[i]++;
			i = 0;
		}
		n++;
		c = started(test, U32_MAX - 2);
		for (k = 0; k < 5; k++) {
			u32 expect = c->next;

			give(test, c, k, U32_MAX - 1 + order[k], &out);
			while (!skb_queue_empty(&out.ready)) {
				struct sk_buff *skb = __skb_dequeue(&out.ready);

				KUNIT_EXPECT_EQ(test, *(u32 *)skb->data,
						expect);
				expect++;
				kfree_skb(skb);
			}
			c->next = expect;
		}
		KUNIT_EXPECT_EQ(test, c->next, 3u);
		HELD(0);
		KUNIT_EXPECT_EQ(test, c->r.bytes, 0u);
	}
	KUNIT_EXPECT_EQ(test, n, 120);
}

/* Each gap has its own time, which starts when it is noticed. */
static void each_gap_has_its_time(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(1 * MS, 2, HELD); /* 1 is missing since 1 ms */
	STEP(4 * MS, 4, HELD); /* 3 since 4 ms */
	DEADLINE(11 * MS);
	EXPIRE(11 * MS, 1, 2);
	/* 10 ms shortened by a sixteenth, once */
	HOLD(9375);
	DEADLINE(4 * MS + 9375);
	EXPIRE(4 * MS + 9375 - 1, 0);
	EXPIRE(4 * MS + 9375, 1, 4);
	LOST(2);
	finish(test, c);
}

/* 5 proves that 1 to 4 are missing; 3, come later, does not renew that. */
static void a_gap_is_as_old_as_its_first_proof(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(1 * MS, 5, HELD);
	STEP(8 * MS, 3, HELD);
	DEADLINE(11 * MS); /* and 3 is 7 ms late: well within 10 */
	STEP(8 * MS, 1, DELIVER, 1);
	DEADLINE(11 * MS); /* 2 is missing since 1 ms as well */
	EXPIRE(11 * MS, 2, 3, 5);
	LOST(2);
	finish(test, c);
}

static void late_timer_gives_up_all_at_once(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(1 * MS, 2, HELD);
	STEP(2 * MS, 4, HELD);
	STEP(3 * MS, 6, HELD);
	EXPIRE(50 * MS, 3, 2, 4, 6);
	LOST(3);
	finish(test, c);
}

/* ---- Wrap-around ---- */

/* In-tree Linux stalls for good when 0xffffffff is lost. */
static void loss_at_the_wrap(struct kunit *test)
{
	struct receiver *c = started(test, U32_MAX - 1);

	STEP(1 * MS, 0, HELD);
	STEP(2 * MS, 1, HELD);
	EXPIRE(11 * MS, 1, 0, 1);
	LOST(1);
	STEP(12 * MS, U32_MAX, LATE);
	STEP(12 * MS, 2, DELIVER, 2);
	STEP(12 * MS, U32_MAX, DUPLICATE);
	STEP(12 * MS, U32_MAX - 1, DUPLICATE);
	finish(test, c);
}

static void time_wraps_while_packets_are_held(struct kunit *test)
{
	struct receiver *c = receiver(test, 512, 100 * MS);

	STEP(U32_MAX - 9 * MS, 0, DELIVER, 0);
	STEP(U32_MAX - 4 * MS, 2, HELD);
	EXPIRE(U32_MAX, 0);
	EXPIRE(0, 0);
	EXPIRE(6 * MS - 2, 0);
	EXPIRE(6 * MS - 1, 1, 2);
	STEP(7 * MS, 1, LATE); /* 11 ms and 1 us after it was missed */
	HOLD(11001 + 11001 / 4);
	finish(test, c);
}

/* Round the whole circle, with a loss and a swap at every stop. */
static void all_round_the_circle(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 seq = 0, stop;

	for (stop = 0; stop < 16; stop++) {
		/* A stop: one number lost, the next two swapped. */
		STEP(stop * SECOND, seq + 2, HELD);
		STEP(stop * SECOND, seq + 4, HELD);
		STEP(stop * SECOND, seq + 3, HELD);
		EXPIRE(stop * SECOND + 100 * MS, 1, seq + 2, seq + 3, seq + 4);
		STEP(stop * SECOND + 101 * MS, seq + 3, DUPLICATE);
		seq += 4;
		/* To the next, as 2^28 packets in order would do it. */
		seq += BIT(28);
		c->r.next = seq + 1;
		STEP(stop * SECOND + 200 * MS, seq, DUPLICATE);
	}
	LOST(16);
	finish(test, c);
}

/* Nothing but the fast path, for ever: memory does not outlive its range. */
static void fast_path_all_round(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 next;

	STEP(0, 2, HELD);
	STEP(0, 4, HELD);
	EXPIRE(SECOND, 2, 2, 4); /* 1 and 3 are remembered as lost */
	for (next = BIT(30); next; next += BIT(30)) {
		c->r.next = next - 1;
		KUNIT_EXPECT_TRUE(test, kpptp_reorder_inorder(&c->r, next - 1));
		KUNIT_EXPECT_FALSE(test, kpptp_reorder_inorder(&c->r, next));
		STEP(SECOND, next, DELIVER, next);
		STEP(SECOND, next, DUPLICATE);
		STEP(SECOND, next - MEMORY / 2, DUPLICATE);
		STEP(SECOND, next - MEMORY - 1, LATE); /* who knows */
		LOST(2);
		/* The loss of the last round is within memory, just so. */
		STEP(SECOND, next - BIT(30) + 1, LATE);
		LOST(1);
		STEP(SECOND, next + 2, HELD);
		EXPIRE(2 * SECOND, 1, next + 2);
	}
	for (next = U32_MAX, c->r.next = next; next != 5; next++)
		STEP(SECOND, next, DELIVER, next);
	STEP(SECOND, 3, DUPLICATE); /* not the one lost 2^32 packets ago */
	LOST(2);
	finish(test, c);
}

/* ---- Bounds ---- */

static void full_queue_gives_up_the_oldest_gap(struct kunit *test)
{
	struct receiver *c = receiver(test, 3, 100 * MS);

	STEP(0, 0, DELIVER, 0);
	STEP(0, 2, HELD);
	STEP(0, 4, HELD);
	STEP(0, 5, HELD);
	GAPS(0);
	STEP(0, 8, HELD, 2); /* room is made for it */
	GAPS(1);
	LOST(1);
	HELD(3);
	STEP(0, 9, HELD, 4, 5);
	GAPS(2);
	LOST(2);
	HELD(2);
	finish(test, c);
}

static void full_queue_delivers_what_needs_no_room(struct kunit *test)
{
	struct receiver *c = receiver(test, 2, 100 * MS);

	STEP(0, 0, DELIVER, 0);
	STEP(0, 5, HELD);
	STEP(0, 6, HELD);
	/* Before all that is held: only the gap before itself has to go. */
	STEP(0, 3, DELIVER, 3);
	GAPS(1);
	LOST(2);
	/* It closes the gap: nothing has to go. */
	STEP(0, 4, DELIVER, 4, 5, 6);
	GAPS(1);
	/* It follows what is released. */
	STEP(0, 9, HELD);
	STEP(0, 10, HELD);
	STEP(0, 11, DELIVER, 9, 10, 11);
	GAPS(2);
	LOST(4);
	finish(test, c);
}

/* A budget that calls share is exhausted: in order, and without delay. */
static void no_memory_to_hold(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	STEP(0, 4, HELD);
	c->may_hold = false;
	STEP(0, 7, DELIVER, 2, 4, 7);
	GAPS(3);
	LOST(4);
	STEP(0, 8, DELIVER, 8);
	STEP(0, 10, DELIVER, 10);
	STEP(0, 9, LATE);
	c->may_hold = true;
	STEP(0, 12, HELD);
	finish(test, c);
}

static void bytes_are_accounted(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 one;

	STEP(0, 2, HELD);
	one = c->r.bytes;
	KUNIT_EXPECT_GE(test, one, (u32)sizeof(struct sk_buff));
	STEP(0, 3, HELD);
	STEP(0, 5, HELD);
	STEP(0, 5, DUPLICATE);
	KUNIT_EXPECT_EQ(test, c->r.bytes, 3 * one);
	STEP(0, 1, DELIVER, 1, 2, 3);
	KUNIT_EXPECT_EQ(test, c->r.bytes, one);
	EXPIRE(SECOND, 1, 5);
	KUNIT_EXPECT_EQ(test, c->r.bytes, 0u);
	finish(test, c);
}

/* As in-tree Linux: in order at once, gaps skipped, late ones dropped. */
static void holding_nothing(struct kunit *test)
{
	static const u32 bounds[][2] = {
		{ 0, 100 * MS },
		{ 512, 0 },
		{ 0, 0 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(bounds); i++) {
		struct receiver *c = receiver(test, bounds[i][0], bounds[i][1]);

		STEP(0, 0, DELIVER, 0);
		STEP(0, 3, DELIVER, 3);
		GAPS(1);
		LOST(2);
		STEP(0, 2, LATE);
		LOST(1);
		STEP(0, 2, DUPLICATE);
		STEP(0, 1, LATE);
		LOST(0);
		STEP(0, 4, DELIVER, 4);
		NO_DEADLINE();
		finish(test, c);
	}
}

static void bounds_change_at_run_time(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	kpptp_reorder_set(&c->r, 512, 5 * MS);
	HOLD(5 * MS);
	DEADLINE(5 * MS);
	kpptp_reorder_set(&c->r, 512, 0);
	HOLD(0);
	EXPIRE(0, 1, 2);
	STEP(0, 4, DELIVER, 4);
	kpptp_reorder_set(&c->r, 512, 100 * MS);
	HOLD(10 * MS);
	STEP(0, 6, HELD);
	kpptp_reorder_set(&c->r, 0, 100 * MS);
	STEP(0, 8, DELIVER, 6, 8);
	kpptp_reorder_set(&c->r, 512, 500); /* below the usual least */
	HOLD(500);
	finish(test, c);
}

static void purge_hands_back_and_goes_on(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	struct kpptp_reorder_out out;
	const u32 expect[] = { 2, 5, 6 };

	STEP(0, 5, HELD);
	STEP(0, 2, HELD);
	STEP(0, 6, HELD);
	kpptp_reorder_out_init(&out);
	kpptp_reorder_purge(&c->r, &out);
	drain(test, c, &out, expect, 3);
	STEP(0, 7, DELIVER, 7);
	finish(test, c);

	/* Before anything came, too. */
	c = receiver(test, 512, 100 * MS);
	finish(test, c);
	STEP(0, 9, DELIVER, 9);
	finish(test, c);
}

/* ---- The hold time follows what is seen ---- */

/* 20 ms late with 10 ms to hold: lost this once, then 25 ms are granted. */
static void too_late_lengthens_it(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	HOLD(10 * MS);
	STEP(0, 2, HELD);
	EXPIRE(10 * MS, 1, 2);
	HOLD(9375);
	STEP(20 * MS, 1, LATE);
	HOLD(25 * MS);
	STEP(30 * MS, 4, HELD);
	DEADLINE(55 * MS);
	EXPIRE(50 * MS, 0);
	STEP(50 * MS, 3, DELIVER, 3, 4);
	finish(test, c);
}

/* Just in time, three times over: the margin of a quarter is kept. */
static void nearly_too_late_lengthens_it(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	STEP(9 * MS, 1, DELIVER, 1, 2); /* 9 + 9/4 */
	HOLD(11250);
	STEP(20 * MS, 5, HELD);
	STEP(31 * MS, 4, HELD); /* 11 + 11/4 */
	HOLD(13750);
	STEP(31 * MS, 3, DELIVER, 3, 4, 5);
	finish(test, c);
}

/* What comes early enough anyway proves nothing. */
static void slight_reordering_leaves_it(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	STEP(2 * MS, 1, DELIVER, 1, 2);
	HOLD(10 * MS);
	finish(test, c);
}

static void it_stays_below_its_maximum(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	EXPIRE(10 * MS, 1, 2);
	STEP(90 * MS, 1, LATE); /* 90 + 90/4 would be 112.5 */
	HOLD(100 * MS);
	/* Later than we could ever wait: not worth the waiting. */
	c = started(test, 0);
	STEP(0, 2, HELD);
	EXPIRE(10 * MS, 1, 2);
	STEP(101 * MS, 1, LATE);
	HOLD(9375);
	/* As late as we could just wait. */
	c = started(test, 0);
	STEP(0, 2, HELD);
	EXPIRE(10 * MS, 1, 2);
	STEP(100 * MS, 1, LATE);
	HOLD(100 * MS);
	finish(test, c);
}

/* Losses only: 10 ms * (15/16)^n, 1 ms at the least, reached by the 36th. */
static void loss_shortens_it(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 n, now = 0, seq = 0;

	for (n = 0; n < 40; n++) {
		now += SECOND;
		seq += 2;
		STEP(now, seq, HELD);
		EXPIRE(now + c->r.hold, 1, seq);
		if (n == 15) /* 10000 * (15/16)^16 = 3560 */
			KUNIT_EXPECT_EQ(test, c->r.hold / 10, 356u);
	}
	HOLD(1 * MS);
	LOST(40);
	finish(test, c);
}

/*
 * Jitter and loss together: each 50th packet is lost, each 7th comes 4 ms after
 * its successor. Once learnt, nothing more is late, and the hold time stays
 * near what the jitter asks for.
 */
static void jitter_with_loss_settles(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 seq, tick, late = 0, at;
	enum kpptp_reorder_verdict verdict;
	struct kpptp_reorder_out out;

	/* A packet each 500 us; @tick is when it would arrive in order. */
	for (tick = 1; tick < 20000; tick++) {
		u32 now = tick * 500;

		if (kpptp_reorder_deadline(&c->r, &at) &&
		    !kpptp_seq_before(now, at)) {
			kpptp_reorder_out_init(&out);
			kpptp_reorder_expire(&c->r, now, &out);
			__skb_queue_purge(&out.ready);
		}
		if (tick % 7 && tick % 50) {
			give(test, c, now, tick, &out);
			__skb_queue_purge(&out.ready);
		}
		/* The delayed one of 8 ticks ago: 7 ticks after its successor. */
		seq = tick - 8;
		if (tick > 8 && !(seq % 7) && seq % 50) {
			verdict = give(test, c, now, seq, &out);
			late += verdict == KPPTP_REORDER_LATE && tick > 1000;
			__skb_queue_purge(&out.ready);
		}
	}
	KUNIT_EXPECT_LE(test, late, 2u);
	KUNIT_EXPECT_GE(test, c->r.hold, 3500u);
	KUNIT_EXPECT_LE(test, c->r.hold, 5 * MS);
	finish(test, c);
}

/* ---- Gaps remembered ---- */

/* Ten packets given up together come late one by one, in any order. */
static void a_gap_fills_late_from_any_side(struct kunit *test)
{
	static const u32 order[] = { 5, 1, 10, 6, 2, 9, 8, 3, 7, 4 };
	struct receiver *c = started(test, 0);
	int i;

	STEP(0, 11, HELD);
	EXPIRE(10 * MS, 1, 11);
	LOST(10);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		STEP(11 * MS, order[i], LATE);
		LOST(9 - i);
		STEP(11 * MS, order[i], DUPLICATE);
		STEP(11 * MS, 0, DUPLICATE);
		STEP(11 * MS, 11, DUPLICATE);
	}
	LOST(0);
	finish(test, c);
}

static void old_gaps_are_forgotten(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 n;

	for (n = 0; n < KPPTP_REORDER_GAPS + 1; n++) {
		STEP(n * SECOND, 2 * n + 2, HELD);
		EXPIRE(n * SECOND + 100 * MS, 1, 2 * n + 2);
	}
	STEP(n * SECOND, 1, DUPLICATE);
	STEP(n * SECOND, 3, LATE);
	STEP(n * SECOND, 2 * n - 1, LATE);
	LOST(n - 2);
	finish(test, c);
}

/* ---- Adversaries ---- */

/* In-tree Linux is blind after one such packet. */
static void one_forged_packet_moves_nothing(struct kunit *test)
{
	static const u32 forged[] = { 10 + 513,	  100000,     0x40000000,
				      0x7fffffff, 0x80000000, 0x80000009,
				      0x8000000a, 0xc0000000, 0xffffffff };
	struct receiver *c = started(test, 9);
	u32 seq = 10;
	int i;

	for (i = 0; i < ARRAY_SIZE(forged); i++) {
		struct kpptp_reorder_out out;
		enum kpptp_reorder_verdict verdict;

		verdict = give(test, c, i * MS, forged[i], &out);
		KUNIT_EXPECT_FALSE(test, kpptp_reorder_believed(verdict));
		drain(test, c, &out, NULL, 0);
		STEP(i * MS, seq, DELIVER, seq);
		seq++;
	}
	LOST(0);
	finish(test, c);
}

static void the_same_forged_packet_again_and_again(struct kunit *test)
{
	struct receiver *c = started(test, 9);
	int i;

	for (i = 0; i < 1000; i++)
		STEP(i * 10 * MS, 5000000, FAR);
	STEP(20 * SECOND, 10, DELIVER, 10);
	finish(test, c);
}

/*
 * A hundred thousand guesses a second, for a second, on a call that is silent
 * all that time. Guesses that fall just ahead are held: 512 of 2^32 do.
 */
static void random_numbers_move_nothing(struct kunit *test)
{
	struct receiver *c = started(test, 0x12345678);
	enum kpptp_reorder_verdict verdict;
	struct kpptp_reorder_out out;
	u32 guess = 1, i;

	for (i = 0; i < 100000; i++) {
		guess = guess * 1664525 + 1013904223;
		verdict = give(test, c, i * 10, guess, &out);
		KUNIT_ASSERT_FALSE(test, kpptp_reorder_believed(verdict));
	}
	STEP(SECOND, 0x12345679, DELIVER, 0x12345679);
	finish(test, c);
}

/* Forged runs between real packets: each real one breaks the agreement. */
static void agreement_needs_silence(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 seq;

	for (seq = 1; seq < 1000; seq++) {
		u32 now = seq * 10 * MS;

		STEP(now, 5000000 + 3 * seq, FAR);
		STEP(now, 5000001 + 3 * seq, FAR);
		STEP(now, 5000002 + 3 * seq, FAR);
		STEP(now, seq, DELIVER, seq);
	}
	finish(test, c);
}

/* An outage: a thousand packets are gone, the fourth after it is believed. */
static void following_packets_agree(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	STEP(1 * MS, 1002, FAR);
	STEP(1 * MS, 1003, FAR);
	STEP(1 * MS, 1003, FAR); /* a duplicate is no second opinion */
	STEP(1 * MS, 1005, FAR);
	STEP(1 * MS, 1004, FAR); /* nor is one that is out of order */
	STEP(1 * MS, 1006, JUMPED, 2, 1006);
	LOST(1000); /* 1, and 3 to 1001 */
	STEP(1 * MS, 1007, DELIVER, 1007);
	STEP(1 * MS, 1005, LATE);
	finish(test, c);
}

/* Far apart they do not agree, however many. */
static void disagreeing_packets(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 i;

	for (i = 1; i < 1000; i++)
		STEP(i, 1000 + 65 * i, FAR);
	STEP(0, 1, DELIVER, 1);
	finish(test, c);

	c = started(test, 0); /* 64 apart they do */
	STEP(0, 1000, FAR);
	STEP(0, 1064, FAR);
	STEP(0, 1128, FAR);
	STEP(0, 1192, JUMPED, 1192);
	finish(test, c);
}

/* Across the wrap-around, an outage is an outage. */
static void agreement_across_the_wrap(struct kunit *test)
{
	struct receiver *c = started(test, U32_MAX - 2000);

	STEP(0, U32_MAX - 1, FAR);
	STEP(0, U32_MAX, FAR);
	STEP(0, 0, FAR);
	STEP(0, 1, JUMPED, 1);
	STEP(0, 2, DELIVER, 2);
	LOST(1998);
	finish(test, c);
}

/* Four forged packets that agree lock the real sender out for a second. */
static void a_forged_jump_heals(struct kunit *test)
{
	struct receiver *c = started(test, 99);

	STEP(0, 0x70000000, FAR);
	STEP(0, 0x70000001, FAR);
	STEP(0, 0x70000002, FAR);
	STEP(0, 0x70000003, JUMPED, 0x70000003);
	LOST(0); /* no outage explains that */
	STEP(100 * MS, 100, LATE);
	STEP(400 * MS, 101, LATE);
	STEP(700 * MS, 102, LATE);
	STEP(1000 * MS, 103, LATE);
	STEP(1099 * MS, 104, LATE);
	STEP(1100 * MS, 105, JUMPED, 105);
	STEP(1101 * MS, 106, DELIVER, 106);
	LOST(0);
	finish(test, c);
}

/* A forged first packet does as little harm, wherever it is. */
static void a_forged_base_heals(struct kunit *test)
{
	struct receiver *c = started(test, 0x90000000); /* real is ahead */

	STEP(0, 0, FAR);
	STEP(0, 1, FAR);
	STEP(0, 2, FAR);
	STEP(0, 3, JUMPED, 3);
	STEP(0, 4, DELIVER, 4);
	finish(test, c);

	c = started(test, 0x70000000); /* real is behind */
	STEP(0, 0, LATE);
	STEP(500 * MS, 1, LATE);
	STEP(900 * MS, 2, LATE);
	STEP(1000 * MS, 3, JUMPED, 3);
	STEP(1001 * MS, 4, DELIVER, 4);
	finish(test, c);
}

/* A route with a delay of 2 s loses its race: old packets are not believed. */
static void a_late_burst_is_not_believed(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 i;

	STEP(0, 101, HELD);
	EXPIRE(SECOND, 1, 101);
	for (i = 1; i <= 100; i++) { /* a second and more */
		STEP(2 * SECOND + i * 20 * MS, i, LATE);
		STEP(2 * SECOND + i * 20 * MS, 101 + i, DELIVER, 101 + i);
	}
	LOST(0);
	/* Nor are duplicates of what was delivered, even without anything else. */
	for (i = 1; i <= 100; i++)
		STEP(10 * SECOND + i * 20 * MS, 101 + i, DUPLICATE);
	finish(test, c);
}

/*
 * One number in 2^23 falls where it is believed at once. It may cost the real
 * packets before it, and no more than that.
 */
static void a_forged_number_just_ahead(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 400, HELD);
	EXPIRE(10 * MS, 1, 400);
	STEP(1 * SECOND, 1, LATE);
	STEP(2 * SECOND, 2, LATE);
	STEP(3 * SECOND, 3, LATE);
	STEP(4 * SECOND, 4, JUMPED, 4);
	STEP(5 * SECOND, 5, DELIVER, 5);
	finish(test, c);

	/* If the sender is not silent, it is the real packet that is doubled. */
	c = started(test, 0);
	STEP(0, 3, HELD);
	STEP(1, 1, DELIVER, 1);
	STEP(2, 2, DELIVER, 2, 3);
	STEP(3, 3, DUPLICATE);
	STEP(4, 4, DELIVER, 4);
	finish(test, c);
}

/*
 * Whatever comes, in 200,000 random steps: what is delivered ascends, except
 * by a jump, and no more is held than allowed.
 */
static void anything_at_all(struct kunit *test)
{
	struct receiver *c = receiver(test, 64, 20 * MS);
	u32 rnd = 12345, i, now = 0, sent = 0xfffff000;
	u32 given = 0, taken = 0;

	for (i = 0; i < 200000; i++) {
		enum kpptp_reorder_verdict verdict = KPPTP_REORDER_LATE;
		struct kpptp_reorder_out out;
		struct sk_buff *skb;

		rnd = rnd * 1664525 + 1013904223;
		now += rnd >> 22;
		if (rnd >> 28) {
			sent += (rnd >> 20 & 15) == 0 ? 3 : 1;
			c->may_hold = rnd >> 16 & 31;
			verdict = give(test, c, now,
				       sent - (rnd >> 8 & 7) + (rnd & 1), &out);
			given += kpptp_reorder_believed(verdict);
		} else {
			kpptp_reorder_out_init(&out);
			kpptp_reorder_expire(&c->r, now, &out);
		}
		KUNIT_ASSERT_LE(test, kpptp_reorder_held(&c->r), 64u);
		while ((skb = __skb_dequeue(&out.ready))) {
			u32 seq = *(u32 *)skb->data;
			bool late = taken && kpptp_seq_before(seq, c->next);

			if (verdict != KPPTP_REORDER_JUMPED)
				KUNIT_ASSERT_FALSE(test, late);
			c->next = seq + 1;
			taken++;
			kfree_skb(skb);
		}
		KUNIT_ASSERT_EQ(test, given, taken + kpptp_reorder_held(&c->r));
		KUNIT_ASSERT_EQ(test, !c->r.bytes, !kpptp_reorder_held(&c->r));
	}
	KUNIT_EXPECT_GT(test, taken, 100000u);
	finish(test, c);
}

static struct kunit_case reorder_cases[] = {
	KUNIT_CASE(first_packet_sets_the_base),
	KUNIT_CASE(in_order_is_the_fast_path),
	KUNIT_CASE(example_of_section_4_3),
	KUNIT_CASE(near_and_far),
	KUNIT_CASE(late_packet_is_not_delivered),
	KUNIT_CASE(duplicates_are_discarded),
	KUNIT_CASE(every_order_is_put_right),
	KUNIT_CASE(each_gap_has_its_time),
	KUNIT_CASE(a_gap_is_as_old_as_its_first_proof),
	KUNIT_CASE(late_timer_gives_up_all_at_once),
	KUNIT_CASE(loss_at_the_wrap),
	KUNIT_CASE(time_wraps_while_packets_are_held),
	KUNIT_CASE(all_round_the_circle),
	KUNIT_CASE(fast_path_all_round),
	KUNIT_CASE(full_queue_gives_up_the_oldest_gap),
	KUNIT_CASE(full_queue_delivers_what_needs_no_room),
	KUNIT_CASE(no_memory_to_hold),
	KUNIT_CASE(bytes_are_accounted),
	KUNIT_CASE(holding_nothing),
	KUNIT_CASE(bounds_change_at_run_time),
	KUNIT_CASE(purge_hands_back_and_goes_on),
	KUNIT_CASE(too_late_lengthens_it),
	KUNIT_CASE(nearly_too_late_lengthens_it),
	KUNIT_CASE(slight_reordering_leaves_it),
	KUNIT_CASE(it_stays_below_its_maximum),
	KUNIT_CASE(loss_shortens_it),
	KUNIT_CASE(jitter_with_loss_settles),
	KUNIT_CASE(a_gap_fills_late_from_any_side),
	KUNIT_CASE(old_gaps_are_forgotten),
	KUNIT_CASE(one_forged_packet_moves_nothing),
	KUNIT_CASE(the_same_forged_packet_again_and_again),
	KUNIT_CASE(random_numbers_move_nothing),
	KUNIT_CASE(agreement_needs_silence),
	KUNIT_CASE(following_packets_agree),
	KUNIT_CASE(disagreeing_packets),
	KUNIT_CASE(agreement_across_the_wrap),
	KUNIT_CASE(a_forged_jump_heals),
	KUNIT_CASE(a_forged_base_heals),
	KUNIT_CASE(a_late_burst_is_not_believed),
	KUNIT_CASE(a_forged_number_just_ahead),
	KUNIT_CASE(anything_at_all),
	{},
};

static struct kunit_suite reorder_suite = {
	.name = "kpptp_reorder",
	.test_cases = reorder_cases,
};

kunit_test_suite(reorder_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: reordering");
MODULE_LICENSE("GPL");
