// SPDX-License-Identifier: GPL-2.0-or-later
/* MPPE with 128 bits, stateless: a new key for each packet (RFC 3078, 3079). */
#include <string.h>

#include <nettle/arcfour.h>
#include <nettle/sha1.h>

#include "crypto.h"

#define FLUSHED	  0x80
#define ENCRYPTED 0x10

static void sha1_of(const uint8_t *start, const uint8_t *session, uint8_t out[MPPE_KEY])
{
	uint8_t pad1[40] = { 0 }, pad2[40];
	struct sha1_ctx ctx;

	memset(pad2, 0xf2, sizeof(pad2));
	sha1_init(&ctx);
	sha1_update(&ctx, MPPE_KEY, start);
	sha1_update(&ctx, sizeof(pad1), pad1);
	sha1_update(&ctx, MPPE_KEY, session);
	sha1_update(&ctx, sizeof(pad2), pad2);
	sha1_digest(&ctx, MPPE_KEY, out);
}

static void rekey(struct mppe *dir)
{
	struct arcfour_ctx rc4;
	uint8_t interim[MPPE_KEY];

	sha1_of(dir->start, dir->session, interim);
	arcfour_set_key(&rc4, MPPE_KEY, interim);
	arcfour_crypt(&rc4, MPPE_KEY, dir->session, interim);
	dir->next = (dir->next + 1) % MPPE_COUNTS;
}

/* GetAsymmetricStartKey, RFC 3079 §3.4 */
static void start_key(struct mppe *dir, const uint8_t master[MPPE_KEY], const char *magic)
{
	uint8_t pad1[40] = { 0 }, pad2[40];
	struct sha1_ctx ctx;

	memset(pad2, 0xf2, sizeof(pad2));
	sha1_init(&ctx);
	sha1_update(&ctx, MPPE_KEY, master);
	sha1_update(&ctx, sizeof(pad1), pad1);
	sha1_update(&ctx, strlen(magic), (const uint8_t *)magic);
	sha1_update(&ctx, sizeof(pad2), pad2);
	sha1_digest(&ctx, MPPE_KEY, dir->start);
	sha1_of(dir->start, dir->start, dir->session);
	dir->next = 0;
}

void mppe_keys(const struct mschap *chap, struct mppe *tx, struct mppe *rx)
{
	static const char magic[] = "This is the MPPE Master Key";
	uint8_t master[MPPE_KEY];
	struct sha1_ctx ctx;

	sha1_init(&ctx);
	sha1_update(&ctx, 16, chap->hash_hash);
	sha1_update(&ctx, MSCHAP_RESPONSE, chap->response);
	sha1_update(&ctx, strlen(magic), (const uint8_t *)magic);
	sha1_digest(&ctx, sizeof(master), master);
	start_key(tx, master,
		  "On the client side, this is the send key; "
		  "on the server side, it is the receive key.");
	start_key(rx, master,
		  "On the client side, this is the receive key; "
		  "on the server side, it is the send key.");
}

static void crypt(const struct mppe *dir, size_t len, uint8_t *out, const uint8_t *in)
{
	struct arcfour_ctx rc4;

	arcfour_set_key(&rc4, MPPE_KEY, dir->session);
	arcfour_crypt(&rc4, len, out, in);
}

void mppe_encrypt(struct mppe *tx, const uint8_t *in, size_t len, uint8_t *out)
{
	uint16_t count = tx->next;

	rekey(tx);
	out[0] = FLUSHED | ENCRYPTED | count >> 8;
	out[1] = count;
	crypt(tx, len, out + MPPE_OVERHEAD, in);
}

bool mppe_decrypt(struct mppe *rx, uint8_t *packet, size_t len)
{
	uint16_t count;

	if (len < MPPE_OVERHEAD || (packet[0] & 0xf0) != (FLUSHED | ENCRYPTED))
		return false;
	count = (packet[0] & 0x0f) << 8 | packet[1];
	/* Packets may have been lost: each had its key. */
	do
		rekey(rx);
	while (rx->next != (count + 1) % MPPE_COUNTS);
	crypt(rx, len - MPPE_OVERHEAD, packet + MPPE_OVERHEAD, packet + MPPE_OVERHEAD);
	return true;
}
