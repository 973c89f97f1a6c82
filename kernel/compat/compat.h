/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All differences between kernel versions are handled here: every other file is
 * written for the newest kernel. Kbuild.include probes for features; no version
 * number is compared.
 */
#ifndef KPPTP_COMPAT_H
#define KPPTP_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/ppp_channel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <net/genetlink.h>

#ifdef KPPTP_HAVE_NET_GSO
#include <net/gso.h>
#endif

#ifdef KPPTP_HAVE_LINUX_UNALIGNED
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#ifndef KPPTP_HAVE_DROP_REASONS
/* The reasons that we use; nothing reads them, so their values do not matter. */
enum skb_drop_reason {
	SKB_NOT_DROPPED_YET,
	SKB_DROP_REASON_CPU_BACKLOG,
	SKB_DROP_REASON_DEV_HDR,
	SKB_DROP_REASON_DEV_READY,
	SKB_DROP_REASON_FULL_RING,
	SKB_DROP_REASON_HDR_TRUNC,
	SKB_DROP_REASON_INVALID_PROTO,
	SKB_DROP_REASON_IP_OUTNOROUTES,
	SKB_DROP_REASON_NOMEM,
	SKB_DROP_REASON_NO_SOCKET,
	SKB_DROP_REASON_OTHERHOST,
	SKB_DROP_REASON_PKT_TOO_BIG,
	SKB_DROP_REASON_PKT_TOO_SMALL,
};

#define kfree_skb_reason(skb, reason) ((void)(reason), kfree_skb(skb))
#endif

#ifndef KPPTP_HAVE_FRAGMENT_REASONS
/* The nearest reason: a bad tunnel header. */
#define SKB_DROP_REASON_DUP_FRAG	   SKB_DROP_REASON_DEV_HDR
#define SKB_DROP_REASON_FRAG_REASM_TIMEOUT SKB_DROP_REASON_DEV_HDR
#define SKB_DROP_REASON_FRAG_TOO_FAR	   SKB_DROP_REASON_DEV_HDR
#endif

#ifndef KPPTP_HAVE_DROP_RECURSION
#define SKB_DROP_REASON_RECURSION_LIMIT SKB_DROP_REASON_IP_OUTNOROUTES
#endif

#ifndef KPPTP_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

#ifndef KPPTP_HAVE_TIMER_CONTAINER_OF
#define timer_container_of(var, callback_timer, timer_fieldname)                                   \
	from_timer(var, callback_timer, timer_fieldname)
#endif

/**
 * kpptp_compat_dump_attrs - the attributes of a dump request
 * @cb: the dump
 */
static inline struct nlattr **kpptp_compat_dump_attrs(struct netlink_callback *cb)
{
#ifdef KPPTP_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#ifndef KPPTP_HAVE_ALLOC_NETDEV_DUMMY
/* Unlike init_dummy_netdev(), keep what alloc_netdev() has set up. */
static inline void kpptp_compat_dummy_setup(struct net_device *dev)
{
	set_bit(__LINK_STATE_PRESENT, &dev->state);
	set_bit(__LINK_STATE_START, &dev->state);
}
#endif

/**
 * kpptp_compat_dummy_netdev_alloc - allocate a device that only NAPI instances see
 *
 * free_netdev() frees it.
 * Return: NULL if out of memory.
 */
static inline struct net_device *kpptp_compat_dummy_netdev_alloc(void)
{
#ifdef KPPTP_HAVE_ALLOC_NETDEV_DUMMY
	return alloc_netdev_dummy(0);
#else
	return alloc_netdev(0, "kpptp", NET_NAME_UNKNOWN, kpptp_compat_dummy_setup);
#endif
}

/**
 * kpptp_compat_set_gro_max - limit what GRO merges into one packet
 * @dev: device of the packets
 * @bytes: the limit
 */
static inline void kpptp_compat_set_gro_max(struct net_device *dev, unsigned int bytes)
{
	dev->gro_max_size = bytes;
#ifdef KPPTP_HAVE_GRO_IPV4_MAX_SIZE
	dev->gro_ipv4_max_size = bytes;
#endif
}

/**
 * kpptp_compat_channel_direct - mark a channel that never makes PPP wait
 * @chan: channel, not yet registered
 *
 * If the kernel supports such channels, the PPP interface then needs no queue. Do
 * not mark a channel whose start_xmit may return 0: with no queue to wait in, the
 * frame would be lost.
 */
static inline void kpptp_compat_channel_direct(struct ppp_channel *chan)
{
#ifdef KPPTP_HAVE_DIRECT_XMIT
	chan->direct_xmit = true;
#endif
}

/**
 * kpptp_compat_set_sender_cpu - choose the CPU whose queue XPS selects
 * @skb: packet to be sent
 * @cpu: its number
 *
 * The field does not exist if neither XPS nor busy polling is configured.
 */
static inline void kpptp_compat_set_sender_cpu(struct sk_buff *skb, unsigned int cpu)
{
#if defined(CONFIG_NET_RX_BUSY_POLL) || defined(CONFIG_XPS)
	skb->sender_cpu = cpu + 1;
#endif
}

/* Marks a tc_index as ours; its lowest 3 bits hold the nesting. */
#define KPPTP_COMPAT_NESTED 0x5050

/**
 * kpptp_compat_set_nesting - store in a packet how many tunnels it is in
 * @skb: packet to be sent
 * @nesting: up to 7; 0 clears it
 *
 * Stored in the traffic control index, which survives qdiscs and is copied to
 * fragments. Kernels without traffic control have no qdisc to hold a packet.
 */
static inline void kpptp_compat_set_nesting(struct sk_buff *skb, unsigned int nesting)
{
#ifdef CONFIG_NET_SCHED
	skb->tc_index = nesting ? KPPTP_COMPAT_NESTED | nesting : 0;
#endif
}

/**
 * kpptp_compat_nesting - how many tunnels a packet is in
 * @skb: packet that came from PPP
 */
static inline unsigned int kpptp_compat_nesting(const struct sk_buff *skb)
{
#ifdef CONFIG_NET_SCHED
	if ((skb->tc_index & ~7) == KPPTP_COMPAT_NESTED)
		return skb->tc_index & 7;
#endif
	return 0;
}

#endif /* KPPTP_COMPAT_H */
