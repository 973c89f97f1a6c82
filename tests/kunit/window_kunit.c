// SPDX-License-Identifier: GPL-2.0-or-later
/* The send window and its time-out, against RFC 2637 sections 4.2 and 4.4. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/window.c"

#define MS     1000u
#define SECOND 1000000u

#define STRICT	 KPPTP_WINDOW_STRICT
#define ADAPTIVE KPPTP_WINDOW_ADAPTIVE
#define OFF	 KPPTP_WINDOW_OFF

/* Freed by KUnit after the test: too large for a stack. Init must not rely on
 * what was there before.
 */
static struct kpptp_window *
window(struct kunit *test, enum kpptp_window_mode mode, u16 max, u16 ppd)
{
	struct kpptp_window *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	struct kpptp_window_stamp *stamps;

	KUNIT_ASSERT_NOT_NULL(test, w);
	stamps = kunit_kcalloc(test, KPPTP_WINDOW_STAMPS, sizeof(*stamps),
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stamps);
	memset(w, 0xff, sizeof(*w));
	kpptp_window_init(w, mode, max, ppd, KPPTP_WINDOW_ATO_MIN,
			  KPPTP_WINDOW_ATO_MAX, stamps);
	return w;
}

/* Send for as long as the window is open, at most @most packets. */
static u32 send(struct kpptp_window *w, u32 most, u32 now)
{
	u32 n = 0;

	while (n < most && kpptp_window_may_send(w) == KPPTP_WINDOW_SEND) {
		kpptp_window_sent(w, now);
		n++;
	}
	return n;
}

