// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink requests: the operations described by include/netlink/kpptp.yaml.
 */
#include "netlink-gen.h"

#include <net/genetlink.h>
#include <net/sock.h>

#include "call.h"
#include "compat/compat.h"
#include "event.h"
#include "life.h"
#include "message.h"
#include "netns.h"
#include "request.h"
#include "table.h"

/* Shared by the operations */

static struct kpptp_message netlink_reply_to(struct genl_info *info, u8 cmd)
{
	return (struct kpptp_message){
		.reader = genl_info_net(info),
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = cmd,
	};
}

/* Consumes @skb; @err is the result of filling it in. */
static int netlink_reply(struct genl_info *info, struct sk_buff *skb, int err)
{
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static int netlink_reply_call(struct genl_info *info, struct kpptp_call *call, u8 cmd)
{
	const struct kpptp_message msg = netlink_reply_to(info, cmd);
	struct sk_buff *skb;

	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	return netlink_reply(info, skb, kpptp_message_call(skb, call, &msg));
}

static struct kpptp_call *netlink_find_call(struct kpptp_net *kn, struct genl_info *info)
{
	struct kpptp_call_key key;
	struct kpptp_call *call;
	int err;

	err = kpptp_request_key(info, &key, true);
	if (err)
		return ERR_PTR(err);
	call = kpptp_table_lookup(kn, &key);
	if (!call) {
		NL_SET_ERR_MSG(info->extack, "no call has these addresses and this id");
		return ERR_PTR(-ENOENT);
	}
	return call;
}

/*
 * Whether a request from @net may look into other namespaces. The operations'
 * flags already restrict it to an administrator of its own namespace.
 */
static int netlink_others_check(const struct net *net, const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	if (net_eq(net, &init_net))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "only the initial network namespace may ask for others");
	return -EPERM;
}

/* The namespace a request is about; release it with kpptp_netns_put(). */
static struct kpptp_net *netlink_target_net(struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[KPPTP_A_CALL_NETNS_COOKIE];
	struct kpptp_net *kn;
	int err;

	if (!attr) {
		get_net(genl_info_net(info));
		return kpptp_net_of(genl_info_net(info));
	}
	err = netlink_others_check(genl_info_net(info), attr, info->extack);
	if (err)
		return ERR_PTR(err);
	kn = kpptp_netns_next(nla_get_u64(attr));
	if (kn && kn->net->net_cookie == nla_get_u64(attr))
		return kn;
	if (kn)
		kpptp_netns_put(kn);
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "no network namespace with calls has this cookie");
	return ERR_PTR(-ENOENT);
}

/* The operations, in the order of kpptp.yaml */

static int netlink_call_new(struct kpptp_net *kn, struct genl_info *info,
			    const struct kpptp_call_conf *conf)
{
	struct kpptp_call *call;
	int err;

	call = kpptp_call_create(kn, conf, info->extack);
	if (IS_ERR(call))
		return PTR_ERR(call);
	kpptp_event_call(call, KPPTP_CMD_CALL_NEW_NTF);

	/* If the requester cannot be told of the call, do not leave it behind. */
	err = netlink_reply_call(info, call, KPPTP_CMD_CALL_NEW);
	if (err)
		kpptp_call_delete(call, KPPTP_DEL_REASON_REQUEST);
	return err;
}

int kpptp_nl_call_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));
	struct kpptp_call_conf conf;
	int err;

	err = kpptp_request_new(info, skb, &conf);
	if (err)
		return err;
	mutex_lock(&kn->lock);
	err = netlink_call_new(kn, info, &conf);
	mutex_unlock(&kn->lock);
	kpptp_request_done(&conf);
	return err;
}

static int netlink_call_set(struct kpptp_net *kn, struct genl_info *info)
{
	struct kpptp_call_conf conf;
	struct kpptp_call *call;
	int err;

	call = netlink_find_call(kn, info);
	if (IS_ERR(call))
		return PTR_ERR(call);
	conf = call->conf;
	err = kpptp_request_change(info, kn->net, &conf);
	if (err)
		return err;
	err = kpptp_call_change(call, &conf, info->extack);
	if (!err)
		kpptp_event_call(call, KPPTP_CMD_CALL_SET_NTF);
	return err;
}

int kpptp_nl_call_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));
	int err;

	mutex_lock(&kn->lock);
	err = netlink_call_set(kn, info);
	mutex_unlock(&kn->lock);
	return err;
}

int kpptp_nl_call_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct kpptp_net *kn = netlink_target_net(info);
	struct kpptp_call *call;
	int err = 0;

	if (IS_ERR(kn))
		return PTR_ERR(kn);
	mutex_lock(&kn->lock);
	call = netlink_find_call(kn, info);
	if (IS_ERR(call))
		err = PTR_ERR(call);
	else
		kpptp_call_delete(call, KPPTP_DEL_REASON_REQUEST);
	mutex_unlock(&kn->lock);
	kpptp_netns_put(kn);
	return err;
}

