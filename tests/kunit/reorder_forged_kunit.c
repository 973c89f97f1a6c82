// SPDX-License-Identifier: GPL-2.0-or-later
/* What forged packets cannot do to a call. */
#include "reorder_kunit.h"

/* ---- Adversaries ---- */

/* In-tree Linux stops receiving after one such packet. */
static void one_forged_packet_moves_nothing(struct kunit *test)
{
	static const u32 forged[] = { 10 + 513,	  100000,     0x40000000, 0x7fffffff, 0x80000000,
				      0x80000009, 0x8000000a, 0xc0000000, 0xffffffff };
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

static void repeated_forged_packet(struct kunit *test)
{
	struct receiver *c = started(test, 9);
	int i;

	for (i = 0; i < 1000; i++)
		STEP(i * 10 * MS, 5000000, FAR);
	STEP(20 * SECOND, 10, DELIVER, 10);
	finish(test, c);
}

/*
 * 100,000 guesses within a second, on a call that is silent meanwhile. Guesses just
 * ahead would be held: 512 of 2^32.
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

/* After an outage of a thousand packets, the fourth packet is believed. */
static void following_packets_agree(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	STEP(1 * MS, 1002, FAR);
	STEP(1 * MS, 1003, FAR);
	STEP(1 * MS, 1003, FAR); /* a duplicate does not count */
	STEP(1 * MS, 1005, FAR);
	STEP(1 * MS, 1004, FAR); /* nor does one out of order */
	STEP(1 * MS, 1006, JUMPED, 2, 1006);
	LOST(1000); /* 1, and 3 to 1001 */
	STEP(1 * MS, 1007, DELIVER, 1007);
	STEP(1 * MS, 1005, LATE);
	finish(test, c);
}

/* Packets far apart do not agree, however many. */
static void disagreeing_packets(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 i;

	for (i = 1; i < 1000; i++)
		STEP(i, 1000 + 65 * i, FAR);
	STEP(0, 1, DELIVER, 1);
	finish(test, c);

	c = started(test, 0); /* 64 apart agree */
	STEP(0, 1000, FAR);
	STEP(0, 1064, FAR);
	STEP(0, 1128, FAR);
	STEP(0, 1192, JUMPED, 1192);
	finish(test, c);
}

/* An outage across the wrap-around is an outage too. */
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

/* 65,535 missing packets are an outage; with one more it is another stream. */
static void an_outage_has_a_limit(struct kunit *test)
{
	static const u32 missing[] = { 65535, 65536 };
	int i;

	for (i = 0; i < ARRAY_SIZE(missing); i++) {
		struct receiver *c = started(test, 0);
		u32 seq = 1 + missing[i];

		STEP(0, seq, FAR);
		STEP(0, seq + 1, FAR);
		STEP(0, seq + 2, FAR);
		STEP(0, seq + 3, JUMPED, seq + 3);
		LOST(i ? 0 : 65535);
		finish(test, c);
	}
}

/* Gaps from before a jump do not apply after it. */
static void a_jump_forgets_gaps(struct kunit *test)
{
	struct receiver *c = started(test, 1000);

	STEP(0, 1002, HELD);
	EXPIRE(10 * MS, 1, 1002); /* 1001 is remembered */
	STEP(0, 990, LATE);
	STEP(400 * MS, 991, LATE);
	STEP(800 * MS, 992, LATE);
	STEP(1000 * MS, 993, JUMPED, 993);
	LOST(1);
	for (u32 seq = 994; seq <= 1001; seq++)
		STEP(SECOND, seq, DELIVER, seq);
	STEP(SECOND, 1001, DUPLICATE);
	LOST(1);
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
	LOST(0); /* too far for an outage */
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

/* A forged first packet does as little harm, whatever its number. */
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

/* Packets from a route with a delay of 2 s are too old to be believed. */
static void a_late_burst_is_not_believed(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 i;

	STEP(0, 101, HELD);
	EXPIRE(SECOND, 1, 101);
	for (i = 1; i <= 100; i++) { /* for more than a second */
		STEP(2 * SECOND + i * 20 * MS, i, LATE);
		STEP(2 * SECOND + i * 20 * MS, 101 + i, DELIVER, 101 + i);
	}
	LOST(0);
	/* Nor are duplicates of delivered packets, even with nothing else arriving. */
	for (i = 1; i <= 100; i++)
		STEP(10 * SECOND + i * 20 * MS, 101 + i, DUPLICATE);
	finish(test, c);
}

/*
 * One number in 2^23 is believed at once. It may cost the real packets before it,
 * and nothing else.
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

	/* If the sender is active, the real packet becomes the duplicate. */
	c = started(test, 0);
	STEP(0, 3, HELD);
	STEP(1, 1, DELIVER, 1);
	STEP(2, 2, DELIVER, 2, 3);
	STEP(3, 3, DUPLICATE);
	STEP(4, 4, DELIVER, 4);
	finish(test, c);
}

/*
 * In 200,000 random steps, numbers are delivered in ascending order, except by a
 * jump, and no more packets are held than allowed.
 */
static void random_steps(struct kunit *test)
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
			verdict = give(test, c, now, sent - (rnd >> 8 & 7) + (rnd & 1), &out);
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

static struct kunit_case reorder_forged_cases[] = {
	KUNIT_CASE(one_forged_packet_moves_nothing),
	KUNIT_CASE(repeated_forged_packet),
	KUNIT_CASE(random_numbers_move_nothing),
	KUNIT_CASE(agreement_needs_silence),
	KUNIT_CASE(following_packets_agree),
	KUNIT_CASE(disagreeing_packets),
	KUNIT_CASE(agreement_across_the_wrap),
	KUNIT_CASE(an_outage_has_a_limit),
	KUNIT_CASE(a_jump_forgets_gaps),
	KUNIT_CASE(a_forged_jump_heals),
	KUNIT_CASE(a_forged_base_heals),
	KUNIT_CASE(a_late_burst_is_not_believed),
	KUNIT_CASE(a_forged_number_just_ahead),
	KUNIT_CASE(random_steps),
	{},
};

static struct kunit_suite reorder_forged_suite = {
	.name = "kpptp_reorder_forged",
	.test_cases = reorder_forged_cases,
};

kunit_test_suite(reorder_forged_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: forged packets");
MODULE_LICENSE("GPL");
