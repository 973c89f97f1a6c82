// SPDX-License-Identifier: GPL-2.0-or-later
/* The send window in adaptive mode, and mode changes. */
#include "window_kunit.h"

/* ---- Adaptive mode ---- */

static void adaptive_sends_freely(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);

	KUNIT_EXPECT_EQ(test, send(w, 5000, 0), 5000u);
	ACKED(w, 100, MS, NEW);
	KUNIT_EXPECT_EQ(test, send(w, 5000, MS), 5000u);
	KUNIT_EXPECT_EQ(test, w->window, 4u);
}

/* In-tree Linux acknowledges only with data: no timeout counts. */
static void adaptive_never_throttles_a_piggybacker(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);

	send(w, 100, 0);
	ACKED(w, 10, MS, NEW);
	NO_DEADLINE(w);
	TIMEOUT(w, 10 * SECOND, EARLY);
	MAY_SEND(w, SEND);
	/* A standalone ack of nothing new proves nothing. */
	LONE_ACKED(w, 10, MS, OLD);
	LONE_ACKED(w, 4000, MS, BOGUS);
	NO_DEADLINE(w);
}

/* A peer sends a standalone ack, then none with 5 in flight and a window of 4. */
static void throttle(struct kunit *test, struct kpptp_window *w)
{
	send(w, 1, 0);
	LONE_ACKED(w, 0, 100 * MS, NEW); /* equals the PPD seed */
	send(w, 5, 200 * MS);
	DEADLINE(w, 300 * MS);
	TIMEOUT(w, 300 * MS, EXPIRED);
	KUNIT_ASSERT_TRUE(test, w->bound);
}

static void adaptive_throttles_and_drops(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);

	throttle(test, w);
	KUNIT_EXPECT_EQ(test, w->window, 2u);
	KUNIT_EXPECT_EQ(test, send(w, 100, 300 * MS), 2u);
	MAY_SEND(w, DROP);
	KUNIT_EXPECT_FALSE(test, w->waiting);
	LONE_ACKED(w, 7, 310 * MS, NEW);
	KUNIT_EXPECT_EQ(test, send(w, 100, 310 * MS), 3u); /* the window has grown */
	MAY_SEND(w, DROP);
}

/* With no more than its window in flight, there is no proof that the peer drops. */
static void adaptive_tolerates_timeouts_within_the_window(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);

	send(w, 1, 0);
	LONE_ACKED(w, 0, 100 * MS, NEW);
	send(w, 4, 200 * MS);
	TIMEOUT(w, 300 * MS, EXPIRED);
	KUNIT_EXPECT_FALSE(test, w->bound);
	KUNIT_EXPECT_EQ(test, w->ato, 200 * MS); /* but the timeout backs off */
	KUNIT_EXPECT_EQ(test, send(w, 100, 300 * MS), 100u);
}

static void throttle_ends_after_60_seconds(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);

	throttle(test, w);
	DEADLINE(w, 300 * MS + 60 * SECOND);
	TIMEOUT(w, 300 * MS + 60 * SECOND - 1, EARLY);
	KUNIT_EXPECT_TRUE(test, w->bound);
	TIMEOUT(w, 300 * MS + 60 * SECOND, EARLY);
	KUNIT_EXPECT_FALSE(test, w->bound);
	NO_DEADLINE(w);
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 100u);
	KUNIT_EXPECT_EQ(test, w->window, 4u);
}

static void throttle_is_prolonged_by_a_timeout(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);
	u32 at;

	throttle(test, w);
	kpptp_window_sent(w, 10 * SECOND);
	KUNIT_ASSERT_TRUE(test, kpptp_window_deadline(w, &at));
	KUNIT_EXPECT_EQ(test, at, 10 * SECOND + w->ato);
	TIMEOUT(w, at, EXPIRED);
	KUNIT_EXPECT_EQ(test, w->window, 1u);
	DEADLINE(w, at + 60 * SECOND);
	/* Here the throttle ends before the ack timeout. */
	kpptp_window_sent(w, at + 60 * SECOND - 1);
	DEADLINE(w, at + 60 * SECOND);
	TIMEOUT(w, at + 60 * SECOND, EARLY);
	KUNIT_EXPECT_FALSE(test, w->bound);
}

/* ---- Changes at run time ---- */

static void a_change_of_mode_starts_over(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);

	send(w, 100, 0);
	MAY_SEND(w, WAIT);
	KUNIT_EXPECT_TRUE(test, kpptp_window_set(w, OFF, 8));
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 100u);
	KUNIT_EXPECT_FALSE(test, kpptp_window_set(w, STRICT, 8));
	KUNIT_EXPECT_EQ(test, w->window, 4u);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 4u);
	MAY_SEND(w, WAIT);
	ACKED(w, w->next - 2, MS, OPENED);
	KUNIT_EXPECT_EQ(test, w->grown, 3u);
	send(w, 100, MS);
	KUNIT_EXPECT_TRUE(test, kpptp_window_set(w, ADAPTIVE, 8));
	KUNIT_EXPECT_EQ(test, w->grown, 0u);
	MAY_SEND(w, SEND);
}

/* 4.2.3: the maximum is the window sent by the other side. */
static void a_change_of_the_peers_window(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 1, 1);

	/* Nothing sent yet: the window arrives with the reply to our request. */
	KUNIT_EXPECT_FALSE(test, kpptp_window_set(w, STRICT, 16));
	KUNIT_EXPECT_EQ(test, w->window, 8u);
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 8u);
	MAY_SEND(w, WAIT);
	/* A smaller one takes effect at once. */
	KUNIT_EXPECT_FALSE(test, kpptp_window_set(w, STRICT, 4));
	KUNIT_EXPECT_EQ(test, w->window, 4u);
	ACKED(w, 3, MS, NEW);
	MAY_SEND(w, WAIT);
	ACKED(w, 4, MS, OPENED);
	/* A larger one is grown into. */
	KUNIT_EXPECT_FALSE(test, kpptp_window_set(w, STRICT, 64));
	KUNIT_EXPECT_EQ(test, w->window, 4u);
	/* Zero is taken as one packet, the minimum. */
	kpptp_window_set(w, STRICT, 0);
	KUNIT_EXPECT_EQ(test, w->window, 1u);
	/* Unbound, the window is the maximum. */
	kpptp_window_set(w, OFF, 64);
	KUNIT_EXPECT_EQ(test, w->window, 64u);
	kpptp_window_set(w, OFF, 32);
	KUNIT_EXPECT_EQ(test, w->window, 32u);
}

static struct kunit_case window_adaptive_cases[] = {
	KUNIT_CASE(adaptive_sends_freely),
	KUNIT_CASE(adaptive_never_throttles_a_piggybacker),
	KUNIT_CASE(adaptive_throttles_and_drops),
	KUNIT_CASE(adaptive_tolerates_timeouts_within_the_window),
	KUNIT_CASE(throttle_ends_after_60_seconds),
	KUNIT_CASE(throttle_is_prolonged_by_a_timeout),
	KUNIT_CASE(a_change_of_mode_starts_over),
	KUNIT_CASE(a_change_of_the_peers_window),
	{},
};

static struct kunit_suite window_adaptive_suite = {
	.name = "kpptp_window_adaptive",
	.test_cases = window_adaptive_cases,
};

kunit_test_suite(window_adaptive_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: adaptive flow control");
MODULE_LICENSE("GPL");
