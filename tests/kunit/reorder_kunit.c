// SPDX-License-Identifier: GPL-2.0-or-later
/* What is delivered when, against RFC 2637 section 4.3. */
#include "reorder_kunit.h"

/* ---- In order ---- */

/* Peers start with 0, 1, or any number: none of that is a gap. */
static void fact_06_first_packet_sets_the_base(struct kunit *test)
{
	static const u32 firsts[] = { 0,	  1,	      2,	  12345,      0x3fffffff,
				      0x40000000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };
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

/* 4.3: the RFC's example: 0 to 5 sent, 4 arrives before 3. */
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

/* The farthest number believed at once, and the next one. */
static void near_and_far(struct kunit *test)
{
	struct receiver *c = receiver(test, 4, 100 * MS);

	STEP(0, U32_MAX, DELIVER, U32_MAX);
	STEP(0, 512, HELD);
	STEP(0, 513, FAR);
	finish(test, c);

	/* With a larger limit, numbers farther ahead are believed. */
	c = receiver(test, 2000, 100 * MS);
	STEP(0, U32_MAX, DELIVER, U32_MAX);
	STEP(0, 2000, HELD);
	STEP(0, 2001, FAR);
	finish(test, c);
}

/* 4.3: the same with 3 arriving too late: "MUST not attempt to transmit it". */
static void fact_07_late_packet_is_not_delivered(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(1 * MS, 1, DELIVER, 1);
	STEP(2 * MS, 2, DELIVER, 2);
	STEP(3 * MS, 4, HELD);
	EXPIRE(13 * MS - 1, 0);
	EXPIRE(13 * MS, 1, 4);
	LOST(1);
	STEP(14 * MS, 3, LATE);
	LOST(0); /* it did arrive */
	STEP(15 * MS, 5, DELIVER, 5);
	STEP(16 * MS, 3, DUPLICATE);
	LOST(0);
	finish(test, c);
}

/* 4.3: "silently discard duplicate GRE packets", held ones and delivered ones. */
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

/* Every order of five packets; the first to arrive is the base. */
static void every_order_is_restored(struct kunit *test)
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

				KUNIT_EXPECT_EQ(test, *(u32 *)skb->data, expect);
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

/* 5 reveals that 1 to 4 are missing; 3, arriving later, does not renew that. */
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

/* 4.1: in-tree Linux stalls for good when 0xffffffff is lost. */
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

/* All the way round, with a loss and a swap at every stop. */
static void losses_and_swaps_through_the_wrap(struct kunit *test)
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
		/* Go to the next stop, as 2^28 packets in order would. */
		seq += BIT(28);
		c->r.next = seq + 1;
		STEP(stop * SECOND + 200 * MS, seq, DUPLICATE);
	}
	LOST(16);
	finish(test, c);
}

/* Only the fast path, all the way round: nothing is remembered beyond its range. */
static void fast_path_through_the_wrap(struct kunit *test)
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
		STEP(SECOND, next - MEMORY - 1, LATE); /* too far back to know */
		LOST(2);
		/* The loss of the last round is just about remembered. */
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

static struct kunit_case reorder_cases[] = {
	KUNIT_CASE(fact_06_first_packet_sets_the_base),
	KUNIT_CASE(in_order_is_the_fast_path),
	KUNIT_CASE(example_of_section_4_3),
	KUNIT_CASE(near_and_far),
	KUNIT_CASE(fact_07_late_packet_is_not_delivered),
	KUNIT_CASE(duplicates_are_discarded),
	KUNIT_CASE(every_order_is_restored),
	KUNIT_CASE(each_gap_has_its_time),
	KUNIT_CASE(a_gap_is_as_old_as_its_first_proof),
	KUNIT_CASE(late_timer_gives_up_all_at_once),
	KUNIT_CASE(loss_at_the_wrap),
	KUNIT_CASE(time_wraps_while_packets_are_held),
	KUNIT_CASE(losses_and_swaps_through_the_wrap),
	KUNIT_CASE(fast_path_through_the_wrap),
	{},
};

static struct kunit_suite reorder_suite = {
	.name = "kpptp_reorder",
	.test_cases = reorder_cases,
};

kunit_test_suite(reorder_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: reordering");
MODULE_LICENSE("GPL");
