// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests over generic netlink: what is refused, with which error and reason, and
 * what closing an owner does. They come from a kernel socket, and take the same path
 * as all others.
 */
#include <linux/file.h>
#include <linux/net.h>
#include <net/sock.h>

#include "call_kunit.h"

/* ---- A client ---- */

/**
 * struct client - a netlink socket and the last answer to it
 * @sock: with a file, whose opener is the requester
 * @seq: sequence number of the last request
 * @err: its result
 * @why: the reason given, or ""
 * @id: Call ID of the reply, or 0
 */
struct client {
	struct socket *sock;
	u32 seq;
	int err;
	char why[160];
	u16 id;
};

static struct client *client(struct kunit *test, struct net *net)
{
	struct client *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	int option, one = 1;

	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_EQ(test,
			sock_create_kern(net, AF_NETLINK, SOCK_RAW, NETLINK_GENERIC, &c->sock), 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(sock_alloc_file(c->sock, 0, NULL)));
	for (option = NETLINK_CAP_ACK; option <= NETLINK_EXT_ACK; option++)
		KUNIT_ASSERT_EQ(test,
				c->sock->ops->setsockopt(c->sock, SOL_NETLINK, option,
							 KERNEL_SOCKPTR(&one), sizeof(one)),
				0);
	return c;
}

static void client_end(struct client *c)
{
	fput(c->sock->file);
}

/* An attribute of a request: a number of @size bytes. A size of 0 ends a list. */
struct attr {
	u16 type;
	u8 size;
	u32 value;
};

#define MOST_ATTRS 5

static struct sk_buff *build(struct kunit *test, u8 cmd, u32 seq, const struct attr *attrs)
{
	struct sk_buff *skb = nlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *header;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	header = genlmsg_put(skb, 0, seq, &kpptp_family, NLM_F_REQUEST | NLM_F_ACK, cmd);
	KUNIT_ASSERT_NOT_NULL(test, header);
	for (i = 0; i < MOST_ATTRS && attrs[i].type; i++) {
		u64 value64 = attrs[i].value;
		u32 value32 = attrs[i].value;
		u16 value16 = attrs[i].value;
		const void *value = &value32;

		if (attrs[i].size == 2)
			value = &value16;
		else if (attrs[i].size == 8)
			value = &value64;
		KUNIT_ASSERT_EQ(test, nla_put(skb, attrs[i].type, attrs[i].size, value), 0);
	}
	genlmsg_end(skb, header);
	return skb;
}

/* Record one message of an answer. Returns whether it is the last. */
static bool note_message(struct client *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	if (nlh->nlmsg_type != NLMSG_ERROR) {
		attr = nlmsg_find_attr(nlh, GENL_HDRLEN, KPPTP_A_CALL_ID);
		c->id = attr ? nla_get_u16(attr) : 0;
		return false;
	}
	c->err = ((struct nlmsgerr *)nlmsg_data(nlh))->error;
	attr = nlmsg_find_attr(nlh, sizeof(struct nlmsgerr), NLMSGERR_ATTR_MSG);
	if (attr && nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		nla_strscpy(c->why, attr, sizeof(c->why));
	return true;
}

/* Send a request, and wait for the end of the answer. */
static int ask(struct kunit *test, struct client *c, u8 cmd, const struct attr *attrs)
{
	struct sk_buff *skb = build(test, cmd, ++c->seq, attrs);
	struct kvec vec = { skb->data, skb->len };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &kernel, .msg_namelen = sizeof(kernel) };
	bool last = false;
	void *buffer;
	int len;

	buffer = kunit_kzalloc(test, SZ_8K, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buffer);
	c->err = 1;
	c->id = 0;
	c->why[0] = 0;
	len = kernel_sendmsg(c->sock, &msg, &vec, 1, skb->len);
	KUNIT_EXPECT_EQ(test, len, (int)skb->len);
	kfree_skb(skb);
	while (!last) {
		struct nlmsghdr *nlh = buffer;

		vec = (struct kvec){ buffer, SZ_8K };
		msg = (struct msghdr){};
		len = kernel_recvmsg(c->sock, &msg, &vec, 1, SZ_8K, MSG_DONTWAIT);
		KUNIT_ASSERT_GT(test, len, 0);
		for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len))
			last = note_message(c, nlh);
	}
	kunit_kfree(test, buffer);
	return c->err;
}