int kpptp_nl_call_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct kpptp_net *kn = netlink_target_net(info);
	struct kpptp_call *call;
	int err;

	if (IS_ERR(kn))
		return PTR_ERR(kn);
	mutex_lock(&kn->lock);
	call = netlink_find_call(kn, info);
	err = IS_ERR(call) ? PTR_ERR(call) : netlink_reply_call(info, call, KPPTP_CMD_CALL_GET);
	mutex_unlock(&kn->lock);
	kpptp_netns_put(kn);
	return err;
}

/**
 * struct cursor - where a dump resumes: a key, as calls come and go meanwhile
 * @begun: the request has been read
 * @all: continue with the namespaces after @netns
 * @netns: cookie of the namespace
 * @serial: serial number of the next call in it
 */
struct cursor {
	bool begun;
	bool all;
	u64 netns;
	unsigned long serial;
};

static int netlink_cursor_begin(struct cursor *cursor, struct netlink_callback *cb)
{
	struct nlattr **attrs = kpptp_compat_dump_attrs(cb);
	const struct nlattr *cookie = attrs[KPPTP_A_CALL_NETNS_COOKIE];
	const struct net *net = sock_net(cb->skb->sk);

	cursor->begun = true;
	cursor->all = attrs[KPPTP_A_CALL_ALL_NETNS];
	cursor->netns = cookie ? nla_get_u64(cookie) : net->net_cookie;
	if (attrs[KPPTP_A_CALL_LOCAL] || attrs[KPPTP_A_CALL_PEER] || attrs[KPPTP_A_CALL_ID] ||
	    (cookie && cursor->all)) {
		NL_SET_ERR_MSG(cb->extack, "a dump takes either netns-cookie or all-netns");
		return -EINVAL;
	}
	if (!cursor->all && !cookie)
		return 0;
	if (cursor->all)
		cursor->netns = 0;
	return netlink_others_check(net, cookie ?: attrs[KPPTP_A_CALL_ALL_NETNS], cb->extack);
}

/* The namespace to resume in, or NULL at the end; release it with kpptp_netns_put(). */
static struct kpptp_net *netlink_cursor_net(struct cursor *cursor, struct net *own)
{
	struct kpptp_net *kn;

	if (!cursor->all && cursor->netns == own->net_cookie) {
		get_net(own);
		return kpptp_net_of(own);
	}
	kn = kpptp_netns_next(cursor->netns);
	if (!kn || kn->net->net_cookie == cursor->netns)
		return kn;
	if (!cursor->all) {
		kpptp_netns_put(kn);
		return NULL;
	}
	cursor->netns = kn->net->net_cookie;
	cursor->serial = 0;
	return kn;
}

/* Returns whether all remaining calls did fit. */
static bool netlink_dump_net(struct sk_buff *skb, struct kpptp_net *kn, struct cursor *cursor,
			     const struct kpptp_message *msg)
{
	struct kpptp_call *call;
	unsigned long serial;
	bool room = true;

	mutex_lock(&kn->lock);
	xa_for_each_start(&kn->calls, serial, call, cursor->serial) {
		if (kpptp_message_call(skb, call, msg)) {
			room = false;
			break;
		}
		cursor->serial = serial + 1;
	}
	mutex_unlock(&kn->lock);
	return room;
}

int kpptp_nl_call_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct kpptp_message msg = {
		.reader = sock_net(cb->skb->sk),
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = KPPTP_CMD_CALL_GET,
	};
	struct cursor *cursor = (struct cursor *)cb->ctx;
	struct kpptp_net *kn;
	bool room;
	int err;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));
	err = cursor->begun ? 0 : netlink_cursor_begin(cursor, cb);
	if (err)
		return err;
	while ((kn = netlink_cursor_net(cursor, msg.reader))) {
		room = netlink_dump_net(skb, kn, cursor, &msg);
		kpptp_netns_put(kn);
		if (!room || !cursor->all)
			break;
		cursor->netns++;
		cursor->serial = 0;
	}
	return skb->len;
}

int kpptp_nl_net_get_doit(struct sk_buff *request, struct genl_info *info)
{
	const struct kpptp_message msg = netlink_reply_to(info, KPPTP_CMD_NET_GET);
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));
	struct sk_buff *skb;

	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	return netlink_reply(info, skb, kpptp_message_net(skb, kn, &msg));
}

int kpptp_nl_net_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *held = info->attrs[KPPTP_A_NET_HELD_LIMIT];
	const struct nlattr *calls = info->attrs[KPPTP_A_NET_CALL_LIMIT];
	struct kpptp_net *kn = kpptp_net_of(genl_info_net(info));

	if (!held && !calls) {
		NL_SET_ERR_MSG(info->extack, "no limit given: expected held-limit or call-limit");
		return -EINVAL;
	}
	if (held && nla_get_u64(held) > LONG_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, held,
				    "held-limit is more than this machine can address");
		return -ERANGE;
	}
	if (held)
		WRITE_ONCE(kn->held_limit, nla_get_u64(held));
	if (calls)
		WRITE_ONCE(kn->call_limit, nla_get_u32(calls));
	return 0;
}
