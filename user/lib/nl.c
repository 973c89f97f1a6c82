// SPDX-License-Identifier: GPL-2.0-or-later
/* Client of the kernel's generic netlink family "kpptp". */
#include "nl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "nl_attr.h"
#include "nl_exchange.h"

/* Room for a burst of events: a full socket drops them. */
#define EVENT_BUFFER (1 << 20)
/* Two addresses, an ID and the words between them. */
#define SUBJECT_SIZE 80

struct kpptp_nl {
	struct nl_sock *requests;
	struct nl_sock *events;
	int family;
};

static int resolve_family(struct kpptp_nl *nl, struct kpptp_error *error)
{
	int family = genl_ctrl_resolve(nl->requests, KPPTP_FAMILY_NAME);

	if (family >= 0) {
		nl->family = family;
		return 0;
	}
	if (family == -NLE_OBJ_NOTFOUND)
		return kpptp_fail(error, -EPROTONOSUPPORT,
				  "the kpptp module is not loaded: run 'modprobe kpptp'");
	return kpptp_fail(error, -kpptp_nl_errno(family),
			  "cannot look up the netlink family kpptp: %s", nl_geterror(family));
}

int kpptp_nl_open(struct kpptp_nl **nl, struct kpptp_error *error)
{
	struct kpptp_nl *new = calloc(1, sizeof(*new));
	int err;

	if (!new)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	err = kpptp_nl_connect(&new->requests, error);
	if (err)
		goto free_handle;
	err = resolve_family(new, error);
	if (err)
		goto free_socket;
	*nl = new;
	return 0;

free_socket:
	nl_socket_free(new->requests);
free_handle:
	free(new);
	return err;
}

void kpptp_nl_close(struct kpptp_nl *nl)
{
	if (!nl)
		return;
	if (nl->events)
		nl_socket_free(nl->events);
	nl_socket_free(nl->requests);
	free(nl);
}

static struct nl_msg *new_request(struct kpptp_nl *nl, uint8_t cmd, int flags,
				  const struct kpptp_call_conf *conf)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg)
		return NULL;
	if (genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0, flags, cmd,
			KPPTP_FAMILY_VERSION) &&
	    !(conf && kpptp_attr_put_conf(msg, conf)))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

/*
 * A family gets a new number whenever its module is loaded, so an old handle may
 * refer to a family that is gone. The kernel answers that with -ENOENT and no
 * text; for a missing call it returns -ENOENT with a text.
 */
static int run_exchange(struct kpptp_nl *nl, struct kpptp_exchange *exchange,
			struct kpptp_error *error)
{
	struct nlmsghdr *nlh = nlmsg_hdr(exchange->request);
	int family = nl->family;
	int err;

	err = kpptp_nl_exchange(nl->requests, exchange, error);
	if (err != -ENOENT || exchange->extack.text[0])
		return err;
	if (resolve_family(nl, error))
		return -EPROTONOSUPPORT;
	if (family == nl->family)
		return err;
	nlh->nlmsg_type = nl->family;
	nlh->nlmsg_seq = NL_AUTO_SEQ;
	return kpptp_nl_exchange(nl->requests, exchange, error);
}

/* Consumes @msg, which is NULL if out of memory. */
static int run_message(struct kpptp_nl *nl, struct nl_msg *msg, struct kpptp_exchange *exchange,
		       struct kpptp_error *error)
{
	int err;

	if (!msg)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	exchange->request = msg;
	err = run_exchange(nl, exchange, error);
	nlmsg_free(msg);
	return err;
}

static int request(struct kpptp_nl *nl, uint8_t cmd, int flags, const struct kpptp_call_conf *conf,
		   struct kpptp_exchange *exchange, struct kpptp_error *error)
{
	return run_message(nl, new_request(nl, cmd, flags, conf), exchange, error);
}

/* Name the call in an error, in the terms of kpptpctl's arguments. */
static const char *describe(const struct kpptp_call_conf *conf, char *text)
{
	char local[INET_ADDRSTRLEN], peer[INET_ADDRSTRLEN];
	int n;

	inet_ntop(AF_INET, &conf->local, local, sizeof(local));
	inet_ntop(AF_INET, &conf->peer, peer, sizeof(peer));
	n = snprintf(text, SUBJECT_SIZE, "call local %s peer %s", local, peer);
	if (conf->present & KPPTP_HAS(ID))
		snprintf(text + n, SUBJECT_SIZE - n, " id %u", conf->id);
	return text;
}

