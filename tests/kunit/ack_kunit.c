// SPDX-License-Identifier: GPL-2.0-or-later
/* Acknowledgments that we owe, against RFC 2637 sections 4.1 to 4.3. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/ack.c"

#define WINDOW 64 /* so a quarter is 16 packets */

/* Receive @seq and compare the verdict. */
#define RECEIVE(ack, seq, verdict)                                                                 \
	KUNIT_EXPECT_EQ(test, kpptp_ack_received(ack, seq), KPPTP_ACK_##verdict)

/* Take the acknowledgment; it must be owed and name @seq. */
#define TAKE(ack, seq)                                                                             \
	do {                                                                                       \
		u32 _seq = (seq), _value = ~_seq;                                                  \
		KUNIT_EXPECT_TRUE(test, kpptp_ack_take(ack, &_value));                             \
		KUNIT_EXPECT_EQ(test, _value, _seq);                                               \
	} while (0)

#define TAKE_NONE(ack)                                                                             \
	do {                                                                                       \
		u32 _value = 0xabcd;                                                               \
		KUNIT_EXPECT_FALSE(test, kpptp_ack_take(ack, &_value));                            \
		KUNIT_EXPECT_EQ(test, _value, 0xabcdu);                                            \
	} while (0)

static void nothing_owed_initially(struct kunit *test)
{
	struct kpptp_ack ack;

	memset(&ack, 0xff, sizeof(ack));
	kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
	TAKE_NONE(&ack);
	RECEIVE(&ack, 0, ARM_TIMER);
}

static void first_owed_ack_arms_the_timer_once(struct kunit *test)
{
	struct kpptp_ack ack;

	kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
	RECEIVE(&ack, 0, ARM_TIMER);
	RECEIVE(&ack, 1, NOTHING);
	RECEIVE(&ack, 2, NOTHING);
	TAKE(&ack, 2);
	TAKE_NONE(&ack);
	RECEIVE(&ack, 3, ARM_TIMER);
	TAKE(&ack, 3);
}

/* Any first number is acknowledged, even 0xffffffff. */
static void first_number_is_arbitrary(struct kunit *test)
{
	static const u32 firsts[] = { 0, 1, 12345, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };
	struct kpptp_ack ack;
	int i;

	for (i = 0; i < ARRAY_SIZE(firsts); i++) {
		kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
		RECEIVE(&ack, firsts[i], ARM_TIMER);
		TAKE(&ack, firsts[i]);
	}
}

/* 4.1, 4.3: packet 4 arrives before 3; 4 is acknowledged, 3 is not, then 5 is. */
static void fact_07_moves_over_gaps_never_back(struct kunit *test)
{
	struct kpptp_ack ack;

	kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
	RECEIVE(&ack, 2, ARM_TIMER);
	RECEIVE(&ack, 4, NOTHING);
	TAKE(&ack, 4);
	RECEIVE(&ack, 3, NOTHING);
	TAKE_NONE(&ack);
	RECEIVE(&ack, 4, NOTHING);
	TAKE_NONE(&ack);
	RECEIVE(&ack, 5, ARM_TIMER);
	TAKE(&ack, 5);
}

static void a_late_packet_does_not_lower_a_debt(struct kunit *test)
{
	struct kpptp_ack ack;

	kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
	RECEIVE(&ack, 10, ARM_TIMER);
	RECEIVE(&ack, 3, NOTHING);
	RECEIVE(&ack, 0x8000000a, NOTHING); /* 2^31 away: no order */
	TAKE(&ack, 10);
}

/* 4.2.5: with a window of 64, the sixteenth unacknowledged packet triggers an ack. */
static void a_quarter_of_the_window_is_sent_now(struct kunit *test)
{
	struct kpptp_ack ack;
	u32 seq;

	kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
	RECEIVE(&ack, 0, ARM_TIMER);
	for (seq = 1; seq < 15; seq++)
		RECEIVE(&ack, seq, NOTHING);
	RECEIVE(&ack, 15, SEND_NOW);
	RECEIVE(&ack, 16, SEND_NOW); /* until it is taken */
	TAKE(&ack, 16);
	RECEIVE(&ack, 17, ARM_TIMER);
	for (seq = 18; seq < 32; seq++)
		RECEIVE(&ack, seq, NOTHING);
	RECEIVE(&ack, 32, SEND_NOW);
	TAKE(&ack, 32);
}

/* Lost packets use up the peer's window just as much. */
static void gaps_count_towards_the_quarter(struct kunit *test)
{
	struct kpptp_ack ack;

	kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
	RECEIVE(&ack, 0, ARM_TIMER);
	TAKE(&ack, 0);
	RECEIVE(&ack, 15, ARM_TIMER);
	RECEIVE(&ack, 16, SEND_NOW);
	TAKE(&ack, 16);
	RECEIVE(&ack, 0x10000, SEND_NOW);
	TAKE(&ack, 0x10000);
}

/* A standalone ack is sent before the peer fills its window, whatever its size. */
static void one_way_traffic_never_stalls(struct kunit *test)
{
	u32 window;

	for (window = 1; window <= 300; window++) {
		u32 sent = 0, acked = 0, value;
		struct kpptp_ack ack;

		kpptp_ack_init(&ack, window, KPPTP_ACK_DELAY_AUTO);
		while (sent < 2000 && sent - acked < window) {
			if (kpptp_ack_received(&ack, sent++) != KPPTP_ACK_SEND_NOW)
				continue;
			KUNIT_ASSERT_TRUE(test, kpptp_ack_take(&ack, &value));
			acked = value + 1;
		}
		KUNIT_EXPECT_EQ_MSG(test, sent, 2000u, "window %u", window);
	}
}

struct quarter_case {
	u16 window;
	u16 quarter;
};

/* clang-format off */
static const struct quarter_case quarters[] = {
	{ 0, 1 }, { 1, 1 }, { 3, 1 }, { 4, 1 }, { 7, 1 }, { 8, 2 },
	{ 16, 4 }, { 64, 16 }, { 65535, 16383 },
};

/* clang-format on */

static void a_quarter_is_at_least_one(struct kunit *test)
{
	struct kpptp_ack ack;
	int i;

	for (i = 0; i < ARRAY_SIZE(quarters); i++) {
		kpptp_ack_init(&ack, quarters[i].window, KPPTP_ACK_DELAY_AUTO);
		KUNIT_EXPECT_EQ(test, ack.quarter, quarters[i].quarter);
	}
	kpptp_ack_init(&ack, 3, KPPTP_ACK_DELAY_AUTO);
	RECEIVE(&ack, 0, SEND_NOW);
}

static void zero_delay_acks_each_packet(struct kunit *test)
{
	struct kpptp_ack ack;

	kpptp_ack_init(&ack, WINDOW, 0);
	RECEIVE(&ack, 0, SEND_NOW);
	TAKE(&ack, 0);
	RECEIVE(&ack, 1, SEND_NOW);
	TAKE(&ack, 1);
	RECEIVE(&ack, 1, NOTHING);
	TAKE_NONE(&ack);
	kpptp_ack_set_delay(&ack, 20000);
	RECEIVE(&ack, 2, ARM_TIMER);
}

static void numbers_wrap(struct kunit *test)
{
	struct kpptp_ack ack;
	u32 i;

	kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
	RECEIVE(&ack, 0xfffffff8, ARM_TIMER);
	TAKE(&ack, 0xfffffff8);
	RECEIVE(&ack, 0xfffffff9, ARM_TIMER);
	for (i = 2; i < 16; i++)
		RECEIVE(&ack, 0xfffffff8 + i, NOTHING);
	RECEIVE(&ack, 8, SEND_NOW);
	TAKE(&ack, 8);
	RECEIVE(&ack, 0xffffffff, NOTHING);
	TAKE_NONE(&ack);
}

static void restart_at_any_number(struct kunit *test)
{
	struct kpptp_ack ack;

	kpptp_ack_init(&ack, WINDOW, KPPTP_ACK_DELAY_AUTO);
	RECEIVE(&ack, 0x70000000, ARM_TIMER);
	KUNIT_EXPECT_EQ(test, kpptp_ack_restart(&ack, 100), KPPTP_ACK_ARM_TIMER);
	TAKE(&ack, 100);
	RECEIVE(&ack, 101, ARM_TIMER);
	KUNIT_EXPECT_EQ(test, kpptp_ack_restart(&ack, 0xf0000000), KPPTP_ACK_ARM_TIMER);
	TAKE(&ack, 0xf0000000);
	TAKE_NONE(&ack);
}

struct delay_case {
	u32 setting;
	u32 rtt;
	u32 delay;
};

/* clang-format off */
#define T(_setting, _rtt, _delay) { (_setting), (_rtt), (_delay) }

/* A quarter of the round trip, between 2 ms and 500 ms, unless configured. */
static const struct delay_case delays[] = {
	T(KPPTP_ACK_DELAY_AUTO, 0, 2000),
	T(KPPTP_ACK_DELAY_AUTO, 8000, 2000),
	T(KPPTP_ACK_DELAY_AUTO, 8004, 2001),
	T(KPPTP_ACK_DELAY_AUTO, 100000, 25000),
	T(KPPTP_ACK_DELAY_AUTO, 1999999, 499999),
	T(KPPTP_ACK_DELAY_AUTO, 2000000, 500000),
	T(KPPTP_ACK_DELAY_AUTO, 64000000, 500000),
	T(KPPTP_ACK_DELAY_AUTO, U32_MAX, 500000),
	T(0, 100000, 0),
	T(1, 100000, 1),
	T(500000, 0, 500000),
};

/* clang-format on */

static void delay_follows_the_round_trip(struct kunit *test)
{
	struct kpptp_ack ack;
	int i;

	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		kpptp_ack_init(&ack, WINDOW, delays[i].setting);
		KUNIT_EXPECT_EQ(test, kpptp_ack_delay(&ack, delays[i].rtt), delays[i].delay);
	}
}

static struct kunit_case ack_cases[] = {
	KUNIT_CASE(nothing_owed_initially),
	KUNIT_CASE(first_owed_ack_arms_the_timer_once),
	KUNIT_CASE(first_number_is_arbitrary),
	KUNIT_CASE(fact_07_moves_over_gaps_never_back),
	KUNIT_CASE(a_late_packet_does_not_lower_a_debt),
	KUNIT_CASE(a_quarter_of_the_window_is_sent_now),
	KUNIT_CASE(gaps_count_towards_the_quarter),
	KUNIT_CASE(one_way_traffic_never_stalls),
	KUNIT_CASE(a_quarter_is_at_least_one),
	KUNIT_CASE(zero_delay_acks_each_packet),
	KUNIT_CASE(numbers_wrap),
	KUNIT_CASE(restart_at_any_number),
	KUNIT_CASE(delay_follows_the_round_trip),
	{},
};

static struct kunit_suite ack_suite = {
	.name = "kpptp_ack",
	.test_cases = ack_cases,
};

kunit_test_suite(ack_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: acknowledgments owed");
MODULE_LICENSE("GPL");