#define MAY_SEND(w, verdict)                                                   \
	KUNIT_EXPECT_EQ(test, kpptp_window_may_send(w), KPPTP_WINDOW_##verdict)

#define ACKED(w, ack, now, verdict)                                            \
	KUNIT_EXPECT_EQ(test, kpptp_window_acked(w, ack, false, now),          \
			KPPTP_WINDOW_ACK_##verdict)

#define LONE_ACKED(w, ack, now, verdict)                                       \
	KUNIT_EXPECT_EQ(test, kpptp_window_acked(w, ack, true, now),           \
			KPPTP_WINDOW_ACK_##verdict)

#define TIMEOUT(w, now, verdict)                                               \
	KUNIT_EXPECT_EQ(test, kpptp_window_timeout(w, now),                    \
			KPPTP_WINDOW_##verdict)

#define DEADLINE(w, when)                                                      \
	do {                                                                   \
		u32 _at = 0;                                                   \
		KUNIT_EXPECT_TRUE(test, kpptp_window_deadline(w, &_at));       \
		KUNIT_EXPECT_EQ(test, _at, (u32)(when));                       \
	} while (0)

#define NO_DEADLINE(w)                                                         \
	do {                                                                   \
		u32 _at;                                                       \
		KUNIT_EXPECT_FALSE(test, kpptp_window_deadline(w, &_at));      \
	} while (0)

/* ---- 4.1: numbers ---- */

static void first_number_is_zero(struct kunit *test)
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

/* ---- 4.2.1: initial window, and the closing of it ---- */

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

/* "half the maximum size the receiver requested, with a minimum of one" */
static void initial_window_is_half(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(initial_windows); i++) {
		u16 max = initial_windows[i].from;
		struct kpptp_window *w = window(test, STRICT, max, 0);

		KUNIT_EXPECT_EQ(test, w->window, (u32)initial_windows[i].to);
		KUNIT_EXPECT_EQ(test, send(w, U32_MAX, 0),
				(u32)initial_windows[i].to);
	}
}

/* "stops sending packets when the number ... is equal to the window size" */
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

static void opening_is_told_once(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);

	send(w, 4, 0);
	ACKED(w, 0, MS, NEW); /* full, but nobody had asked */
	send(w, 100, MS);
	ACKED(w, 1, 2 * MS, OPENED);
	ACKED(w, 2, 2 * MS, NEW);
}

/* ---- 4.2.5 and 4.3: what an acknowledgment acknowledges ---- */

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

/* 4.3: 0 to 5 sent, 4 comes before 3: the ack of 4 grants credit beyond 4. */
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
 * Peer's window 8. Packets acknowledged, window after them:
 * 4 -> 5; 5 more -> 6; 6 more -> 7; 7 more -> 8; then it stays.
 */
static void grows_by_one_per_window(struct kunit *test)
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

/* The same with one acknowledgment for each full window. */
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

/* ---- 4.2.2 and 4.2.3: time-out ---- */

/* clang-format off */
static const struct half_case halvings[] = {
	{ 65535, 32768 }, { 64, 32 }, { 8, 4 }, { 5, 3 }, { 4, 2 }, { 3, 2 },
	{ 2, 1 }, { 1, 1 },
};

/* clang-format on */

/* "one half its value when it failed. Fractions are rounded up ..." */
static void timeout_halves_the_window(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(halvings); i++) {
		struct kpptp_window *w = window(test, STRICT, 65535, 1);

		w->window = halvings[i].from;
		KUNIT_EXPECT_EQ(test, send(w, U32_MAX, 0),
				(u32)halvings[i].from);
		MAY_SEND(w, WAIT);
		TIMEOUT(w, 100 * MS, REOPENED);
		KUNIT_EXPECT_EQ(test, w->window, (u32)halvings[i].to);
		KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
		KUNIT_EXPECT_EQ(test, send(w, U32_MAX, 0), (u32)halvings[i].to);
	}
}

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

/* Halved windows grow again, and half a window's acks do not count twice. */
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

/* No credit for what was given up, but the round trip is learnt from it. */
static void late_ack_measures_and_grants_nothing(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 0);

	send(w, 4, 0); /* RTT 0, so the time-out is the least, 12 ms */
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

/* ---- 4.4.1: adaptive time-out ---- */

struct ato_case {
	u32 sample; /* 0: a time-out instead */
	u32 rtt;
	u32 ato;
};

/* clang-format off */
/*
 * RTT starts at a PPD of 1, which is 100 ms, DEV at 0. Microseconds:
 *
 *  sample 60000: DIFF = 60000 - 100000 = -40000
 *	DEV = 0 + (40000 - 0) / 4 = 10000
 *	RTT = 100000 - 40000 / 8 = 95000
 *	ATO = 95000 + 4 * 10000 = 135000
 *  sample 200000: DIFF = 200000 - 95000 = 105000
 *	DEV = 10000 + (105000 - 10000) / 4 = 33750
 *	RTT = 95000 + 105000 / 8 = 108125
 *	ATO = 108125 + 4 * 33750 = 243125
 *  sample 108125: DIFF = 0
 *	DEV = 33750 + (0 - 33750) / 4 = 25312.5
 *	RTT = 108125
 *	ATO = 108125 + 4 * 25312.5 = 209375
 *  sample 500000: DIFF = 391875
 *	DEV = 25312.5 + (391875 - 25312.5) / 4 = 116953.125
 *	RTT = 108125 + 391875 / 8 = 157109.375
 *	ATO = 157109.375 + 467812.5 = 624921.875; we get 624922, as 4 * DEV is
 *	an integer: 101250 - 25312 + 391875 = 467813
 *  time-out (4.4.2): RTT = 2 * 157109.375 = 314218.75, DEV the same
 *	ATO = 314218 + 467813 = 782031
 *  time-out: RTT = 628437.5, ATO = 1096250
 *  time-out: RTT = 1256875, ATO = 1724688
 *  time-out: RTT = 2513750, ATO = 2981563
 *  time-out: RTT = 3000000, as MaxTimeOut limits the back-off
 *	ATO = MIN (3467813, 3000000)
 *  sample 100000: DIFF = 100000 - 3000000 = -2900000
 *	4 * DEV = 467813 - 116953 + 2900000 = 3250860
 *	RTT = 3000000 - 2900000 / 8 = 2637500
 *	ATO = MIN (5888360, 3000000)
 */
static const struct ato_case ato_cases[] = {
	{ 60000, 95000, 135000 },
	{ 200000, 108125, 243125 },
	{ 108125, 108125, 209375 },
	{ 500000, 157109, 624922 },
	{ 0, 314218, 782031 },
	{ 0, 628437, 1096250 },
	{ 0, 1256875, 1724688 },
	{ 0, 2513750, 2981563 },
	{ 0, 3000000, 3000000 },
	{ 100000, 2637500, 3000000 },
};

/* clang-format on */

/* The clock starts before its wrap-around, and passes it on the way. */
static void timeout_follows_the_table(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 1);
	u32 now = U32_MAX - 300 * MS;
	int i;

	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 100 * MS);
	KUNIT_EXPECT_EQ(test, w->ato, 100 * MS);
	for (i = 0; i < ARRAY_SIZE(ato_cases); i++) {
		const struct ato_case *c = &ato_cases[i];
		u32 seq = kpptp_window_sent(w, now);

		if (c->sample) {
			now += c->sample;
			ACKED(w, seq, now, NEW);
		} else {
			DEADLINE(w, now + w->ato);
			now += w->ato;
			TIMEOUT(w, now - 1, EARLY);
			TIMEOUT(w, now, EXPIRED);
		}
		KUNIT_EXPECT_EQ_MSG(test, kpptp_window_rtt(w), c->rtt, "row %d",
				    i);
		KUNIT_EXPECT_EQ_MSG(test, w->ato, c->ato, "row %d", i);
	}
}

