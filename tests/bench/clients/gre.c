// SPDX-License-Identifier: GPL-2.0-or-later
/* Enhanced GRE (RFC 2637 §4) by one raw socket for all clients. */
#include <err.h>
#include <errno.h>
#include <netinet/ip.h>
#include <string.h>
#include <sys/socket.h>

#include "clients.h"

#define HAS_KEY	 0x2000
#define HAS_SEQ	 0x1000
#define HAS_ACK	 0x0080
#define VERSION1 0x0001
#define PROTOCOL 0x880b

static int raw = -1;

int gre_open(void)
{
	int on = 1, size = 16 << 20;

	raw = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_GRE);
	if (raw < 0 ||
	    setsockopt(raw, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)) < 0)
		err(1, "raw socket");
	if (setsockopt(raw, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) <
	    0)
		err(1, "SO_RCVBUFFORCE");
	return raw;
}

/* The kernel fills in the header's length, checksum and ID. */
static void ip_header(const struct client *c, struct iphdr *ip)
{
	*ip = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.protocol = IPPROTO_GRE,
		.saddr = c->address,
		.daddr = options.server,
	};
}

/* Without @frame an acknowledgment alone. */
static void output(struct client *c, const uint8_t *frame, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr = { options.server } };
	uint8_t packet[sizeof(struct iphdr) + 16 + FRAME_MAX + 64];
	uint8_t *gre = packet + sizeof(struct iphdr), *next = gre + 8;

	ip_header(c, (struct iphdr *)packet);
	put16(gre, HAS_KEY | VERSION1 | (frame ? HAS_SEQ : 0) |
			   (c->ack_owed ? HAS_ACK : 0));
	put16(gre + 2, PROTOCOL);
	put16(gre + 4, len);
	put16(gre + 6, c->peer_id);
	if (frame) {
		put32(next, c->sent++);
		next += 4;
	}
	if (c->ack_owed) {
		put32(next, c->received);
		next += 4;
		c->ack_owed = false;
	}
	if (frame)
		memcpy(next, frame, len);
	/* What does not get out is as good as lost. */
	sendto(raw, packet, next + len - packet, 0, (struct sockaddr *)&to,
	       sizeof(to));
}

void gre_send(struct client *c, const uint8_t *frame, size_t len)
{
	output(c, frame, len);
}

void gre_ack(struct client *c)
{
	if (c->ack_owed)
		output(c, NULL, 0);
}

/* Late packets are dropped: their keys are gone. */
static bool is_next(struct client *c, uint32_t seq)
{
	if (c->any_received && (int32_t)(seq - c->received) <= 0)
		return false;
	c->received = seq;
	c->any_received = true;
	c->ack_owed = true;
	return true;
}

static void input(uint8_t *packet, size_t len)
{
	const struct iphdr *ip = (struct iphdr *)packet;
	size_t header = ip->ihl * 4;
	uint8_t *gre = packet + header, *next = gre + 8;
	uint16_t flags, payload;
	struct client *c;

	if (len < header + 12 || ip->saddr != options.server)
		return;
	flags = get16(gre);
	payload = get16(gre + 4);
	if ((flags & ~(HAS_SEQ | HAS_ACK)) != (HAS_KEY | VERSION1) ||
	    get16(gre + 2) != PROTOCOL)
		errx(1, "GRE with flags %04x", flags);
	c = client_by_id(get16(gre + 6));
	if (!c || c->address != ip->daddr || c->phase < LINK ||
	    c->phase > TERMINATING || !(flags & HAS_SEQ))
		return;
	next += flags & HAS_ACK ? 8 : 4;
	if (next + payload > packet + len)
		errx(1, "GRE says %u bytes, and has %zu", payload,
		     packet + len - next);
	if (is_next(c, get32(gre + 8)))
		ppp_frame(c, next, payload);
}

void gre_read(void)
{
	uint8_t packet[2048];
	ssize_t n;

	while ((n = recv(raw, packet, sizeof(packet), 0)) >= 0)
		input(packet, n);
	if (errno != EAGAIN && errno != EPROTO && errno != ECONNREFUSED)
		err(1, "recv");
}
