// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: the sockets that listen, over sock_diag; see doctor_diag.h. */
#include "doctor_diag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "error.h"
#include "nl_exchange.h"

#define LISTENING (1U << TCP_LISTEN)

/**
 * typedef read_fn - read one reply
 * @to: filled; all zero before
 *
 * Return: 1 to add @to, 0 to skip it, or a negative errno.
 */
typedef int read_fn(struct nlmsghdr *nlh, struct doctor_listener *to);

struct dump {
	read_fn *read;
	struct doctor_listeners *all;
};

/* Returns whether the address can accept IPv4; IPv6 with its @src in four words. */
static bool accepts_ipv4(const struct inet_diag_msg *diag, bool v6_only, struct in_addr *addr)
{
	const uint32_t *src = diag->id.idiag_src;

	if (diag->idiag_family == AF_INET) {
		addr->s_addr = src[0];
		return true;
	}
	if (v6_only || src[0] || src[1])
		return false;
	addr->s_addr = src[3];
	/* :: or an IPv4-mapped address. */
	return src[2] == htonl(0xffff) || (!src[2] && !src[3]);
}

static int read_tcp(struct nlmsghdr *nlh, struct doctor_listener *to)
{
	static struct nla_policy policy[INET_DIAG_MAX + 1] = {
		[INET_DIAG_SKV6ONLY] = { .type = NLA_U8 },
	};
	const struct inet_diag_msg *diag = nlmsg_data(nlh);
	struct nlattr *attrs[INET_DIAG_MAX + 1];
	bool v6_only;

	/* Also checks that the message is as long as its header. */
	if (nlmsg_parse(nlh, sizeof(*diag), attrs, INET_DIAG_MAX, policy) < 0)
		return -EBADMSG;
	if (diag->idiag_state != TCP_LISTEN)
		return 0;
	v6_only = attrs[INET_DIAG_SKV6ONLY] && nla_get_u8(attrs[INET_DIAG_SKV6ONLY]);
	to->port = ntohs(diag->id.idiag_sport);
	to->inode = diag->idiag_inode;
	return accepts_ipv4(diag, v6_only, &to->addr);
}

/* A path may or may not end in a zero byte; an abstract name begins with one. */
static int read_local(struct nlmsghdr *nlh, struct doctor_listener *to)
{
	const struct unix_diag_msg *diag = nlmsg_data(nlh);
	struct nlattr *attrs[UNIX_DIAG_MAX + 1], *name;
	const char *path;
	int len;

	if (nlmsg_parse(nlh, sizeof(*diag), attrs, UNIX_DIAG_MAX, NULL) < 0)
		return -EBADMSG;
	name = attrs[UNIX_DIAG_NAME];
	if (diag->udiag_state != TCP_LISTEN || diag->udiag_type != SOCK_STREAM || !name)
		return 0;
	path = nla_data(name);
	len = nla_len(name);
	if (len >= DOCTOR_PATH_SIZE)
		return -EBADMSG;
	if (len > 1 && !path[0])
		snprintf(to->path, sizeof(to->path), "@%.*s", len - 1, path + 1);
	else
		snprintf(to->path, sizeof(to->path), "%.*s", len, path);
	to->inode = diag->udiag_ino;
	return to->path[0] != '\0';
}

static int add(struct doctor_listeners *all, const struct doctor_listener *one)
{
	struct doctor_listener *list;

	list = reallocarray(all->list, all->count + 1, sizeof(*one));
	if (!list)
		return -ENOMEM;
	list[all->count++] = *one;
	all->list = list;
	return 0;
}

static int on_reply(struct nlmsghdr *nlh, void *ctx)
{
	const struct dump *dump = ctx;
	struct doctor_listener one = { 0 };
	int ret = dump->read(nlh, &one);

	return ret > 0 ? add(dump->all, &one) : ret;
}

/* @head: the request behind the netlink header, which tells the kernel the family */
static int exchange_dump(struct nl_sock *sk, void *head, size_t size, struct dump *dump,
			 struct kpptp_error *error)
{
	struct kpptp_exchange exchange = {
		.subject = "list of listening sockets",
		.reply = on_reply,
		.ctx = dump,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP);
	int err;

	if (!msg || nlmsg_append(msg, head, size, NLMSG_ALIGNTO)) {
		nlmsg_free(msg);
		return kpptp_fail(error, -ENOMEM, "out of memory");
	}
	exchange.request = msg;
	err = kpptp_nl_exchange(sk, &exchange, error);
	nlmsg_free(msg);
	return err;
}

/* @module: what the kernel lacks if it does not know the family */
static int ask(void *head, size_t size, struct dump *dump, const char *module,
	       struct kpptp_error *error)
{
	struct nl_sock *sk = nl_socket_alloc();
	int err;

	if (!sk)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	err = nl_connect(sk, NETLINK_SOCK_DIAG);
	if (err)
		err = kpptp_fail(error, -kpptp_nl_errno(err),
				 "cannot ask the kernel for sockets: %s", nl_geterror(err));
	else
		err = exchange_dump(sk, head, size, dump, error);
	nl_socket_free(sk);
	if (err == -ENOENT)
		kpptp_fail(error, err, "cannot list the listening sockets: run 'modprobe %s'",
			   module);
	return err;
}

int doctor_diag_tcp(struct doctor_listeners *all, struct kpptp_error *error)
{
	struct dump dump = { .read = read_tcp, .all = all };
	struct inet_diag_req_v2 request = {
		.sdiag_family = AF_INET,
		.sdiag_protocol = IPPROTO_TCP,
		.idiag_states = LISTENING,
	};
	int err;

	err = ask(&request, sizeof(request), &dump, "tcp_diag", error);
	if (err)
		return err;
	request.sdiag_family = AF_INET6;
	return ask(&request, sizeof(request), &dump, "tcp_diag", error);
}

int doctor_diag_local(struct doctor_listeners *all, struct kpptp_error *error)
{
	struct dump dump = { .read = read_local, .all = all };
	struct unix_diag_req request = {
		.sdiag_family = AF_UNIX,
		.udiag_states = LISTENING,
		.udiag_show = UDIAG_SHOW_NAME,
	};

	return ask(&request, sizeof(request), &dump, "unix_diag", error);
}
