/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The data path's clock, from which the pure layers get their time, and how to
 * set timers by it.
 */
#ifndef KPPTP_CLOCK_H
#define KPPTP_CLOCK_H

#include <linux/jiffies.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>

#include "seq.h"

/**
 * kpptp_now - the current time
 * Return: microseconds of a monotonic clock, modulo 2^32. Compare two times less
 * than 35 minutes apart with kpptp_seq_after().
 */
static inline u32 kpptp_now(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_USEC);
}

/**
 * kpptp_timer_at - expiry of a timer that must not fire early
 * @us: microseconds from now
 */
static inline unsigned long kpptp_timer_at(u32 us)
{
	return jiffies + usecs_to_jiffies(us) + 1;
}

/**
 * kpptp_timer_arm - set a timer, or move a running one to an earlier time
 * @timer: the timer
 * @us: microseconds from now
 *
 * Never moves it to a later time: on expiry the owner checks the state and rearms
 * the timer if needed. So the packet path rarely touches a timer.
 */
static inline void kpptp_timer_arm(struct timer_list *timer, u32 us)
{
	timer_reduce(timer, kpptp_timer_at(us));
}

/**
 * kpptp_until - time left
 * @at: the time
 * @now: kpptp_now()
 * Return: microseconds, 0 if @at is past.
 */
static inline u32 kpptp_until(u32 at, u32 now)
{
	return kpptp_seq_after(at, now) ? at - now : 0;
}

#endif /* KPPTP_CLOCK_H */
