// SPDX-License-Identifier: GPL-2.0-or-later
/* A rate limit: a token bucket, see rate.h. */
#include "rate.h"

bool kpptp_rate_allows(struct kpptp_rate *rate, unsigned int count, unsigned int period,
		       uint64_t now)
{
	uint64_t full = (uint64_t)count * period;
	uint64_t gone = now - rate->last;

	if (!count)
		return true;
	if (!rate->last || gone >= period)
		rate->tokens = full;
	else
		rate->tokens += gone * count;
	if (rate->tokens > full)
		rate->tokens = full;
	rate->last = now;
	if (rate->tokens < period)
		return false;
	rate->tokens -= period;
	return true;
}
