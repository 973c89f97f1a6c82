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

static void respond(struct client *c)
{
	uint8_t packet[5 + VALUE + 64] = { RESPONSE, c->chap_id };
	uint8_t *value = packet + 5;
	size_t name = strnlen(options.user, 64);
	size_t len = 5 + VALUE + name;

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
	/* Sent again: the first answer stands, or its Success would be wrong. */
	if (c->answered && packet[1] == c->chap_id) {
		respond(c);
		return;
	}
	for (int i = 0; i < MSCHAP_CHALLENGE; i++)
		c->challenge[i] = rand();
	mschap_respond(&c->chap, options.user, c->wrong ? "this is wrong" : options.password,
		       packet + 5, c->challenge);
	c->chap_id = packet[1];
	c->answered = true;
	respond(c);
}

static void succeeded(struct client *c, const uint8_t *proof, size_t len)
{
	if (c->phase != AUTHENTICATING)
		return;
	if (c->wrong)
		errx(1, "a wrong password is taken");
	/* pppd leaves the proof out when it says so a second time. */
	if (!len)
		client_over(c, &counters.failed, "a Success without proof");
	else if (len < MSCHAP_SUCCESS || memcmp(proof, c->chap.success, MSCHAP_SUCCESS))
		errx(1, "the server does not know the password");
	else
		ppp_authenticated(c);
}

void chap_packet(struct client *c, const uint8_t *packet, size_t len)
{
	switch (packet[0]) {
	case CHALLENGE:
		challenged(c, packet, len);
		break;
	case SUCCESS:
		if (c->answered && packet[1] == c->chap_id)
			succeeded(c, packet + 4, len - 4);
		break;
	case FAILURE:
		client_over(c, c->wrong ? &counters.wrong : &counters.denied,
			    c->wrong ? NULL : "the password is refused");
		break;
	}
}
