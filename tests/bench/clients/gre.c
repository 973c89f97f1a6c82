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
	if (raw < 0 || setsockopt(raw, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)) < 0)
		err(1, "raw socket");
	if (setsockopt(raw, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
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
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { options.server } };
	uint8_t packet[sizeof(struct iphdr) + 16 + FRAME_MAX + 64];
	uint8_t *gre = packet + sizeof(struct iphdr), *next = gre + 8;

	ip_header(c, (struct iphdr *)packet);
	put16(gre, HAS_KEY | VERSION1 | (frame ? HAS_SEQ : 0) | (c->ack_owed ? HAS_ACK : 0));
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
	sendto(raw, packet, next + len - packet, 0, (struct sockaddr *)&to, sizeof(to));
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

static void deliver(struct client *c, uint32_t seq, uint8_t *frame, size_t len)
{
	c->received = seq;
	c->any_received = true;
	c->ack_owed = true;
	ppp_frame(c, frame, len);
}

static bool is_live(const struct client *c)
{
	return c->phase >= LINK && c->phase <= TERMINATING;
}

/* The held packet with the lowest number, or NULL. */
static struct held *held_first(struct client *c)
{
	struct held *first = NULL;

	for (int i = 0; i < HELD; i++) {
		struct held *h = &c->held[i];

		if (h->len && (!first || (int32_t)(h->seq - first->seq) < 0))
			first = h;
	}
	return first;
}

/* Deliver what is next; with @all, over gaps. */
static void held_deliver(struct client *c, bool all)
{
	uint8_t frame[HELD_SIZE];
	struct held *h;

	while (is_live(c) && (h = held_first(c)) && (all || h->seq == c->received + 1)) {
		size_t len = h->len;

		memcpy(frame, h->frame, len);
		h->len = 0;
		deliver(c, h->seq, frame, len);
	}
}

void gre_release(struct client *c)
{
	held_deliver(c, true);
}

/* True when it waits for others now. */
static bool held_add(struct client *c, uint32_t seq, const uint8_t *frame, size_t len)
{
	for (int i = 0; i < HELD && len && len <= HELD_SIZE; i++) {
		struct held *h = &c->held[i];

		if (h->len)
			continue;
		h->seq = seq;
		h->len = len;
		memcpy(h->frame, frame, len);
		return true;
	}
	return false;
}

/* Late packets are dropped: their keys are gone. */
static void sequenced(struct client *c, uint32_t seq, uint8_t *frame, size_t len)
{
	int32_t ahead = seq - c->received - 1;

	if (!c->any_received)
		ahead = 0;
	if (ahead < 0 || (ahead > 0 && held_add(c, seq, frame, len)))
		return;
	if (ahead > 0)
		held_deliver(c, true);
	if ((int32_t)(seq - c->received) > 0 || !c->any_received)
		deliver(c, seq, frame, len);
	held_deliver(c, false);
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
	if ((flags & ~(HAS_SEQ | HAS_ACK)) != (HAS_KEY | VERSION1) || get16(gre + 2) != PROTOCOL)
		errx(1, "GRE with flags %04x", flags);
	c = client_by_id(get16(gre + 6));
	if (!c || c->address != ip->daddr || !is_live(c) || !(flags & HAS_SEQ))
		return;
	next += flags & HAS_ACK ? 8 : 4;
	if (next + payload > packet + len)
		errx(1, "GRE says %u bytes, and has %zu", payload, packet + len - next);
	sequenced(c, get32(gre + 8), next, payload);
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
