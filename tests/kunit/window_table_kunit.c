// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The arithmetic of the window and the timeout, against tables worked out by hand
 * from the formulas of RFC 2637 sections 4.2 and 4.4.
 *
 * All values are chosen to need no rounding to eighths: the computed values must
 * match to the bit.
 */
#include "window_kunit.h"

/* ---- 4.4.1 and 4.4.2: DIFF, DEV, RTT, ATO ---- */

/**
 * struct ato_row - a sample or a timeout, and its results
 * @sample: microseconds; 0 for a timeout
 * @diff: DIFF[n] = SAMPLE[n] - RTT[n-1]
 * @dev4: chi * DEV[n], DEV[n] = DEV[n-1] + (|DIFF[n]| - DEV[n-1]) / 4
 * @rtt: RTT[n] = RTT[n-1] + DIFF[n] / 8; after a timeout 2 * RTT[n-1]
 * @ato: MAX (MinTimeOut, MIN (RTT[n] + 4 * DEV[n], MaxTimeOut))
 */
struct ato_row {
	u32 sample;
	s32 diff;
	u32 dev4;
	u32 rtt;
	u32 ato;
};

struct ato_table {
	const char *name;
	u16 ppd; /* RTT[0], in tenths of a second; DEV[0] is 0 */
	u32 min;
	u32 max;
	struct ato_row rows[8];
};

/* clang-format off */
#define TIMED_OUT 0, 0

