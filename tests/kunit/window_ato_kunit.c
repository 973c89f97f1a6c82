// SPDX-License-Identifier: GPL-2.0-or-later
/* The adaptive timeout and the packets timed for it, against RFC 2637 section 4.4. */
#include "window_kunit.h"

/* ---- 4.4 and 4.4.1: the timeout; window_table_kunit.c has its formulas by hand ---- */

/* 4.4.1: with 500 equal samples DEV decays and ATO approaches RTT. */
static void steady_samples_settle(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 0);
	u32 now = 0;
	int i;

	for (i = 0; i < 500; i++, now += 50 * MS)
		ACKED(w, kpptp_window_sent(w, now), now + 40 * MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 40 * MS);
	KUNIT_EXPECT_LE(test, w->ato, 40 * MS + 4);
}

struct seed_case {
	u16 ppd;
	u32 rtt;
	u32 ato;
};

/* clang-format off */
/* PPD is in tenths of a second; 64 means 6.4 seconds (section 4.4). */
static const struct seed_case seeds[] = {
	{ 0, 0, 12 * MS },
	{ 1, 100 * MS, 100 * MS },
	{ 10, SECOND, SECOND },
	{ 64, 6400 * MS, 3 * SECOND },
	{ 65535, 64 * SECOND, 3 * SECOND },
};

/* clang-format on */

/* 4.4: "tenths of a second", "to seed the adaptive algorithm" */
static void fact_09_ppd_seeds_the_round_trip(struct kunit *test)
{
	struct kpptp_window *w;
	int i;

	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		w = window(test, STRICT, 64, seeds[i].ppd);
		KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), seeds[i].rtt);
		KUNIT_EXPECT_EQ(test, w->ato, seeds[i].ato);
	}

	/* A PPD known only with the reply still seeds; after a measurement it has no effect. */
	w = window(test, STRICT, 64, 0);
	kpptp_window_set_ppd(w, 2);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 200 * MS);
	ACKED(w, kpptp_window_sent(w, 0), 40 * MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 180 * MS);
	kpptp_window_set_ppd(w, 50);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 180 * MS);
}

/* 4.4.1: MAX (MinTimeOut, MIN (..., MaxTimeOut)) */
static void timeout_keeps_to_its_bounds(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 0);

	ACKED(w, kpptp_window_sent(w, 0), 100, NEW); /* RTT 12.5, ATO 112.5 */
	KUNIT_EXPECT_EQ(test, w->ato, 12 * MS);

	kpptp_window_init(w, STRICT, 64, 5, 20 * MS, 200 * MS, w->stamps);
	KUNIT_EXPECT_EQ(test, w->ato, 200 * MS);
	kpptp_window_init(w, STRICT, 64, 0, 20 * MS, 200 * MS, w->stamps);
	KUNIT_EXPECT_EQ(test, w->ato, 20 * MS);
	/* The maximum overrides the minimum. */
	kpptp_window_init(w, STRICT, 64, 0, 300 * MS, 200 * MS, w->stamps);
	KUNIT_EXPECT_EQ(test, w->ato, 200 * MS);
	kpptp_window_init(w, STRICT, 64, 65535, 0, U32_MAX, w->stamps);
	KUNIT_EXPECT_EQ(test, w->ato, KPPTP_WINDOW_RTT_MAX);
}

/* 4.4: "Timer backoff is done every time": also from an RTT of 0. */
static void backoff_starts_from_nothing(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 0);
	static const u32 atos[] = { 24 * MS, 48 * MS, 96 * MS, 192 * MS };
	u32 now = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(atos); i++) {
		kpptp_window_sent(w, now);
		now += w->ato;
		TIMEOUT(w, now, EXPIRED);
		KUNIT_EXPECT_EQ(test, w->ato, atos[i]);
	}
}

/* ---- 4.2.5: the packet that is timed ---- */

