/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The chain of MPPE's session keys (RFC 3078 section 7, RFC 3079 section 3).
 *
 * Each key follows from the one before and the key that the link started with, and
 * from no data.
 */
#ifndef KPPTP_MPPE_KEY_H
#define KPPTP_MPPE_KEY_H

#include <crypto/sha1.h>
#include <linux/types.h>

#include "mppe_rc4.h"

/* Longest key, in bytes. */
#define KPPTP_MPPE_KEY_MAX 16

/**
 * enum kpptp_mppe_strength - length of the key that was negotiated
 * @KPPTP_MPPE_40: 40 bits, sent as 8 bytes of which three are known
 * @KPPTP_MPPE_56: 56 bits, sent as 8 bytes of which one is known
 * @KPPTP_MPPE_128: 128 bits
 */
enum kpptp_mppe_strength {
	KPPTP_MPPE_40,
	KPPTP_MPPE_56,
	KPPTP_MPPE_128,
};

/**
 * struct kpptp_mppe_key - the chain, at one of its keys
 * @start: the key that the link started with
 * @session: the current key
 * @len: length of both in bytes: 8 or 16
 * @strength: which bytes of @session are known
 * @digest: of the next key, between its two steps
 * @rc4: set up with it
 */
struct kpptp_mppe_key {
	u8 start[KPPTP_MPPE_KEY_MAX];
	u8 session[KPPTP_MPPE_KEY_MAX];
	u8 len;
	enum kpptp_mppe_strength strength;
	u8 digest[SHA1_DIGEST_SIZE];
	struct kpptp_rc4 rc4;
};

/**
 * kpptp_mppe_key_init - begin a chain
 * @key: the chain
 * @start: KPPTP_MPPE_KEY_MAX bytes; a short key uses the first 8
 * @strength: length of the key
 */
void kpptp_mppe_key_init(struct kpptp_mppe_key *key, const u8 *start,
			 enum kpptp_mppe_strength strength);

/**
 * kpptp_mppe_key_next - replace the session key by the next one
 * @key: the chain
 */
void kpptp_mppe_key_next(struct kpptp_mppe_key *key);

/**
 * kpptp_mppe_key_begin - the first step to the next key: what to set up
 * @key: the chain
 * @extra: set to the key setup that the second step needs
 */
void kpptp_mppe_key_begin(struct kpptp_mppe_key *key, struct kpptp_rc4_extra *extra);

/**
 * kpptp_mppe_key_finish - the second step to the next key, when that is set up
 * @key: the chain
 */
void kpptp_mppe_key_finish(struct kpptp_mppe_key *key);

#endif /* KPPTP_MPPE_KEY_H */
