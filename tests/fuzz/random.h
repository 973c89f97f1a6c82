/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random numbers for the fuzzers: the same from the same seed, anywhere. */
#ifndef FUZZ_RANDOM_H
#define FUZZ_RANDOM_H

#include <stddef.h>
#include <stdint.h>

static uint64_t random_state;

/* xorshift64*, by Marsaglia and Vigna. */
static inline uint64_t random_u64(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dULL;
}

/* The state must not be 0, and neighbouring seeds should not look alike. */
static inline void random_seed(uint64_t seed)
{
	random_state = (seed + 1) * 0x9e3779b97f4a7c15ULL | 1;
	random_u64();
}

/* One of 0 to @n - 1; the upper bits are the better ones. */
static inline uint32_t random_below(uint32_t n)
{
	return (random_u64() >> 32) * n >> 32;
}

/* True once in @n times. */
static inline int one_in(uint32_t n)
{
	return random_below(n) == 0;
}

static inline void random_fill(void *where, size_t len)
{
	uint8_t *octet = where;

	while (len--)
		*octet++ = random_u64() >> 56;
}

#endif /* FUZZ_RANDOM_H */