/* ---- What is refused ---- */

/* clang-format off */
#define LOCAL(_address)	 { KPPTP_A_CALL_LOCAL, 4, (__force u32)htonl(_address) }
#define PEER(_address)	 { KPPTP_A_CALL_PEER, 4, (__force u32)htonl(_address) }
#define ID(_id)		 { KPPTP_A_CALL_ID, 2, (_id) }
#define U16(_name, _n)	 { KPPTP_A_CALL_##_name, 2, (_n) }
#define U32(_name, _n)	 { KPPTP_A_CALL_##_name, 4, (_n) }
#define U64(_name, _n)	 { KPPTP_A_CALL_##_name, 8, (_n) }
#define FLAG(_name)	 { KPPTP_A_CALL_##_name, 0, 0 }
#define ADDRESSES	 LOCAL(0x7f000001), PEER(0x7f000002)
#define KEY(_id)	 ADDRESSES, ID(_id)

#define TOO_LONG "time too long: ack-delay is at most 500000 us, reorder-time 1000000 us, ato-min and ato-max 64000000 us"
#define RANGE	 "integer out of range"

struct refusal {
	const char *name;
	u8 cmd;
	struct attr attrs[MOST_ATTRS];
	int err;
	const char *why;
};

/* Call 7 exists, with flow-control adaptive. */
static const struct refusal refusals[] = {
	{ "new: no local", KPPTP_CMD_CALL_NEW, { PEER(0x7f000002) }, -EINVAL, "" },
	{ "new: no peer", KPPTP_CMD_CALL_NEW, { LOCAL(0x7f000001) }, -EINVAL, "" },
	{ "new: id 0", KPPTP_CMD_CALL_NEW, { KEY(0) }, -EINVAL,
	  "id 0 is not for our side of a call: expected 1 to 65535, or none to have one chosen" },
	{ "new: local 0.0.0.0", KPPTP_CMD_CALL_NEW, { LOCAL(0), PEER(0x7f000002) },
	  -EINVAL, "local is no unicast address" },
	{ "new: local multicast", KPPTP_CMD_CALL_NEW,
	  { LOCAL(0xe0000001), PEER(0x7f000002) }, -EINVAL, "local is no unicast address" },
	{ "new: peer 0.0.0.0", KPPTP_CMD_CALL_NEW, { LOCAL(0x7f000001), PEER(0) },
	  -EINVAL, "peer is no unicast address" },
	{ "new: peer broadcast", KPPTP_CMD_CALL_NEW,
	  { LOCAL(0x7f000001), PEER(0xffffffff) }, -EINVAL, "peer is no unicast address" },
	{ "new: taken", KPPTP_CMD_CALL_NEW, { KEY(7) }, -EEXIST,
	  "a call with these addresses and this id exists" },
	{ "new: window 0", KPPTP_CMD_CALL_NEW, { KEY(8), U16(WINDOW, 0) }, -ERANGE, RANGE },
	{ "new: peer-window 0", KPPTP_CMD_CALL_NEW, { KEY(8), U16(PEER_WINDOW, 0) },
	  -ERANGE, RANGE },
	{ "new: flow-control 3", KPPTP_CMD_CALL_NEW, { KEY(8), U32(FLOW_CONTROL, 3) },
	  -ERANGE, RANGE },
	{ "new: ack-delay", KPPTP_CMD_CALL_NEW, { KEY(8), U32(ACK_DELAY, 500001) },
	  -ERANGE, TOO_LONG },
	{ "new: ato-min", KPPTP_CMD_CALL_NEW, { KEY(8), U32(ATO_MIN, 64000001) },
	  -ERANGE, TOO_LONG },
	{ "new: ato-max", KPPTP_CMD_CALL_NEW, { KEY(8), U32(ATO_MAX, 64000001) },
	  -ERANGE, TOO_LONG },
	{ "new: reorder-time", KPPTP_CMD_CALL_NEW, { KEY(8), U32(REORDER_TIME, 1000001) },
	  -ERANGE, TOO_LONG },
	{ "new: reorder-packets", KPPTP_CMD_CALL_NEW, { KEY(8), U32(REORDER_PACKETS, 32768) },
	  -ERANGE, RANGE },
	{ "new: ttl", KPPTP_CMD_CALL_NEW, { KEY(8), U32(TTL, 256) }, -ERANGE, RANGE },
	{ "new: dscp", KPPTP_CMD_CALL_NEW, { KEY(8), U32(DSCP, 65) }, -ERANGE, RANGE },
	{ "new: df", KPPTP_CMD_CALL_NEW, { KEY(8), U32(DF, 2) }, -ERANGE, RANGE },
	{ "new: device", KPPTP_CMD_CALL_NEW, { KEY(8), U32(DEVICE, 4711) }, -ENODEV,
	  "no device in the call's network namespace has this index" },
	{ "new: ppp-netns-fd", KPPTP_CMD_CALL_NEW, { KEY(8), U32(PPP_NETNS_FD, 4711) }, -EBADF,
	  "ppp-netns-fd is no descriptor of a network namespace" },

	{ "set: no id", KPPTP_CMD_CALL_SET, { ADDRESSES }, -EINVAL, "" },
	{ "set: id 0", KPPTP_CMD_CALL_SET, { KEY(0) }, -EINVAL,
	  "id 0 is not for our side of a call: expected 1 to 65535, or none to have one chosen" },
	{ "set: no such call", KPPTP_CMD_CALL_SET, { KEY(8) }, -ENOENT,
	  "no call has these addresses and this id" },
	{ "set: strict", KPPTP_CMD_CALL_SET,
	  { KEY(7), U32(FLOW_CONTROL, KPPTP_FLOW_CONTROL_STRICT) }, -EBUSY,
	  "flow-control strict can only be chosen when the call is made" },
	{ "set: peer-window 0", KPPTP_CMD_CALL_SET, { KEY(7), U16(PEER_WINDOW, 0) },
	  -ERANGE, RANGE },
	{ "set: reorder-time", KPPTP_CMD_CALL_SET, { KEY(7), U32(REORDER_TIME, 1000001) },
	  -ERANGE, TOO_LONG },
	{ "set: device", KPPTP_CMD_CALL_SET, { KEY(7), U32(DEVICE, 4711) }, -ENODEV,
	  "no device in the call's network namespace has this index" },

	{ "del: no such call", KPPTP_CMD_CALL_DEL, { KEY(8) }, -ENOENT,
	  "no call has these addresses and this id" },
	{ "get: no such call", KPPTP_CMD_CALL_GET, { KEY(8) }, -ENOENT,
	  "no call has these addresses and this id" },
	{ "get: no such namespace", KPPTP_CMD_CALL_GET, { KEY(7), U64(NETNS_COOKIE, 4711) },
	  -ENOENT, "no network namespace with calls has this cookie" },
};

