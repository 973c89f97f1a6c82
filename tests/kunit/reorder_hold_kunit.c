// SPDX-License-Identifier: GPL-2.0-or-later
/* How many packets are held, and in which order they are released. */
#include "reorder_kunit.h"

/* ---- Bounds ---- */

/* 4.2.4: an overflow gives up the oldest gap early, and loses no packet. */
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

/* 4.2.4: the packet released to make room was next to the new one's place. */
static void position_moves_when_room_is_made(struct kunit *test)
{
	struct receiver *c = receiver(test, 3, 100 * MS);

	STEP(0, 0, DELIVER, 0);
	STEP(0, 2, HELD);
	STEP(0, 6, HELD);
	STEP(0, 8, HELD);
	STEP(0, 4, HELD, 2);
	HELD(3);
	STEP(0, 3, DELIVER, 3, 4);
	STEP(0, 5, DELIVER, 5, 6);
	STEP(0, 7, DELIVER, 7, 8);
	LOST(1);
	finish(test, c);
}

static void full_queue_delivers_what_needs_no_room(struct kunit *test)
{
	struct receiver *c = receiver(test, 2, 100 * MS);

	STEP(0, 0, DELIVER, 0);
	STEP(0, 5, HELD);
	STEP(0, 6, HELD);
	/* Before all held packets: only the gap before itself is given up. */
	STEP(0, 3, DELIVER, 3);
	GAPS(1);
	LOST(2);
	/* It closes the gap: nothing is given up. */
	STEP(0, 4, DELIVER, 4, 5, 6);
	GAPS(1);
	/* It directly follows the released packets. */
	STEP(0, 9, HELD);
	STEP(0, 10, HELD);
	STEP(0, 11, DELIVER, 9, 10, 11);
	GAPS(2);
	LOST(4);
	finish(test, c);
}

/*
 * A full queue reaches as far as numbers are believed: the next packet gives up the
 * oldest gap, and is not lost. The same with gaps in the queue, which then reaches
 * farther before it is full.
 */
static void a_full_queue_loses_nothing_behind_it(struct kunit *test)
{
	static const u32 lost[] = { 1, 100, 600 };
	struct kpptp_reorder_out out;
	struct receiver *c;
	u32 seq, n;

	for (n = 1; n <= ARRAY_SIZE(lost); n++) {
		u32 delivered = 0;

		c = started(test, 0);
		for (seq = 1; seq <= 700; seq++) {
			enum kpptp_reorder_verdict verdict;

			if (seq == lost[0] || (n > 1 && seq == lost[1]) ||
			    (n > 2 && seq == lost[2]))
				continue;
			verdict = give(test, c, 0, seq, &out);
			KUNIT_ASSERT_TRUE_MSG(test, kpptp_reorder_believed(verdict), "packet %u",
					      seq);
			KUNIT_ASSERT_LE(test, kpptp_reorder_held(&c->r), 512u);
			delivered += skb_queue_len(&out.ready);
			__skb_queue_purge(&out.ready);
		}
		delivered += kpptp_reorder_held(&c->r);
		KUNIT_EXPECT_EQ(test, delivered, 700 - n);
		finish(test, c);
	}

	/* Only close behind the queue, and only if the queue is long. */
	c = started(test, 0);
	for (seq = 513 - 254; seq <= 513; seq++)
		STEP(0, seq, HELD);
	STEP(0, 514, FAR);
	finish(test, c);
	c = started(test, 0);
	for (seq = 513 - 255; seq <= 513; seq++)
		STEP(0, seq, HELD);
	STEP(0, 513 + 65, FAR);
	STEP(0, 513 + 64, HELD);
	STEP(0, 513 + 64, DUPLICATE);
	finish(test, c);
}

/* A gap given up for lack of room dates from when it was noticed. */
static void a_gap_given_up_for_room_keeps_its_age(struct kunit *test)
{
	struct receiver *c = receiver(test, 2, 100 * MS);

	STEP(0, 0, DELIVER, 0);
	STEP(0, 5, HELD);
	STEP(0, 6, HELD);
	STEP(5 * MS, 3, DELIVER, 3); /* gives up 1 and 2, missing since 0 */
	HOLD(9375);
	STEP(20 * MS, 1, LATE); /* 20 + 20/4 */
	HOLD(25 * MS);
	finish(test, c);
}

/* With the shared budget exhausted, deliver in order and without delay. */
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

/* Like in-tree Linux: deliver at once, skip gaps, drop late packets. */
static void holding_disabled(struct kunit *test)
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
	kpptp_reorder_set(&c->r, 512, 500); /* below the usual minimum */
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

	/* Also before anything was received. */
	c = receiver(test, 512, 100 * MS);
	finish(test, c);
	STEP(0, 9, DELIVER, 9);
	finish(test, c);
}

/* ---- Any order, any number ---- */

/* Check that list, tree and byte count of the held packets are consistent. */
static void check_held(struct kunit *test, struct receiver *c)
{
	const struct sk_buff *skb;
	struct rb_node *node = rb_first(&c->r.tree);
	u32 bytes = 0, n = 0, last = c->r.next;

	skb_queue_walk(&c->r.held, skb) {
		KUNIT_ASSERT_NOT_NULL(test, node);
		KUNIT_ASSERT_PTR_EQ(test, skb, (const struct sk_buff *)reorder_skb_of(node));
		KUNIT_ASSERT_TRUE(test, kpptp_seq_after(reorder_cb(skb)->seq, last));
		last = reorder_cb(skb)->seq;
		bytes += skb->truesize;
		node = rb_next(node);
		n++;
	}
	KUNIT_ASSERT_PTR_EQ(test, node, (struct rb_node *)NULL);
	KUNIT_ASSERT_EQ(test, n, kpptp_reorder_held(&c->r));
	KUNIT_ASSERT_EQ(test, bytes, c->r.bytes);
}

