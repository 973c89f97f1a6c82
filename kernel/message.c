// SPDX-License-Identifier: GPL-2.0
/* clang-format off */
/*
 * Build the netlink messages of replies and events from calls and counters.
 */
#include "message.h"

#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "call.h"
#include "family.h"
#include "ppp.h"
#include "ready.h"
#include "tx.h"

#define PUT_COUNTER(field, attr)						\
	nla_put_u64_64bit(skb, KPPTP_A_CALL_STATS_##attr, stats.field,		\
			  KPPTP_A_CALL_STATS_PAD) ||

/* Fails if the specification has a counter that the lists do not. Besides the lists,
 * put_send() adds four attributes, put_recv() two, and one is the pad.
 */
#define ONE(field, attr) + 1
static_assert(0 KPPTP_SEND_COUNTERS(ONE) KPPTP_RECV_COUNTERS(ONE) + 4 + 2 + 1 ==
	      KPPTP_A_CALL_STATS_MAX, "a counter of a call is not shown");
/* put_counters() adds four, and one is the pad. */
static_assert(0 KPPTP_NET_COUNTERS(ONE) + 4 + 1 == KPPTP_A_NET_MAX,
	      "a counter of a namespace is not shown");

static bool put_send(struct sk_buff *skb, struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;
	struct kpptp_window window;
	struct kpptp_send_stats stats;

	spin_lock_bh(&send->lock);
	kpptp_tx_stats(call, &stats);
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
	held = kpptp_reorder_held(&recv->reorder) + kpptp_ready_len(call);
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
	       nla_put_u32(skb, KPPTP_A_CALL_CHANNEL, kpptp_ppp_index(call));
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
	       nla_put_u32(skb, KPPTP_A_CALL_ATO_MIN, kpptp_call_ato_min(conf)) ||
	       nla_put_u32(skb, KPPTP_A_CALL_ATO_MAX, conf->ato_max) ||
	       nla_put_u32(skb, KPPTP_A_CALL_REORDER_TIME, conf->reorder_time) ||
	       nla_put_u32(skb, KPPTP_A_CALL_REORDER_PACKETS, conf->reorder_packets) ||
	       nla_put_u32(skb, KPPTP_A_CALL_MARK, conf->ip.mark) ||
	       nla_put_u32(skb, KPPTP_A_CALL_DEVICE, conf->ip.device) ||
	       nla_put_u32(skb, KPPTP_A_CALL_TTL, conf->ip.ttl) ||
	       nla_put_u32(skb, KPPTP_A_CALL_DSCP, conf->ip.dscp) ||
	       nla_put_u32(skb, KPPTP_A_CALL_DF,
			   conf->ip.df ? KPPTP_DF_ON : KPPTP_DF_OFF);
}

static bool put_cookie(struct sk_buff *skb, int type, const struct net *net,
		       const struct net *usual)
{
	return net && !net_eq(net, usual) &&
	       nla_put_u64_64bit(skb, type, net->net_cookie, KPPTP_A_CALL_PAD);
}

static bool put_netns(struct sk_buff *skb, const struct kpptp_call *call, const struct net *reader)
{
	const struct net *net = call->kn->net;

	return put_cookie(skb, KPPTP_A_CALL_PPP_NETNS_COOKIE, call->conf.ppp_net, net) ||
	       put_cookie(skb, KPPTP_A_CALL_NETNS_COOKIE, net, reader);
}

static void *put_header(struct sk_buff *skb, const struct kpptp_message *msg)
{
	return genlmsg_put(skb, msg->portid, msg->seq, &kpptp_family, msg->flags, msg->cmd);
}

int kpptp_message_call(struct sk_buff *skb, struct kpptp_call *call,
		       const struct kpptp_message *msg)
{
	void *header = put_header(skb, msg);

	if (!header)
		return -EMSGSIZE;
	if (put_identity(skb, call) || put_conf(skb, call) || put_netns(skb, call, msg->reader) ||
	    put_stats(skb, call)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

int kpptp_message_deleted(struct sk_buff *skb, struct kpptp_call *call,
			  enum kpptp_del_reason reason)
{
	const struct kpptp_message msg = { .cmd = KPPTP_CMD_CALL_DEL_NTF };
	void *header = put_header(skb, &msg);

	if (!header || put_identity(skb, call) || nla_put_u32(skb, KPPTP_A_CALL_REASON, reason) ||
	    put_stats(skb, call))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
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
	       nla_put_u32(skb, KPPTP_A_NET_CALLS, net_calls(kn)) ||
	       nla_put_u64_64bit(skb, KPPTP_A_NET_HELD_BYTES, atomic_long_read(&kn->held),
				 KPPTP_A_NET_PAD) ||
	       nla_put_u64_64bit(skb, KPPTP_A_NET_HELD_LIMIT, READ_ONCE(kn->held_limit),
				 KPPTP_A_NET_PAD) ||
	       nla_put_u32(skb, KPPTP_A_NET_CALL_LIMIT, READ_ONCE(kn->call_limit));
}

int kpptp_message_net(struct sk_buff *skb, struct kpptp_net *kn,
		      const struct kpptp_message *msg)
{
	void *header = put_header(skb, msg);

	if (!header || put_counters(skb, kn))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}
