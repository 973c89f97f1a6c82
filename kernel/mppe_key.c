// SPDX-License-Identifier: GPL-2.0
/* The chain of MPPE's session keys. */
#include "mppe_key.h"

#include <linux/string.h>

#include "compat/sha1.h"

#define PAD_LEN 40

/* GetNewKeyFromSHA() of RFC 3079: hash start key and session key, padded. */
static void key_hash(const struct kpptp_mppe_key *key, u8 *digest)
{
	u8 text[2 * KPPTP_MPPE_KEY_MAX + 2 * PAD_LEN], *at = text;

	memcpy(at, key->start, key->len);
	at += key->len;
	memset(at, 0x00, PAD_LEN);
	at += PAD_LEN;
	memcpy(at, key->session, key->len);
	at += key->len;
	memset(at, 0xf2, PAD_LEN);
	at += PAD_LEN;
	kpptp_compat_sha1(text, at - text, digest);
	memzero_explicit(text, sizeof(text));
}

/* A short key has bytes that are known, as export rules once asked for. */
static void key_weaken(struct kpptp_mppe_key *key)
{
	switch (key->strength) {
	case KPPTP_MPPE_40:
		key->session[0] = 0xd1;
		key->session[1] = 0x26;
		key->session[2] = 0x9e;
		break;
	case KPPTP_MPPE_56:
		key->session[0] = 0xd1;
		break;
	case KPPTP_MPPE_128:
		break;
	}
}

void kpptp_mppe_key_init(struct kpptp_mppe_key *key, const u8 *start,
			 enum kpptp_mppe_strength strength)
{
	key->strength = strength;
	key->len = strength == KPPTP_MPPE_128 ? KPPTP_MPPE_KEY_MAX : 8;
	memcpy(key->start, start, sizeof(key->start));
	memcpy(key->session, start, sizeof(key->session));
	key_hash(key, key->digest);
	memcpy(key->session, key->digest, key->len);
	key_weaken(key);
}

void kpptp_mppe_key_begin(struct kpptp_mppe_key *key, struct kpptp_rc4_extra *extra)
{
	key_hash(key, key->digest);
	extra->rc4 = &key->rc4;
	extra->key = key->digest;
	extra->len = key->len;
}

void kpptp_mppe_key_finish(struct kpptp_mppe_key *key)
{
	kpptp_rc4_crypt(&key->rc4, key->session, key->digest, key->len);
	key_weaken(key);
}

void kpptp_mppe_key_next(struct kpptp_mppe_key *key)
{
	struct kpptp_rc4_extra extra;

	kpptp_mppe_key_begin(key, &extra);
	kpptp_rc4_setup(extra.rc4, extra.key, extra.len);
	kpptp_mppe_key_finish(key);
}