/* clang-format on */

static void refusal_describe(const struct refusal *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(refusal, refusals, refusal_describe);

/* A refusal gives a reason; it creates no call and changes none. */
static void refusals_have_a_reason(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7), then;
	const struct refusal *r = test->param_value;
	struct client *c = client(test, &init_net);
	struct kpptp_call *call;
	struct before before;

	note(test, &before);
	call = create(test, &init_net, &conf);
	then = call->conf;
	KUNIT_EXPECT_EQ(test, ask(test, c, r->cmd, r->attrs), r->err);
	KUNIT_EXPECT_STREQ(test, c->why, r->why);
	KUNIT_EXPECT_EQ(test, kpptp_net_of(&init_net)->n_calls, 1u);
	KUNIT_EXPECT_EQ(test, memcmp(&call->conf, &then, sizeof(then)), 0);
	end_call(call);
	all_gone(test, &before);
	client_end(c);
}

/* Only the initial namespace may look into others. */
static void other_namespaces_are_hidden(struct kunit *test)
{
	const struct attr attrs[MOST_ATTRS] = { KEY(7), U64(NETNS_COOKIE, 1) };
	struct client *c = client(test, second_net(test));

	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_GET, attrs), -EPERM);
	KUNIT_EXPECT_STREQ(test, c->why, "only the initial network namespace may ask for others");
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_DEL, attrs), -EPERM);
	client_end(c);
}

