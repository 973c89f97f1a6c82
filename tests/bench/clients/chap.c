// SPDX-License-Identifier: GPL-2.0-or-later
/* MS-CHAPv2 in CHAP's packets (RFC 2759 §3 to §6). */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "clients.h"

#define CHALLENGE 1
#define RESPONSE  2
#define SUCCESS	  3
#define FAILURE	  4

/* Peer's challenge, eight reserved bytes, response, flags. */
#define VALUE 49

void chap_again(struct client *c)
{
	uint8_t packet[5 + VALUE + 64] = { RESPONSE, c->chap_id };
	uint8_t *value = packet + 5;
	size_t name = strnlen(options.user, 64);
	size_t len = 5 + VALUE + name;

	if (!c->answered)
		return;
	put16(packet + 2, len);
	packet[4] = VALUE;
	memcpy(value, c->challenge, MSCHAP_CHALLENGE);
	memcpy(value + 24, c->chap.response, MSCHAP_RESPONSE);
	memcpy(value + VALUE, options.user, name);
	ppp_send(c, PPP_CHAP, packet, len);
}

static void challenged(struct client *c, const uint8_t *packet, size_t len)
{
	if (len < 5 + MSCHAP_CHALLENGE || packet[4] != MSCHAP_CHALLENGE)
		errx(1, "a challenge that is not of MS-CHAPv2");
	for (int i = 0; i < MSCHAP_CHALLENGE; i++)
		c->challenge[i] = rand();
	mschap_respond(&c->chap, options.user,
		       c->wrong ? "this is wrong" : options.password,
		       packet + 5, c->challenge);
	c->chap_id = packet[1];
	c->answered = true;
	chap_again(c);
}

void chap_packet(struct client *c, const uint8_t *packet, size_t len)
{
	switch (packet[0]) {
	case CHALLENGE:
		challenged(c, packet, len);
		break;
	case SUCCESS:
		if (!c->answered || packet[1] != c->chap_id)
			break;
		if (c->wrong)
			errx(1, "a wrong password is taken");
		if (len < 4 + MSCHAP_SUCCESS ||
		    memcmp(packet + 4, c->chap.success, MSCHAP_SUCCESS))
			errx(1, "the server does not know the password");
		if (c->phase == AUTHENTICATING)
			ppp_authenticated(c);
		break;
	case FAILURE:
		client_over(c, c->wrong ? &counters.wrong : &counters.denied,
			    c->wrong ? NULL : "the password is refused");
		break;
	}
}
