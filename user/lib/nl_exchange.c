// SPDX-License-Identifier: GPL-2.0-or-later
/* One request to the kernel and everything that comes back. */
#include "nl_exchange.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "nl_attr.h"

int kpptp_nl_errno(int nle)
{
	switch (abs(nle)) {
	case NLE_INTR:
		return EINTR;
	case NLE_AGAIN:
		return EAGAIN;
	case NLE_NOMEM:
		return ENOMEM;
	case NLE_EXIST:
		return EEXIST;
	case NLE_MSGSIZE:
		return EMSGSIZE;
	case NLE_OBJ_NOTFOUND:
		return ENOENT;
	case NLE_BUSY:
		return EBUSY;
	case NLE_PERM:
	case NLE_NOACCESS:
		return EPERM;
	case NLE_INVAL:
	case NLE_RANGE:
		return EINVAL;
	case NLE_AF_NOSUPPORT:
	case NLE_PROTO_MISMATCH:
		return EPROTONOSUPPORT;
	default:
		return EIO;
	}
}

static int set_options(struct nl_sock *sk)
{
	/*
	 * Get a text with every refusal, without a copy of our request; and
	 * have requests refused that the kernel does not fully understand.
	 */
	static const int options[] = {
		NETLINK_EXT_ACK,
		NETLINK_CAP_ACK,
		NETLINK_GET_STRICT_CHK,
	};
	const int on = 1;
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, options[i], &on, sizeof(on)))
			return -errno;
	return 0;
}

int kpptp_nl_connect(struct nl_sock **sk, struct kpptp_error *error)
{
	struct nl_sock *new = nl_socket_alloc();
	int err;

	if (!new)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	err = genl_connect(new);
	err = err ? -kpptp_nl_errno(err) : set_options(new);
	if (err) {
		nl_socket_free(new);
		return kpptp_fail(error, err, "cannot open a generic netlink socket: %s",
				  strerror(-err));
	}
	*sk = new;
	return 0;
}

/* " from 1 to 65535", if the kernel reports the range that it accepts. */
static void describe_range(struct nlattr *policy, char *text, size_t size)
{
	struct nlattr *attrs[NL_POLICY_TYPE_ATTR_MAX + 1];
	struct nlattr *min, *max;

	text[0] = '\0';
	if (nla_parse_nested(attrs, NL_POLICY_TYPE_ATTR_MAX, policy, NULL) < 0)
		return;
	min = attrs[NL_POLICY_TYPE_ATTR_MIN_VALUE_U];
	max = attrs[NL_POLICY_TYPE_ATTR_MAX_VALUE_U];
	if (min && max && nla_len(min) == sizeof(uint64_t) && nla_len(max) == sizeof(uint64_t))
		snprintf(text, size, " from %llu to %llu", (unsigned long long)nla_get_u64(min),
			 (unsigned long long)nla_get_u64(max));
}

/* Keep the text of an extended acknowledgment and name the attribute. */
static void read_extack(struct kpptp_exchange *exchange, struct nlattr *head, int len)
{
	static const struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .type = NLA_NUL_STRING },
		[NLMSGERR_ATTR_OFFS] = { .type = NLA_U32 },
		[NLMSGERR_ATTR_MISS_TYPE] = { .type = NLA_U32 },
	};
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1];
	const char *words = "", *name = NULL;
	char range[64] = "";

	if (len <= 0 ||
	    nla_parse(attrs, NLMSGERR_ATTR_MAX, head, len, (struct nla_policy *)policy) < 0)
		return;
	if (attrs[NLMSGERR_ATTR_MSG])
		words = nla_get_string(attrs[NLMSGERR_ATTR_MSG]);
	if (attrs[NLMSGERR_ATTR_OFFS])
		name = kpptp_attr_name_at(nlmsg_hdr(exchange->request),
					  nla_get_u32(attrs[NLMSGERR_ATTR_OFFS]));
	if (attrs[NLMSGERR_ATTR_MISS_TYPE]) {
		name = kpptp_attr_name(nla_get_u32(attrs[NLMSGERR_ATTR_MISS_TYPE]));
		if (!words[0])
			words = "an attribute is missing";
	}
	if (attrs[NLMSGERR_ATTR_POLICY])
		describe_range(attrs[NLMSGERR_ATTR_POLICY], range, sizeof(range));
	if (name && words[0])
		kpptp_fail(&exchange->extack, 0, "%s (%s%s)", words, name, range);
	else
		kpptp_fail(&exchange->extack, 0, "%s", words);
}

