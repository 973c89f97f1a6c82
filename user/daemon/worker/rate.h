/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rate limit: a token bucket. Pure: the time is an argument.
 */
#ifndef KPPTP_RATE_H
#define KPPTP_RATE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct kpptp_rate - a token bucket; all zero is a full one
 * @tokens: tokens left; one event costs as many as the period has milliseconds
 * @last: when @tokens was updated, monotonic milliseconds
 */
struct kpptp_rate {
	uint64_t tokens;
	uint64_t last;
};

/**
 * kpptp_rate_allows() - may it happen once more?
 * @count: events allowed per @period, and at once; 0 = no limit
 * @period: milliseconds, not 0
 * @now: monotonic milliseconds, not 0 and never going back
 *
 * Return: true if allowed (and counted), otherwise false.
 */
bool kpptp_rate_allows(struct kpptp_rate *rate, unsigned int count, unsigned int period,
		       uint64_t now);

#endif /* KPPTP_RATE_H */
