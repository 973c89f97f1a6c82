/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many lines of the log a peer can cause: so many of each kind in a
 * minute. Those left out are counted, and the count is reported. Pure: the
 * time is an argument.
 */
#ifndef KPPTP_LIMITER_H
#define KPPTP_LIMITER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Lines of one kind that one peer may cause in a period, and its seconds. */
#define KPPTP_LIMITER_LINES  60
#define KPPTP_LIMITER_PERIOD 60

/* Pairs of a kind and a peer that are remembered. */
#define KPPTP_LIMITER_RECORDS 4096

struct kpptp_limiter;

/**
 * typedef kpptp_limiter_report_fn - some lines were left out
 * @kind: what kpptp_limiter_kind() made of the first of them
 * @peer: who caused them
 * @count: how many, not 0
 */
typedef void (*kpptp_limiter_report_fn)(void *ctx, const char *kind, struct in_addr peer,
					unsigned int count);

/**
 * kpptp_limiter_new() - nothing was written yet
 * @report: called from kpptp_limiter_allows() and kpptp_limiter_tick()
 *
 * Return: the limiter, or NULL without memory.
 */
struct kpptp_limiter *kpptp_limiter_new(kpptp_limiter_report_fn report, void *ctx);

/**
 * kpptp_limiter_free() - free it, without a report
 * @limiter: may be NULL
 */
void kpptp_limiter_free(struct kpptp_limiter *limiter);

/**
 * kpptp_limiter_allows() - may this line be written?
 * @peer: who causes it
 * @line: the line, without what names the peer or the call
 * @now: monotonic milliseconds
 *
 * Lines are of one kind when they begin alike, up to the first digit, quote or
 * colon: what follows may be a peer's words.
 *
 * Return: true, or false and it is counted.
 */
bool kpptp_limiter_allows(struct kpptp_limiter *limiter, struct in_addr peer, const char *line,
			  uint64_t now);

/**
 * kpptp_limiter_tick() - report what was left out in periods that are over
 * @now: monotonic milliseconds
 *
 * Return: whether something was left out since that is not reported yet: call
 * it again after a period.
 */
bool kpptp_limiter_tick(struct kpptp_limiter *limiter, uint64_t now);

#endif /* KPPTP_LIMITER_H */