/* The same value for 500 samples: DEV dies away, ATO meets RTT. */
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

static void ppd_seeds_the_round_trip(struct kunit *test)
{
	struct kpptp_window *w;
	int i;

	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		w = window(test, STRICT, 64, seeds[i].ppd);
		KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), seeds[i].rtt);
		KUNIT_EXPECT_EQ(test, w->ato, seeds[i].ato);
	}

	/* Known with the reply only, it still seeds; measured, it is history. */
	w = window(test, STRICT, 64, 0);
	kpptp_window_set_ppd(w, 2);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 200 * MS);
	ACKED(w, kpptp_window_sent(w, 0), 40 * MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 180 * MS);
	kpptp_window_set_ppd(w, 50);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 180 * MS);
}

static void timeout_keeps_to_its_bounds(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 0);

	ACKED(w, kpptp_window_sent(w, 0), 100, NEW); /* RTT 12.5, ATO 112.5 */
	KUNIT_EXPECT_EQ(test, w->ato, 12 * MS);

	kpptp_window_init(w, STRICT, 64, 5, 20 * MS, 200 * MS, w->stamps);
	KUNIT_EXPECT_EQ(test, w->ato, 200 * MS);
	kpptp_window_init(w, STRICT, 64, 0, 20 * MS, 200 * MS, w->stamps);
	KUNIT_EXPECT_EQ(test, w->ato, 20 * MS);
	/* The maximum wins. */
	kpptp_window_init(w, STRICT, 64, 0, 300 * MS, 200 * MS, w->stamps);
	KUNIT_EXPECT_EQ(test, w->ato, 200 * MS);
	kpptp_window_init(w, STRICT, 64, 65535, 0, U32_MAX, w->stamps);
	KUNIT_EXPECT_EQ(test, w->ato, KPPTP_WINDOW_RTT_MAX);
}

/* "Timer backoff is done every time": also from an RTT of 0. */
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

/* Sent at 0, 10, 20 ms; 2 is acknowledged at 50 ms: the sample is 30 ms. */
static void highest_packet_acked_is_the_sample(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 1);

	kpptp_window_sent(w, 0);
	kpptp_window_sent(w, 10 * MS);
	kpptp_window_sent(w, 20 * MS);
	ACKED(w, 2, 50 * MS, NEW);
	/* 100 + (30 - 100) / 8 */
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 91250u);
}

/* Old and bogus acknowledgments are no samples. */
static void only_news_is_a_sample(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 64, 1);

	kpptp_window_sent(w, 0);
	ACKED(w, 0, 100 * MS, NEW);
	ACKED(w, 0, 900 * MS, OLD);
	ACKED(w, 1, 900 * MS, BOGUS);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 100 * MS);
	KUNIT_EXPECT_EQ(test, w->dev4, 0u);
}

/* A thousand in flight share the stamps: within 1/32 all the same. */
static void samples_of_a_fat_path(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 64, 0);
	u32 seq;

	for (seq = 0; seq < 20000; seq++) {
		kpptp_window_sent(w, seq * 100);
		if (seq >= 1000)
			kpptp_window_acked(w, seq - 1000, true, seq * 100);
	}
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 1000u);
	KUNIT_EXPECT_EQ(test, w->shift, 4); /* 64 << 4 are 1024 */
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

/* Sixty-four in flight, a Windows peer's window, are timed each. */
static void samples_of_a_full_window_are_exact(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 64, 0);
	u32 seq, age;

	for (seq = 0; seq < 64; seq++)
		kpptp_window_sent(w, seq * MS);
	KUNIT_EXPECT_EQ(test, w->shift, 0);
	KUNIT_EXPECT_EQ(test, w->mask, 0u);
	for (seq = 0; seq < 64; seq++) {
		KUNIT_ASSERT_TRUE(test, age_of(w, seq, SECOND, &age));
		KUNIT_EXPECT_EQ(test, age, SECOND - seq * MS);
	}
}

