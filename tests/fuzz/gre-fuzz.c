// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Send malformed GRE packets, mixed with some valid ones.
 *
 * usage: gre-fuzz LOCAL PEER COUNT SEED CALL-ID...
 *
 * LOCAL is an address of this host, PEER that of the host under test, and the
 * Call IDs are its calls with LOCAL. Packets are whole or fragmented by IP. They
 * depend on the seed alone, so that a run can be repeated.
 *
 * Prints, as JSON, how many packets were sent and how many of these are "due":
 * the kernel's GRE layer drops those that are shorter than 12 octets or of a
 * version without a handler, and hands the others to the module, which has to
 * account for every one of them.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "random.h"

#define BATCH	  64
#define GRE_MIN	  12 /* what the kernel's GRE layer requires */
#define GRE_LEN	  16 /* flags, key, sequence number, acknowledgment */
#define PLAIN_MAX 1440 /* what is not fragmented, whatever options IP has */
#define WHOLE_MAX 60000
#define MTU	  1480
#define CALLS_MAX 64

#define S_BIT 0x1000
#define A_BIT 0x0080
#define FIXED 0x2001 /* K, version 1 */

struct call {
	uint16_t id;
	uint32_t seq; /* the next that an honest peer would send */
};

/* A packet, from the GRE header on. */
struct packet {
	uint8_t data[WHOLE_MAX + GRE_LEN];
	size_t len;
};

/* Messages that are sent together. */
struct batch {
	int fd;
	unsigned int count;
	uint8_t data[BATCH][MTU + 64];
	struct iovec iov[BATCH];
	struct mmsghdr msg[BATCH];
};

static struct call calls[CALLS_MAX];
static unsigned int call_count;
static struct sockaddr_in local = { .sin_family = AF_INET };
static struct sockaddr_in peer = { .sin_family = AF_INET };
static struct batch plain, raw; /* raw: with an IP header of ours */