static void finish(struct kpptp_exchange *exchange, int err)
{
	exchange->done = true;
	if (!exchange->err)
		exchange->err = err;
}

static int on_reply(struct nl_msg *msg, void *ctx)
{
	struct kpptp_exchange *exchange = ctx;

	exchange->replied = true;
	/* After a failure, read the rest only to drain the socket. */
	if (exchange->reply && !exchange->err)
		exchange->err = exchange->reply(nlmsg_hdr(msg), exchange->ctx);
	return NL_OK;
}

static int on_ack(struct nl_msg *msg, void *ctx)
{
	(void)msg;
	finish(ctx, 0);
	return NL_STOP;
}

/* The end of a dump: an errno, followed by extack if it is not 0. */
static int on_dump_end(struct nl_msg *msg, void *ctx)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int err = 0;

	if (nlmsg_datalen(nlh) >= (int)sizeof(err))
		memcpy(&err, nlmsg_data(nlh), sizeof(err));
	if (err && (nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		read_extack(ctx, nlmsg_attrdata(nlh, sizeof(err)), nlmsg_attrlen(nlh, sizeof(err)));
	finish(ctx, err);
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *nlerr, void *ctx)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)((char *)nlerr - NLMSG_HDRLEN);
	int body = sizeof(*nlerr);

	(void)from;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		body += nlmsg_datalen(&nlerr->msg);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		read_extack(ctx, nlmsg_attrdata(nlh, body), nlmsg_attrlen(nlh, body));
	finish(ctx, nlerr->error);
	return NL_STOP;
}

static struct nl_cb *new_callbacks(struct kpptp_exchange *exchange)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_reply, exchange);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, exchange);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_dump_end, exchange);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, exchange);
	return cb;
}

/* Fill @error for a failure reported by the kernel, or for a missing reply. */
static int explain(const struct kpptp_exchange *exchange, struct kpptp_error *error)
{
	int err = exchange->err;

	if (exchange->extack.text[0])
		return kpptp_fail(error, err, "%s: %s", exchange->subject, exchange->extack.text);
	if (err == -EPERM)
		return kpptp_fail(error, err,
				  "%s: not permitted: run as root, or with CAP_NET_ADMIN in this network namespace",
				  exchange->subject);
	if (err == -ENODATA)
		return kpptp_fail(error, err,
				  "%s: the kernel sent no reply: the module and the tools have different versions",
				  exchange->subject);
	if (err < 0)
		return kpptp_fail(error, err, "%s: %s", exchange->subject, strerror(-err));
	return err;
}

static int send_and_receive(struct nl_sock *sk, struct nl_cb *cb, struct kpptp_exchange *exchange)
{
	int err = nl_send_auto(sk, exchange->request);

	while (err >= 0 && !exchange->done)
		err = nl_recvmsgs(sk, cb);
	/* An interrupted dump, changed by others meanwhile, counts as complete. */
	return exchange->done || err >= 0 ? 0 : err;
}

int kpptp_nl_exchange(struct nl_sock *sk, struct kpptp_exchange *exchange,
		      struct kpptp_error *error)
{
	struct nl_cb *cb = new_callbacks(exchange);
	int err;

	if (!cb)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	exchange->extack.text[0] = '\0';
	exchange->replied = exchange->done = false;
	exchange->err = 0;
	err = send_and_receive(sk, cb, exchange);
	nl_cb_put(cb);
	if (err)
		return kpptp_fail(error, -kpptp_nl_errno(err), "%s: %s", exchange->subject,
				  nl_geterror(err));
	if (!exchange->err && exchange->wants_reply && !exchange->replied)
		exchange->err = -ENODATA;
	return explain(exchange, error);
}