/* A packet that was sent an age ago says no more than the longest sample. */
static void samples_are_bounded(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 64, 0);

	ACKED(w, kpptp_window_sent(w, 0), 1000 * SECOND, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), KPPTP_WINDOW_RTT_MAX / 8);
	w = window(test, OFF, 64, 0);
	ACKED(w, kpptp_window_sent(w, 5), 4, NEW); /* or 71 minutes ago */
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(w), 0u);
	KUNIT_EXPECT_FALSE(test, w->sampled);
	ACKED(w, kpptp_window_sent(w, 5), 5, NEW); /* no time at all is one */
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
	ACKED(w, 0, 100 * MS, NEW); /* as estimated: ATO stays */
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

/* ---- What never was sent ---- */

static void npppd_first_ack_is_tolerated(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 16, 1);

	ACKED(w, U32_MAX, 0, OLD);
	send(w, 4, 0);
	ACKED(w, U32_MAX, MS, OLD);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 4u);
	ACKED(w, 3, MS, NEW);
	ACKED(w, U32_MAX, MS, OLD); /* reordered on the way */
}

/* Numbers other than those sent, in any state, change nothing at all. */
static void bogus_acks_change_nothing(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 16, 1);
	struct kpptp_window *copy = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	static const u32 bogus[] = { 8,		 9,	     1000,
				     0x7fffffff, 0x80000000, 0x80000001,
				     0xf0000000, 0xfffffffe };
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

static void numbers_wrap(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);
	u32 i, seq = 0xffffff00;

	w->next = seq;
	w->una = seq;
	set_low(w, seq);
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

/* A window that lies across the wrap-around: acked, and given up. */
static void a_window_across_the_wrap(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 8, 1);
	u32 seq = 0xfffffffe;

	w->next = seq;
	w->una = seq;
	set_low(w, seq);
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 4u); /* -2, -1, 0, 1 */
	ACKED(w, U32_MAX, MS, OPENED);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 2u);
	ACKED(w, 1, MS, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
	KUNIT_EXPECT_EQ(test, w->window, 5u);

	w->next = seq;
	w->una = seq;
	set_low(w, seq);
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 5u);
	TIMEOUT(w, SECOND, REOPENED);
	KUNIT_EXPECT_EQ(test, w->una, 3u);
	ACKED(w, 0, SECOND, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
}

/* A peer that never acknowledges does not make old acks look like new ones. */
static void never_acknowledged(struct kunit *test)
{
	struct kpptp_window *w = window(test, OFF, 8, 1);
	u32 i;

	for (i = 0; i < 9; i++) {
		w->next += 0x1fffffff - i;
		kpptp_window_stamp(w, w->next & ~0xffffu, 0);
		KUNIT_EXPECT_LE(test, kpptp_window_in_flight(w),
				(u32)MOST_IN_FLIGHT);
	}
	KUNIT_EXPECT_TRUE(test, w->aged);
	ACKED(w, w->next, 0, BOGUS);
	ACKED(w, w->next - MOST_IN_FLIGHT - 1, 0, OLD);
	ACKED(w, w->next - 1, 0, NEW);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(w), 0u);
}

/* ---- Adaptive mode ---- */

static void adaptive_sends_freely(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);

	KUNIT_EXPECT_EQ(test, send(w, 5000, 0), 5000u);
	ACKED(w, 100, MS, NEW);
	KUNIT_EXPECT_EQ(test, send(w, 5000, MS), 5000u);
	KUNIT_EXPECT_EQ(test, w->window, 4u);
}

/* In-tree Linux acknowledges with data only: no time-out counts. */
static void adaptive_never_throttles_a_piggybacker(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);

	send(w, 100, 0);
	ACKED(w, 10, MS, NEW);
	NO_DEADLINE(w);
	TIMEOUT(w, 10 * SECOND, EARLY);
	MAY_SEND(w, SEND);
	/* A lone acknowledgment of nothing new proves nothing. */
	LONE_ACKED(w, 10, MS, OLD);
	LONE_ACKED(w, 4000, MS, BOGUS);
	NO_DEADLINE(w);
}

