/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue of calls that peers request. Each needs a pppd, whose start is
 * expensive: exec, the plugin, the options. When a thousand clients come back at
 * once, only a few start at a time and the others wait their turn, in order.
 *
 * They wait before they are answered. A client waits a minute for the answer to
 * its request (RFC 2637 section 3.2.4.1), but LCP tries only ten times, every
 * three seconds: if answered first, clients would speak LCP to pppds that do not
 * run yet. A start is over as soon as pppd has attached to its channel, which
 * depends on pppd alone: a silent peer delays no one. Between a call's turn and
 * the start of its pppd the worker has to act; a slot is reserved for the call
 * in the meantime, but not for long.
 */
#ifndef KPPTP_STARTS_H
#define KPPTP_STARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct event_base;
struct kpptp_priv_call_new;
struct kpptp_starts;

/* Milliseconds after which a start no longer counts, whatever pppd does. */
#define KPPTP_STARTS_TIMEOUT 5000

/* Milliseconds that a slot is reserved for a pppd that is not yet requested. */
#define KPPTP_STARTS_TURN 2000

/**
 * struct kpptp_start - a start that is in progress or expected
 * @until: when it stops counting, CLOCK_MONOTONIC in milliseconds
 * @counted: it has a slot; otherwise there is no such start
 */
struct kpptp_start {
	TAILQ_ENTRY(kpptp_start) next;
	uint64_t until;
	bool counted;
};

/**
 * typedef kpptp_starts_turn_fn - it is the turn of this request
 *
 * Called from the loop, or from kpptp_starts_add() if no request waits. It must
 * call kpptp_starts_expect() if a pppd will follow.
 */
typedef void (*kpptp_starts_turn_fn)(void *ctx, uint32_t handle,
				     const struct kpptp_priv_call_new *call);

/**
 * kpptp_starts_new() - make an empty queue
 * @limit: starts at a time, not 0; kpptp_starts_limit() suggests one
 *
 * Return: NULL if out of memory.
 */
struct kpptp_starts *kpptp_starts_new(struct event_base *base, unsigned int limit,
				      kpptp_starts_turn_fn turn, void *ctx);

/**
 * kpptp_starts_free() - free it and the waiting requests
 * @starts: may be NULL
 */
void kpptp_starts_free(struct kpptp_starts *starts);

/**
 * kpptp_starts_clear() - drop the waiting requests
 */
void kpptp_starts_clear(struct kpptp_starts *starts);

/**
 * kpptp_starts_limit() - number of starts that keep this machine's CPUs busy
 */
unsigned int kpptp_starts_limit(void);

/**
 * kpptp_starts_add() - add a request: its turn comes now or later
 * @handle: of the call
 * @call: copied
 *
 * Return: 0, or -ENOMEM.
 */
int kpptp_starts_add(struct kpptp_starts *starts, uint32_t handle,
		     const struct kpptp_priv_call_new *call);

/**
 * kpptp_starts_waiting() - number of waiting requests
 */
unsigned int kpptp_starts_waiting(const struct kpptp_starts *starts);

/**
 * kpptp_starts_expect() - reserve a slot: a pppd is about to be requested
 *
 * The slot is given up after KPPTP_STARTS_TURN milliseconds.
 */
void kpptp_starts_expect(struct kpptp_starts *starts, struct kpptp_start *start);

/**
 * kpptp_starts_begin() - a start, expected or not, is in progress
 *
 * It counts from now on, even beyond the limit if its slot was given up.
 */
void kpptp_starts_begin(struct kpptp_starts *starts, struct kpptp_start *start);

/**
 * kpptp_starts_end() - a start is over, successful or not; may be repeated
 */
void kpptp_starts_end(struct kpptp_starts *starts, struct kpptp_start *start);

#endif /* KPPTP_STARTS_H */
