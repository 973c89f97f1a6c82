// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: requests and events. Its contract is
 * include/netlink/kpptp.yaml, from which policy and operations are generated.
 */
#include "netlink.h"

#include <net/genetlink.h>
#include <net/sock.h>

#include "call.h"
#include "channel.h"
#include "netlink-gen.h"
#include "table.h"

/* Microseconds. */
#define ACK_DELAY_LONGEST	500000
#define REORDER_TIME_LONGEST	1000000

static struct genl_family kpptp_family;

/* Reading requests */

static int read_key(struct genl_info *info, struct kpptp_call_key *key, bool need_id)
{
	struct nlattr **attrs = info->attrs;

	if (GENL_REQ_ATTR_CHECK(info, KPPTP_A_CALL_LOCAL) ||
	    GENL_REQ_ATTR_CHECK(info, KPPTP_A_CALL_PEER) ||
	    (need_id && GENL_REQ_ATTR_CHECK(info, KPPTP_A_CALL_ID)))
		return -EINVAL;

	*key = (struct kpptp_call_key) {
		.local = nla_get_be32(attrs[KPPTP_A_CALL_LOCAL]),
		.peer = nla_get_be32(attrs[KPPTP_A_CALL_PEER]),
	};
	if (!attrs[KPPTP_A_CALL_ID])
		return 0;
	key->id = nla_get_u16(attrs[KPPTP_A_CALL_ID]);
	if (!key->id) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[KPPTP_A_CALL_ID],
				    "id 0 is not for our side of a call: expected 1 to 65535, or none to have one chosen");
		return -EINVAL;
	}
	return 0;
}

static struct kpptp_call *find_call(struct kpptp_net *kn, struct genl_info *info)
{
	struct kpptp_call_key key;
	struct kpptp_call *call;
	int err;

	err = read_key(info, &key, true);
	if (err)
		return ERR_PTR(err);
	call = kpptp_table_lookup(kn, &key);
	if (!call) {
		NL_SET_ERR_MSG(info->extack, "no call has these addresses and this id");
		return ERR_PTR(-ENOENT);
	}
	return call;
}

static int read_time(struct genl_info *info, int type, u32 max, u32 *time)
{
	const struct nlattr *attr = info->attrs[type];

	if (!attr)
		return 0;
	if (nla_get_u32(attr) > max) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "time too long: ack-delay is at most 500000 us, reorder-time 1000000 us");
		return -ERANGE;
	}
	*time = nla_get_u32(attr);
	return 0;
}

/* What the request carries overrides what @conf has. */
static int read_conf(struct genl_info *info, struct kpptp_call_conf *conf)
{
	struct nlattr **attrs = info->attrs;
	int err;

	if (attrs[KPPTP_A_CALL_PEER_ID])
		conf->peer_id = nla_get_u16(attrs[KPPTP_A_CALL_PEER_ID]);
	if (attrs[KPPTP_A_CALL_FLOW_CONTROL])
		conf->flow_control = nla_get_u32(attrs[KPPTP_A_CALL_FLOW_CONTROL]);
	if (attrs[KPPTP_A_CALL_PEER_WINDOW])
		conf->peer_window = nla_get_u16(attrs[KPPTP_A_CALL_PEER_WINDOW]);
	if (attrs[KPPTP_A_CALL_PEER_PPD])
		conf->peer_ppd = nla_get_u16(attrs[KPPTP_A_CALL_PEER_PPD]);
	if (attrs[KPPTP_A_CALL_REORDER_PACKETS])
		conf->reorder_packets = nla_get_u32(attrs[KPPTP_A_CALL_REORDER_PACKETS]);
	err = read_time(info, KPPTP_A_CALL_ACK_DELAY, ACK_DELAY_LONGEST, &conf->ack_delay);
	if (err)
		return err;
	return read_time(info, KPPTP_A_CALL_REORDER_TIME, REORDER_TIME_LONGEST,
			 &conf->reorder_time);
}

static bool unicast(__be32 address)
{
	return address && !ipv4_is_multicast(address) && !ipv4_is_lbcast(address);
}