static struct kpptp_call_conf conf_of_key(const struct kpptp_call_key *key)
{
	return (struct kpptp_call_conf){
		.present = KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(ID) |
			   (key->netns_cookie ? KPPTP_HAS(NETNS_COOKIE) : 0),
		.local = key->local,
		.peer = key->peer,
		.id = key->id,
		.netns_cookie = key->netns_cookie,
	};
}

static int take_call(struct nlmsghdr *nlh, void *ctx)
{
	return kpptp_attr_get_call(nlh, ctx);
}

int kpptp_nl_call_new(struct kpptp_nl *nl, const struct kpptp_call_conf *conf,
		      struct kpptp_call_info *info, struct kpptp_error *error)
{
	char subject[SUBJECT_SIZE];
	struct kpptp_exchange exchange = {
		.subject = describe(conf, subject),
		.reply = take_call,
		.ctx = info,
		.wants_reply = true,
	};

	return request(nl, KPPTP_CMD_CALL_NEW, 0, conf, &exchange, error);
}

int kpptp_nl_call_set(struct kpptp_nl *nl, const struct kpptp_call_conf *conf,
		      struct kpptp_error *error)
{
	char subject[SUBJECT_SIZE];
	struct kpptp_exchange exchange = { .subject = describe(conf, subject) };

	return request(nl, KPPTP_CMD_CALL_SET, 0, conf, &exchange, error);
}

int kpptp_nl_call_del(struct kpptp_nl *nl, const struct kpptp_call_key *key,
		      struct kpptp_error *error)
{
	const struct kpptp_call_conf conf = conf_of_key(key);
	char subject[SUBJECT_SIZE];
	struct kpptp_exchange exchange = { .subject = describe(&conf, subject) };

	return request(nl, KPPTP_CMD_CALL_DEL, 0, &conf, &exchange, error);
}

int kpptp_nl_call_get(struct kpptp_nl *nl, const struct kpptp_call_key *key,
		      struct kpptp_call_info *info, struct kpptp_error *error)
{
	const struct kpptp_call_conf conf = conf_of_key(key);
	char subject[SUBJECT_SIZE];
	struct kpptp_exchange exchange = {
		.subject = describe(&conf, subject),
		.reply = take_call,
		.ctx = info,
		.wants_reply = true,
	};

	return request(nl, KPPTP_CMD_CALL_GET, 0, &conf, &exchange, error);
}

struct dump {
	kpptp_call_fn fn;
	void *ctx;
};

static int take_dumped(struct nlmsghdr *nlh, void *ctx)
{
	const struct dump *dump = ctx;
	struct kpptp_call_info info;
	int err;

	err = kpptp_attr_get_call(nlh, &info);
	return err ? err : dump->fn(&info, dump->ctx);
}

static int dump_calls(struct kpptp_nl *nl, const struct kpptp_call_conf *which, kpptp_call_fn fn,
		      void *ctx, struct kpptp_error *error)
{
	struct dump dump = { .fn = fn, .ctx = ctx };
	struct kpptp_exchange exchange = {
		.subject = "list of calls",
		.reply = take_dumped,
		.ctx = &dump,
	};

	return request(nl, KPPTP_CMD_CALL_GET, NLM_F_DUMP, which, &exchange, error);
}

int kpptp_nl_call_dump(struct kpptp_nl *nl, kpptp_call_fn fn, void *ctx, struct kpptp_error *error)
{
	return dump_calls(nl, NULL, fn, ctx, error);
}

int kpptp_nl_call_dump_all(struct kpptp_nl *nl, kpptp_call_fn fn, void *ctx,
			   struct kpptp_error *error)
{
	static const struct kpptp_call_conf all = {
		.present = KPPTP_HAS(ALL_NETNS),
	};

	return dump_calls(nl, &all, fn, ctx, error);
}

static int put_limits(struct nl_msg *msg, const struct kpptp_net_limits *limits)
{
	if (limits->held_limit && nla_put_u64(msg, KPPTP_A_NET_HELD_LIMIT, *limits->held_limit))
		return -1;
	if (limits->call_limit && nla_put_u32(msg, KPPTP_A_NET_CALL_LIMIT, *limits->call_limit))
		return -1;
	return 0;
}

