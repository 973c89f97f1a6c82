/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IP packet around a GRE packet: its header, and the metadata that make all
 * packets of a call one flow. Inline, for each packet needs it.
 */
#ifndef KPPTP_PACKET_H
#define KPPTP_PACKET_H

#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "call.h"
#include "compat/compat.h"

/*
 * Everything by which a qdisc, XPS, bonding or a device with several queues
 * sorts packets. A call's packets carry consecutive numbers, and a peer that
 * does not reorder drops each one that was overtaken; so none of this may come
 * from the packet inside.
 *
 * The socket goes as well: fq sorts by it, and XPS and sockets cache queues by
 * it. TCP then no longer sees what waits below the tunnel (TCP small queues),
 * and its share of that queue is bounded by its window and the qdisc alone, as
 * it is for a forwarded packet. That is the price for order: with the socket
 * kept, fq would send two connections' packets by turns. TCP still paces
 * itself where it must: the socket is not seen by fq, and keeps its own timer.
 *
 * Priority depends on the call's DSCP. An inherited DSCP sets none, although
 * devices that look into the IP header, as Wi-Fi does, may still sort by it.
 */
static inline void kpptp_packet_one_flow(struct kpptp_call *call, struct sk_buff *skb)
{
	u8 dscp = call->send.ip.dscp;

	skb_orphan(skb);
	skb->dev = NULL;
	skb_set_hash(skb, call->flow, PKT_HASH_TYPE_L4);
	skb_set_queue_mapping(skb, 0);
	skb_clear_delivery_time(skb);
	skb->tstamp = 0;
	skb->priority = dscp == KPPTP_DSCP_INHERIT ? 0 : rt_tos2priority(dscp << 2);
	skb_set_dst_pending_confirm(skb, 0);
	kpptp_compat_set_nesting(skb, 0);
	kpptp_compat_set_sender_cpu(skb, reciprocal_scale(call->flow, nr_cpu_ids));
}

/* As ip4_dst_hoplimit(), but the namespace is known. */
static inline u8 kpptp_packet_ttl(const struct kpptp_call *call, const struct dst_entry *dst)
{
	u8 ttl = call->send.ip.ttl ?: dst_metric_raw(dst, RTAX_HOPLIMIT);

	return ttl ?: READ_ONCE(call->kn->net->ipv4.sysctl_ip_default_ttl);
}

/**
 * kpptp_packet_build - put an IP header before a GRE header
 * @call: the call
 * @skb: the packet, data at its GRE header, with room for an IP header
 * @dst: the route, for which no reference is taken
 * @tos: type of service
 *
 * IP adds the length and the checksum on output. The identification is from a
 * counter of the call, as a connected socket's: the packet may be fragmented on
 * its way.
 * Context: under send.lock; bottom halves stay off until the packet has left or
 * has got its own reference to @dst.
 */
static __always_inline void kpptp_packet_build(struct kpptp_call *call, struct sk_buff *skb,
					       struct dst_entry *dst, u8 tos)
{
	struct kpptp_send *send = &call->send;
	struct iphdr *iph;

	if (unlikely(call->foreign))
		skb_scrub_packet(skb, true);
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	nf_reset_ct(skb);
	secpath_reset(skb);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	skb->ip_summed = CHECKSUM_NONE;
	skb->encapsulation = 0;
	skb->protocol = htons(ETH_P_IP);
	skb->mark = send->ip.mark;
	skb->ignore_df = 0;
	kpptp_packet_one_flow(call, skb);

	skb_reset_transport_header(skb);
	iph = __skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = tos;
	iph->frag_off = send->ip.df ? htons(IP_DF) : 0;
	iph->ttl = kpptp_packet_ttl(call, dst);
	iph->protocol = IPPROTO_GRE;
	iph->saddr = call->key.local;
	iph->daddr = call->key.peer;
	iph->id = htons(send->ip_id++);
}

#endif /* KPPTP_PACKET_H */
