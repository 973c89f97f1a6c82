// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests to a real kernel, to its family "nlctrl": replies, dumps and errors without
 * our module.
 */

#include <errno.h>
#include <string.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "nl.h"
#include "nl_exchange.h"
#include "unit.h"

#define NO_FAMILY "kpptp-no-such"

static struct nl_sock *sk;

static int open_socket(void **state)
{
	struct kpptp_error error;

	(void)state;
	return kpptp_nl_connect(&sk, &error);
}

static int close_socket(void **state)
{
	(void)state;
	nl_socket_free(sk);
	return 0;
}

static struct nl_msg *new_request(uint16_t type, uint8_t cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(msg);
	assert_non_null(genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, type, 0, flags, cmd, 1));
	return msg;
}

static int count(struct nlmsghdr *nlh, void *ctx)
{
	(void)nlh;
	++*(int *)ctx;
	return 0;
}

static int refuse(struct nlmsghdr *nlh, void *ctx)
{
	count(nlh, ctx);
	return 42;
}

static int get_family(const char *name, int *replies, struct kpptp_error *error)
{
	struct kpptp_exchange exchange = {
		.request = new_request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0),
		.subject = "family",
		.reply = count,
		.ctx = replies,
		.wants_reply = true,
	};
	int err;

	nla_put_string(exchange.request, CTRL_ATTR_FAMILY_NAME, name);
	err = kpptp_nl_exchange(sk, &exchange, error);
	nlmsg_free(exchange.request);
	return err;
}

/* A refusal must leave the socket fit for the next request. */
static void test_reply_and_refusal(void **state)
{
	struct kpptp_error error;
	int replies = 0, i;

	(void)state;
	for (i = 1; i <= 3; i++) {
		assert_int_equal(get_family(NO_FAMILY, &replies, &error), -ENOENT);
		assert_string_equal(error.text, "family: No such file or directory");
		assert_int_equal(get_family("nlctrl", &replies, &error), 0);
		assert_int_equal(replies, i);
	}
}

/*
 * The kernel's own words, and the attribute that they are about: number 2 is
 * the name of a family here, and our table has "id" for it.
 */
static void test_extack(void **state)
{
	struct kpptp_error error;
	int replies = 0;

	(void)state;
	assert_int_equal(CTRL_ATTR_FAMILY_NAME, KPPTP_A_CALL_ID);
	assert_int_not_equal(get_family("a-name-that-is-far-too-long", &replies, &error), 0);
	assert_non_null(strstr(error.text, "family: Attribute "));
	assert_non_null(strstr(error.text, " (id)"));
	assert_int_equal(replies, 0);
}

static int dump_families(int (*reply)(struct nlmsghdr *nlh, void *ctx), int *replies)
{
	struct kpptp_exchange exchange = {
		.request = new_request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_DUMP),
		.subject = "families",
		.reply = reply,
		.ctx = replies,
	};
	struct kpptp_error error;
	int err;

	err = kpptp_nl_exchange(sk, &exchange, &error);
	nlmsg_free(exchange.request);
	return err;
}

/* A dump that the caller aborts is still read to its end. */
static void test_dump(void **state)
{
	struct kpptp_error error;
	int replies = 0;

	(void)state;
	assert_int_equal(dump_families(count, &replies), 0);
	assert_true(replies >= 1);
	replies = 0;
	assert_int_equal(dump_families(refuse, &replies), 42);
	assert_int_equal(replies, 1);
	replies = 0;
	assert_int_equal(get_family("nlctrl", &replies, &error), 0);
	assert_int_equal(replies, 1);
}

/* A stale family ID fails like that of an unloaded module. */
static void test_stale_family(void **state)
{
	struct kpptp_exchange exchange = {
		.request = new_request(GENL_MAX_ID, KPPTP_CMD_NET_GET, 0),
		.subject = "counters",
		.wants_reply = true,
	};
	struct kpptp_error error;

	(void)state;
	assert_int_equal(kpptp_nl_exchange(sk, &exchange, &error), -ENOENT);
	assert_string_equal(exchange.extack.text, "");
	nlmsg_free(exchange.request);
}

static void test_module_not_loaded(void **state)
{
	struct kpptp_error error;
	struct kpptp_nl *nl;
	int replies = 0;

	(void)state;
	if (!get_family(KPPTP_FAMILY_NAME, &replies, &error))
		skip();
	assert_int_equal(kpptp_nl_open(&nl, &error), -EPROTONOSUPPORT);
	assert_non_null(strstr(error.text, "modprobe kpptp"));
}

static void test_errno(void **state)
{
	(void)state;
	assert_int_equal(kpptp_nl_errno(-NLE_PERM), EPERM);
	assert_int_equal(kpptp_nl_errno(NLE_OBJ_NOTFOUND), ENOENT);
	assert_int_equal(kpptp_nl_errno(-NLE_DUMP_INTR), EIO);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reply_and_refusal),
		cmocka_unit_test(test_extack),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_stale_family),
		cmocka_unit_test(test_module_not_loaded),
		cmocka_unit_test(test_errno),
	};

	return cmocka_run_group_tests_name("nl_exchange", tests, open_socket, close_socket);
}
