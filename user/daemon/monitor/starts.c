// SPDX-License-Identifier: GPL-2.0-or-later
/* The queue of calls that peers request, see starts.h. */
#include "starts.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "common/log.h"
#include "common/priv.h"

/* While one start waits for the disk, another one has the CPU. */
#define STARTS_PER_CPU 2

/* Length of the queue from which it is logged. */
#define LONG_QUEUE 50

struct waiting {
	STAILQ_ENTRY(waiting) next;
	uint32_t handle;
	struct kpptp_priv_call_new call;
};

struct kpptp_starts {
	kpptp_starts_turn_fn turn;
	void *ctx;
	/* Starts the next in the queue, and ends starts that take too long. */
	struct event *timer;
	unsigned int limit;
	unsigned int running;
	unsigned int waiting;
	unsigned int longest;
	TAILQ_HEAD(, kpptp_start) starts;
	STAILQ_HEAD(, waiting) queue;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

unsigned int kpptp_starts_limit(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	if (sched_getaffinity(0, sizeof(cpus), &cpus) || !CPU_COUNT(&cpus))
		return STARTS_PER_CPU;
	return STARTS_PER_CPU * CPU_COUNT(&cpus);
}

static bool starts_may_start(const struct kpptp_starts *starts)
{
	return starts->running < starts->limit;
}

/* The one whose slot expires first, or NULL. There are few. */
static struct kpptp_start *starts_first_to_expire(const struct kpptp_starts *starts)
{
	struct kpptp_start *start, *first = NULL;

	TAILQ_FOREACH(start, &starts->starts, next)
		if (!first || start->until < first->until)
			first = start;
	return first;
}

static void starts_expire(struct kpptp_starts *starts)
{
	uint64_t now = now_ms();
	struct kpptp_start *first;

	while ((first = starts_first_to_expire(starts)) && now >= first->until)
		kpptp_starts_end(starts, first);
}

static void starts_arm(struct kpptp_starts *starts)
{
	const struct kpptp_start *first = starts_first_to_expire(starts);
	uint64_t now = now_ms(), left;
	struct timeval tv;

	if (!first || !starts->waiting) {
		event_del(starts->timer);
		return;
	}
	left = first->until > now ? first->until - now : 0;
	tv.tv_sec = left / 1000;
	tv.tv_usec = left % 1000 * 1000;
	event_add(starts->timer, &tv);
}

static void starts_next_turn(struct kpptp_starts *starts)
{
	struct waiting *first = STAILQ_FIRST(&starts->queue);

	STAILQ_REMOVE_HEAD(&starts->queue, next);
	starts->waiting--;
	starts->turn(starts->ctx, first->handle, &first->call);
	free(first);
	if (starts->waiting || starts->longest < LONG_QUEUE)
		return;
	kpptp_log(LOG_NOTICE, "no call is waiting for its pppd any more");
	starts->longest = 0;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_starts *starts = arg;

	(void)fd;
	(void)what;
	starts_expire(starts);
	while (starts->waiting && starts_may_start(starts))
		starts_next_turn(starts);
	starts_arm(starts);
}

static int starts_enqueue(struct kpptp_starts *starts, uint32_t handle,
			  const struct kpptp_priv_call_new *call)
{
	struct waiting *last = malloc(sizeof(*last));

	if (!last)
		return -ENOMEM;
	last->handle = handle;
	last->call = *call;
	STAILQ_INSERT_TAIL(&starts->queue, last, next);
	if (++starts->waiting <= starts->longest)
		return 0;
	starts->longest = starts->waiting;
	if (starts->longest == LONG_QUEUE)
		kpptp_log(LOG_NOTICE,
			  "%u calls are waiting for their pppd: only %u start at a time",
			  starts->waiting, starts->limit);
	return 0;
}

int kpptp_starts_add(struct kpptp_starts *starts, uint32_t handle,
		     const struct kpptp_priv_call_new *call)
{
	int err;

	if (!starts->waiting && starts_may_start(starts)) {
		starts->turn(starts->ctx, handle, call);
		return 0;
	}
	err = starts_enqueue(starts, handle, call);
	if (!err && starts->waiting == 1)
		starts_arm(starts);
	return err;
}

unsigned int kpptp_starts_waiting(const struct kpptp_starts *starts)
{
	return starts->waiting;
}

static void starts_count_until(struct kpptp_starts *starts, struct kpptp_start *start,
			       uint64_t until)
{
	start->until = until;
	if (start->counted)
		return;
	start->counted = true;
	starts->running++;
	TAILQ_INSERT_TAIL(&starts->starts, start, next);
}

void kpptp_starts_expect(struct kpptp_starts *starts, struct kpptp_start *start)
{
	starts_count_until(starts, start, now_ms() + KPPTP_STARTS_TURN);
}

void kpptp_starts_begin(struct kpptp_starts *starts, struct kpptp_start *start)
{
	starts_count_until(starts, start, now_ms() + KPPTP_STARTS_TIMEOUT);
}

/* The next turn comes from the loop: the caller is in a step. */
void kpptp_starts_end(struct kpptp_starts *starts, struct kpptp_start *start)
{
	if (!start->counted)
		return;
	start->counted = false;
	starts->running--;
	TAILQ_REMOVE(&starts->starts, start, next);
	if (starts->waiting)
		event_active(starts->timer, EV_TIMEOUT, 0);
}

struct kpptp_starts *kpptp_starts_new(struct event_base *base, unsigned int limit,
				      kpptp_starts_turn_fn turn, void *ctx)
{
	struct kpptp_starts *starts = calloc(1, sizeof(*starts));

	if (!starts)
		return NULL;
	starts->turn = turn;
	starts->ctx = ctx;
	starts->limit = limit;
	TAILQ_INIT(&starts->starts);
	STAILQ_INIT(&starts->queue);
	starts->timer = evtimer_new(base, on_timer, starts);
	if (starts->timer)
		return starts;
	free(starts);
	return NULL;
}

void kpptp_starts_clear(struct kpptp_starts *starts)
{
	struct waiting *first;

	while ((first = STAILQ_FIRST(&starts->queue))) {
		STAILQ_REMOVE_HEAD(&starts->queue, next);
		starts->waiting--;
		free(first);
	}
}

void kpptp_starts_free(struct kpptp_starts *starts)
{
	if (!starts)
		return;
	kpptp_starts_clear(starts);
	event_free(starts->timer);
	free(starts);
}
