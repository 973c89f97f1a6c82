/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clock of the data path, for those who hand time to the pure layers.
 */
#ifndef KPPTP_CLOCK_H
#define KPPTP_CLOCK_H

#include <linux/jiffies.h>
#include <linux/timekeeping.h>

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

#endif /* KPPTP_CLOCK_H */