/* 4.2.5: sent at 0, 10, 20 ms; 2 is acknowledged at 50 ms: the sample is 30 ms. */
static void fact_09_highest_packet_acked_is_the_sample(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 1);

	kpptp_window_sent(w, 0);
	kpptp_window_sent(w, 10 * MS);
	kpptp_window_sent(w, 20 * MS);
	ACKED(w, 2, 50 * MS, NEW);
	/* 100 + (30 - 100) / 8 */
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 91250u);
}

/* 4.2.5: old and bogus acknowledgments give no samples. */
static void only_new_acks_are_samples(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 1);

	kpptp_window_sent(w, 0);
	ACKED(w, 0, 100 * MS, NEW);
	ACKED(w, 0, 900 * MS, OLD);
	ACKED(w, 1, 900 * MS, BOGUS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 100 * MS);
	KUNIT_EXPECT_EQ(test, w->dev4, 0u);
}

/* A thousand packets in flight share the stamps: still within 1/32. */
static void samples_with_many_in_flight(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 64, 0);
	u32 seq;

	for (seq = 0; seq < 20000; seq++) {
		kpptp_window_sent(w, seq * 100);
		if (seq >= 1000)
			kpptp_window_acked(w, seq - 1000, true, seq * 100);
	}
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 1000u);
	KUNIT_EXPECT_EQ(test, w->shift, 4); /* 64 << 4 is 1024 */
	KUNIT_EXPECT_EQ(test, w->mask, 15u);
	KUNIT_EXPECT_GE(test, kpptp_window_rtt(w), 100 * MS - 100);
	KUNIT_EXPECT_LE(test, kpptp_window_rtt(w), 100 * MS + 100 * MS / 32);

	/* And exact again when the path is empty. */
	kpptp_window_acked(w, seq - 1, true, seq * 100);
	for (; seq < 20200; seq++) {
		kpptp_window_sent(w, seq * 100);
		kpptp_window_acked(w, seq, true, seq * 100 + 50);
	}
	KUNIT_EXPECT_EQ(test, w->shift, 0);
	KUNIT_EXPECT_LE(test, kpptp_window_rtt(w), 50u + 1);
}

/* 4.4: each of 64 packets in flight, a Windows peer's window, is timed. */
static void samples_of_a_full_window_are_exact(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 64, 0);
	u32 seq, age;

	for (seq = 0; seq < 64; seq++)
		kpptp_window_sent(w, seq * MS);
	KUNIT_EXPECT_EQ(test, w->shift, 0);
	KUNIT_EXPECT_EQ(test, w->mask, 0u);
	for (seq = 0; seq < 64; seq++) {
		KUNIT_ASSERT_TRUE(test, window_age_of(w, seq, SECOND, &age));
		KUNIT_EXPECT_EQ(test, age, SECOND - seq * MS);
	}
}

/* With one more, neighbours share a stamp: earlier times are not mistaken. */
static void times_that_moved_are_not_found(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 64, 0);
	u32 seq, age;

	for (seq = 0; seq <= 64; seq++)
		kpptp_window_sent(w, seq * MS);
	KUNIT_EXPECT_EQ(test, w->shift, 1);
	KUNIT_EXPECT_FALSE(test, window_age_of(w, 32, SECOND, &age));
	KUNIT_EXPECT_FALSE(test, window_age_of(w, 62, SECOND, &age));
	KUNIT_EXPECT_TRUE(test, window_age_of(w, 64, SECOND, &age));
	KUNIT_EXPECT_EQ(test, age, SECOND - 64 * MS);
}

/* A packet that shares its stamp leaves the time of the first that has it. */
static void the_first_of_a_stamp_keeps_its_time(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 64, 0);
	u32 seq, age;

	w->next = w->una = 65;
	window_set_low(w, 65);
	/* Number 128 has the first stamp, however many share one. */
	for (seq = 65; seq <= 129; seq++)
		kpptp_window_sent(w, seq * MS);
	KUNIT_EXPECT_EQ(test, w->shift, 1);
	KUNIT_EXPECT_TRUE(test, window_age_of(w, 129, SECOND, &age));
	KUNIT_EXPECT_EQ(test, age, SECOND - 128 * MS);
}

