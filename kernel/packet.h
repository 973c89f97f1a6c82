/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Build the IP header in front of a GRE packet, and set the metadata that make all
 * packets of a call one flow. Inline, as every packet needs it.
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
 * Reset everything by which a qdisc, XPS, bonding or a multiqueue device may sort
 * packets. A call's packets carry consecutive numbers, and a peer that does not
 * reorder drops each one that was overtaken; so none of this may come from the
 * inner packet.
 *
 * Orphan the packet too: fq sorts by socket, and XPS and sockets cache queues by
 * it. TCP then no longer sees what is queued below the tunnel (TCP small queues),
 * so only its window and the qdisc bound its share of that queue, as for a
 * forwarded packet. That is the price of order: with the socket kept, fq would
 * interleave the packets of two connections. Pacing still works: a socket that fq
 * does not see uses TCP's own timer.
 *
 * The call's DSCP sets the priority. An inherited DSCP sets none, although devices
 * that look into the IP header, such as Wi-Fi, may still sort by it.
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

/* Like ip4_dst_hoplimit(), but with a known namespace. */
static inline u8 kpptp_packet_ttl(const struct kpptp_call *call, const struct dst_entry *dst)
{
	u8 ttl = call->send.ip.ttl ?: dst_metric_raw(dst, RTAX_HOPLIMIT);

	return ttl ?: READ_ONCE(call->kn->net->ipv4.sysctl_ip_default_ttl);
}

/**
 * kpptp_packet_build - put an IP header in front of a GRE header
 * @call: the call
 * @skb: the packet, data at its GRE header, with room for an IP header
 * @dst: the route; no reference is taken
 * @tos: type of service
 *
 * IP fills in length and checksum on output. The identification comes from a
 * per-call counter, as for a connected socket: the packet may be fragmented.
 * Context: under send.lock. @dst is noref: keep BH disabled until ip_local_out()
 * returns or the packet has its own reference.
 */
static __always_inline void kpptp_packet_build(struct kpptp_call *call, struct sk_buff *skb,
					       struct dst_entry *dst, u8 tos)
{
	struct kpptp_send *send = &call->send;
	struct iphdr *iph;

	if (unlikely(call->send.foreign))
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
