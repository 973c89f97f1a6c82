// SPDX-License-Identifier: GPL-2.0-or-later
/* The send window, against RFC 2637 sections 4.1 to 4.3. */
#include "window_kunit.h"

/* ---- 4.1: numbers ---- */

/* 4.1: "set to zero at session startup", and then consecutive. */
static void fact_06_first_number_is_zero(struct kunit *test)
{
	static const enum kpptp_window_mode modes[] = { OFF, STRICT, ADAPTIVE };
	int i;
	u32 n;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct kpptp_window *w = window(test, modes[i], 64, 0);

		for (n = 0; n < 20; n++)
			KUNIT_EXPECT_EQ(test, kpptp_window_sent(w, n), n);
	}
}

/* ---- 4.2.1: initial window, and how it closes ---- */

struct half_case {
	u16 from;
	u16 to;
};

/* clang-format off */
static const struct half_case initial_windows[] = {
	{ 0, 1 }, { 1, 1 }, { 2, 1 }, { 3, 2 }, { 4, 2 }, { 16, 8 },
	{ 63, 32 }, { 64, 32 }, { 65535, 32768 },
};

/* clang-format on */

/* 4.2.1: "half the maximum size the receiver requested, with a minimum of one" */
static void fact_08_initial_window_is_half(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(initial_windows); i++) {
		u16 max = initial_windows[i].from;
		struct kpptp_window *w = window(test, STRICT, max, 0);

		KUNIT_EXPECT_EQ(test, w->window, (u32)initial_windows[i].to);
		KUNIT_EXPECT_EQ(test, send(w, U32_MAX, 0), (u32)initial_windows[i].to);
	}
}

/* 4.2.1: "stops sending packets when the number ... is equal to the window size" */
static void full_window_waits(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);

	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 4u);
	MAY_SEND(w, WAIT);
	MAY_SEND(w, WAIT);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 4u);
	ACKED(w, 0, 10 * MS, OPENED);
	MAY_SEND(w, SEND);
	KUNIT_EXPECT_EQ(test, send(w, 100, 10 * MS), 1u);
	MAY_SEND(w, WAIT);
}

static void opening_is_reported_once(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);

	send(w, 4, 0);
	ACKED(w, 0, MS, NEW); /* full, but no sender waited */
	send(w, 100, MS);
	ACKED(w, 1, 2 * MS, OPENED);
	ACKED(w, 2, 2 * MS, NEW);
}

/* ---- 4.2.5 and 4.3: what an acknowledgment acknowledges ---- */

/* 4.2.5: "all outstanding packets with a sequence number lower or equal" */
static void one_ack_acknowledges_all_below(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 32, 1);

	send(w, 16, 0);
	ACKED(w, 9, 10 * MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 6u);
	ACKED(w, 9, 10 * MS, OLD);
	ACKED(w, 3, 10 * MS, OLD);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 6u);
	ACKED(w, 15, 10 * MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
}

/* 4.3: 0 to 5 sent, 4 arrives before 3: the ack of 4 grants credit beyond 4. */
static void ack_over_a_gap_grants_credit(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 12, 1);

	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 6u);
	ACKED(w, 2, MS, OPENED);
	ACKED(w, 4, MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 1u);
	KUNIT_EXPECT_EQ(test, send(w, 100, MS), 5u);
}

/* ---- 4.2.3: growth ---- */

/*
 * 4.2.3: the peer's window is 8. Packets acknowledged -> resulting window:
 * 4 -> 5; 5 more -> 6; 6 more -> 7; 7 more -> 8; then it stays.
 */
static void fact_08_grows_by_one_per_window(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);
	static const u32 grown_after[] = { 4, 9, 15, 22 };
	u32 seq, expect = 4;

	for (seq = 0; seq < 100; seq++) {
		MAY_SEND(w, SEND);
		kpptp_window_sent(w, seq * MS);
		ACKED(w, seq, seq * MS + 10, NEW);
		if (expect < 8 && seq + 1 == grown_after[expect - 4])
			expect++;
		KUNIT_EXPECT_EQ(test, w->window, expect);
	}
}

/* 4.2.1: the same with one acknowledgment for each full window. */
static void grows_by_full_windows(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);
	static const u32 windows[] = { 4, 5, 6, 7, 8, 8, 8 };
	int i;

	for (i = 0; i < ARRAY_SIZE(windows); i++) {
		KUNIT_EXPECT_EQ(test, send(w, 100, i * MS), windows[i]);
		MAY_SEND(w, WAIT);
		ACKED(w, w->next - 1, i * MS + 10, OPENED);
	}
}

