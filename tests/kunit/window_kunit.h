/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the suites of the send window: a window, and checks. */
#ifndef KPPTP_WINDOW_KUNIT_H
#define KPPTP_WINDOW_KUNIT_H

#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/window.c"

#define MS     1000u
#define SECOND 1000000u

#define STRICT	 KPPTP_WINDOW_STRICT
#define ADAPTIVE KPPTP_WINDOW_ADAPTIVE
#define OFF	 KPPTP_WINDOW_OFF

/* Freed by KUnit after the test; too large for the stack. Filled with garbage first,
 * as init must set everything.
 */
static inline struct kpptp_window *window(struct kunit *test, enum kpptp_window_mode mode, u16 max,
					  u16 ppd)
{
	struct kpptp_window *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	struct kpptp_window_stamp *stamps;

	KUNIT_ASSERT_NOT_NULL(test, w);
	stamps = kunit_kcalloc(test, KPPTP_WINDOW_STAMPS, sizeof(*stamps), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stamps);
	memset(w, 0xff, sizeof(*w));
	kpptp_window_init(w, mode, max, ppd, KPPTP_WINDOW_ATO_MIN, KPPTP_WINDOW_ATO_MAX, stamps);
	return w;
}

/* Send up to @most packets while the window is open. Returns how many. */
static inline u32 send(struct kpptp_window *w, u32 most, u32 now)
{
	u32 n = 0;

	while (n < most && kpptp_window_may_send(w) == KPPTP_WINDOW_SEND) {
		kpptp_window_sent(w, now);
		n++;
	}
	return n;
}

#define MAY_SEND(w, verdict) KUNIT_EXPECT_EQ(test, kpptp_window_may_send(w), KPPTP_WINDOW_##verdict)

#define ACKED(w, ack, now, verdict)                                                                \
	KUNIT_EXPECT_EQ(test, kpptp_window_acked(w, ack, false, now), KPPTP_WINDOW_ACK_##verdict)

#define LONE_ACKED(w, ack, now, verdict)                                                           \
	KUNIT_EXPECT_EQ(test, kpptp_window_acked(w, ack, true, now), KPPTP_WINDOW_ACK_##verdict)

#define TIMEOUT(w, now, verdict)                                                                   \
	KUNIT_EXPECT_EQ(test, kpptp_window_timeout(w, now), KPPTP_WINDOW_##verdict)

#define DEADLINE(w, when)                                                                          \
	do {                                                                                       \
		u32 _at = 0;                                                                       \
		KUNIT_EXPECT_TRUE(test, kpptp_window_deadline(w, &_at));                           \
		KUNIT_EXPECT_EQ(test, _at, (u32)(when));                                           \
	} while (0)

#define NO_DEADLINE(w)                                                                             \
	do {                                                                                       \
		u32 _at;                                                                           \
		KUNIT_EXPECT_FALSE(test, kpptp_window_deadline(w, &_at));                          \
	} while (0)

#endif /* KPPTP_WINDOW_KUNIT_H */