static void die(const char *what)
{
	fprintf(stderr, "gre-fuzz: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- Sending ---- */

static void batch_open(struct batch *batch, bool header)
{
	int one = header, i;

	batch->fd = socket(AF_INET, SOCK_RAW, IPPROTO_GRE);
	if (batch->fd < 0)
		die("socket");
	if (setsockopt(batch->fd, IPPROTO_IP, IP_HDRINCL, &one, sizeof(one)))
		die("IP_HDRINCL");
	if (bind(batch->fd, (struct sockaddr *)&local, sizeof(local)))
		die("LOCAL");
	for (i = 0; i < BATCH; i++) {
		batch->iov[i].iov_base = batch->data[i];
		batch->msg[i].msg_hdr = (struct msghdr){
			.msg_name = &peer,
			.msg_namelen = sizeof(peer),
			.msg_iov = &batch->iov[i],
			.msg_iovlen = 1,
		};
	}
}

static void batch_flush(struct batch *batch)
{
	unsigned int done = 0;
	int n;

	while (done < batch->count) {
		n = sendmmsg(batch->fd, batch->msg + done, batch->count - done, 0);
		if (n > 0)
			done += n;
		else if (errno != ENOBUFS && errno != ENOMEM && errno != EINTR)
			die("sendmmsg");
	}
	batch->count = 0;
}

/* Reserve a message of @len bytes. */
static uint8_t *batch_add(struct batch *batch, size_t len)
{
	if (batch->count == BATCH)
		batch_flush(batch);
	batch->iov[batch->count].iov_len = len;
	return batch->data[batch->count++];
}

/* A packet or fragment with an IP header of ours; checksum and id are the kernel's. */
static void send_raw(const uint8_t *data, size_t len, struct in_addr from, uint16_t id,
		     uint16_t frag_off, unsigned int options)
{
	uint8_t *where = batch_add(&raw, sizeof(struct iphdr) + options + len);
	struct iphdr iph = {
		.version = 4,
		.ihl = (sizeof(iph) + options) / 4,
		.ttl = 64,
		.id = htons(id),
		.frag_off = htons(frag_off),
		.protocol = IPPROTO_GRE,
		.saddr = from.s_addr,
		.daddr = peer.sin_addr.s_addr,
	};

	memcpy(where, &iph, sizeof(iph));
	memset(where + sizeof(iph), IPOPT_NOP, options);
	memcpy(where + sizeof(iph) + options, data, len);
}

/*
 * In two or more fragments, of which the first may end within the GRE header,
 * and the last may come first. One in a while lacks its end, and is not due.
 */
static bool send_fragments(const struct packet *p, bool whole)
{
	size_t from[64], len[64], at = 0;
	static uint16_t id;
	bool backwards = one_in(4);
	int n = 0, i;

	id = id % 65535 + 1;
	while (at < p->len) {
		size_t most = p->len > PLAIN_MAX ? MTU / 8 : 1 + random_below(20);

		from[n] = at;
		len[n] = most * 8 < p->len - at && n < 63 ? most * 8 : p->len - at;
		if (len[n] > MTU)
			len[n] = MTU;
		at += len[n++];
	}
	/* All in one batch: what waits for the next one may come too late to be put together. */
	if (raw.count + n > BATCH)
		batch_flush(&raw);
	for (i = 0; i < n; i++) {
		int k = backwards ? n - 1 - i : i;

		if (!whole && k == n - 1)
			continue;
		send_raw(p->data + from[k], len[k], local.sin_addr, id,
			 from[k] / 8 | (k < n - 1 ? IP_MF : 0), 0);
	}
	return whole;
}

/* Does the kernel's GRE layer hand it to the module? */
static bool due(const struct packet *p)
{
	return p->len >= GRE_MIN && (p->data[1] & 0x7f) == 1;
}

/* Returns whether the module must see it. */
static bool packet_send(const struct packet *p)
{
	struct in_addr other;

	if (p->len > PLAIN_MAX || (p->len > 16 && one_in(16)))
		return send_fragments(p, !one_in(512)) && due(p);
	if (one_in(64)) {
		send_raw(p->data, p->len, local.sin_addr, 0, 0, 4 * random_below(11));
	} else if (one_in(64)) { /* somebody else, with our Call ID */
		other.s_addr = htonl(ntohl(local.sin_addr.s_addr) ^ (1 + random_below(31)) << 3);
		send_raw(p->data, p->len, other, 0, 0, 0);
	} else {
		memcpy(batch_add(&plain, p->len), p->data, p->len);
	}
	return due(p);
}

/* ---- Making packets ---- */

static void put16(struct packet *p, unsigned int at, uint16_t value)
{
	p->data[at] = value >> 8;
	p->data[at + 1] = value;
}

static void put32(struct packet *p, unsigned int at, uint32_t value)
{
	put16(p, at, value >> 16);
	put16(p, at + 2, value);
}

/* A number where something may turn: close to @near, to zero, to half the way round. */
static uint32_t edge(uint32_t near)
{
	static const uint32_t edges[] = {
		0,	    1,		63,	    64,		65,	    511,
		512,	    513,	65535,	    65536,	0x3fffffff, 0x40000000,
		0x7fffffff, 0x80000000, 0x80000001, 0xffffffff,
	};
	uint32_t by = edges[random_below(sizeof(edges) / sizeof(edges[0]))];

	switch (random_below(4)) {
	case 0:
		return by;
	case 1:
		return near + by;
	case 2:
		return near - by;
	default:
		return random_u64() >> 32;
	}
}

/* The sequence number: the next, a little off, or anything. */
static uint32_t sequence(struct call *call)
{
	uint32_t seq = call->seq;

	switch (random_below(8)) {
	case 0:
		return seq - random_below(80);
	case 1:
		return seq + random_below(one_in(16) ? 600 : 40);
	case 2:
		return call->seq += 1 + random_below(4); /* a loss */
	case 3:
		return edge(seq);
	case 4: /* the peer starts anew; what follows agrees with it */
		if (one_in(4096))
			call->seq = edge(seq);
		return call->seq++;
	default:
		return call->seq++;
	}
}

static size_t payload_length(void)
{
	switch (random_below(16)) {
	case 0:
		return 0;
	case 1:
		return 1 + random_below(4);
	case 2:
		return random_below(PLAIN_MAX - GRE_LEN);
	case 3:
		return one_in(256) ? random_below(WHOLE_MAX) : 64;
	default:
		return 4 + random_below(60);
	}
}

/* A PPP frame, or the beginning of one. */
static void payload(uint8_t *where, size_t len)
{
	static const uint8_t starts[][6] = {
		{ 0xff, 0x03, 0xc0, 0x21, 1, 1 },    { 0xc0, 0x21, 9, 1, 0, 4 },
		{ 0x00, 0x21, 0x45, 0, 0, 20 },	     { 0x21, 0x45, 0, 0, 20, 0 },
		{ 0xff, 0x03, 0x00, 0xfd, 0x90, 0 }, { 0x80, 0xfd, 5, 1, 0, 4 },
		{ 0x00, 0x3d, 0xc0, 0, 0, 1 },	     { 0xff, 0x03, 0xff, 0x03, 0, 0 },
	};

	random_fill(where, len < 64 ? len : 64);
	if (!one_in(4))
		memcpy(where, starts[random_below(8)], len < 6 ? len : 6);
}

/* As RFC 2637 section 4.1 has it: data, data with acknowledgment, or that alone. */
static void valid(struct packet *p)
{
	struct call *call = &calls[random_below(call_count)];
	unsigned int at = 8, kind = random_below(4);
	bool data = kind != 0, ack = kind <= 1;
	size_t len = data ? payload_length() : 0;

	put16(p, 0, FIXED | (data ? S_BIT : 0) | (ack ? A_BIT : 0));
	put16(p, 2, 0x880b);
	put16(p, 4, len);
	put16(p, 6, one_in(32) ? random_u64() >> 48 : call->id);
	if (data) {
		put32(p, at, sequence(call));
		at += 4;
	}
	if (ack) {
		put32(p, at, edge(0));
		at += 4;
	}
	payload(p->data + at, len);
	p->len = at + len;
}

static void mutate(struct packet *p)
{
	size_t i;

	switch (random_below(6)) {
	case 0: /* flags and version */
		put16(p, 0, one_in(2) ? random_u64() >> 48 : FIXED | 1U << random_below(16));
		break;
	case 1: /* stated length */
		put16(p, 4, one_in(2) ? random_u64() >> 48 : p->len - 12 - random_below(8));
		break;
	case 2: /* cut off, or padded */
		if (one_in(4) && p->len < PLAIN_MAX - 64)
			p->len += random_below(64);
		else
			p->len = random_below(p->len + 1);
		break;
	case 3: /* some bits */
		for (i = 0; i <= random_below(4); i++)
			p->data[random_below(p->len)] ^= 1U << random_below(8);
		break;
	case 4: /* protocol type */
		put16(p, 2, random_u64() >> 48);
		break;
	default: /* nothing of it */
		p->len = random_below(64);
		random_fill(p->data, p->len);
	}
}

int main(int argc, char **argv)
{
	unsigned long long count, sent, due_count = 0, seed;
	static struct packet p;
	int i;

	if (argc < 6 || argc - 5 > CALLS_MAX || !inet_aton(argv[1], &local.sin_addr) ||
	    !inet_aton(argv[2], &peer.sin_addr)) {
		fprintf(stderr, "usage: gre-fuzz LOCAL PEER COUNT SEED CALL-ID...\n");
		return 2;
	}
	count = strtoull(argv[3], NULL, 0);
	seed = strtoull(argv[4], NULL, 0);
	random_seed(seed);
	for (i = 5; i < argc; i++)
		calls[call_count++] = (struct call){
			.id = strtoul(argv[i], NULL, 0),
			.seq = random_u64() >> 32,
		};

	batch_open(&plain, false);
	batch_open(&raw, true);
	for (sent = 0; sent < count; sent++) {
		valid(&p);
		if (one_in(3))
			mutate(&p);
		due_count += packet_send(&p);
	}
	batch_flush(&plain);
	batch_flush(&raw);
	printf("{\"seed\":%llu,\"sent\":%llu,\"due\":%llu}\n", seed, sent, due_count);
	return 0;
}