/* One ack may cover more than a window's worth: the remainder is kept. */
static void growth_keeps_the_remainder(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 16, 1);

	send(w, 7, 0);
	w->window = 4;
	ACKED(w, 5, MS, NEW); /* 6 of the 4 that make it 5 */
	KUNIT_EXPECT_EQ(test, w->window, 5u);
	send(w, 3, MS);
	ACKED(w, 7, MS, NEW); /* 2 + 2 of the 5 that make it 6 */
	KUNIT_EXPECT_EQ(test, w->window, 5u);
	ACKED(w, 8, MS, NEW);
	KUNIT_EXPECT_EQ(test, w->window, 6u);
}

/* ---- 4.2.2 and 4.2.3: timeout ---- */

/* clang-format off */
static const struct half_case halvings[] = {
	{ 65535, 32768 }, { 64, 32 }, { 8, 4 }, { 5, 3 }, { 4, 2 }, { 3, 2 },
	{ 2, 1 }, { 1, 1 },
};

/* clang-format on */

/* 4.2.2: "one half its value when it failed. Fractions are rounded up ..." */
static void fact_08_timeout_halves_the_window(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(halvings); i++) {
		struct kpptp_window *w = window(test, STRICT, 65535, 1);

		w->window = halvings[i].from;
		KUNIT_EXPECT_EQ(test, send(w, U32_MAX, 0), (u32)halvings[i].from);
		MAY_SEND(w, WAIT);
		TIMEOUT(w, 100 * MS, REOPENED);
		KUNIT_EXPECT_EQ(test, w->window, (u32)halvings[i].to);
		KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
		KUNIT_EXPECT_EQ(test, send(w, U32_MAX, 0), (u32)halvings[i].to);
	}
}

/* 4.4: "to recover from dropped data or acknowledgment packets" */
static void timeout_of_an_open_window(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 16, 1);

	send(w, 3, 0);
	TIMEOUT(w, 100 * MS - 1, EARLY);
	KUNIT_EXPECT_EQ(test, w->window, 8u);
	TIMEOUT(w, 100 * MS, EXPIRED);
	KUNIT_EXPECT_EQ(test, w->window, 4u);
	NO_DEADLINE(w);
	TIMEOUT(w, 10 * SECOND, EARLY);
}

/* 4.2.3: halved windows grow again, and half a window's acks do not count twice. */
static void growth_starts_over_after_a_timeout(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 16, 1);

	send(w, 8, 0);
	ACKED(w, 6, MS, NEW); /* 7 of the 8 that make it grow */
	TIMEOUT(w, SECOND / 2, EXPIRED);
	KUNIT_EXPECT_EQ(test, w->window, 4u);
	KUNIT_EXPECT_EQ(test, send(w, 100, SECOND), 4u);
	ACKED(w, 10, SECOND + MS, OPENED);
	KUNIT_EXPECT_EQ(test, w->window, 4u);
	ACKED(w, 11, SECOND + MS, NEW);
	KUNIT_EXPECT_EQ(test, w->window, 5u);
}

/* A given-up packet grants no credit, but still measures the round trip. */
static void late_ack_measures_and_grants_nothing(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 0);

	send(w, 4, 0); /* RTT 0, so the timeout is the minimum, 12 ms */
	TIMEOUT(w, 12 * MS, EXPIRED);
	KUNIT_EXPECT_EQ(test, send(w, 100, 12 * MS), 2u);
	w->rtt8 = 0;
	ACKED(w, 3, 80 * MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 2u);
	KUNIT_EXPECT_EQ(test, w->grown, 0u);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 10 * MS); /* 80 / 8 */
	MAY_SEND(w, WAIT);
	ACKED(w, 5, 90 * MS, OPENED);
}

/* ---- Packets that were never sent ---- */

static void fact_06_npppd_first_ack_is_tolerated(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 16, 1);

	ACKED(w, U32_MAX, 0, OLD);
	send(w, 4, 0);
	ACKED(w, U32_MAX, MS, OLD);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 4u);
	ACKED(w, 3, MS, NEW);
	ACKED(w, U32_MAX, MS, OLD); /* reordered on the path */
}

/* Numbers that were not sent change nothing, in any state. */
static void bogus_acks_change_nothing(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 16, 1);
	struct kpptp_window *copy = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	static const u32 bogus[] = { 8,		 9,	     1000,	 0x7fffffff,
				     0x80000000, 0x80000001, 0xf0000000, 0xfffffffe };
	int i;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	LONE_ACKED(w, 0, 0, BOGUS);
	LONE_ACKED(w, 1, 0, BOGUS);
	send(w, 8, 0);
	ACKED(w, 2, MS, NEW);
	MAY_SEND(w, SEND);
	memcpy(copy, w, sizeof(*w));
	for (i = 0; i < ARRAY_SIZE(bogus); i++)
		LONE_ACKED(w, bogus[i], MS, BOGUS);
	KUNIT_EXPECT_EQ(test, memcmp(copy, w, sizeof(*w)), 0);
}

