// SPDX-License-Identifier: GPL-2.0-or-later
/* The hold time, which adapts to reordering, and the gaps remembered for it. */
#include "reorder_kunit.h"

/* ---- The hold time ---- */

/* 20 ms late with a hold time of 10 ms: lost this time, then held for 25 ms. */
static void too_late_raises_hold_time(struct kunit *test)
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

/* Just in time, three times in a row: a margin of a quarter is kept. */
static void nearly_too_late_raises_hold_time(struct kunit *test)
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

/* Packets that are early enough change nothing. */
static void slight_reordering_keeps_hold_time(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	STEP(2 * MS, 1, DELIVER, 1, 2);
	HOLD(10 * MS);
	finish(test, c);
}

static void hold_time_has_a_maximum(struct kunit *test)
{
	struct receiver *c = started(test, 0);

	STEP(0, 2, HELD);
	EXPIRE(10 * MS, 1, 2);
	STEP(90 * MS, 1, LATE); /* 90 + 90/4 would be 112.5 */
	HOLD(100 * MS);
	/* Later than the maximum: the hold time does not change. */
	c = started(test, 0);
	STEP(0, 2, HELD);
	EXPIRE(10 * MS, 1, 2);
	STEP(101 * MS, 1, LATE);
	HOLD(9375);
	/* Exactly as late as the maximum. */
	c = started(test, 0);
	STEP(0, 2, HELD);
	EXPIRE(10 * MS, 1, 2);
	STEP(100 * MS, 1, LATE);
	HOLD(100 * MS);
	finish(test, c);
}

/* Losses only: 10 ms * (15/16)^n, at least 1 ms, reached by the 36th. */
static void loss_lowers_hold_time(struct kunit *test)
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
 * Jitter and loss together: every 50th packet is lost, every 7th arrives 3.5 ms
 * after its successor. Once the hold time has adapted, hardly any are late, and it
 * stays near what the jitter requires.
 */
static void jitter_with_loss_settles(struct kunit *test)
{
	struct receiver *c = started(test, 0);
	u32 seq, tick, late = 0, at;
	enum kpptp_reorder_verdict verdict;
	struct kpptp_reorder_out out;

	/* One packet every 500 us; @tick is when it would arrive in order. */
	for (tick = 1; tick < 20000; tick++) {
		u32 now = tick * 500;

		if (kpptp_reorder_deadline(&c->r, &at) && !kpptp_seq_before(now, at)) {
			kpptp_reorder_out_init(&out);
			kpptp_reorder_expire(&c->r, now, &out);
			__skb_queue_purge(&out.ready);
		}
		if (tick % 7 && tick % 50) {
			give(test, c, now, tick, &out);
			__skb_queue_purge(&out.ready);
		}
		/* The packet delayed by 8 ticks: 7 ticks after its successor. */
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

/* Ten packets given up together arrive late one by one, in any order. */
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

static struct kunit_case reorder_time_cases[] = {
	KUNIT_CASE(too_late_raises_hold_time),
	KUNIT_CASE(nearly_too_late_raises_hold_time),
	KUNIT_CASE(slight_reordering_keeps_hold_time),
	KUNIT_CASE(hold_time_has_a_maximum),
	KUNIT_CASE(loss_lowers_hold_time),
	KUNIT_CASE(jitter_with_loss_settles),
	KUNIT_CASE(a_gap_fills_late_from_any_side),
	KUNIT_CASE(old_gaps_are_forgotten),
	{},
};

static struct kunit_suite reorder_time_suite = {
	.name = "kpptp_reorder_time",
	.test_cases = reorder_time_cases,
};

kunit_test_suite(reorder_time_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: the hold time");
MODULE_LICENSE("GPL");
