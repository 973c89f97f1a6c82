// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random requests to the kernel's family, from many sockets.
 *
 * usage: netlink-fuzz COUNT SEED [churn]
 *
 * Requests are valid ones with values from a small world, so that they meet each
 * other's calls; some of them are spoilt afterwards, from a single bit to the
 * whole. Sockets own calls, listen, start dumps, and are closed at any time.
 * Every answer has to be one that a user could make sense of; after the last
 * request all calls can be found and deleted.
 *
 * "churn" only makes valid requests, leaves the namespace's other calls alone,
 * and does not mind the module's being unloaded.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>

#include "netlink.h"
#include "random.h"

#define SOCKETS	    32
#define SWEEP_EVERY 20000 /* requests, so that calls do not pile up */
#define ERRNO_MAX   160

/* What a request may be refused with. */
static const int refusals[] = {
	EINVAL, ERANGE, EOPNOTSUPP, EEXIST,
	ENOENT, EBUSY,	ENOSPC,	    ENODEV, /* a device that is not there */
	EBADF, /* a descriptor that is none */
	EPERM, /* calls of another network namespace */
};

static int sockets[SOCKETS];
static uint16_t family;
static uint32_t group;
static bool churn;
static unsigned long long answers[ERRNO_MAX], unanswered;

static void die(const struct request *r, const char *what)
{
	size_t i;

	fprintf(stderr, "netlink-fuzz: %s; the request was:", what);
	for (i = 0; r && i < r->len && i < 512; i++)
		fprintf(stderr, "%s%02x", i % 4 ? "" : " ", r->octets[i]);
	fprintf(stderr, "\n");
	exit(1);
}

static void reopen(int *fd)
{
	if (*fd > 0)
		close(*fd);
	*fd = netlink_open();
	if (one_in(4))
		group_join(*fd, group);
}

/* ---- Requests as they should be ---- */

static uint32_t address(void)
{
	/* Churn has a network of its own. */
	uint32_t net = churn ? 0xc6336400 : 0xc0000200;

	return htonl(net + 1 + random_below(3));
}

static void attribute(struct request *r, uint16_t type)
{
	switch (type) {
	case KPPTP_A_CALL_LOCAL:
	case KPPTP_A_CALL_PEER:
		request_u32(r, type, address());
		break;
	case KPPTP_A_CALL_OWNED:
		request_put(r, type, NULL, 0);
		break;
	case KPPTP_A_CALL_ID:
		request_u16(r, type, 1 + random_below(64));
		break;
	case KPPTP_A_CALL_PEER_ID:
	case KPPTP_A_CALL_PEER_PPD:
		request_u16(r, type, random_u64() >> 48);
		break;
	case KPPTP_A_CALL_WINDOW:
	case KPPTP_A_CALL_PEER_WINDOW:
		request_u16(r, type, 1 + random_below(65535));
		break;
	case KPPTP_A_CALL_FLOW_CONTROL:
		request_u32(r, type, random_below(3));
		break;
	case KPPTP_A_CALL_ACK_DELAY:
		request_u32(r, type, random_below(500001));
		break;
	case KPPTP_A_CALL_REORDER_TIME:
		request_u32(r, type, random_below(1000001));
		break;
	case KPPTP_A_CALL_REORDER_PACKETS:
		request_u32(r, type, random_below(32768));
		break;
	}
}

/* Limits of the namespace; a low one makes creation fail, which is ENOSPC. */
static void limits(struct request *r)
{
	uint64_t held = random_below(1 << 22);

	request_start(r, family, KPPTP_CMD_NET_SET, NLM_F_ACK);
	if (one_in(2))
		request_put(r, KPPTP_A_NET_HELD_LIMIT, &held, sizeof(held));
	else
		held = 0;
	if (!held || one_in(2))
		request_u32(r, KPPTP_A_NET_CALL_LIMIT, one_in(8) ? random_below(64) : UINT32_MAX);
}

static void key(struct request *r, bool id)
{
	attribute(r, KPPTP_A_CALL_LOCAL);
	attribute(r, KPPTP_A_CALL_PEER);
	if (id)
		attribute(r, KPPTP_A_CALL_ID);
}

static void some(struct request *r, const uint16_t *types, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (one_in(3))
			attribute(r, types[i]);
	}
}

