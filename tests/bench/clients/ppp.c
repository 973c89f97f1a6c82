// SPDX-License-Identifier: GPL-2.0-or-later
/* PPP of a client: frames, and the negotiations one after another. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "clients.h"

/* As pppd has it: ten tries, three seconds apart. */
#define AGAIN	      (3 * SECOND)
#define PHASE_SECONDS 30
#define FIRST_PINGS   (SECOND / 5)
#define PINGS	      (5 * SECOND)
#define HEARD_SECONDS 60
#define TERM_SECONDS  6

static void send_clear(struct client *c, uint16_t protocol, const uint8_t *data, size_t len)
{
	uint8_t frame[FRAME_MAX + 4] = { 0xff, 0x03 };

	put16(frame + 2, protocol);
	memcpy(frame + 4, data, len);
	gre_send(c, frame, 4 + len);
}

/* Data is encrypted, the control protocols are not (RFC 3078 §3.1). */
void ppp_send(struct client *c, uint16_t protocol, const uint8_t *data, size_t len)
{
	uint8_t plain[FRAME_MAX], hidden[FRAME_MAX + MPPE_OVERHEAD];

	if (protocol != PPP_IP) {
		send_clear(c, protocol, data, len);
		return;
	}
	put16(plain, protocol);
	memcpy(plain + 2, data, len);
	mppe_encrypt(&c->tx, plain, 2 + len, hidden);
	send_clear(c, PPP_MPPE, hidden, MPPE_OVERHEAD + 2 + len);
}

static void packet_send(struct client *c, uint16_t protocol, uint8_t code, uint8_t id,
			const uint8_t *data, size_t len)
{
	uint8_t packet[FRAME_MAX] = { code, id };

	if (len > FRAME_MAX - 4)
		len = FRAME_MAX - 4;
	put16(packet + 2, 4 + len);
	memcpy(packet + 4, data, len);
	ppp_send(c, protocol, packet, 4 + len);
}

static struct negotiation *of(struct client *c, uint16_t protocol)
{
	return protocol == PPP_LCP ? &c->lcp : protocol == PPP_CCP ? &c->ccp : &c->ipcp;
}

static void ask(struct client *c, uint16_t protocol)
{
	struct negotiation *n = of(c, protocol);
	uint8_t ours[64];
	size_t len = options_ours(c, protocol, ours);

	packet_send(c, protocol, CONF_REQ, ++n->id, ours, len);
}

static bool done(const struct negotiation *n)
{
	return n->acked && n->acking;
}

static void phase(struct client *c, enum phase phase)
{
	client_phase(c, phase, PHASE_SECONDS);
	c->timer = now() + AGAIN;
}

void ppp_start(struct client *c)
{
	c->sent = 0;
	c->any_received = c->ack_owed = c->answered = false;
	memset(c->held, 0, sizeof(c->held));
	memset(&c->lcp, 0, sizeof(c->lcp));
	memset(&c->ccp, 0, sizeof(c->ccp));
	memset(&c->ipcp, 0, sizeof(c->ipcp));
	c->magic = rand();
	c->inner = c->inner_peer = 0;
	c->pings = 0;
	phase(c, LINK);
	ask(c, PPP_LCP);
}

void ppp_authenticated(struct client *c)
{
	mppe_keys(&c->chap, &c->tx, &c->rx);
	phase(c, NETWORK);
	ask(c, PPP_CCP);
}

void ppp_terminate(struct client *c)
{
	client_phase(c, TERMINATING, TERM_SECONDS);
	c->timer = now() + AGAIN;
	packet_send(c, PPP_LCP, TERM_REQ, ++c->lcp.id, NULL, 0);
}

static void again_network(struct client *c)
{
	if (!c->ccp.acked)
		ask(c, PPP_CCP);
	else if (!c->ipcp.acked && done(&c->ccp))
		ask(c, PPP_IPCP);
}

static void again_up(struct client *c, uint64_t interval)
{
	c->timer = now() + interval;
	if (c->phase == UP && now() > c->heard + HEARD_SECONDS * SECOND)
		client_over(c, &counters.lost, "no ping is answered any more");
	else
		ping_send(c);
}

void ppp_again(struct client *c)
{
	c->timer = now() + AGAIN;
	switch (c->phase) {
	case LINK:
		if (!c->lcp.acked)
			ask(c, PPP_LCP);
		break;
	case NETWORK:
		again_network(c);
		break;
	case TRYING:
		again_up(c, FIRST_PINGS);
		break;
	case UP:
		again_up(c, PINGS);
		break;
	case TERMINATING:
		packet_send(c, PPP_LCP, TERM_REQ, ++c->lcp.id, NULL, 0);
		break;
	default:
		break;
	}
}

