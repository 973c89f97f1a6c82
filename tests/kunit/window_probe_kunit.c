// SPDX-License-Identifier: GPL-2.0-or-later
/* The send window of a call that times only one packet at a time. */
#include "window_kunit.h"

static struct kpptp_window *probing(struct kunit *test, enum kpptp_window_mode mode)
{
	struct kpptp_window *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	kpptp_window_init(w, mode, 64, 0, KPPTP_WINDOW_ATO_MIN, KPPTP_WINDOW_ATO_MAX, NULL);
	return w;
}

static void send_at(struct kpptp_window *w, u32 n, u32 now)
{
	while (n--)
		kpptp_window_sent(w, now);
}

/* The clock is read for one packet per round trip, which gives the sample. */
static void one_packet_a_round_trip(struct kunit *test)
{
	struct kpptp_window *w = probing(test, KPPTP_WINDOW_ADAPTIVE);
	u32 n;

	KUNIT_EXPECT_TRUE(test, kpptp_window_times_next(w));
	send_at(w, 1, 10 * MS);
	for (n = 1; n < 1000; n++) {
		KUNIT_EXPECT_FALSE(test, kpptp_window_times_next(w));
		/* Hence this time is ignored. */
		send_at(w, 1, 0xdeadbeef);
	}
	kpptp_window_acked(w, 0, false, 50 * MS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 5 * MS); /* 1/8 of 40 ms */
	KUNIT_EXPECT_TRUE(test, kpptp_window_times_next(w));
	send_at(w, 1, 60 * MS);
	KUNIT_EXPECT_FALSE(test, kpptp_window_times_next(w));
}

/* Acknowledgments of packets sent before the probe give no sample. */
static void earlier_packets_are_no_sample(struct kunit *test)
{
	struct kpptp_window *w = probing(test, KPPTP_WINDOW_ADAPTIVE);

	send_at(w, 10, 0);
	kpptp_window_acked(w, 4, false, 8 * MS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 1 * MS);
	send_at(w, 1, 8 * MS); /* packet 10 is the probe */
	kpptp_window_acked(w, 9, false, 100 * MS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 1 * MS);
	kpptp_window_acked(w, 10, false, 9 * MS + 8 * MS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 2 * MS);
}

/* A probe gives one sample, whatever arrives before the next one is sent. */
static void one_sample_of_a_probe(struct kunit *test)
{
	struct kpptp_window *w = probing(test, KPPTP_WINDOW_ADAPTIVE);

	send_at(w, 10, 0);
	kpptp_window_acked(w, 0, false, 8 * MS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 1 * MS);
	kpptp_window_acked(w, 9, false, 800 * MS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 1 * MS);
}

/* A very long round trip gives the longest sample. */
static void samples_are_bounded(struct kunit *test)
{
	struct kpptp_window *w = probing(test, KPPTP_WINDOW_ADAPTIVE);

	send_at(w, 1, 0);
	kpptp_window_acked(w, 0, false, 1000 * SECOND);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), KPPTP_WINDOW_RTT_MAX / 8);
}

/* The acknowledgment of a later packet covers a lost probe. */
static void a_lost_probe_is_covered(struct kunit *test)
{
	struct kpptp_window *w = probing(test, KPPTP_WINDOW_ADAPTIVE);

	send_at(w, 10, 0);
	kpptp_window_acked(w, 9, false, 80 * MS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 10 * MS);
	KUNIT_EXPECT_TRUE(test, kpptp_window_times_next(w));
}

/* The timeout runs from the last progress. */
static void timeout_is_since_progress(struct kunit *test)
{
	struct kpptp_window *w = probing(test, KPPTP_WINDOW_ADAPTIVE);
	u32 at;

	send_at(w, 100, 0);
	kpptp_window_acked(w, 0, true, 1 * MS);
	KUNIT_ASSERT_TRUE(test, kpptp_window_deadline(w, &at));
	KUNIT_EXPECT_EQ(test, at, 1 * MS + 12 * MS);
	kpptp_window_acked(w, 50, true, 9 * MS);
	KUNIT_ASSERT_TRUE(test, kpptp_window_deadline(w, &at));
	KUNIT_EXPECT_EQ(test, at, 9 * MS + 12 * MS);
	KUNIT_EXPECT_EQ(test, kpptp_window_timeout(w, at - 1), KPPTP_WINDOW_EARLY);
	KUNIT_EXPECT_EQ(test, kpptp_window_timeout(w, at), KPPTP_WINDOW_EXPIRED);
}

/* Without acknowledgments, numbers stay comparable all the way round. */
static void never_acknowledged(struct kunit *test)
{
	struct kpptp_window *w = probing(test, KPPTP_WINDOW_OFF);
	u64 n;

	for (n = 0; n < 5ull << 30; n += BIT(16)) {
		w->next = n;
		KUNIT_ASSERT_TRUE(test, kpptp_window_times_next(w));
		kpptp_window_sent(w, 0);
		KUNIT_ASSERT_LE(test, w->next - w->low, BIT(30) + BIT(16));
		KUNIT_ASSERT_LE(test, kpptp_window_in_flight(w), BIT(30) + BIT(16));
	}
	KUNIT_EXPECT_EQ(test, kpptp_window_acked(w, w->next - 1, false, 0), KPPTP_WINDOW_ACK_NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_acked(w, w->next, false, 0), KPPTP_WINDOW_ACK_BOGUS);
}

/* A clock that seems to run backwards gives no sample. */
static void a_probe_too_old_to_compare(struct kunit *test)
{
	struct kpptp_window *w = probing(test, KPPTP_WINDOW_ADAPTIVE);

	send_at(w, 1, 0);
	kpptp_window_acked(w, 0, false, BIT(31) + 1);
	KUNIT_EXPECT_FALSE(test, w->sampled);
	KUNIT_EXPECT_TRUE(test, kpptp_window_times_next(w));
}

static struct kunit_case window_probe_cases[] = {
	KUNIT_CASE(one_packet_a_round_trip),
	KUNIT_CASE(earlier_packets_are_no_sample),
	KUNIT_CASE(one_sample_of_a_probe),
	KUNIT_CASE(samples_are_bounded),
	KUNIT_CASE(a_lost_probe_is_covered),
	KUNIT_CASE(timeout_is_since_progress),
	KUNIT_CASE(never_acknowledged),
	KUNIT_CASE(a_probe_too_old_to_compare),
	{},
};

static struct kunit_suite window_probe_suite = {
	.name = "kpptp_window_probe",
	.test_cases = window_probe_cases,
};

kunit_test_suite(window_probe_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: send window that times one packet at a time");
MODULE_LICENSE("GPL");
