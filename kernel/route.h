/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cached route to a call's peer, kept as long as it is valid.
 *
 * It is one pointer under send.lock, which the caller holds anyway, rather than one
 * per CPU: a call stays small on a host with many CPUs.
 */
#ifndef KPPTP_ROUTE_H
#define KPPTP_ROUTE_H

#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/route.h>

#include "call.h"

/**
 * kpptp_route_renew - look up the route to the peer and cache it
 * @call: the call
 *
 * Context: as kpptp_route_get().
 * Return: as kpptp_route_get().
 */
struct dst_entry *kpptp_route_renew(struct kpptp_call *call);

/*
 * Like dst_check(), but without its indirect call per packet. A route with no IPsec
 * policy is IPv4's own, and this is all that IPv4 checks.
 */
static inline bool kpptp_route_is_valid(const struct kpptp_call *call, struct dst_entry *dst)
{
	const struct rtable *rt = container_of(dst, struct rtable, dst);

	if (likely(call->send.direct))
		return READ_ONCE(dst->obsolete) == DST_OBSOLETE_FORCE_CHK &&
		       rt->rt_genid == rt_genid_ipv4(call->kn->net);
	return dst_check(dst, 0);
}

/**
 * kpptp_route_get - the route to the peer
 * @call: the call
 *
 * Sets send.direct: whether packets may be sent by it with PPP's locks held.
 * Context: under send.lock, BH disabled.
 * Return: the route, or NULL if there is none. It is noref: valid until BH is
 * enabled.
 */
static inline struct dst_entry *kpptp_route_get(struct kpptp_call *call)
{
	struct dst_entry *dst = call->send.route;

	lockdep_assert_held(&call->send.lock);
	RCU_LOCKDEP_WARN(!rcu_read_lock_bh_held(), "the route may be replaced and freed");

	if (likely(dst && kpptp_route_is_valid(call, dst)))
		return dst;
	return kpptp_route_renew(call);
}

/**
 * kpptp_route_headroom - link-layer headroom towards the peer
 * @call: the call
 *
 * Context: process.
 * Return: bytes; Ethernet's if there is no route yet.
 */
unsigned int kpptp_route_headroom(struct kpptp_call *call);

/**
 * kpptp_route_forget - drop the cached route
 * @call: the call; its next packet looks up a route again
 *
 * Context: under send.lock, or when the call no longer sends.
 */
void kpptp_route_forget(struct kpptp_call *call);

/**
 * kpptp_route_pmtu - record the path MTU of a call
 * @call: the call
 * @mtu: bytes
 *
 * The routing table stores it for the route selected by the call's mark, DSCP and
 * device. This invalidates that route where calls have cached it.
 * Context: softirq, under RCU.
 */
void kpptp_route_pmtu(struct kpptp_call *call, u32 mtu);

/**
 * kpptp_route_redirect - a router names a better one for a call's packets
 * @call: the call
 * @skb: the ICMP redirect, data at the packet that it quotes
 *
 * It must come from the router in use and be allowed by the device's
 * accept_redirects and secure_redirects.
 * Context: softirq, under RCU.
 */
void kpptp_route_redirect(struct kpptp_call *call, struct sk_buff *skb);

#endif /* KPPTP_ROUTE_H */