static int addresses_check(struct genl_info *info, const struct kpptp_call_key *key)
{
	if (!unicast(key->local)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KPPTP_A_CALL_LOCAL],
				    "local is no unicast address");
		return -EINVAL;
	}
	if (!unicast(key->peer)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KPPTP_A_CALL_PEER],
				    "peer is no unicast address");
		return -EINVAL;
	}
	return 0;
}

/* Writing replies and events */

#define PUT_COUNTER(field, attr)						\
	nla_put_u64_64bit(skb, KPPTP_A_CALL_STATS_##attr, stats.field,		\
			  KPPTP_A_CALL_STATS_PAD) ||

static bool put_send(struct sk_buff *skb, struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;
	struct kpptp_window window;
	struct kpptp_send_stats stats;

	spin_lock_bh(&send->lock);
	stats = send->stats;
	window = send->window;
	spin_unlock_bh(&send->lock);

	return KPPTP_SEND_COUNTERS(PUT_COUNTER)
	       nla_put_u32(skb, KPPTP_A_CALL_STATS_RTT, kpptp_window_rtt(&window)) ||
	       nla_put_u32(skb, KPPTP_A_CALL_STATS_ATO, window.ato) ||
	       nla_put_u32(skb, KPPTP_A_CALL_STATS_SEND_WINDOW, window.window) ||
	       nla_put_u32(skb, KPPTP_A_CALL_STATS_IN_FLIGHT, kpptp_window_in_flight(&window));
}

static bool put_recv(struct sk_buff *skb, struct kpptp_call *call)
{
	struct kpptp_recv *recv = &call->recv;
	struct kpptp_recv_stats stats;
	u32 hold_time, held;

	spin_lock_bh(&recv->lock);
	stats = recv->stats;
	hold_time = recv->reorder.hold;
	held = kpptp_reorder_held(&recv->reorder);
	spin_unlock_bh(&recv->lock);

	return KPPTP_RECV_COUNTERS(PUT_COUNTER)
	       nla_put_u32(skb, KPPTP_A_CALL_STATS_HOLD_TIME, hold_time) ||
	       nla_put_u32(skb, KPPTP_A_CALL_STATS_HELD, held);
}

static bool put_stats(struct sk_buff *skb, struct kpptp_call *call)
{
	struct nlattr *nest = nla_nest_start(skb, KPPTP_A_CALL_STATS);

	if (!nest || put_send(skb, call) || put_recv(skb, call))
		return true;
	nla_nest_end(skb, nest);
	return false;
}

static bool put_identity(struct sk_buff *skb, struct kpptp_call *call)
{
	return nla_put_u16(skb, KPPTP_A_CALL_ID, call->key.id) ||
	       nla_put_be32(skb, KPPTP_A_CALL_LOCAL, call->key.local) ||
	       nla_put_be32(skb, KPPTP_A_CALL_PEER, call->key.peer) ||
	       (call->conf.peer_id != KPPTP_PEER_ID_UNKNOWN &&
		nla_put_u16(skb, KPPTP_A_CALL_PEER_ID, call->conf.peer_id)) ||
	       nla_put_u32(skb, KPPTP_A_CALL_CHANNEL, kpptp_channel_index(call));
}

static bool put_conf(struct sk_buff *skb, const struct kpptp_call *call)
{
	const struct kpptp_call_conf *conf = &call->conf;

	return (call->owner && nla_put_flag(skb, KPPTP_A_CALL_OWNED)) ||
	       nla_put_u16(skb, KPPTP_A_CALL_WINDOW, conf->window) ||
	       nla_put_u16(skb, KPPTP_A_CALL_PEER_WINDOW, conf->peer_window) ||
	       nla_put_u16(skb, KPPTP_A_CALL_PEER_PPD, conf->peer_ppd) ||
	       nla_put_u32(skb, KPPTP_A_CALL_FLOW_CONTROL, conf->flow_control) ||
	       (conf->ack_delay != KPPTP_ACK_DELAY_AUTO &&
		nla_put_u32(skb, KPPTP_A_CALL_ACK_DELAY, conf->ack_delay)) ||
	       nla_put_u32(skb, KPPTP_A_CALL_REORDER_TIME, conf->reorder_time) ||
	       nla_put_u32(skb, KPPTP_A_CALL_REORDER_PACKETS, conf->reorder_packets);
}

