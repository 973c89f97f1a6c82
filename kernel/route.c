// SPDX-License-Identifier: GPL-2.0
/*
 * The cached route to a call's peer, kept as long as it is valid.
 */
#include "route.h"

#include <linux/if_ether.h>
#include <linux/if_macvlan.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/route.h>
#include <net/rtnetlink.h>
#include <net/xfrm.h>

#include "call.h"

/*
 * Ignore an inherited DSCP in routing: a call is one ordered flow, and packets on
 * different routes would overtake each other.
 */
static u8 route_tos(const struct kpptp_ip_conf *ip)
{
	return ip->dscp == KPPTP_DSCP_INHERIT ? 0 : ip->dscp << 2;
}

static struct dst_entry *route_lookup(const struct kpptp_call *call)
{
	const struct kpptp_ip_conf *ip = &call->send.ip;
	struct flowi4 fl4;
	struct rtable *rt;

	flowi4_init_output(&fl4, ip->device, ip->mark, route_tos(ip), RT_SCOPE_UNIVERSE,
			   IPPROTO_GRE, 0, call->key.peer, call->key.local, 0, 0, GLOBAL_ROOT_UID);
	rt = ip_route_output_key(call->kn->net, &fl4);
	return IS_ERR(rt) ? NULL : &rt->dst;
}

/*
 * Do packets sent through @dev never get back into IP within the same call chain?
 * True for hardware, and for loopback and veth, which queue packets to a backlog.
 * For a VLAN or macvlan the underlying device decides, which never changes.
 */
static bool route_device_ends(const struct net_device *dev)
{
	for (;;) {
		if (is_vlan_dev(dev))
			dev = vlan_dev_real_dev(dev);
		else if (netif_is_macvlan(dev))
			dev = macvlan_dev_real_dev(dev);
		else
			break;
	}
	return dev->dev.parent || dev->flags & IFF_LOOPBACK ||
	       (dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "veth"));
}

static bool route_is_direct(const struct dst_entry *dst)
{
	return !dst_xfrm(dst) && !dst->lwtstate && route_device_ends(dst->dev);
}

struct dst_entry *kpptp_route_renew(struct kpptp_call *call)
{
	struct dst_entry *dst;

	lockdep_assert_held(&call->send.lock);

	dst_release(call->send.route);
	dst = route_lookup(call);
	call->send.route = dst;
	call->send.direct = dst && route_is_direct(dst);
	return dst;
}

unsigned int kpptp_route_headroom(struct kpptp_call *call)
{
	unsigned int headroom = ETH_HLEN;
	struct dst_entry *dst;

	dst = route_lookup(call);
	if (dst) {
		headroom = LL_RESERVED_SPACE(dst->dev);
		dst_release(dst);
	}
	return headroom;
}

void kpptp_route_forget(struct kpptp_call *call)
{
	dst_release(call->send.route);
	call->send.route = NULL;
}

/* Look up the route for the call's next packet. Returns a reference, or NULL. */
static struct dst_entry *route_now(struct kpptp_call *call, u32 *mark)
{
	struct dst_entry *dst;

	spin_lock(&call->send.lock);
	*mark = call->send.ip.mark;
	dst = route_lookup(call);
	spin_unlock(&call->send.lock);
	return dst;
}

/*
 * The routing table looks only at the addresses, mark and device of a packet that
 * was too big: give it one with the call's, not the one quoted by a stranger's ICMP
 * error.
 */
static struct sk_buff *route_sample(const struct kpptp_call *call, const struct dst_entry *dst,
				    u32 mark)
{
	struct sk_buff *skb = alloc_skb(sizeof(struct iphdr), GFP_ATOMIC);
	struct iphdr *iph;

	if (!skb)
		return NULL;
	skb_reset_network_header(skb);
	iph = skb_put_zero(skb, sizeof(*iph));
	iph->saddr = call->key.local;
	iph->daddr = call->key.peer;
	iph->tos = route_tos(&call->send.ip);
	iph->protocol = IPPROTO_GRE;
	skb->dev = dst->dev;
	skb->mark = mark;
	return skb;
}

void kpptp_route_pmtu(struct kpptp_call *call, u32 mtu)
{
	struct dst_entry *dst;
	struct sk_buff *skb;
	u32 mark;

	dst = route_now(call, &mark);
	if (!dst)
		return;
	skb = route_sample(call, dst, mark);
	if (skb)
		dst->ops->update_pmtu(dst, NULL, skb, mtu, false);
	kfree_skb(skb);
	dst_release(dst);
}

void kpptp_route_redirect(struct kpptp_call *call, struct sk_buff *skb)
{
	const u32 received = skb->mark;
	struct dst_entry *dst;
	u32 mark;

	dst = route_now(call, &mark);
	if (!dst)
		return;
	skb->mark = mark;
	dst->ops->redirect(dst, NULL, skb);
	skb->mark = received;
	dst_release(dst);
}
