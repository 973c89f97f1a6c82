// SPDX-License-Identifier: GPL-2.0-or-later
/* The clock of the state machines, and timers for it. */
#include "clock.h"

#include <event2/event.h>
#include <time.h>

#include "fsm/ctrl_fsm.h" /* KPPTP_NO_DEADLINE */

uint64_t kpptp_clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void kpptp_clock_arm(struct event *timer, uint64_t deadline)
{
	uint64_t now = kpptp_clock_now(), wait;
	struct timeval tv;

	if (deadline == KPPTP_NO_DEADLINE) {
		event_del(timer);
		return;
	}
	wait = deadline > now ? deadline - now : 0;
	tv.tv_sec = wait / 1000;
	tv.tv_usec = wait % 1000 * 1000;
	event_add(timer, &tv);
}