/* A cookie matches its own namespace, not the next one with calls. */
static void a_cookie_is_exact(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct net *second = second_net(test);
	const u64 cookie = second->net_cookie;
	const struct attr before_it[MOST_ATTRS] = { KEY(7), U64(NETNS_COOKIE, cookie - 1) };
	const struct attr exact[MOST_ATTRS] = { KEY(7), U64(NETNS_COOKIE, cookie) };
	struct client *c = client(test, &init_net);
	struct before before;

	note(test, &before);
	create(test, second, &conf);
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_GET, before_it), -ENOENT);
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_DEL, before_it), -ENOENT);
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_GET, exact), 0);
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_DEL, exact), 0);
	client_end(c);
	all_gone(test, &before);
}

/* The maximum times are legal; one more is tested among the refusals. */
static void bounds_are_legal(struct kunit *test)
{
	static const struct attr longest[][MOST_ATTRS] = {
		{ KEY(8), U32(ACK_DELAY, 500000) },	 { KEY(8), U32(ATO_MIN, 64000000) },
		{ KEY(8), U32(ATO_MAX, 64000000) },	 { KEY(8), U32(REORDER_TIME, 1000000) },
		{ KEY(8), U32(REORDER_PACKETS, 32767) }, { KEY(65535), U32(TTL, 255) },
	};
	struct client *c = client(test, &init_net);
	struct before before;
	int i;

	note(test, &before);
	for (i = 0; i < ARRAY_SIZE(longest); i++) {
		KUNIT_EXPECT_EQ_MSG(test, ask(test, c, KPPTP_CMD_CALL_NEW, longest[i]), 0, "%d: %s",
				    i, c->why);
		sweep(&init_net);
	}
	client_end(c);
	all_gone(test, &before);
}

/* ---- What is granted ---- */

static void from_new_to_del(struct kunit *test)
{
	static const struct attr addresses[MOST_ATTRS] = { ADDRESSES };
	struct client *c = client(test, &init_net);
	struct before before;
	u16 id;

	note(test, &before);
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_NEW, addresses), 0);
	id = c->id;
	KUNIT_EXPECT_NE(test, id, 0);
	KUNIT_EXPECT_EQ(test, kpptp_net_of(&init_net)->n_calls, 1u);
	{
		const struct attr key[MOST_ATTRS] = { KEY(id) };
		const struct attr set[MOST_ATTRS] = { KEY(id), U32(ACK_DELAY, KPPTP_ACK_DELAY_AUTO),
						      U16(PEER_ID, 0) };

		KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_SET, set), 0);
		KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_GET, key), 0);
		KUNIT_EXPECT_EQ(test, c->id, id);
		KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_DEL, key), 0);
		KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_DEL, key), -ENOENT);
	}
	client_end(c);
	all_gone(test, &before);
}

/* Closing a socket deletes the calls it owns, and no others. */
static void owned_calls_end_with_their_socket(struct kunit *test)
{
	static const struct attr owned[MOST_ATTRS] = { ADDRESSES, FLAG(OWNED) };
	static const struct attr other[MOST_ATTRS] = { KEY(7) };
	struct client *c = client(test, &init_net);
	struct client *d = client(test, &init_net);
	struct kpptp_net *kn = kpptp_net_of(&init_net);
	struct before before;

	note(test, &before);
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_NEW, owned), 0);
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_NEW, owned), 0);
	KUNIT_EXPECT_EQ(test, ask(test, c, KPPTP_CMD_CALL_NEW, other), 0);
	KUNIT_EXPECT_EQ(test, ask(test, d, KPPTP_CMD_CALL_NEW, owned), 0);
	client_end(c);
	WAIT(READ_ONCE(kn->n_calls) == 2);
	client_end(d);
	WAIT(READ_ONCE(kn->n_calls) == 1);
	sweep(&init_net);
	all_gone(test, &before);
}

static struct kunit_case request_cases[] = {
	KUNIT_CASE_PARAM(refusals_have_a_reason, refusal_gen_params),
	KUNIT_CASE(other_namespaces_are_hidden),
	KUNIT_CASE(a_cookie_is_exact),
	KUNIT_CASE(bounds_are_legal),
	KUNIT_CASE(from_new_to_del),
	KUNIT_CASE(owned_calls_end_with_their_socket),
	{},
};

static struct kunit_suite request_suite = {
	.name = "kpptp_request",
	.exit = sweep_all,
	.test_cases = request_cases,
};

kunit_test_suite(request_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: netlink requests");
MODULE_LICENSE("GPL");
