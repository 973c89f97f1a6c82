// SPDX-License-Identifier: GPL-2.0-or-later
/* MS-CHAPv2, the client's side (RFC 2759). The RFC names each step. */
#include <stdio.h>
#include <string.h>

#include <nettle/des.h>
#include <nettle/md4.h>
#include <nettle/sha1.h>

#include "crypto.h"

static void md4(const uint8_t *data, size_t len, uint8_t out[16])
{
	struct md4_ctx ctx;

	md4_init(&ctx);
	md4_update(&ctx, len, data);
	md4_digest(&ctx, 16, out);
}

/* Of an ASCII password, in UTF-16. */
static void nt_password_hash(const char *password, uint8_t out[16])
{
	uint8_t wide[2 * 128] = { 0 };
	size_t len = strnlen(password, 128);

	for (size_t i = 0; i < len; i++)
		wide[2 * i] = password[i];
	md4(wide, 2 * len, out);
}

static void challenge_hash(const uint8_t *ours, const uint8_t *theirs, const char *user,
			   uint8_t out[8])
{
	struct sha1_ctx ctx;

	sha1_init(&ctx);
	sha1_update(&ctx, MSCHAP_CHALLENGE, ours);
	sha1_update(&ctx, MSCHAP_CHALLENGE, theirs);
	sha1_update(&ctx, strlen(user), (const uint8_t *)user);
	sha1_digest(&ctx, 8, out);
}

/* 56 bits of key, seven to a byte; nettle ignores the parity bits. */
static void des_encrypt_7(const uint8_t key[7], const uint8_t in[8], uint8_t out[8])
{
	uint8_t wide[8];
	uint64_t bits = 0;
	struct des_ctx ctx;

	for (int i = 0; i < 7; i++)
		bits = bits << 8 | key[i];
	for (int i = 0; i < 8; i++)
		wide[i] = (bits >> (49 - 7 * i) & 0x7f) << 1;
	des_set_key(&ctx, wide);
	des_encrypt(&ctx, 8, out, in);
}

static void challenge_response(const uint8_t challenge[8], const uint8_t hash[16], uint8_t out[24])
{
	uint8_t keys[21] = { 0 };

	memcpy(keys, hash, 16);
	for (int i = 0; i < 3; i++)
		des_encrypt_7(keys + 7 * i, challenge, out + 8 * i);
}

/* GenerateAuthenticatorResponse */
static void expect_success(struct mschap *chap, const uint8_t challenge[8])
{
	static const char first[] = "Magic server to client signing constant";
	static const char second[] = "Pad to make it do more than one iteration";
	struct sha1_ctx ctx;
	uint8_t digest[SHA1_DIGEST_SIZE];

	sha1_init(&ctx);
	sha1_update(&ctx, 16, chap->hash_hash);
	sha1_update(&ctx, MSCHAP_RESPONSE, chap->response);
	sha1_update(&ctx, strlen(first), (const uint8_t *)first);
	sha1_digest(&ctx, sizeof(digest), digest);
	sha1_update(&ctx, sizeof(digest), digest);
	sha1_update(&ctx, 8, challenge);
	sha1_update(&ctx, strlen(second), (const uint8_t *)second);
	sha1_digest(&ctx, sizeof(digest), digest);

	strcpy(chap->success, "S=");
	for (size_t i = 0; i < sizeof(digest); i++)
		sprintf(chap->success + 2 + 2 * i, "%02X", digest[i]);
}

void mschap_respond(struct mschap *chap, const char *user, const char *password,
		    const uint8_t theirs[MSCHAP_CHALLENGE], const uint8_t ours[MSCHAP_CHALLENGE])
{
	uint8_t challenge[8], hash[16];

	challenge_hash(ours, theirs, user, challenge);
	nt_password_hash(password, hash);
	challenge_response(challenge, hash, chap->response);
	md4(hash, sizeof(hash), chap->hash_hash);
	expect_success(chap, challenge);
}