/* What a message about a call is for. */
struct message {
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
};

/* A whole call, as call-get shows it. */
static int put_call(struct sk_buff *skb, struct kpptp_call *call, const struct message *msg)
{
	void *header = genlmsg_put(skb, msg->portid, msg->seq, &kpptp_family, msg->flags, msg->cmd);

	if (!header)
		return -EMSGSIZE;
	if (put_identity(skb, call) || put_conf(skb, call) || put_stats(skb, call)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

static int reply_call(struct genl_info *info, struct kpptp_call *call, u8 cmd)
{
	const struct message msg = { info->snd_portid, info->snd_seq, 0, cmd };
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	err = put_call(skb, call, &msg);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static bool heard(const struct kpptp_net *kn)
{
	return genl_has_listeners(&kpptp_family, kn->net, KPPTP_NLGRP_CALLS);
}

static void notify_call(struct kpptp_call *call, u8 cmd)
{
	const struct message msg = { .cmd = cmd };
	struct sk_buff *skb;

	if (!heard(call->kn))
		return;
	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		goto lost;
	if (put_call(skb, call, &msg)) {
		nlmsg_free(skb);
		goto lost;
	}
	genlmsg_multicast_netns(&kpptp_family, call->kn->net, skb, 0, KPPTP_NLGRP_CALLS,
				GFP_KERNEL);
	return;

lost:
	genl_set_err(&kpptp_family, call->kn->net, 0, KPPTP_NLGRP_CALLS, -ENOBUFS);
}

static int put_deleted(struct sk_buff *skb, struct kpptp_call *call, enum kpptp_del_reason reason)
{
	void *header = genlmsg_put(skb, 0, 0, &kpptp_family, 0, KPPTP_CMD_CALL_DEL_NTF);

	if (!header || put_identity(skb, call) || nla_put_u32(skb, KPPTP_A_CALL_REASON, reason) ||
	    put_stats(skb, call))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

void kpptp_netlink_deleted(struct kpptp_call *call, enum kpptp_del_reason reason)
{
	struct sk_buff *skb;

	if (!heard(call->kn))
		return;
	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb || put_deleted(skb, call, reason)) {
		nlmsg_free(skb);
		genl_set_err(&kpptp_family, call->kn->net, 0, KPPTP_NLGRP_CALLS, -ENOBUFS);
		return;
	}
	genlmsg_multicast_netns(&kpptp_family, call->kn->net, skb, 0, KPPTP_NLGRP_CALLS,
				GFP_KERNEL);
}

/* The operations, in the order of the specification */

static int call_new(struct kpptp_net *kn, struct genl_info *info,
		    const struct kpptp_call_conf *conf)
{
	struct kpptp_call *call;

	call = kpptp_call_create(kn, conf, info->extack);
	if (IS_ERR(call))
		return PTR_ERR(call);
	notify_call(call, KPPTP_CMD_CALL_NEW_NTF);
	return reply_call(info, call, KPPTP_CMD_CALL_NEW);
}

int kpptp_nl_call_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));
	struct kpptp_call_conf conf;
	int err;

	kpptp_call_conf_init(&conf);
	err = read_key(info, &conf.key, false);
	if (err)
		return err;
	err = addresses_check(info, &conf.key);
	if (err)
		return err;
	err = read_conf(info, &conf);
	if (err)
		return err;
	if (info->attrs[KPPTP_A_CALL_WINDOW])
		conf.window = nla_get_u16(info->attrs[KPPTP_A_CALL_WINDOW]);
	if (info->attrs[KPPTP_A_CALL_OWNED])
		conf.owner = info->snd_portid;

	mutex_lock(&kn->lock);
	err = call_new(kn, info, &conf);
	mutex_unlock(&kn->lock);
	return err;
}