int kpptp_nl_net_set(struct kpptp_nl *nl, const struct kpptp_net_limits *limits,
		     struct kpptp_error *error)
{
	struct nl_msg *msg = new_request(nl, KPPTP_CMD_NET_SET, 0, NULL);
	struct kpptp_exchange exchange = {
		.subject = "limits of the namespace",
	};

	if (msg && put_limits(msg, limits)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return run_message(nl, msg, &exchange, error);
}

static int take_net(struct nlmsghdr *nlh, void *ctx)
{
	return kpptp_attr_get_net(nlh, ctx);
}

int kpptp_nl_net_get(struct kpptp_nl *nl, struct kpptp_net_stats *stats, struct kpptp_error *error)
{
	struct kpptp_exchange exchange = {
		.subject = "counters of the namespace",
		.reply = take_net,
		.ctx = stats,
		.wants_reply = true,
	};

	return request(nl, KPPTP_CMD_NET_GET, 0, NULL, &exchange, error);
}

static int join_group(struct kpptp_nl *nl, struct nl_sock *sk)
{
	int group = genl_ctrl_resolve_grp(nl->requests, KPPTP_FAMILY_NAME, KPPTP_MCGRP_CALLS);

	return group < 0 ? group : nl_socket_add_membership(sk, group);
}

static int fail_subscribe(int nle, struct kpptp_error *error)
{
	int err = kpptp_nl_errno(nle);

	return kpptp_fail(error, -err, "cannot subscribe to the events of calls: %s%s",
			  nl_geterror(nle),
			  err == EPERM
				  ? ": this requires CAP_NET_ADMIN over the network namespace, as showing calls does: become root"
				  : "");
}

int kpptp_nl_subscribe(struct kpptp_nl *nl, struct kpptp_error *error)
{
	struct nl_sock *sk;
	int err;

	if (nl->events)
		return 0;
	err = kpptp_nl_connect(&sk, error);
	if (err)
		return err;
	/* Events answer no request of ours. */
	nl_socket_disable_seq_check(sk);
	nl_socket_set_buffer_size(sk, EVENT_BUFFER, 0);
	err = join_group(nl, sk);
	if (!err)
		err = nl_socket_set_nonblocking(sk);
	if (err) {
		nl_socket_free(sk);
		return fail_subscribe(err, error);
	}
	nl->events = sk;
	return 0;
}

int kpptp_nl_event_fd(const struct kpptp_nl *nl)
{
	return nl->events ? nl_socket_get_fd(nl->events) : -1;
}

struct listener {
	kpptp_event_fn fn;
	void *ctx;
};

static int take_event(struct nl_msg *msg, void *ctx)
{
	const struct listener *listener = ctx;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct kpptp_call_info info;
	uint8_t cmd = genlmsg_hdr(nlh)->cmd;

	/* A newer kernel may send events unknown to this version. */
	if (cmd != KPPTP_CMD_CALL_NEW_NTF && cmd != KPPTP_CMD_CALL_SET_NTF &&
	    cmd != KPPTP_CMD_CALL_DEL_NTF)
		return NL_OK;
	if (!kpptp_attr_get_call(nlh, &info))
		listener->fn(cmd, &info, listener->ctx);
	return NL_OK;
}

int kpptp_nl_receive(struct kpptp_nl *nl, kpptp_event_fn fn, void *ctx, struct kpptp_error *error)
{
	struct listener listener = { .fn = fn, .ctx = ctx };
	int err;

	if (!nl->events)
		return kpptp_fail(error, -EINVAL, "not subscribed to events");
	nl_socket_modify_cb(nl->events, NL_CB_VALID, NL_CB_CUSTOM, take_event, &listener);
	do {
		err = nl_recvmsgs_default(nl->events);
	} while (err >= 0);
	if (err == -NLE_AGAIN)
		return 0;
	/* libnl has one code for ENOBUFS and ENOMEM; on receive it is ENOBUFS. */
	if (err == -NLE_NOMEM)
		return kpptp_fail(error, -ENOBUFS, "events came too fast and some are lost");
	return kpptp_fail(error, -kpptp_nl_errno(err), "cannot receive events: %s",
			  nl_geterror(err));
}
