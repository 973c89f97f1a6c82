/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock of the state machines, and timers for it.
 */
#ifndef KPPTP_CLOCK_H
#define KPPTP_CLOCK_H

#include <stdint.h>

struct event;

/**
 * kpptp_clock_now() - monotonic milliseconds
 */
uint64_t kpptp_clock_now(void);

/**
 * kpptp_clock_arm() - set a timer for a deadline of a state machine
 * @deadline: monotonic milliseconds, or KPPTP_NO_DEADLINE
 */
void kpptp_clock_arm(struct event *timer, uint64_t deadline);

#endif /* KPPTP_CLOCK_H */
