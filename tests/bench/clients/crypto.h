/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MS-CHAPv2 (RFC 2759) and MPPE with 128 bits, stateless (RFC 3078, 3079). */
#ifndef CLIENTS_CRYPTO_H
#define CLIENTS_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MSCHAP_CHALLENGE 16
#define MSCHAP_RESPONSE	 24
#define MSCHAP_SUCCESS	 42 /* "S=" and 40 digits */

/* One exchange, as the client sees it. */
struct mschap {
	uint8_t hash_hash[16]; /* MD4 of MD4 of the password */
	uint8_t response[MSCHAP_RESPONSE];
	char success[MSCHAP_SUCCESS + 1]; /* what the server has to say */
};

void mschap_respond(struct mschap *chap, const char *user, const char *password,
		    const uint8_t theirs[MSCHAP_CHALLENGE], const uint8_t ours[MSCHAP_CHALLENGE]);

#define MPPE_KEY      16
#define MPPE_COUNTS   4096
#define MPPE_OVERHEAD 2

/* One direction. */
struct mppe {
	uint8_t start[MPPE_KEY], session[MPPE_KEY];
	uint16_t next; /* coherency count of the next packet */
};

/* The keys that the client sends and receives with. */
void mppe_keys(const struct mschap *chap, struct mppe *tx, struct mppe *rx);

/* @out: MPPE_OVERHEAD longer than @in. */
void mppe_encrypt(struct mppe *tx, const uint8_t *in, size_t len, uint8_t *out);

/* In place; the text follows the MPPE_OVERHEAD. False if it is not encrypted. */
bool mppe_decrypt(struct mppe *rx, uint8_t *packet, size_t len);

#endif
