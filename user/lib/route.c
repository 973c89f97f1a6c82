// SPDX-License-Identifier: GPL-2.0-or-later
/* IPv4 routes of the kernel, over rtnetlink. */
#include "route.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "nl_exchange.h"

#define HOST_BITS 32

/* "route to 192.0.2.1", the subject of an error */
#define SUBJECT_SIZE 32

int kpptp_route_open(struct nl_sock **sk, struct kpptp_error *error)
{
	struct nl_sock *new = nl_socket_alloc();
	int err;

	if (!new)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	err = nl_connect(new, NETLINK_ROUTE);
	if (err) {
		nl_socket_free(new);
		return kpptp_fail(error, -kpptp_nl_errno(err),
				  "cannot ask the kernel for routes: %s", nl_geterror(err));
	}
	*sk = new;
	return 0;
}

static void name_subject(struct in_addr to, char subject[SUBJECT_SIZE])
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &to, text, sizeof(text));
	snprintf(subject, SUBJECT_SIZE, "route to %s", text);
}

/* Consumes @msg; @lacks: its attributes did not fit. */
static int exchange_msg(struct nl_sock *sk, struct nl_msg *msg, int lacks,
			struct kpptp_exchange *exchange, struct kpptp_error *error)
{
	int err;

	exchange->request = msg;
	if (lacks)
		err = kpptp_fail(error, -ENOMEM, "out of memory");
	else
		err = kpptp_nl_exchange(sk, exchange, error);
	nlmsg_free(msg);
	return err;
}

static int on_route(struct nlmsghdr *nlh, void *ctx)
{
	struct nlattr *attrs[RTA_MAX + 1], *hop;
	struct kpptp_route *route = ctx;

	if (nlmsg_parse(nlh, sizeof(struct rtmsg), attrs, RTA_MAX, NULL))
		return -EBADMSG;
	route->unicast = ((struct rtmsg *)nlmsg_data(nlh))->rtm_type == RTN_UNICAST;
	if (attrs[RTA_OIF])
		route->device = nla_get_u32(attrs[RTA_OIF]);
	hop = attrs[RTA_GATEWAY] ? attrs[RTA_GATEWAY] : attrs[RTA_VIA];
	if (!hop)
		return 0;
	if (nla_len(hop) > KPPTP_ROUTE_HOP_MAX)
		return -EBADMSG;
	route->hop_type = nla_type(hop);
	route->hop_len = nla_len(hop);
	memcpy(route->hop, nla_data(hop), nla_len(hop));
	return 0;
}

int kpptp_route_get(struct nl_sock *sk, struct in_addr from, struct in_addr to,
		    struct kpptp_route *route, struct kpptp_error *error)
{
	struct rtmsg header = { .rtm_family = AF_INET,
				.rtm_dst_len = HOST_BITS,
				.rtm_src_len = HOST_BITS };
	char subject[SUBJECT_SIZE];
	struct kpptp_exchange exchange = {
		.subject = subject,
		.reply = on_route,
		.ctx = route,
		.wants_reply = true,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, 0);
	int lacks;

	memset(route, 0, sizeof(*route));
	route->to = to;
	name_subject(to, subject);
	if (!msg)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	lacks = nlmsg_append(msg, &header, sizeof(header), NLMSG_ALIGNTO) ||
		nla_put_u32(msg, RTA_DST, to.s_addr) || nla_put_u32(msg, RTA_SRC, from.s_addr);
	return exchange_msg(sk, msg, lacks, &exchange, error);
}

static int change(struct nl_sock *sk, const struct kpptp_route *route, int type, int flags,
		  struct kpptp_error *error)
{
	struct rtmsg header = {
		.rtm_family = AF_INET,
		.rtm_dst_len = HOST_BITS,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_BOOT,
		.rtm_scope = route->hop_type ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST,
		/* The next hop is known to work: do not require a route to it. */
		.rtm_flags = route->hop_type ? RTNH_F_ONLINK : 0,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);
	char subject[SUBJECT_SIZE];
	struct kpptp_exchange exchange = { .subject = subject };
	int lacks;

	name_subject(route->to, subject);
	if (!msg)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	lacks = nlmsg_append(msg, &header, sizeof(header), NLMSG_ALIGNTO) ||
		nla_put_u32(msg, RTA_DST, route->to.s_addr) ||
		nla_put_u32(msg, RTA_OIF, route->device) ||
		(route->hop_type && nla_put(msg, route->hop_type, route->hop_len, route->hop));
	return exchange_msg(sk, msg, lacks, &exchange, error);
}

int kpptp_route_add(struct nl_sock *sk, const struct kpptp_route *route, struct kpptp_error *error)
{
	return change(sk, route, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, error);
}

int kpptp_route_del(struct nl_sock *sk, const struct kpptp_route *route, struct kpptp_error *error)
{
	return change(sk, route, RTM_DELROUTE, 0, error);
}
