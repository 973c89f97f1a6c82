/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue of calls that peers ask for. Each takes a pppd, whose start is
 * expensive: exec, the plugin, the options. When a thousand clients come back
 * at once, a few start at a time and the others wait their turn, in order.
 *
 * They wait before they are answered. A client gives its request a minute
 * (RFC 2637 section 3.2.4.1), but LCP only ten tries of three seconds: answered
 * first, clients would speak LCP to pppds that do not run yet. A start is over
 * as soon as pppd has attached to its channel, which is for pppd alone to
 * bring about: a peer that says nothing keeps nobody waiting. Between the turn of
 * a call and the start of its pppd the worker has its say; a place is kept for it,
 * but not for long.
 */
#ifndef KPPTP_STARTS_H
#define KPPTP_STARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct event_base;
struct kpptp_priv_call_new;
struct kpptp_starts;

/* Milliseconds after which a start counts no more, whatever pppd does. */
#define KPPTP_STARTS_TIMEOUT 5000

/* Milliseconds that a place is kept for a pppd that is not asked for. */
#define KPPTP_STARTS_TURN 2000

/**
 * struct kpptp_start - a start that is under way, or expected, if it is
 * @until: when it counts no more, CLOCK_MONOTONIC in milliseconds
 * @counted: it has a place
 */
struct kpptp_start {
	TAILQ_ENTRY(kpptp_start) next;
	uint64_t until;
	bool counted;
};

/**
 * typedef kpptp_starts_turn_fn - it is the turn of this request
 *
 * Comes from the loop, or from kpptp_starts_add() when nobody waits. It calls
 * kpptp_starts_expect() if there will be a pppd.
 */
typedef void (*kpptp_starts_turn_fn)(void *ctx, uint32_t handle,
				     const struct kpptp_priv_call_new *call);

/**
 * kpptp_starts_new() - make an empty queue
 * @limit: starts at a time, not 0; kpptp_starts_limit() has a good one
 *
 * Return: NULL without memory.
 */
struct kpptp_starts *kpptp_starts_new(struct event_base *base, unsigned int limit,
				      kpptp_starts_turn_fn turn, void *ctx);

/**
 * kpptp_starts_free() - free it with the requests that wait
 * @starts: may be NULL
 */
void kpptp_starts_free(struct kpptp_starts *starts);

/**
 * kpptp_starts_clear() - forget the requests that wait
 */
void kpptp_starts_clear(struct kpptp_starts *starts);

/**
 * kpptp_starts_limit() - how many starts keep this machine's CPUs busy
 */
unsigned int kpptp_starts_limit(void);

/**
 * kpptp_starts_add() - a request: its turn is now, or later
 * @handle: of the call
 * @call: copied
 *
 * Return: 0, or -ENOMEM.
 */
int kpptp_starts_add(struct kpptp_starts *starts, uint32_t handle,
		     const struct kpptp_priv_call_new *call);

/**
 * kpptp_starts_waiting() - how many requests wait
 */
unsigned int kpptp_starts_waiting(const struct kpptp_starts *starts);

/**
 * kpptp_starts_expect() - a pppd will be asked for in a moment: keep a place
 *
 * It is given on after KPPTP_STARTS_TURN milliseconds.
 */
void kpptp_starts_expect(struct kpptp_starts *starts, struct kpptp_start *start);

/**
 * kpptp_starts_begin() - a start is under way, expected or not
 *
 * It counts from now on. Whose place was given on has one beyond the limit.
 */
void kpptp_starts_begin(struct kpptp_starts *starts, struct kpptp_start *start);

/**
 * kpptp_starts_end() - it is over, one way or the other; may be repeated
 */
void kpptp_starts_end(struct kpptp_starts *starts, struct kpptp_start *start);

#endif /* KPPTP_STARTS_H */