static const struct ato_table ato_tables[] = {
	/*
	 * RTT[0] = 400000
	 * SAMPLE  80000: DIFF =  80000 - 400000 = -320000
	 *	DEV = 0 + (320000 - 0) / 4 = 80000
	 *	RTT = 400000 - 320000 / 8 = 360000
	 *	ATO = 360000 + 4 * 80000 = 680000
	 * SAMPLE  80000: DIFF =  80000 - 360000 = -280000
	 *	DEV = 80000 + (280000 - 80000) / 4 = 130000
	 *	RTT = 360000 - 280000 / 8 = 325000
	 *	ATO = 325000 + 4 * 130000 = 845000
	 * SAMPLE  85000: DIFF =  85000 - 325000 = -240000
	 *	DEV = 130000 + (240000 - 130000) / 4 = 157500
	 *	RTT = 325000 - 240000 / 8 = 295000
	 *	ATO = 295000 + 4 * 157500 = 925000
	 * SAMPLE 135000: DIFF = 135000 - 295000 = -160000
	 *	DEV = 157500 + (160000 - 157500) / 4 = 158125
	 *	RTT = 295000 - 160000 / 8 = 275000
	 *	ATO = 275000 + 4 * 158125 = 907500
	 * SAMPLE 275000: DIFF = 275000 - 275000 = 0
	 *	DEV = 158125 + (0 - 158125) / 4 = 118593.75
	 *	RTT = 275000
	 *	ATO = 275000 + 4 * 118593.75 = 749375
	 */
	{ "faster than the PPD promised", 4, 12 * MS, 3 * SECOND, {
		{  80000, -320000, 320000, 360000, 680000 },
		{  80000, -280000, 520000, 325000, 845000 },
		{  85000, -240000, 630000, 295000, 925000 },
		{ 135000, -160000, 632500, 275000, 907500 },
		{ 275000,       0, 474375, 275000, 749375 },
	} },
	/*
	 * RTT[0] = 100000
	 * SAMPLE 180000: DIFF = 180000 - 100000 = 80000
	 *	DEV = 0 + (80000 - 0) / 4 = 20000
	 *	RTT = 100000 + 80000 / 8 = 110000
	 *	ATO = 110000 + 4 * 20000 = 190000
	 * SAMPLE  30000: DIFF =  30000 - 110000 = -80000
	 *	DEV = 20000 + (80000 - 20000) / 4 = 35000
	 *	RTT = 110000 - 80000 / 8 = 100000
	 *	ATO = 100000 + 4 * 35000 = 240000
	 * SAMPLE 180000: DIFF = 180000 - 100000 = 80000
	 *	DEV = 35000 + (80000 - 35000) / 4 = 46250
	 *	RTT = 100000 + 80000 / 8 = 110000
	 *	ATO = 110000 + 4 * 46250 = 295000
	 * SAMPLE  30000: DIFF =  30000 - 110000 = -80000
	 *	DEV = 46250 + (80000 - 46250) / 4 = 54687.5
	 *	RTT = 110000 - 80000 / 8 = 100000
	 *	ATO = 100000 + 4 * 54687.5 = 318750
	 */
	{ "jitter", 1, 12 * MS, 3 * SECOND, {
		{ 180000,  80000,  80000, 110000, 190000 },
		{  30000, -80000, 140000, 100000, 240000 },
		{ 180000,  80000, 185000, 110000, 295000 },
		{  30000, -80000, 218750, 100000, 318750 },
	} },
	/*
	 * RTT[0] = 100000
	 * SAMPLE 900000: DIFF = 900000 - 100000 = 800000
	 *	DEV = 0 + (800000 - 0) / 4 = 200000; with the new RTT instead of
	 *	the old one it would be (900000 - 200000) / 4 = 175000
	 *	RTT = 100000 + 800000 / 8 = 200000
	 *	ATO = 200000 + 4 * 200000 = 1000000, and not 900000
	 */
	{ "DIFF is taken from the old RTT", 1, 12 * MS, 3 * SECOND, {
		{ 900000, 800000, 800000, 200000, 1000000 },
	} },
	/*
	 * RTT[0] = 200000
	 * timeout: RTT = 2 * 200000 = 400000, DEV = 0, ATO = 400000
	 * timeout: RTT = 2 * 400000 = 800000, DEV = 0, ATO = 800000
	 * SAMPLE 160000: DIFF = 160000 - 800000 = -640000
	 *	DEV = 0 + (640000 - 0) / 4 = 160000
	 *	RTT = 800000 - 640000 / 8 = 720000
	 *	ATO = 720000 + 4 * 160000 = 1360000
	 * SAMPLE 160000: DIFF = 160000 - 720000 = -560000
	 *	DEV = 160000 + (560000 - 160000) / 4 = 260000
	 *	RTT = 720000 - 560000 / 8 = 650000
	 *	ATO = 650000 + 4 * 260000 = 1690000
	 * SAMPLE  90000: DIFF =  90000 - 650000 = -560000
	 *	DEV = 260000 + (560000 - 260000) / 4 = 335000
	 *	RTT = 650000 - 560000 / 8 = 580000
	 *	ATO = 580000 + 4 * 335000 = 1920000
	 * timeout: RTT = 2 * 580000 = 1160000, DEV = 335000
	 *	ATO = 1160000 + 4 * 335000 = 2500000
	 * timeout: RTT = 2 * 1160000 = 2320000, DEV = 335000
	 *	ATO = MIN (2320000 + 1340000, 3000000) = 3000000
	 * timeout: "the backed-off timer value is limited by the configurable
	 *	maximum": RTT = MIN (2 * 2320000, 3000000), DEV = 335000
	 *	ATO = MIN (3000000 + 1340000, 3000000) = 3000000
	 */
	{ "a time-out doubles RTT and leaves DEV", 2, 12 * MS, 3 * SECOND, {
		{ TIMED_OUT, 0, 400000, 400000 },
		{ TIMED_OUT, 0, 800000, 800000 },
		{ 160000, -640000,  640000, 720000, 1360000 },
		{ 160000, -560000, 1040000, 650000, 1690000 },
		{  90000, -560000, 1340000, 580000, 1920000 },
		{ TIMED_OUT, 1340000, 1160000, 2500000 },
		{ TIMED_OUT, 1340000, 2320000, 3000000 },
		{ TIMED_OUT, 1340000, 3000000, 3000000 },
	} },
	/*
	 * RTT[0] = 3000000
	 * SAMPLE 100000: DIFF = 100000 - 3000000 = -2900000
	 *	DEV = 0 + (2900000 - 0) / 4 = 725000
	 *	RTT = 3000000 - 2900000 / 8 = 2637500
	 *	ATO = MIN (2637500 + 4 * 725000, 3000000) = 3000000
	 */
	{ "slowly down from the maximum", 30, 12 * MS, 3 * SECOND, {
		{ 100000, -2900000, 2900000, 2637500, 3000000 },
	} },
	/*
	 * RTT[0] = 0
	 * SAMPLE   800: DIFF = 800
	 *	DEV = 0 + (800 - 0) / 4 = 200, RTT = 0 + 800 / 8 = 100
	 *	ATO = MAX (12000, 100 + 4 * 200) = 12000
	 * SAMPLE  4900: DIFF = 4900 - 100 = 4800
	 *	DEV = 200 + (4800 - 200) / 4 = 1350, RTT = 100 + 4800 / 8 = 700
	 *	ATO = MAX (12000, 700 + 4 * 1350) = 12000
	 * SAMPLE 24700: DIFF = 24700 - 700 = 24000
	 *	DEV = 1350 + (24000 - 1350) / 4 = 7012.5
	 *	RTT = 700 + 24000 / 8 = 3700
	 *	ATO = MAX (12000, 3700 + 4 * 7012.5) = 31750
	 */
	{ "MinTimeOut", 0, 12 * MS, 3 * SECOND, {
		{   800,   800,   800,  100, 12000 },
		{  4900,  4800,  5400,  700, 12000 },
		{ 24700, 24000, 28050, 3700, 31750 },
	} },
	/*
	 * RTT[0] = 100000
	 * SAMPLE 100000: DIFF = 0, DEV = 0, RTT = 100000
	 *	ATO = MAX (150000, 100000) = 150000
	 * SAMPLE 900000: DIFF = 800000, DEV = 200000, RTT = 200000
	 *	ATO = MIN (200000 + 4 * 200000, 500000) = 500000
	 * timeout: RTT = 2 * 200000 = 400000, DEV = 200000
	 *	ATO = MIN (400000 + 4 * 200000, 500000) = 500000
	 * SAMPLE 400000: DIFF = 0
	 *	DEV = 200000 + (0 - 200000) / 4 = 150000, RTT = 400000
	 *	ATO = MIN (400000 + 4 * 150000, 500000) = 500000
	 */
	{ "MaxTimeOut", 1, 150 * MS, 500 * MS, {
		{ 100000,      0,      0, 100000, 150000 },
		{ 900000, 800000, 800000, 200000, 500000 },
		{ TIMED_OUT, 800000, 400000, 500000 },
		{ 400000,      0, 600000, 400000, 500000 },
	} },
};

