// SPDX-License-Identifier: GPL-2.0-or-later
/* Serial-number arithmetic. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/seq.h"

/* The order of @a relative to @b: < 0 before, > 0 after, 0 neither. */
struct order_case {
	u32 a;
	u32 b;
	int order;
};

/* clang-format off */
#define T(_a, _b, _order) { .a = (_a), .b = (_b), .order = (_order) }

static const struct order_case order_cases[] = {
	T(0, 0, 0),
	T(1, 0, 1),
	T(0, 1, -1),
	T(U32_MAX, U32_MAX, 0),
	/* wrap-around */
	T(0, U32_MAX, 1),
	T(U32_MAX, 0, -1),
	T(5, U32_MAX - 5, 1),
	T(U32_MAX - 5, 5, -1),
	/* the middle of the number space is nothing special */
	T(0x80000000, 0x7fffffff, 1),
	T(0x7fffffff, 0x80000000, -1),
	/* the farthest distance with an order */
	T(0x7fffffff, 0, 1),
	T(0, 0x7fffffff, -1),
	T(0x80000001, 0, -1),
	T(0, 0x80000001, 1),
	T(0x7ffffffe, U32_MAX, 1),
	/* halfway round there is no order */
	T(0x80000000, 0, 0),
	T(0, 0x80000000, 0),
	T(0xc0000000, 0x40000000, 0),
};

/* clang-format on */

static void order_describe(const struct order_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%#x and %#x", c->a, c->b);
}

KUNIT_ARRAY_PARAM(order, order_cases, order_describe);

static void order_test(struct kunit *test)
{
	const struct order_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, kpptp_seq_after(c->a, c->b), c->order > 0);
	KUNIT_EXPECT_EQ(test, kpptp_seq_before(c->a, c->b), c->order < 0);
}

static void diff_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kpptp_seq_diff(7, 5), 2);
	KUNIT_EXPECT_EQ(test, kpptp_seq_diff(5, 7), -2);
	KUNIT_EXPECT_EQ(test, kpptp_seq_diff(1, U32_MAX), 2);
	KUNIT_EXPECT_EQ(test, kpptp_seq_diff(U32_MAX, 1), -2);
	KUNIT_EXPECT_EQ(test, kpptp_seq_diff(0x80000000, 0), S32_MIN);
	KUNIT_EXPECT_EQ(test, kpptp_seq_diff(0, 0x80000000), S32_MIN);
}

/* One step is one step everywhere on the circle. */
static void circle_test(struct kunit *test)
{
	u32 seq = 0;

	do {
		KUNIT_EXPECT_TRUE(test, kpptp_seq_after(seq + 1, seq));
		KUNIT_EXPECT_FALSE(test, kpptp_seq_after(seq, seq + 1));
		KUNIT_EXPECT_TRUE(test, kpptp_seq_before(seq, seq + 1));
		seq += 0x00ffffff;
	} while (seq >= 0x00ffffff);
}

static struct kunit_case seq_cases[] = {
	KUNIT_CASE_PARAM(order_test, order_gen_params),
	KUNIT_CASE(diff_test),
	KUNIT_CASE(circle_test),
	{},
};

static struct kunit_suite seq_suite = {
	.name = "kpptp_seq",
	.test_cases = seq_cases,
};

kunit_test_suite(seq_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: serial numbers");
MODULE_LICENSE("GPL");