/* A packet sent very long ago gives the longest sample. */
static void samples_are_bounded(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 64, 0);

	ACKED(w, kpptp_window_sent(w, 0), 1000 * SECOND, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), KPPTP_WINDOW_RTT_MAX / 8);
	w = window(test, OFF, 64, 0);
	ACKED(w, kpptp_window_sent(w, 5), 4, NEW); /* or 71 minutes ago */
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 0u);
	KUNIT_EXPECT_FALSE(test, w->sampled);
	ACKED(w, kpptp_window_sent(w, 5), 5, NEW); /* zero is a sample too */
	KUNIT_EXPECT_TRUE(test, w->sampled);
}

/* ---- The deadline ---- */

static void deadline_is_of_the_oldest_packet(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 1);

	NO_DEADLINE(w);
	kpptp_window_sent(w, 0);
	DEADLINE(w, 100 * MS);
	kpptp_window_sent(w, 30 * MS);
	kpptp_window_sent(w, 60 * MS);
	DEADLINE(w, 100 * MS);
	ACKED(w, 0, 100 * MS, NEW); /* as estimated: ATO is unchanged */
	DEADLINE(w, 130 * MS);
	ACKED(w, 2, 160 * MS, NEW);
	NO_DEADLINE(w);
	kpptp_window_sent(w, 500 * MS);
	DEADLINE(w, 600 * MS);
}

static void off_has_no_deadline(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 4, 0);

	KUNIT_EXPECT_EQ(test, send(w, 100000, 0), 100000u);
	MAY_SEND(w, SEND);
	NO_DEADLINE(w);
	LONE_ACKED(w, 50000, MS, NEW);
	NO_DEADLINE(w);
	TIMEOUT(w, 10 * SECOND, EARLY);
	MAY_SEND(w, SEND);
}

/* ---- Changed bounds ---- */

/* 4.4: "an administrator-adjustable maximum time-out" */
static void bounds_change(struct kunit *test)
{
	struct kpptp_window *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	/* A PPD of 1 is 100 ms. */
	kpptp_window_init(w, KPPTP_WINDOW_ADAPTIVE, 64, 1, 12 * MS, 3000 * MS, NULL);
	KUNIT_EXPECT_EQ(test, w->ato, 100 * MS);
	kpptp_window_set_ato(w, 250 * MS, 3000 * MS);
	KUNIT_EXPECT_EQ(test, w->ato, 250 * MS);
	kpptp_window_set_ato(w, 10 * MS, 50 * MS);
	KUNIT_EXPECT_EQ(test, w->ato, 50 * MS);
	/* The maximum overrides the minimum, and is itself bounded. */
	kpptp_window_set_ato(w, 60 * MS, 20 * MS);
	KUNIT_EXPECT_EQ(test, w->ato, 20 * MS);
	kpptp_window_set_ato(w, U32_MAX, U32_MAX);
	KUNIT_EXPECT_EQ(test, w->ato, KPPTP_WINDOW_RTT_MAX);
}

static struct kunit_case window_ato_cases[] = {
	KUNIT_CASE(steady_samples_settle),
	KUNIT_CASE(fact_09_ppd_seeds_the_round_trip),
	KUNIT_CASE(timeout_keeps_to_its_bounds),
	KUNIT_CASE(backoff_starts_from_nothing),
	KUNIT_CASE(fact_09_highest_packet_acked_is_the_sample),
	KUNIT_CASE(only_new_acks_are_samples),
	KUNIT_CASE(samples_with_many_in_flight),
	KUNIT_CASE(samples_of_a_full_window_are_exact),
	KUNIT_CASE(times_that_moved_are_not_found),
	KUNIT_CASE(the_first_of_a_stamp_keeps_its_time),
	KUNIT_CASE(samples_are_bounded),
	KUNIT_CASE(deadline_is_of_the_oldest_packet),
	KUNIT_CASE(off_has_no_deadline),
	KUNIT_CASE(bounds_change),
	{},
};

static struct kunit_suite window_ato_suite = {
	.name = "kpptp_window_ato",
	.test_cases = window_ato_cases,
};

kunit_test_suite(window_ato_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: adaptive time-out");
MODULE_LICENSE("GPL");