/* clang-format on */

static void ato_describe(const struct ato_table *t, char *desc)
{
	strscpy(desc, t->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ato, ato_tables, ato_describe);

/* Send one packet: acknowledged after @sample, or never if that is 0. */
static void one_packet(struct kunit *test, struct kpptp_window *w, u32 sample, u32 *now)
{
	u32 seq = kpptp_window_sent(w, *now);

	if (sample) {
		*now += sample;
		ACKED(w, seq, *now, NEW);
		return;
	}
	DEADLINE(w, *now + w->ato);
	*now += w->ato;
	TIMEOUT(w, *now - 1, EARLY);
	TIMEOUT(w, *now, EXPIRED);
}

/*
 * 4.4, 4.4.1, 4.4.2: DIFF, DEV, RTT and ATO in this order, with alpha 1/8, beta
 * 1/4, chi 4, delta 2, DEV initially 0 and RTT initially the PPD. Timeouts raise ATO
 * quickly, up to the maximum; it falls slowly. The clock wraps around on the way.
 */
static void fact_09_ato_by_hand(struct kunit *test)
{
	const struct ato_table *t = test->param_value;
	struct kpptp_window *w = window(test, STRICT, 64, 0);
	u32 now = U32_MAX - 20 * MS;
	const struct ato_row *row;

	kpptp_window_init(w, STRICT, 64, t->ppd, t->min, t->max, w->stamps);
	for (row = t->rows; row < t->rows + 8 && row->ato; row++) {
		s32 diff = row->sample - w->rtt8 / 8;
		int i = row - t->rows;

		if (row->sample)
			KUNIT_EXPECT_EQ_MSG(test, diff, row->diff, "row %d", i);
		one_packet(test, w, row->sample, &now);
		KUNIT_EXPECT_EQ_MSG(test, w->dev4, row->dev4, "row %d", i);
		KUNIT_EXPECT_EQ_MSG(test, w->rtt8, 8 * row->rtt, "row %d", i);
		KUNIT_EXPECT_EQ_MSG(test, w->ato, row->ato, "row %d", i);
	}
}

/* ---- 4.2.1 to 4.2.3: the window ---- */

enum walk_step { START, SENT, ACK, LOST };

/**
 * struct walk_row - a step and its results
 * @step: nothing yet; packets sent until the window is full; an acknowledgment
 *	received; the timeout
 * @number: number of the acknowledgment, or of the last packet sent
 * @window: the transmit window afterwards
 * @in_flight: packets in flight afterwards
 */
struct walk_row {
	enum walk_step step;
	u32 number;
	u32 window;
	u32 in_flight;
};

/* clang-format off */
/* The peer's Packet Recv. Window Size is 7. */
static const struct walk_row walk[] = {
	{ START, 0,  4, 0 },	/* half of 7 is 3.5, rounded up */
	{ SENT,  3,  4, 4 },	/* 0 to 3 */
	{ ACK,   3,  5, 0 },	/* 4 acknowledged of a window of 4 */
	{ SENT,  8,  5, 5 },	/* 4 to 8 */
	{ ACK,   5,  5, 3 },	/* 2 of 5 */
	{ ACK,   8,  6, 0 },	/* 5 of 5 */
	{ SENT, 14,  6, 6 },	/* 9 to 14 */
	{ ACK,  14,  7, 0 },	/* 6 of 6 */
	{ SENT, 21,  7, 7 },	/* 15 to 21 */
	{ ACK,  21,  7, 0 },	/* the maximum */
	{ SENT, 28,  7, 7 },	/* 22 to 28 */
	{ LOST,  0,  4, 0 },	/* 3.5, rounded up */
	{ SENT, 32,  4, 4 },	/* 29 to 32: nothing is sent again */
	{ ACK,  31,  4, 1 },	/* 3 of 4 */
	{ SENT, 35,  4, 4 },	/* 33 to 35 */
	{ LOST,  0,  2, 0 },	/* half of 4; the 3 of 4 are void */
	{ SENT, 37,  2, 2 },	/* 36 and 37 */
	{ ACK,  36,  2, 1 },	/* 1 of 2 */
	{ ACK,  37,  3, 0 },	/* 2 of 2 */
	{ SENT, 40,  3, 3 },	/* 38 to 40 */
	{ LOST,  0,  2, 0 },	/* 1.5, rounded up */
	{ SENT, 42,  2, 2 },
	{ LOST,  0,  1, 0 },
	{ SENT, 43,  1, 1 },
	{ LOST,  0,  1, 0 },	/* "the minimum window size is one" */
	{ SENT, 44,  1, 1 },
	{ ACK,  44,  2, 0 },	/* 1 of 1 */
	{ SENT, 46,  2, 2 },
	{ ACK,  46,  3, 0 },	/* 2 of 2 */
	{ SENT, 49,  3, 3 },
	{ ACK,  49,  4, 0 },	/* 3 of 3 */
};

/* clang-format on */

/* 4.2, 4.2.1 to 4.2.3: a call from its first packet, through timeouts and recovery. */
static void window_by_hand(struct kunit *test)
{
	struct kpptp_window *w = window(test, STRICT, 7, 1);
	u32 now = 0, i;

	for (i = 0; i < ARRAY_SIZE(walk); i++) {
		const struct walk_row *row = &walk[i];

		switch (row->step) {
		case START:
			break;
		case SENT:
			send(w, 100, now);
			KUNIT_EXPECT_EQ_MSG(test, w->next - 1, row->number, "row %u", i);
			break;
		case ACK:
			now += MS;
			kpptp_window_acked(w, row->number, false, now);
			break;
		case LOST:
			KUNIT_ASSERT_TRUE(test, kpptp_window_deadline(w, &now));
			kpptp_window_timeout(w, now);
			break;
		}
		KUNIT_EXPECT_EQ_MSG(test, w->window, row->window, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, kpptp_window_in_flight(w), row->in_flight, "row %u", i);
	}
}

static struct kunit_case window_table_cases[] = {
	KUNIT_CASE_PARAM(fact_09_ato_by_hand, ato_gen_params),
	KUNIT_CASE(window_by_hand),
	{},
};

static struct kunit_suite window_table_suite = {
	.name = "kpptp_window_table",
	.test_cases = window_table_cases,
};

kunit_test_suite(window_table_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: window and time-out by hand");
MODULE_LICENSE("GPL");
