// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What clients want in LCP, CCP and IPCP, and what they take: MS-CHAPv2, MPPE with
 * 128 bits and stateless, an address of the server's choice.
 */
#include <err.h>
#include <string.h>

#include "clients.h"

#define LCP_MRU	  1
#define LCP_ACCM  2
#define LCP_AUTH  3
#define LCP_MAGIC 5
#define LCP_PFC	  7
#define LCP_ACFC  8

#define CCP_MPPE       18
#define MPPE_STATELESS 0x01000000
#define MPPE_128       0x00000040

#define IPCP_ADDRESS 3

static size_t option32(uint8_t *out, uint8_t type, uint32_t value)
{
	out[0] = type;
	out[1] = 6;
	put32(out + 2, value);
	return 6;
}

size_t options_ours(const struct client *c, uint16_t protocol, uint8_t *out)
{
	switch (protocol) {
	case PPP_LCP:
		return option32(out, LCP_MAGIC, c->magic);
	case PPP_CCP:
		return option32(out, CCP_MPPE, MPPE_STATELESS | MPPE_128);
	default:
		return option32(out, IPCP_ADDRESS, ntohl(c->inner));
	}
}

static uint8_t judge_lcp(const uint8_t *option, uint8_t *better)
{
	static const uint8_t mschapv2[] = { LCP_AUTH, 5, 0xc2, 0x23, 0x81 };

	switch (option[0]) {
	case LCP_MRU:
	case LCP_ACCM:
	case LCP_MAGIC:
	case LCP_PFC:
	case LCP_ACFC:
		return CONF_ACK;
	case LCP_AUTH:
		if (option[1] == sizeof(mschapv2) && !memcmp(option, mschapv2, sizeof(mschapv2)))
			return CONF_ACK;
		memcpy(better, mschapv2, sizeof(mschapv2));
		return CONF_NAK;
	default:
		return CONF_REJ;
	}
}

static uint8_t judge_ccp(const uint8_t *option, uint8_t *better)
{
	if (option[0] != CCP_MPPE || option[1] != 6)
		return CONF_REJ;
	if (get32(option + 2) == (MPPE_STATELESS | MPPE_128))
		return CONF_ACK;
	option32(better, CCP_MPPE, MPPE_STATELESS | MPPE_128);
	return CONF_NAK;
}

static uint8_t judge_ipcp(struct client *c, const uint8_t *option)
{
	if (option[0] != IPCP_ADDRESS || option[1] != 6)
		return CONF_REJ;
	c->inner_peer = htonl(get32(option + 2));
	return CONF_ACK;
}

static uint8_t judge_one(struct client *c, uint16_t protocol, const uint8_t *option,
			 uint8_t *better)
{
	switch (protocol) {
	case PPP_LCP:
		return judge_lcp(option, better);
	case PPP_CCP:
		return judge_ccp(option, better);
	default:
		return judge_ipcp(c, option);
	}
}

uint8_t options_judge(struct client *c, uint16_t protocol, const uint8_t *in, size_t len,
		      uint8_t *out, size_t *out_len)
{
	uint8_t verdict = CONF_ACK;

	*out_len = 0;
	while (len >= 2 && in[1] >= 2 && in[1] <= len) {
		uint8_t better[8];
		uint8_t one = judge_one(c, protocol, in, better);
		const uint8_t *said = one == CONF_NAK ? better : in;

		/* Those of the worst verdict are in the answer. */
		if (one > verdict) {
			verdict = one;
			*out_len = 0;
		}
		if (one == verdict) {
			memcpy(out + *out_len, said, said[1]);
			*out_len += said[1];
		}
		len -= in[1];
		in += in[1];
	}
	if (len)
		errx(1, "options of protocol %04x are cut off", protocol);
	/* No encryption offered, no authentication asked for: not to be had. */
	if (protocol == PPP_CCP && verdict == CONF_ACK && !*out_len) {
		verdict = CONF_NAK;
		*out_len = option32(out, CCP_MPPE, MPPE_STATELESS | MPPE_128);
	}
	return verdict;
}

void options_suggested(struct client *c, uint16_t protocol, const uint8_t *in, size_t len)
{
	if (protocol == PPP_IPCP && len >= 6 && in[0] == IPCP_ADDRESS)
		c->inner = htonl(get32(in + 2));
	else if (protocol == PPP_LCP)
		c->magic++;
}
