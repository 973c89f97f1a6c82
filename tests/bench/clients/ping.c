// SPDX-License-Identifier: GPL-2.0-or-later
/* Pings from a client's inner address to the server's, encrypted like all. */
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "clients.h"

#define DATA 32

static uint16_t checksum(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += get16(bytes + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

void ping_send(struct client *c)
{
	struct {
		struct iphdr ip;
		struct icmphdr icmp;
		uint8_t data[DATA];
	} packet = {
		.ip = { .version = 4,
			.ihl = 5,
			.ttl = 64,
			.protocol = IPPROTO_ICMP,
			.tot_len = htons(sizeof(packet)),
			.saddr = c->inner,
			.daddr = c->inner_peer },
		.icmp = { .type = ICMP_ECHO, .un.echo = { htons(c->id), htons(++c->pings) } },
	};

	packet.ip.check = checksum(&packet.ip, sizeof(packet.ip));
	packet.icmp.checksum = checksum(&packet.icmp, sizeof(packet.icmp) + sizeof(packet.data));
	ppp_send(c, PPP_IP, (uint8_t *)&packet, sizeof(packet));
}

void ping_packet(struct client *c, const uint8_t *packet, size_t len)
{
	const struct iphdr *ip = (const struct iphdr *)packet;
	const struct icmphdr *icmp = (const struct icmphdr *)(ip + 1);

	if (len < sizeof(*ip) + sizeof(*icmp) + DATA || ip->ihl != 5 ||
	    ip->protocol != IPPROTO_ICMP || ip->saddr != c->inner_peer || ip->daddr != c->inner ||
	    icmp->type != ICMP_ECHOREPLY || icmp->un.echo.id != htons(c->id))
		return;
	c->heard = now();
	if (c->phase == TRYING)
		client_is_up(c);
}