static void valid(struct request *r)
{
	static const uint16_t conf[] = {
		KPPTP_A_CALL_PEER_ID,	      KPPTP_A_CALL_PEER_WINDOW, KPPTP_A_CALL_PEER_PPD,
		KPPTP_A_CALL_FLOW_CONTROL,    KPPTP_A_CALL_ACK_DELAY,	KPPTP_A_CALL_REORDER_TIME,
		KPPTP_A_CALL_REORDER_PACKETS, /* only when a call is made: */
		KPPTP_A_CALL_WINDOW,	      KPPTP_A_CALL_OWNED,
	};

	switch (random_below(8)) {
	case 0:
	case 1:
		request_start(r, family, KPPTP_CMD_CALL_NEW, NLM_F_ACK);
		key(r, !one_in(8));
		some(r, conf, 9);
		break;
	case 2:
	case 3:
		request_start(r, family, KPPTP_CMD_CALL_SET, NLM_F_ACK);
		key(r, true);
		some(r, conf, 7);
		break;
	case 4:
	case 5:
		request_start(r, family, KPPTP_CMD_CALL_DEL, NLM_F_ACK);
		key(r, true);
		break;
	case 6:
		request_start(r, family, KPPTP_CMD_CALL_GET, NLM_F_ACK);
		key(r, true);
		break;
	default:
		if (one_in(8))
			request_start(r, family, KPPTP_CMD_CALL_GET, NLM_F_ACK | NLM_F_DUMP);
		else if (!churn && one_in(4))
			limits(r);
		else
			request_start(r, family, KPPTP_CMD_NET_GET, NLM_F_ACK);
	}
}

/* ---- ... and as they should not ---- */

static struct nlattr *some_attr(struct request *r)
{
	size_t at = NLMSG_HDRLEN + GENL_HDRLEN;
	unsigned int skip = random_below(8);
	struct nlattr *attr = NULL;

	while (at + NLA_HDRLEN <= r->len) {
		attr = (struct nlattr *)(r->octets + at);
		if (!skip--)
			break;
		at += NLA_ALIGN(attr->nla_len);
	}
	return attr;
}

static void nest(struct request *r)
{
	size_t at[16], depth = 1 + random_below(16), i;

	for (i = 0; i < depth; i++) {
		at[i] = r->len;
		if (!request_attr(r, random_below(20) | NLA_F_NESTED, 0))
			return;
	}
	attribute(r, KPPTP_A_CALL_ID);
	while (i--)
		((struct nlattr *)(r->octets + at[i]))->nla_len = r->len - at[i];
}

static void spoil(struct request *r)
{
	struct nlattr *attr = some_attr(r);
	void *where;
	size_t len, i;

	switch (random_below(10)) {
	case 0: /* some bits, the message's own length and type excepted */
		for (i = 0; i <= random_below(4); i++)
			r->octets[6 + random_below(r->len - 6)] ^= 1U << random_below(8);
		break;
	case 1: /* an attribute's length */
		if (attr)
			attr->nla_len = one_in(2) ? random_below(12) : random_u64() >> 48;
		break;
	case 2: /* its type, with or without the flags */
		if (attr)
			attr->nla_type = one_in(2) ? random_below(24) : random_u64() >> 48;
		break;
	case 3: /* its value */
		if (attr && attr->nla_len > NLA_HDRLEN && attr->nla_len <= 8)
			memset(attr + 1, one_in(2) ? 0 : 0xff, attr->nla_len - NLA_HDRLEN);
		break;
	case 4: /* another, of any size */
		len = one_in(8) ? random_below(3000) : random_below(16);
		where = request_attr(r, random_below(24), len);
		if (where)
			random_fill(where, len);
		break;
	case 5: /* twice */
		for (i = 0; i <= random_below(4); i++)
			attribute(r, 1 + random_below(14));
		break;
	case 6:
		nest(r);
		break;
	case 7: /* operation and version */
		r->octets[NLMSG_HDRLEN] = random_u64() >> 56;
		r->octets[NLMSG_HDRLEN + 1] = one_in(4) ? random_u64() >> 56 : 1;
		break;
	case 8: /* flags */
		r->head.nlmsg_flags |= random_u64() >> 48;
		break;
	default: /* the message's length; or cut off */
		if (one_in(2))
			r->head.nlmsg_len = random_below(2 * r->len);
		else
			r->head.nlmsg_len = r->len =
				NLMSG_HDRLEN + random_below(r->len - NLMSG_HDRLEN);
	}
}

/* ---- Answers ---- */

static bool sensible(int error)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (error == refusals[i])
			return true;
	}
	return !error;
}

static void judge(const struct request *r, const struct answer *a, bool whole)
{
	const uint16_t *id = answer_attr(a, KPPTP_A_CALL_ID);
	char text[64];

	if (a->lost && a->lost != ENOBUFS)
		die(r, strerror(a->lost));
	if (!a->any) {
		unanswered++;
		if (whole && !a->lost)
			die(r, "no answer to a valid request");
		return;
	}
	if (-a->error < 0 || -a->error >= ERRNO_MAX || !sensible(-a->error)) {
		snprintf(text, sizeof(text), "the answer is %d", a->error);
		die(r, text);
	}
	answers[-a->error]++;
	if (whole && !a->error && r->octets[NLMSG_HDRLEN] == KPPTP_CMD_CALL_NEW &&
	    (!a->messages || !id || !*id || !answer_attr(a, KPPTP_A_CALL_CHANNEL)))
		die(r, "a call was made, and the answer does not name it");
}