/* One of the negotiations has got on. */
static void got_on(struct client *c, uint16_t protocol)
{
	if (!done(of(c, protocol)))
		return;
	if (c->phase == LINK && protocol == PPP_LCP) {
		phase(c, AUTHENTICATING);
	} else if (c->phase == NETWORK && protocol == PPP_CCP && !c->ipcp.id) {
		ask(c, PPP_IPCP);
	} else if (c->phase == NETWORK && done(&c->ccp) && done(&c->ipcp)) {
		phase(c, TRYING);
		again_up(c, FIRST_PINGS);
	}
}

static void on_request(struct client *c, uint16_t protocol, uint8_t id, const uint8_t *data,
		       size_t len)
{
	uint8_t answer[FRAME_MAX];
	size_t answer_len;
	uint8_t code = options_judge(c, protocol, data, len, answer, &answer_len);

	packet_send(c, protocol, code, id, answer, answer_len);
	if (code == CONF_ACK) {
		of(c, protocol)->acking = true;
		got_on(c, protocol);
	}
}

static void on_answer(struct client *c, uint16_t protocol, uint8_t code, uint8_t id,
		      const uint8_t *data, size_t len)
{
	struct negotiation *n = of(c, protocol);

	if (id != n->id || n->acked)
		return;
	if (code == CONF_ACK) {
		n->acked = true;
		got_on(c, protocol);
	} else if (code == CONF_NAK) {
		options_suggested(c, protocol, data, len);
		ask(c, protocol);
	} else {
		client_over(c, &counters.failed, "an option is rejected");
	}
}

/* The server ends the link: say yes; its Call-Disconnect-Notify will follow. */
static void on_terminate(struct client *c, uint16_t protocol, uint8_t id)
{
	packet_send(c, protocol, TERM_ACK, id, NULL, 0);
	if (c->phase == AUTHENTICATING && c->wrong)
		client_over(c, &counters.wrong, NULL);
}

static void on_echo(struct client *c, uint8_t id, const uint8_t *data, size_t len)
{
	uint8_t reply[FRAME_MAX];

	if (len < 4 || len > sizeof(reply))
		return;
	memcpy(reply, data, len);
	put32(reply, c->magic);
	packet_send(c, PPP_LCP, ECHO_REP, id, reply, len);
}

static void on_packet(struct client *c, uint16_t protocol, const uint8_t *packet, size_t len)
{
	size_t said = len >= 4 ? get16(packet + 2) : 0;

	if (said < 4 || said > len)
		return;
	if (protocol == PPP_CHAP) {
		chap_packet(c, packet, said);
		return;
	}
	switch (packet[0]) {
	case CONF_REQ:
		on_request(c, protocol, packet[1], packet + 4, said - 4);
		break;
	case CONF_ACK:
	case CONF_NAK:
	case CONF_REJ:
		on_answer(c, protocol, packet[0], packet[1], packet + 4, said - 4);
		break;
	case TERM_REQ:
		on_terminate(c, protocol, packet[1]);
		break;
	case TERM_ACK:
		if (protocol == PPP_LCP && c->phase == TERMINATING)
			control_clear(c);
		break;
	case ECHO_REQ:
		if (protocol == PPP_LCP)
			on_echo(c, packet[1], packet + 4, said - 4);
		break;
	}
}

/* Protocols with a first byte that is odd have one byte alone (RFC 1661 §6.5). */
static uint16_t protocol_of(uint8_t **data, size_t *len)
{
	size_t size = *len && (*data)[0] & 1 ? 1 : 2;
	uint16_t protocol;

	if (*len < size)
		return 0;
	protocol = size == 1 ? (*data)[0] : get16(*data);
	*data += size;
	*len -= size;
	return protocol;
}

static void reject(struct client *c, uint16_t protocol, const uint8_t *data, size_t len)
{
	uint8_t rejected[64];

	if (len > sizeof(rejected) - 2)
		len = sizeof(rejected) - 2;
	put16(rejected, protocol);
	memcpy(rejected + 2, data, len);
	packet_send(c, PPP_LCP, PROTO_REJ, ++c->lcp.id, rejected, 2 + len);
}

void ppp_frame(struct client *c, uint8_t *frame, size_t len)
{
	uint16_t protocol;

	if (len >= 2 && frame[0] == 0xff && frame[1] == 0x03) {
		frame += 2;
		len -= 2;
	}
	protocol = protocol_of(&frame, &len);
	switch (protocol) {
	case PPP_LCP:
	case PPP_CHAP:
	case PPP_CCP:
	case PPP_IPCP:
		on_packet(c, protocol, frame, len);
		break;
	case PPP_MPPE:
		if (!done(&c->ccp) || !mppe_decrypt(&c->rx, frame, len))
			break;
		frame += MPPE_OVERHEAD;
		len -= MPPE_OVERHEAD;
		if (protocol_of(&frame, &len) == PPP_IP)
			ping_packet(c, frame, len);
		break;
	case PPP_IP:
		errx(1, "a packet that is not encrypted");
	default:
		if (c->phase >= NETWORK)
			reject(c, protocol, frame, len);
	}
}
