/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RC4, one keystream at a time or several.
 *
 * Each step of RC4 waits for the memory accesses of the step before, and a processor
 * spends most of the time waiting. Steps of independent keystreams fill these gaps:
 * four at a time take little longer than one. In the stateless mode of MPPE all
 * packets are independent.
 *
 * The kernel's own arc4_crypt() does one at a time and XORs as it goes.
 */
#ifndef KPPTP_MPPE_RC4_H
#define KPPTP_MPPE_RC4_H

#include <linux/types.h>

/* Number of keystreams made at a time. */
#define KPPTP_RC4_LANES 4

/* Steps of a key setup. */
#define KPPTP_RC4_STEPS 256

/**
 * struct kpptp_rc4 - state of one keystream
 * @s: the permutation; whole words, as a single stream is faster with them
 * @i: index of the last step
 * @j: the other index
 */
struct kpptp_rc4 {
	u32 s[256];
	u8 i;
	u8 j;
};

/**
 * struct kpptp_rc4_lanes - states of keystreams that are made at a time
 * @s: their permutations; bytes, to save cache
 * @j: their other indices
 * @i: index of the last step, the same for all
 */
struct kpptp_rc4_lanes {
	u8 s[KPPTP_RC4_LANES][256];
	u8 j[KPPTP_RC4_LANES];
	u8 i;
};

/**
 * struct kpptp_rc4_extra - one more key setup, done in the gaps of other work
 * @rc4: the state to set up
 * @key: the key
 * @len: its length in bytes, a power of two
 */
struct kpptp_rc4_extra {
	struct kpptp_rc4 *rc4;
	const u8 *key;
	unsigned int len;
};

/**
 * kpptp_rc4_setup - set up a key
 * @rc4: the state
 * @key: the key
 * @len: its length in bytes, a power of two
 */
void kpptp_rc4_setup(struct kpptp_rc4 *rc4, const u8 *key, unsigned int len);

/**
 * kpptp_rc4_crypt - encrypt or decrypt the next bytes
 * @rc4: the state
 * @to: the result; may be @from
 * @from: the bytes
 * @n: their number
 */
void kpptp_rc4_crypt(struct kpptp_rc4 *rc4, u8 *to, const u8 *from, unsigned int n);

/**
 * kpptp_rc4_setup_lanes - set up a key in each lane
 * @lanes: the lanes
 * @keys: their keys, 16 bytes apart
 * @len: the length of each in bytes, a power of two
 * @extra: a key setup to do meanwhile
 */
void kpptp_rc4_setup_lanes(struct kpptp_rc4_lanes *lanes, const u8 *keys, unsigned int len,
			   const struct kpptp_rc4_extra *extra);

/**
 * kpptp_rc4_stream_lanes - make the next bytes of all keystreams
 * @lanes: the lanes
 * @out: where the first lane's bytes go, aligned to 4
 * @stride: distance from one lane's bytes to the next lane's, a multiple of 4
 * @n: number of bytes to make, a multiple of 4; KPPTP_RC4_STEPS if @extra
 * @extra: a key setup to do meanwhile, or NULL
 */
void kpptp_rc4_stream_lanes(struct kpptp_rc4_lanes *lanes, u8 *out, unsigned int stride,
			    unsigned int n, const struct kpptp_rc4_extra *extra);

/**
 * kpptp_rc4_from_lane - continue one lane's keystream alone
 * @rc4: the state to set
 * @lanes: the lanes
 * @lane: which
 */
void kpptp_rc4_from_lane(struct kpptp_rc4 *rc4, const struct kpptp_rc4_lanes *lanes,
			 unsigned int lane);

#endif /* KPPTP_MPPE_RC4_H */
