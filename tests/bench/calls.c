// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many calls, straight from the kernel.
 *
 * usage: calls LOCAL FIRST-PEER COUNT
 *
 * Makes COUNT calls, eight to a peer, and prints "up"; when a line is read from
 * standard input, deletes them and ends. Both ways a line "new N US" or "del N
 * US" tells the microseconds that each thousand calls took.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "nl.h"

#define PER_PEER 8
#define LOT	 1000

static struct in_addr local;
static in_addr_t first;

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static struct in_addr peer_of(unsigned int i)
{
	return (struct in_addr){ htonl(first + i / PER_PEER) };
}

static uint16_t id_of(unsigned int i)
{
	return i % PER_PEER + 1;
}

static void make(struct kpptp_nl *nl, unsigned int i)
{
	const struct kpptp_call_conf conf = {
		.present = KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(ID) | KPPTP_HAS(PEER_ID) |
			   KPPTP_HAS(OWNED),
		.local = local,
		.peer = peer_of(i),
		.id = id_of(i),
		.peer_id = id_of(i),
		.owned = true,
	};
	struct kpptp_call_info info = { 0 };
	struct kpptp_error error;

	if (kpptp_nl_call_new(nl, &conf, &info, &error))
		errx(1, "call %u: %s", i, error.text);
}

static void delete (struct kpptp_nl *nl, unsigned int i)
{
	const struct kpptp_call_key key = {
		.local = local,
		.peer = peer_of(i),
		.id = id_of(i),
	};
	struct kpptp_error error;

	if (kpptp_nl_call_del(nl, &key, &error))
		errx(1, "call %u: %s", i, error.text);
}

static void each(struct kpptp_nl *nl, unsigned int count, const char *what,
		 void (*fn)(struct kpptp_nl *, unsigned int))
{
	uint64_t began = now();

	for (unsigned int i = 0; i < count; i++) {
		fn(nl, i);
		if ((i + 1) % LOT)
			continue;
		printf("%s %u %llu\n", what, i + 1, (unsigned long long)(now() - began));
		began = now();
	}
}

int main(int argc, char **argv)
{
	struct kpptp_error error;
	struct kpptp_nl *nl;
	struct in_addr peer;
	unsigned int count;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &local) != 1 ||
	    inet_pton(AF_INET, argv[2], &peer) != 1)
		errx(2, "arguments are LOCAL FIRST-PEER COUNT");
	first = ntohl(peer.s_addr);
	count = strtoul(argv[3], NULL, 10);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (kpptp_nl_open(&nl, &error))
		errx(1, "%s", error.text);
	each(nl, count, "new", make);
	puts("up");
	getchar();
	each(nl, count, "del", delete);
	kpptp_nl_close(nl);
	return 0;
}
