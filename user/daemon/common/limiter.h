/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits the log lines that a peer can cause: a fixed number of each kind per
 * minute. Suppressed lines are counted, and the count is reported. Pure: the
 * time is an argument.
 */
#ifndef KPPTP_LIMITER_H
#define KPPTP_LIMITER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Lines of one kind that one peer may cause per period; the period in seconds. */
#define KPPTP_LIMITER_LINES  60
#define KPPTP_LIMITER_PERIOD 60

/* Number of (kind, peer) pairs that are remembered. */
#define KPPTP_LIMITER_RECORDS 4096

struct kpptp_limiter;

/**
 * typedef kpptp_limiter_report_fn - some lines were suppressed
 * @kind: the common beginning of these lines, taken from the first
 * @peer: the peer that caused them
 * @count: number of lines, not 0
 */
typedef void (*kpptp_limiter_report_fn)(void *ctx, const char *kind, struct in_addr peer,
					unsigned int count);

/**
 * kpptp_limiter_new() - create a limiter
 * @report: called from kpptp_limiter_allows() and kpptp_limiter_tick()
 *
 * Return: the limiter, or NULL if out of memory.
 */
struct kpptp_limiter *kpptp_limiter_new(kpptp_limiter_report_fn report, void *ctx);

/**
 * kpptp_limiter_free() - free it, without reporting
 * @limiter: may be NULL
 */
void kpptp_limiter_free(struct kpptp_limiter *limiter);

/**
 * kpptp_limiter_allows() - may this line be written?
 * @peer: the peer that causes it
 * @line: the line, without the part that names the peer or the call
 * @now: monotonic milliseconds
 *
 * Lines are of the same kind if they are equal up to the first digit, quote or
 * colon: what follows may be a peer's words.
 *
 * Return: true, or false if the line is suppressed and counted.
 */
bool kpptp_limiter_allows(struct kpptp_limiter *limiter, struct in_addr peer, const char *line,
			  uint64_t now);

/**
 * kpptp_limiter_tick() - report lines suppressed in periods that have ended
 * @now: monotonic milliseconds
 *
 * Return: whether there are suppressed lines not reported yet: call again after
 * a period.
 */
bool kpptp_limiter_tick(struct kpptp_limiter *limiter, uint64_t now);

#endif /* KPPTP_LIMITER_H */