/* Ascending, descending and random order: held in order, each number once. */
static void held_in_any_order(struct kunit *test)
{
	struct kpptp_reorder_out out;
	u32 rnd = 7, how, i, n = 500;
	struct receiver *c;

	for (how = 0; how < 3; how++) {
		c = started(test, U32_MAX - 100);
		for (i = 0; i < n; i++) {
			u32 at = how == 0 ? i : how == 1 ? n - 1 - i : i * 263 % n;

			STEP(0, U32_MAX - 98 + at, HELD);
			if (i % 16 == 0) {
				STEP(0, U32_MAX - 98 + at, DUPLICATE);
				check_held(test, c);
			}
		}
		HELD(n);
		check_held(test, c);
		give(test, c, 0, U32_MAX - 99, &out); /* the one that was missing */
		KUNIT_EXPECT_EQ(test, skb_queue_len(&out.ready), n + 1);
		KUNIT_EXPECT_EQ(test, out.bytes, (n + 1) * skb_peek(&out.ready)->truesize);
		for (i = 0; i < n + 1; i++) {
			struct sk_buff *skb = __skb_dequeue(&out.ready);

			KUNIT_EXPECT_EQ(test, *(u32 *)skb->data, U32_MAX - 99 + i);
			kfree_skb(skb);
		}
		KUNIT_EXPECT_EQ(test, c->r.next, U32_MAX - 98 + n);
		HELD(0);
		check_held(test, c);
		finish(test, c);
	}

	/* Any order, with gaps filled or given up now and then. */
	c = started(test, 0);
	for (i = 0; i < 5000; i++) {
		rnd = rnd * 1664525 + 1013904223;
		give(test, c, i, c->r.next + (rnd >> 24) % 200, &out);
		__skb_queue_purge(&out.ready);
		if (rnd >> 16 & 1)
			check_held(test, c);
		if (!(rnd >> 10 & 63)) {
			kpptp_reorder_out_init(&out);
			kpptp_reorder_expire(&c->r, i + SECOND, &out);
			__skb_queue_purge(&out.ready);
			check_held(test, c);
		}
	}
	finish(test, c);
}

/* Bytes are counted the same whether released at once or one by one. */
static void released_bytes(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	struct kpptp_reorder_out out;
	u32 one;

	STEP(0, 2, HELD);
	one = c->r.bytes;
	STEP(0, 3, HELD);
	STEP(0, 5, HELD);
	give(test, c, 0, 1, &out); /* one by one: 5 stays */
	KUNIT_EXPECT_EQ(test, out.bytes, 3 * one);
	drain(test, c, &out, (const u32[]){ 1, 2, 3 }, 3);
	give(test, c, 0, 4, &out); /* at once */
	KUNIT_EXPECT_EQ(test, out.bytes, 2 * one);
	drain(test, c, &out, (const u32[]){ 4, 5 }, 2);
	KUNIT_EXPECT_EQ(test, c->r.bytes, 0u);
	finish(test, c);
}

/* The fast path is open while there is a base, and nothing is held. */
static void held_packets_close_the_fast_path(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	struct kpptp_reorder_out out;

	KUNIT_EXPECT_EQ(test, give(test, c, 0, 2, &out), KPPTP_REORDER_HELD);
	KUNIT_EXPECT_FALSE(test, c->r.plain);
	KUNIT_EXPECT_FALSE(test, kpptp_reorder_inorder(&c->r, 1));
	KUNIT_EXPECT_EQ(test, give(test, c, 0, 1, &out), KPPTP_REORDER_DELIVER);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&out.ready), 2u);
	__skb_queue_purge(&out.ready);
	KUNIT_EXPECT_TRUE(test, kpptp_reorder_inorder(&c->r, 3));
	finish(test, c);

	c = receiver(test, 512, 100 * MS);
	KUNIT_EXPECT_FALSE(test, kpptp_reorder_inorder(&c->r, 0));
	KUNIT_EXPECT_FALSE(test, c->r.plain);
	finish(test, c);
}

static struct kunit_case reorder_hold_cases[] = {
	KUNIT_CASE(full_queue_gives_up_the_oldest_gap),
	KUNIT_CASE(position_moves_when_room_is_made),
	KUNIT_CASE(full_queue_delivers_what_needs_no_room),
	KUNIT_CASE(a_full_queue_loses_nothing_behind_it),
	KUNIT_CASE(a_gap_given_up_for_room_keeps_its_age),
	KUNIT_CASE(no_memory_to_hold),
	KUNIT_CASE(bytes_are_accounted),
	KUNIT_CASE(holding_disabled),
	KUNIT_CASE(bounds_change_at_run_time),
	KUNIT_CASE(purge_hands_back_and_goes_on),
	KUNIT_CASE(held_in_any_order),
	KUNIT_CASE(released_bytes),
	KUNIT_CASE(held_packets_close_the_fast_path),
	{},
};

static struct kunit_suite reorder_hold_suite = {
	.name = "kpptp_reorder_hold",
	.test_cases = reorder_hold_cases,
};

kunit_test_suite(reorder_hold_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: held packets");
MODULE_LICENSE("GPL");
