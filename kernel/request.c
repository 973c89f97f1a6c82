// SPDX-License-Identifier: GPL-2.0
/*
 * Parse requests: netlink attributes in, structs out.
 */
#include "request.h"

#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include <uapi/linux/kpptp.h>

#include "call.h"
#include "life.h"

/* Microseconds. */
#define ACK_DELAY_LONGEST    500000
#define REORDER_TIME_LONGEST 1000000

int kpptp_request_key(struct genl_info *info, struct kpptp_call_key *key, bool need_id)
{
	struct nlattr **attrs = info->attrs;

	if (GENL_REQ_ATTR_CHECK(info, KPPTP_A_CALL_LOCAL) ||
	    GENL_REQ_ATTR_CHECK(info, KPPTP_A_CALL_PEER) ||
	    (need_id && GENL_REQ_ATTR_CHECK(info, KPPTP_A_CALL_ID)))
		return -EINVAL;

	*key = (struct kpptp_call_key){
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

static int request_read_time(struct genl_info *info, int type, u32 max, u32 *time)
{
	const struct nlattr *attr = info->attrs[type];

	if (!attr)
		return 0;
	if (nla_get_u32(attr) > max) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "time too long: ack-delay is at most 500000 us, reorder-time 1000000 us, ato-min and ato-max 64000000 us");
		return -ERANGE;
	}
	*time = nla_get_u32(attr);
	return 0;
}

static int request_read_ack_delay(struct genl_info *info, u32 *delay)
{
	const struct nlattr *attr = info->attrs[KPPTP_A_CALL_ACK_DELAY];

	if (attr && nla_get_u32(attr) == KPPTP_ACK_DELAY_AUTO) {
		*delay = KPPTP_ACK_DELAY_AUTO;
		return 0;
	}
	return request_read_time(info, KPPTP_A_CALL_ACK_DELAY, ACK_DELAY_LONGEST, delay);
}

/* Returns 0 if all times in the request are within bounds. */
static int request_read_times(struct genl_info *info, struct kpptp_call_conf *conf)
{
	int err;

	err = request_read_ack_delay(info, &conf->ack_delay);
	if (err)
		return err;
	err = request_read_time(info, KPPTP_A_CALL_ATO_MIN, KPPTP_WINDOW_RTT_MAX, &conf->ato_min);
	if (err)
		return err;
	err = request_read_time(info, KPPTP_A_CALL_ATO_MAX, KPPTP_WINDOW_RTT_MAX, &conf->ato_max);
	if (err)
		return err;
	return request_read_time(info, KPPTP_A_CALL_REORDER_TIME, REORDER_TIME_LONGEST,
				 &conf->reorder_time);
}

/* Refuse a device that does not exist: the call would never send. */
static int request_read_device(struct genl_info *info, struct net *net, int *device)
{
	const struct nlattr *attr = info->attrs[KPPTP_A_CALL_DEVICE];
	bool found;

	if (!attr)
		return 0;
	*device = nla_get_u32(attr);
	if (!*device)
		return 0;
	rcu_read_lock();
	found = dev_get_by_index_rcu(net, *device);
	rcu_read_unlock();
	if (!found) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "no device in the call's network namespace has this index");
		return -ENODEV;
	}
	return 0;
}

static int request_read_ip(struct genl_info *info, struct net *net, struct kpptp_ip_conf *ip)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[KPPTP_A_CALL_MARK])
		ip->mark = nla_get_u32(attrs[KPPTP_A_CALL_MARK]);
	if (attrs[KPPTP_A_CALL_TTL])
		ip->ttl = nla_get_u32(attrs[KPPTP_A_CALL_TTL]);
	if (attrs[KPPTP_A_CALL_DSCP])
		ip->dscp = nla_get_u32(attrs[KPPTP_A_CALL_DSCP]);
	if (attrs[KPPTP_A_CALL_DF])
		ip->df = nla_get_u32(attrs[KPPTP_A_CALL_DF]) == KPPTP_DF_ON;
	return request_read_device(info, net, &ip->device);
}

int kpptp_request_change(struct genl_info *info, struct net *net, struct kpptp_call_conf *conf)
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
	err = request_read_times(info, conf);
	if (err)
		return err;
	return request_read_ip(info, net, &conf->ip);
}

static bool request_is_unicast(__be32 address)
{
	return address && !ipv4_is_multicast(address) && !ipv4_is_lbcast(address);
}

static int request_addresses_check(struct genl_info *info, const struct kpptp_call_key *key)
{
	if (!request_is_unicast(key->local)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KPPTP_A_CALL_LOCAL],
				    "local is no unicast address");
		return -EINVAL;
	}
	if (!request_is_unicast(key->peer)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KPPTP_A_CALL_PEER],
				    "peer is no unicast address");
		return -EINVAL;
	}
	return 0;
}

/*
 * The requester must be an administrator in the PPP namespace too: nobody may fill
 * somebody else's namespace with channels.
 */
static int request_read_ppp_net(struct genl_info *info, struct sk_buff *skb, struct net **ppp_net)
{
	const struct nlattr *attr = info->attrs[KPPTP_A_CALL_PPP_NETNS_FD];
	struct net *net;

	if (!attr)
		return 0;
	net = get_net_ns_by_fd(nla_get_u32(attr));
	if (IS_ERR(net)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "ppp-netns-fd is no descriptor of a network namespace");
		return PTR_ERR(net);
	}
	if (!netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "no CAP_NET_ADMIN in the network namespace of ppp-netns-fd");
		put_net(net);
		return -EPERM;
	}
	*ppp_net = net;
	return 0;
}

/*
 * A call without an owner outlives its creator and keeps its namespace alive. Only
 * those who can find and delete such a call may leave one behind.
 */
static int request_owner_check(struct genl_info *info, struct sk_buff *skb,
			       const struct kpptp_call_conf *conf)
{
	if (conf->owner || netlink_capable(skb, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(info->extack,
		       "without CAP_NET_ADMIN in the initial user namespace a call must be owned: the flag owned is missing");
	return -EPERM;
}

int kpptp_request_new(struct genl_info *info, struct sk_buff *skb, struct kpptp_call_conf *conf)
{
	int err;

	kpptp_call_conf_init(conf);
	err = kpptp_request_key(info, &conf->key, false);
	if (err)
		return err;
	err = request_addresses_check(info, &conf->key);
	if (err)
		return err;
	err = kpptp_request_change(info, genl_info_net(info), conf);
	if (err)
		return err;
	if (info->attrs[KPPTP_A_CALL_WINDOW])
		conf->window = nla_get_u16(info->attrs[KPPTP_A_CALL_WINDOW]);
	if (info->attrs[KPPTP_A_CALL_OWNED])
		conf->owner = info->snd_portid;
	err = request_owner_check(info, skb, conf);
	if (err)
		return err;
	return request_read_ppp_net(info, skb, &conf->ppp_net);
}

void kpptp_request_done(const struct kpptp_call_conf *conf)
{
	if (conf->ppp_net)
		put_net(conf->ppp_net);
}
