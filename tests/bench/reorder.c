// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A peer whose packets come in a bad order: the time that the receiver takes for
 * one more, when so many are held already.
 *
 * usage: reorder FROM TO CALL-ID BALLAST-ID STRANGER-ID HELD ORDER
 *
 * ORDER is ascending, descending or random. Each round leaves one packet out,
 * sends HELD behind it in that order, then the one left out. Prints nanoseconds
 * for each of the last SAMPLE of a round, the median of the rounds, without what
 * the same packets cost that are for no call (STRANGER-ID): the way there.
 *
 * The kernel takes memory for a packet that is kept from elsewhere than for one
 * that goes at once. So that this is the same whatever HELD is, another call
 * (BALLAST-ID) holds what is missing to MOST.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define ROUNDS 21
#define SAMPLE 8
#define MOST   2048

static int raw;
static struct sockaddr_in to = { .sin_family = AF_INET };

static void nap(long ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void put(uint16_t id, uint32_t seq)
{
	uint8_t packet[12 + 64] = { 0x30, 0x01, 0x88, 0x0b, 0, 64 };
	uint16_t key = htons(id);
	uint32_t number = htonl(seq);

	memcpy(packet + 6, &key, sizeof(key));
	memcpy(packet + 8, &number, sizeof(number));
	/* A frame that PPP has no interface for. */
	memcpy(packet + 12, "\xff\x03\xc2\x23", 4);
	if (sendto(raw, packet, sizeof(packet), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		err(1, "sendto");
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void arrange(uint32_t *order, unsigned int n, const char *how)
{
	unsigned int i, other;
	uint32_t swap;

	for (i = 0; i < n; i++)
		order[i] = how[0] == 'd' ? n - 1 - i : i;
	for (i = n - 1; how[0] == 'r' && i > 0; i--) {
		other = random() % (i + 1);
		swap = order[i], order[i] = order[other], order[other] = swap;
	}
}

/* Send SAMPLE packets from @order on, numbered from @base. Returns the time. */
static uint64_t sample(uint16_t id, uint32_t base, const uint32_t *order)
{
	uint64_t start = now();
	int i;

	for (i = 0; i < SAMPLE; i++)
		put(id, base + order[i]);
	return now() - start;
}

/* One packet comes 0.7 s late: from now on the receiver waits a little longer. */
static void teach(uint16_t id, uint16_t other)
{
	put(id, 0), put(other, 0);
	put(id, 2), put(other, 2);
	nap(700);
	put(id, 1), put(other, 1);
}

int main(int argc, char *argv[])
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	uint64_t ours[ROUNDS], strangers[ROUNDS];
	unsigned int held, i, round;
	uint32_t order[MOST], seq, other;
	uint16_t id, ballast, stranger;

	if (argc != 8 || !inet_aton(argv[1], &from.sin_addr) || !inet_aton(argv[2], &to.sin_addr))
		errx(2, "usage: reorder FROM TO CALL-ID BALLAST-ID STRANGER-ID HELD ORDER");
	id = atoi(argv[3]), ballast = atoi(argv[4]), stranger = atoi(argv[5]);
	held = atoi(argv[6]);
	if (held < 2 * SAMPLE || held > MOST)
		errx(2, "HELD is %u; expected %u to %u", held, 2 * SAMPLE, MOST);
	raw = socket(AF_INET, SOCK_RAW, IPPROTO_GRE);
	if (raw < 0 || bind(raw, (struct sockaddr *)&from, sizeof(from)))
		err(1, "raw socket");

	teach(id, ballast);
	for (round = 0, seq = other = 3; round < ROUNDS; round++) {
		for (i = held; i < MOST; i++)
			put(ballast, other + 1 + i - held);
		arrange(order, held, argv[7]);
		for (i = 0; i < held - SAMPLE; i++)
			put(id, seq + 1 + order[i]);
		nap(1);
		ours[round] = sample(id, seq + 1, order + held - SAMPLE);
		nap(1);
		strangers[round] = sample(stranger, seq + 1, order + held - SAMPLE);
		put(id, seq);
		put(ballast, other);
		nap(20);
		seq += held + 1, other += MOST - held + 1;
	}
	qsort(ours, ROUNDS, sizeof(*ours), compare);
	qsort(strangers, ROUNDS, sizeof(*strangers), compare);
	printf("%lld\n", (long long)(ours[ROUNDS / 2] - strangers[ROUNDS / 2]) / SAMPLE);
	return 0;
}
