// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Let each allocation of each netlink request fail once.
 *
 * usage: netlink-fail
 *
 * For a kernel with failslab and fail-nth, set to fail allocations that may
 * sleep. A request that is refused has done nothing, and one that is not has
 * done all of it: whichever allocation failed.
 */
#include <arpa/inet.h>
#include <fcntl.h>

#include "netlink.h"

#define NTH_MAX 2000

enum effect { NOTHING = 0, MAKES = 1, DELETES = -1 };

static const struct trial {
	const char *name;
	uint8_t cmd;
	uint16_t flags;
	enum effect effect;
	bool key; /* addresses */
	bool id; /* and a Call ID */
	bool owned;
	bool exists; /* a call is there before */
} trials[] = {
	{ "call-new", KPPTP_CMD_CALL_NEW, 0, MAKES, true, true, false, false },
	{ "call-new owned", KPPTP_CMD_CALL_NEW, 0, MAKES, true, true, true, false },
	{ "call-new with any id", KPPTP_CMD_CALL_NEW, 0, MAKES, true, false, false, true },
	{ "call-set", KPPTP_CMD_CALL_SET, 0, NOTHING, true, true, false, true },
	{ "call-get", KPPTP_CMD_CALL_GET, 0, NOTHING, true, true, false, true },
	{ "call-get of all", KPPTP_CMD_CALL_GET, NLM_F_DUMP, NOTHING, false, false, false, true },
	{ "call-del", KPPTP_CMD_CALL_DEL, 0, DELETES, true, true, false, true },
	{ "net-get", KPPTP_CMD_NET_GET, 0, NOTHING, false, false, false, true },
};

static uint16_t family;
static int fail_fd, listener, observer;

static void die(const char *what)
{
	fprintf(stderr, "netlink-fail: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Let the @nth allocation of this task from now on fail; 0: none. */
static void fail_set(int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fail_fd, text, len, 0) != len)
		die("fail-nth");
}

/* How many allocations are left before the one that fails; 0: it has. */
static int fail_left(void)
{
	char text[16] = "";

	if (pread(fail_fd, text, sizeof(text) - 1, 0) <= 0)
		die("fail-nth");
	return atoi(text);
}

static void build(struct request *r, const struct trial *t)
{
	request_start(r, family, t->cmd, NLM_F_ACK | t->flags);
	if (t->key) {
		request_u32(r, KPPTP_A_CALL_LOCAL, inet_addr("192.0.2.1"));
		request_u32(r, KPPTP_A_CALL_PEER, inet_addr("192.0.2.2"));
	}
	if (t->id)
		request_u16(r, KPPTP_A_CALL_ID, 1);
	if (t->owned)
		request_put(r, KPPTP_A_CALL_OWNED, NULL, 0);
}

/* Nobody's calls but ours are here: go on until there are none. */
static void clear(int fd)
{
	static struct answer a;
	struct request r;
	const void *id;

	while (calls_count(observer, family)) {
		request_start(&r, family, KPPTP_CMD_CALL_GET, NLM_F_DUMP);
		request_send(fd, &r);
		answer_read(fd, &a);
		id = answer_attr(&a, KPPTP_A_CALL_ID);
		if (!id)
			die("a call is counted that a dump does not show");
		build(&r, &(struct trial){ .cmd = KPPTP_CMD_CALL_DEL, .key = true });
		request_put(&r, KPPTP_A_CALL_ID, id, 2);
		request_send(fd, &r);
		answer_read(fd, &a);
	}
}

/* One request with one failure. Returns false when it has not come to it. */
static bool try(const struct trial *t, int nth, unsigned int *refused)
{
	static struct answer a, heard;
	int fd = netlink_open(), before, after, err, left;
	struct request r;

	if (t->exists) {
		build(&r, &trials[0]);
		request_send(fd, &r);
		answer_read(fd, &a);
	}
	before = calls_count(observer, family);
	build(&r, t);
	fail_set(nth);
	err = request_send(fd, &r);
	left = fail_left();
	fail_set(0);
	answer_read(fd, &a);
	answer_read(listener, &heard);

	after = calls_count(observer, family);
	if (err || a.error) {
		++*refused;
		err = err ?: -a.error;
		if (err != ENOMEM && err != ENOBUFS) {
			fprintf(stderr, "netlink-fail: %s, allocation %d: %s\n", t->name, nth,
				strerror(err));
			exit(1);
		}
	}
	/* Whether it was done is unknown to who got no answer, as with any netlink request. */
	if ((a.any || err) && after != before + (err ? 0 : (int)t->effect)) {
		fprintf(stderr,
			"netlink-fail: %s, allocation %d: %s, but there were "
			"%d calls and are %d\n",
			t->name, nth, err ? "refused" : "done", before, after);
		exit(1);
	}
	clear(fd);
	close(fd);
	return !left;
}

int main(void)
{
	const struct trial *t;
	uint32_t group;

	observer = netlink_open();
	family = family_find(observer, &group);
	if (!family)
		die("the module is not loaded");
	listener = netlink_open();
	group_join(listener, group);
	fail_fd = open("/proc/self/fail-nth", O_RDWR);
	if (fail_fd < 0)
		die("/proc/self/fail-nth");

	for (t = trials; t < trials + sizeof(trials) / sizeof(trials[0]); t++) {
		unsigned int refused = 0;
		int nth = 1;

		while (nth < NTH_MAX && try(t, nth, &refused))
			nth++;
		printf("%s: %d allocations, %u refusals\n", t->name, nth - 1, refused);
		if (nth < 2 || nth == NTH_MAX || !refused)
			die("no allocation fails as it should");
	}
	return 0;
}