/* An off-path attacker's guesses: one in 2^32 / 8 would be believed. */
static void random_acks_are_bogus(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 16, 1);
	u32 guess = 1, i;

	send(w, 8, 0);
	for (i = 0; i < 100000; i++) {
		guess = guess * 1664525 + 1013904223;
		KUNIT_ASSERT_EQ(test, kpptp_window_acked(w, guess, true, MS),
				KPPTP_WINDOW_ACK_BOGUS);
	}
	KUNIT_EXPECT_FALSE(test, w->lone);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 8u);
}

/* ---- Wrap-around of the sequence number ---- */

/* 4.1: a Sequence Number has 32 bits: 0 comes after 0xffffffff. */
static void numbers_wrap(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);
	u32 i, seq = 0xffffff00;

	w->next = seq;
	w->una = seq;
	window_set_low(w, seq);
	for (i = 0; i < 512; i++, seq++) {
		MAY_SEND(w, SEND);
		KUNIT_EXPECT_EQ(test, kpptp_window_sent(w, i * MS), seq);
		ACKED(w, seq + 1, i * MS, BOGUS);
		ACKED(w, seq, i * MS + 100, NEW);
		ACKED(w, seq, i * MS, OLD);
		ACKED(w, seq - 0x1000, i * MS, OLD);
		KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
	}
	KUNIT_EXPECT_EQ(test, w->window, 8u);
}

/* A window across the wrap-around is acknowledged, or given up. */
static void a_window_across_the_wrap(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);
	u32 seq = 0xfffffffe;

	w->next = seq;
	w->una = seq;
	window_set_low(w, seq);
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 4u); /* -2, -1, 0, 1 */
	ACKED(w, U32_MAX, MS, OPENED);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 2u);
	ACKED(w, 1, MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
	KUNIT_EXPECT_EQ(test, w->window, 5u);

	w->next = seq;
	w->una = seq;
	window_set_low(w, seq);
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 5u);
	TIMEOUT(w, SECOND, REOPENED);
	KUNIT_EXPECT_EQ(test, w->una, 3u);
	ACKED(w, 0, SECOND, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
}

/* If a peer never acknowledges, old acks still do not look like new ones. */
static void never_acknowledged(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 8, 1);
	u32 i;

	for (i = 0; i < 9; i++) {
		w->next += 0x1fffffff - i;
		kpptp_window_stamp(w, w->next & ~0xffffu, 0);
		KUNIT_EXPECT_LE(test, kpptp_window_in_flight(w), (u32)MOST_IN_FLIGHT);
	}
	KUNIT_EXPECT_TRUE(test, w->aged);
	ACKED(w, w->next, 0, BOGUS);
	ACKED(w, w->next - MOST_IN_FLIGHT - 1, 0, OLD);
	ACKED(w, w->next - 1, 0, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
}

/* Until half of all numbers were sent, a higher one is not an earlier one. */
static void higher_acks_are_bogus_in_the_first_half(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 8, 1);

	w->next = w->una = 0x60000000;
	window_set_low(w, w->next);
	ACKED(w, 0xf0000000, 0, BOGUS);
	w->next = w->una = 0x80000001;
	window_set_low(w, w->next);
	ACKED(w, 0x90000000, 0, BOGUS);
	ACKED(w, 0xf0000000, 0, BOGUS);
	ACKED(w, 0x7fffffff, 0, OLD);
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE(fact_06_first_number_is_zero),
	KUNIT_CASE(fact_08_initial_window_is_half),
	KUNIT_CASE(full_window_waits),
	KUNIT_CASE(opening_is_reported_once),
	KUNIT_CASE(one_ack_acknowledges_all_below),
	KUNIT_CASE(ack_over_a_gap_grants_credit),
	KUNIT_CASE(fact_08_grows_by_one_per_window),
	KUNIT_CASE(grows_by_full_windows),
	KUNIT_CASE(growth_keeps_the_remainder),
	KUNIT_CASE(fact_08_timeout_halves_the_window),
	KUNIT_CASE(timeout_of_an_open_window),
	KUNIT_CASE(growth_starts_over_after_a_timeout),
	KUNIT_CASE(late_ack_measures_and_grants_nothing),
	KUNIT_CASE(fact_06_npppd_first_ack_is_tolerated),
	KUNIT_CASE(bogus_acks_change_nothing),
	KUNIT_CASE(random_acks_are_bogus),
	KUNIT_CASE(numbers_wrap),
	KUNIT_CASE(a_window_across_the_wrap),
	KUNIT_CASE(never_acknowledged),
	KUNIT_CASE(higher_acks_are_bogus_in_the_first_half),
	{},
};

static struct kunit_suite window_suite = {
	.name = "kpptp_window",
	.test_cases = window_cases,
};

kunit_test_suite(window_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: send window");
MODULE_LICENSE("GPL");