/* ---- All calls, by a dump ---- */

/* Delete what a dump shows, while it does. Returns how many calls that were. */
static unsigned int sweep_once(int fd)
{
	static uint8_t buffer[65536];
	unsigned int found = 0;
	struct request r;
	bool more = true;
	int other = netlink_open();

	request_start(&r, family, KPPTP_CMD_CALL_GET, NLM_F_DUMP);
	if (request_send(fd, &r))
		die(&r, "the dump was refused");
	while (more) {
		ssize_t len = recv(fd, buffer, sizeof(buffer), 0);
		struct nlmsghdr *head = (struct nlmsghdr *)buffer;

		if (len < 0)
			die(&r, strerror(errno));
		for (; NLMSG_OK(head, len); head = NLMSG_NEXT(head, len)) {
			static struct answer a;

			if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR) {
				more = false;
				break;
			}
			found++;
			a.messages = 1;
			memcpy(a.octets, head, head->nlmsg_len);
			request_start(&r, family, KPPTP_CMD_CALL_DEL, NLM_F_ACK);
			request_put(&r, KPPTP_A_CALL_ID, answer_attr(&a, KPPTP_A_CALL_ID), 2);
			request_put(&r, KPPTP_A_CALL_LOCAL, answer_attr(&a, KPPTP_A_CALL_LOCAL), 4);
			request_put(&r, KPPTP_A_CALL_PEER, answer_attr(&a, KPPTP_A_CALL_PEER), 4);
			request_send(other, &r);
			answer_read(other, &a);
			/* Its owner may just be going. */
			if (!a.any || (a.error && a.error != -ENOENT))
				die(&r, "a call that was shown cannot be deleted");
		}
	}
	close(other);
	return found;
}

static unsigned int sweep(void)
{
	int fd = netlink_open(), i;
	unsigned int found;

	found = sweep_once(fd);
	/* The last of the owners may be dying still: the dump would show theirs too. */
	for (i = 0; i < 500 && calls_count(fd, family); i++)
		usleep(10000);
	if (calls_count(fd, family))
		die(NULL, "calls are left that the dump did not show");
	close(fd);
	return found;
}

/* ---- */

/* In churn the module comes and goes, and its number may change. */
static bool find_family(void)
{
	int fd = netlink_open();

	do {
		family = family_find(fd, &group);
	} while (!family && churn && !usleep(10000));
	close(fd);
	return family;
}

static void one_request(void)
{
	int *fd = &sockets[random_below(SOCKETS)];
	bool whole = churn || one_in(3);
	static struct answer a;
	struct request r;
	int err;

	if (one_in(50))
		reopen(fd);
	valid(&r);
	if (!whole)
		spoil(&r);
	err = request_send(*fd, &r);
	if (err && err != ENOBUFS && (whole || err != EINVAL))
		die(&r, strerror(err));
	if (one_in(20)) /* leave the answer there, and maybe a dump half read */
		return;
	answer_read(*fd, &a);
	if (!churn)
		judge(&r, &a, whole);
	else if (a.error == -ENOENT)
		find_family();
}

int main(int argc, char **argv)
{
	unsigned long long count, seed, i, found = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: netlink-fuzz COUNT SEED [churn]\n");
		return 2;
	}
	count = strtoull(argv[1], NULL, 0);
	seed = strtoull(argv[2], NULL, 0);
	churn = argc > 3;
	random_seed(seed);
	if (!find_family())
		die(NULL, "the module is not loaded");
	for (i = 0; i < SOCKETS; i++)
		reopen(&sockets[i]);

	for (i = 1; i <= count; i++) {
		one_request();
		if (!churn && i % SWEEP_EVERY == 0)
			found += sweep();
	}
	for (i = 0; i < SOCKETS; i++)
		close(sockets[i]);
	if (!churn)
		found += sweep();

	printf("{\"seed\":%llu,\"requests\":%llu,\"swept\":%llu,\"unanswered\":"
	       "%llu",
	       seed, count, found, unanswered);
	for (i = 0; i < ERRNO_MAX; i++) {
		if (answers[i])
			printf(",\"%s\":%llu", i ? strerrorname_np(i) : "ok", answers[i]);
	}
	printf("}\n");
	return 0;
}