static int call_set(struct kpptp_net *kn, struct genl_info *info)
{
	struct kpptp_call_conf conf;
	struct kpptp_call *call;
	int err;

	call = find_call(kn, info);
	if (IS_ERR(call))
		return PTR_ERR(call);
	conf = call->conf;
	err = read_conf(info, &conf);
	if (err)
		return err;
	err = kpptp_call_change(call, &conf, info->extack);
	if (!err)
		notify_call(call, KPPTP_CMD_CALL_SET_NTF);
	return err;
}

int kpptp_nl_call_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));
	int err;

	mutex_lock(&kn->lock);
	err = call_set(kn, info);
	mutex_unlock(&kn->lock);
	return err;
}

int kpptp_nl_call_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));
	struct kpptp_call *call;
	int err = 0;

	mutex_lock(&kn->lock);
	call = find_call(kn, info);
	if (IS_ERR(call))
		err = PTR_ERR(call);
	else
		kpptp_call_delete(call, KPPTP_DEL_REASON_REQUEST);
	mutex_unlock(&kn->lock);
	return err;
}

int kpptp_nl_call_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));
	struct kpptp_call *call;
	int err;

	mutex_lock(&kn->lock);
	call = find_call(kn, info);
	err = IS_ERR(call) ? PTR_ERR(call) : reply_call(info, call, KPPTP_CMD_CALL_GET);
	mutex_unlock(&kn->lock);
	return err;
}

/* The cursor is the serial number to go on from: calls come and go meanwhile. */
int kpptp_nl_call_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct message msg = {
		NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, NLM_F_MULTI, KPPTP_CMD_CALL_GET,
	};
	struct kpptp_net *kn = kpptp_net_of(sock_net(cb->skb->sk));
	unsigned long *next = (unsigned long *)cb->ctx;
	struct kpptp_call *call;
	unsigned long serial;

	mutex_lock(&kn->lock);
	xa_for_each_start(&kn->calls, serial, call, *next) {
		if (put_call(skb, call, &msg))
			break;
		*next = serial + 1;
	}
	mutex_unlock(&kn->lock);
	return skb->len;
}

static u64 net_counter(const struct kpptp_net *kn, size_t offset)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct kpptp_net_stats *stats = per_cpu_ptr(kn->stats, cpu);
		const u64_stats_t *counter = (const void *)stats + offset;
		unsigned int start;
		u64 value;

		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			value = u64_stats_read(counter);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		sum += value;
	}
	return sum;
}

static unsigned int net_calls(struct kpptp_net *kn)
{
	return READ_ONCE(kn->n_calls);
}

#define PUT_NET_COUNTER(field, attr)						\
	nla_put_u64_64bit(skb, KPPTP_A_NET_##attr,				\
			  net_counter(kn, offsetof(struct kpptp_net_stats, field)), \
			  KPPTP_A_NET_PAD) ||

static bool put_counters(struct sk_buff *skb, struct kpptp_net *kn)
{
	return KPPTP_NET_COUNTERS(PUT_NET_COUNTER)
	       nla_put_u32(skb, KPPTP_A_NET_CALLS, net_calls(kn));
}

int kpptp_nl_net_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));
	struct sk_buff *skb;
	void *header;

	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	header = genlmsg_put_reply(skb, info, &kpptp_family, 0, KPPTP_CMD_NET_GET);
	if (!header || put_counters(skb, kn)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

static struct genl_family kpptp_family = {
	.name = KPPTP_FAMILY_NAME,
	.version = KPPTP_FAMILY_VERSION,
	.netnsok = true,
	.module = THIS_MODULE,
	.ops = kpptp_nl_ops,
	.n_ops = ARRAY_SIZE(kpptp_nl_ops),
	.resv_start_op = KPPTP_CMD_CALL_NEW,
	.mcgrps = kpptp_nl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(kpptp_nl_mcgrps),
};

int kpptp_netlink_setup(void)
{
	return genl_register_family(&kpptp_family);
}

void kpptp_netlink_cleanup(void)
{
	genl_unregister_family(&kpptp_family);
}
