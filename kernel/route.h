/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way to a call's peer: one route, kept as long as the routing table
 * stands by it.
 *
 * It is one pointer under send.lock, which the caller holds for other reasons,
 * rather than one per CPU: a call stays small on a host with many CPUs.
 */
#ifndef KPPTP_ROUTE_H
#define KPPTP_ROUTE_H

#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/route.h>

#include "call.h"

/**
 * kpptp_route_renew - look for the route to the peer, and keep it
 * @call: the call
 *
 * Context: as kpptp_route_get().
 * Return: as kpptp_route_get().
 */
struct dst_entry *kpptp_route_renew(struct kpptp_call *call);

/*
 * As dst_check(), which costs an indirect call for each packet. A route with no
 * IPsec policy is IPv4's own, and this is all that IPv4 looks at.
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
 * Sets send.direct: whether packets may leave by it with PPP's locks held.
 * Context: bottom halves off, which is what keeps the route; under send.lock.
 * Return: a route, to be used before they are on again, or NULL if there is none.
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
 * Return: octets; an ethernet's where there is no route yet.
 */
unsigned int kpptp_route_headroom(struct kpptp_call *call);

/**
 * kpptp_route_forget - drop the cached route
 * @call: the call, whose next packet will look for another
 *
 * Context: under send.lock, or when the call sends no more.
 */
void kpptp_route_forget(struct kpptp_call *call);

/**
 * kpptp_route_pmtu - the path of a call takes no larger packets
 * @call: the call
 * @mtu: bytes
 *
 * The routing table keeps it, for the route that the call's mark, DSCP and
 * device choose. A route that calls have cached is no longer valid then.
 * Context: softirq, under RCU.
 */
void kpptp_route_pmtu(struct kpptp_call *call, u32 mtu);

/**
 * kpptp_route_redirect - a router names a better one for a call's packets
 * @call: the call
 * @skb: the ICMP redirect, data at the packet that it quotes
 *
 * Whether to believe it is up to the device's accept_redirects and
 * secure_redirects, and it has to come from the router in use.
 * Context: softirq, under RCU.
 */
void kpptp_route_redirect(struct kpptp_call *call, struct sk_buff *skb);

#endif /* KPPTP_ROUTE_H */