/* A peer that shows lone acks, and falls silent with 5 of its 4 in flight. */
static void throttle(struct kunit *test, struct kpptp_window *w)
{
	send(w, 1, 0);
	LONE_ACKED(w, 0, 100 * MS, NEW); /* as the PPD seeded */
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
	KUNIT_EXPECT_EQ(test, send(w, 100, 310 * MS), 3u); /* grown */
	MAY_SEND(w, DROP);
}

/* No more than its window in flight: that the peer dropped is not proved. */
static void adaptive_tolerates_timeouts_within_the_window(struct kunit *test)
{
	struct kpptp_window *w = window(test, ADAPTIVE, 4, 1);

	send(w, 1, 0);
	LONE_ACKED(w, 0, 100 * MS, NEW);
	send(w, 4, 200 * MS);
	TIMEOUT(w, 300 * MS, EXPIRED);
	KUNIT_EXPECT_FALSE(test, w->bound);
	KUNIT_EXPECT_EQ(test, w->ato, 200 * MS); /* but it backs off */
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
	/* The end of the throttle comes before the ack time-out here. */
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

static void a_change_of_the_peers_window(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 1, 1);

	/* Nothing sent: the window comes with the reply to our request. */
	KUNIT_EXPECT_FALSE(test, kpptp_window_set(w, STRICT, 16));
	KUNIT_EXPECT_EQ(test, w->window, 8u);
	KUNIT_EXPECT_EQ(test, send(w, 100, 0), 8u);
	MAY_SEND(w, WAIT);
	/* Smaller: at once. */
	KUNIT_EXPECT_FALSE(test, kpptp_window_set(w, STRICT, 4));
	KUNIT_EXPECT_EQ(test, w->window, 4u);
	ACKED(w, 3, MS, NEW);
	MAY_SEND(w, WAIT);
	ACKED(w, 4, MS, OPENED);
	/* Larger: grown into. */
	KUNIT_EXPECT_FALSE(test, kpptp_window_set(w, STRICT, 64));
	KUNIT_EXPECT_EQ(test, w->window, 4u);
	/* Zero makes no sense, and one packet is the least. */
	kpptp_window_set(w, STRICT, 0);
	KUNIT_EXPECT_EQ(test, w->window, 1u);
	/* Free, the whole of it shows. */
	kpptp_window_set(w, OFF, 64);
	KUNIT_EXPECT_EQ(test, w->window, 64u);
	kpptp_window_set(w, OFF, 32);
	KUNIT_EXPECT_EQ(test, w->window, 32u);
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE(first_number_is_zero),
	KUNIT_CASE(initial_window_is_half),
	KUNIT_CASE(full_window_waits),
	KUNIT_CASE(opening_is_told_once),
	KUNIT_CASE(one_ack_acknowledges_all_below),
	KUNIT_CASE(ack_over_a_gap_grants_credit),
	KUNIT_CASE(grows_by_one_per_window),
	KUNIT_CASE(grows_by_full_windows),
	KUNIT_CASE(timeout_halves_the_window),
	KUNIT_CASE(timeout_of_an_open_window),
	KUNIT_CASE(growth_starts_over_after_a_timeout),
	KUNIT_CASE(late_ack_measures_and_grants_nothing),
	KUNIT_CASE(timeout_follows_the_table),
	KUNIT_CASE(steady_samples_settle),
	KUNIT_CASE(ppd_seeds_the_round_trip),
	KUNIT_CASE(timeout_keeps_to_its_bounds),
	KUNIT_CASE(backoff_starts_from_nothing),
	KUNIT_CASE(highest_packet_acked_is_the_sample),
	KUNIT_CASE(only_news_is_a_sample),
	KUNIT_CASE(samples_of_a_fat_path),
	KUNIT_CASE(samples_of_a_full_window_are_exact),
	KUNIT_CASE(samples_are_bounded),
	KUNIT_CASE(deadline_is_of_the_oldest_packet),
	KUNIT_CASE(off_has_no_deadline),
	KUNIT_CASE(npppd_first_ack_is_tolerated),
	KUNIT_CASE(bogus_acks_change_nothing),
	KUNIT_CASE(random_acks_are_bogus),
	KUNIT_CASE(numbers_wrap),
	KUNIT_CASE(a_window_across_the_wrap),
	KUNIT_CASE(never_acknowledged),
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

static struct kunit_suite window_suite = {
	.name = "kpptp_window",
	.test_cases = window_cases,
};

kunit_test_suite(window_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: send window and time-out");
MODULE_LICENSE("GPL");
