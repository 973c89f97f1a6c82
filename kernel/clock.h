/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The data path's clock, for those who hand time to the pure layers, and how
 * its timers are set by that clock.
 */
#ifndef KPPTP_CLOCK_H
#define KPPTP_CLOCK_H

#include <linux/jiffies.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>

#include "seq.h"

/**
 * kpptp_now - the time
 * Return: microseconds of a monotonic clock, modulo 2^32: compare two times
 * that are less than 35 minutes apart with kpptp_seq_after().
 */
static inline u32 kpptp_now(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_USEC);
}

/**
 * kpptp_timer_at - when a timer has to expire so as not to be early
 * @us: microseconds from now
 */
static inline unsigned long kpptp_timer_at(u32 us)
{
	return jiffies + usecs_to_jiffies(us) + 1;
}

/**
 * kpptp_timer_arm - set a timer, or move one that runs to an earlier time
 * @timer: the timer
 * @us: microseconds from now
 *
 * Never to a later time: when the timer expires its owner looks at the state,
 * and arms it again if that asks for more patience. So the packet path moves a
 * timer once in many packets.
 */
static inline void kpptp_timer_arm(struct timer_list *timer, u32 us)
{
	timer_reduce(timer, kpptp_timer_at(us));
}

/**
 * kpptp_until - how long it is until a time
 * @at: the time
 * @now: kpptp_now()
 * Return: microseconds, 0 if @at is past.
 */
static inline u32 kpptp_until(u32 at, u32 now)
{
	return kpptp_seq_after(at, now) ? at - now : 0;
}

#endif /* KPPTP_CLOCK_H */
