// SPDX-License-Identifier: GPL-2.0
/* Merge received packets before they go to PPP, with the kernel's own GRO. */
#include "gro.h"

#include <linux/if_packet.h>
#include <linux/netdevice.h>
#include <linux/ppp_channel.h>
#include <linux/ppp_defs.h>
#include <linux/skbuff.h>
#include <net/gro.h>

#include "call.h"
#include "compat/compat.h"

/*
 * The type of our frames. As an Ethernet type it is a length (IEEE 802.3), and none of
 * those that the kernel uses for itself (ETH_P_802_3 and so on).
 */
#define GRO_TYPE htons(0x00fd)

/*
 * Bytes merged into one packet. PPP copies it into one piece where it has a
 * decompressor, so it must fit a small allocation.
 */
#define GRO_MAX 15000

/**
 * struct gro_link - the link-layer header, which GRO compares
 * @call: the call
 * @type: Ethernet type of what follows; a word, for a length that is not Ethernet's
 */
struct gro_link {
	struct kpptp_call *call;
	unsigned long type;
} __packed;

static struct net_device *gro_dev;

static const struct gro_link *gro_link(const struct sk_buff *skb)
{
	return (const struct gro_link *)skb_mac_header(skb);
}

/* GRO calls this for packets of any device that have our type. */
static struct sk_buff *gro_receive(struct list_head *head, struct sk_buff *skb)
{
	struct packet_offload *ip = NULL;

	if (likely(skb->dev == gro_dev))
		ip = gro_find_receive_by_type((__force __be16)gro_link(skb)->type);
	if (unlikely(!ip)) {
		NAPI_GRO_CB(skb)->flush = 1;
		return NULL;
	}
	return ip->callbacks.gro_receive(head, skb);
}

static int gro_complete(struct sk_buff *skb, int offset)
{
	struct packet_offload *ip;

	ip = gro_find_complete_by_type((__force __be16)gro_link(skb)->type);
	return ip ? ip->callbacks.gro_complete(skb, offset) : -ENOENT;
}

/* The packet is as large as it gets: make it a PPP frame again. */
static int gro_deliver(struct sk_buff *skb, struct net_device *dev, struct packet_type *type,
		       struct net_device *orig_dev)
{
	struct kpptp_call *call = gro_link(skb)->call;
	__be16 protocol =
		htons(gro_link(skb)->type == (__force u16)htons(ETH_P_IP) ? PPP_IP : PPP_IPV6);

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return NET_RX_DROP;
	skb->pkt_type = PACKET_HOST;
	put_unaligned(protocol, (__be16 *)__skb_push(skb, sizeof(protocol)));
	ppp_input(&call->chan, skb);
	return NET_RX_SUCCESS;
}

bool kpptp_gro_receive(struct kpptp_call *call, struct napi_struct *napi, struct sk_buff *skb,
		       __be16 type, unsigned int field)
{
	struct gro_link *link;

	__skb_pull(skb, field);
	if (unlikely(skb_cow_head(skb, sizeof(*link)))) {
		__skb_push(skb, field);
		return false;
	}
	link = __skb_push(skb, sizeof(*link));
	link->call = call;
	link->type = (__force u16)type;
	skb_reset_mac_header(skb);
	__skb_pull(skb, sizeof(*link));
	skb->dev = gro_dev;
	skb->protocol = GRO_TYPE;
	/* Hides it from packet sockets, which see it at PPP's interface. */
	skb->pkt_type = PACKET_LOOPBACK;
	napi_gro_receive(napi, skb);
	return true;
}

static struct packet_offload gro_offload __read_mostly = {
	.type = GRO_TYPE,
	.callbacks = {
		.gro_receive = gro_receive,
		.gro_complete = gro_complete,
	},
};

static struct packet_type gro_packets __read_mostly = {
	.type = GRO_TYPE,
	.func = gro_deliver,
};

void kpptp_gro_setup(struct net_device *dev)
{
	gro_dev = dev;
	dev->hard_header_len = sizeof(struct gro_link);
	dev->features |= NETIF_F_GRO;
	kpptp_compat_set_gro_max(dev, GRO_MAX);
	gro_packets.dev = dev;
	dev_add_pack(&gro_packets);
	dev_add_offload(&gro_offload);
}

void kpptp_gro_cleanup(void)
{
	dev_remove_offload(&gro_offload);
	dev_remove_pack(&gro_packets);
}
