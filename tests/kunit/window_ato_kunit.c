// SPDX-License-Identifier: GPL-2.0-or-later
/* The bounds of the adaptive time-out while a call lives (RFC 2637 4.4.1). */
#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/window.c"

#define MS 1000u

static void bounds_change(struct kunit *test)
{
	struct kpptp_window *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	/* A PPD of 1 is 100 ms. */
	kpptp_window_init(w, KPPTP_WINDOW_ADAPTIVE, 64, 1, 12 * MS, 3000 * MS,
			  NULL);
	KUNIT_EXPECT_EQ(test, w->ato, 100 * MS);
	kpptp_window_set_ato(w, 250 * MS, 3000 * MS);
	KUNIT_EXPECT_EQ(test, w->ato, 250 * MS);
	kpptp_window_set_ato(w, 10 * MS, 50 * MS);
	KUNIT_EXPECT_EQ(test, w->ato, 50 * MS);
	/* The maximum wins, and is bounded itself. */
	kpptp_window_set_ato(w, 60 * MS, 20 * MS);
	KUNIT_EXPECT_EQ(test, w->ato, 20 * MS);
	kpptp_window_set_ato(w, U32_MAX, U32_MAX);
	KUNIT_EXPECT_EQ(test, w->ato, KPPTP_WINDOW_RTT_MAX);
}

static struct kunit_case window_ato_cases[] = {
	KUNIT_CASE(bounds_change),
	{},
};

static struct kunit_suite window_ato_suite = {
	.name = "kpptp_window_ato",
	.test_cases = window_ato_cases,
};

kunit_test_suite(window_ato_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: bounds of the time-out");
MODULE_LICENSE("GPL");
