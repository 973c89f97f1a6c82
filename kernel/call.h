/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A call: its struct, its lifetime and its locks. Nothing here acts; life.h does.
 *
 * Lifetime
 *	kpptp_call_create() allocates a call, registers its PPP channel and
 *	publishes it in its namespace's table, in this order: what can be found
 *	is whole. kpptp_call_delete() takes it out of the table, tells the
 *	listeners, and returns; one RCU grace period later a work item shuts
 *	its timers down and unregisters the channel (pppd sees a hang-up), and
 *	a second grace period later the memory is freed. The packet path finds a
 *	call by RCU and holds no reference beyond its read-side section. The
 *	second grace period is for ppp_generic: its start_xmit and ioctl calls
 *	are over when ppp_unregister_channel() returns, but the lookup of a
 *	forward path reads the channel, and its operations, under RCU alone.
 *
 *	A call pins its network namespace, its channel the one where PPP is, as
 *	a rule the same, and a call pins the module: none goes away under it.
 *
 * Locks, outermost first
 *	kpptp_net.lock	mutex: creation, change and deletion of the calls of a
 *			namespace, and its list of owners
 *	recv.lock	what was received: reorder queue and its counters. Held
 *			while a frame that needs no queue is handed to
 *			ppp_input(), so that two CPUs cannot deliver in another
 *			order. Queued frames (ready.h) are handed over with no
 *			lock held, by one CPU at a time. Inside it: the lock of
 *			a CPU's list of queues, under which nothing is called.
 *	(ppp's locks)	taken by ppp_input(), and by ppp_generic around our
 *			start_xmit. A frame that enters one channel and, bridged,
 *			leaves by another passes from the first call's recv.lock
 *			through these to the second call's send.lock.
 *	send.lock	what was sent: window, acknowledgment owed, counters.
 *			Innermost: nothing of ppp's, and no packet leaves, under
 *			it. ppp_output_wakeup() is called with neither lock held.
 *
 *	A packet leaves under ppp's locks only by a device that cannot lead into
 *	another PPP interface at once; see output.h.
 *
 *	Both spin locks are taken with bottom halves off: packets are handled in
 *	softirq, and requests look at the counters from process context.
 */
#ifndef KPPTP_CALL_H
#define KPPTP_CALL_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/ppp_channel.h>
#include <linux/rculist.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <uapi/linux/kpptp.h>

#include "ack.h"
#include "reorder.h"
#include "stats.h"
#include "window.h"

struct dst_entry;
struct kpptp_owner;
struct kpptp_ready;
struct kpptp_table_page;
struct net;

/* The peer has not named its Call ID yet; every 16-bit value is a legal one. */
#define KPPTP_PEER_ID_UNKNOWN U32_MAX

/**
 * struct kpptp_net - what a network namespace has
 * @net:	the namespace
 * @lock:	serializes creation, change and deletion of calls
 * @table:	calls by key, for the packet path; see table.h
 * @seed:	of @table, so that nobody can choose who shares a chain
 * @peers:	the same calls by the peer's Call ID, for ICMP errors; see table.h
 * @n_calls:	how many there are; written under @lock
 * @call_limit:	how many there may be
 * @calls:	calls by serial number, for walks that go on where they stopped
 * @next_serial: where the search for a free serial number starts; under @lock
 * @owners:	netlink sockets that own calls; under @lock, see owner.h
 * @stats:	counters, per CPU
 * @held:	memory used by held packets and frames that wait for PPP, all calls,
 *		in bytes; see budget.h
 * @held_limit:	how much that may be; beyond it nothing more is held
 * @deferred:	packets to be sent with no lock of PPP's held; see output.h
 * @output:	sends them
 */
struct kpptp_net {
	struct net *net;
	struct mutex lock;
	struct kpptp_table_page __rcu *table[256];
	struct kpptp_table_page __rcu *peers[256];
	u32 seed;
	u32 n_calls;
	u32 call_limit;
	struct xarray calls;
	u32 next_serial;
	struct list_head owners;
	struct kpptp_net_stats __percpu *stats;
	atomic_long_t held;
	unsigned long held_limit;
	struct sk_buff_head deferred;
	struct tasklet_struct output;
};

/**
 * struct kpptp_call_key - what a received packet names a call by
 * @local:	our address: the packet's destination
 * @peer:	the peer's address: its source
 * @id:		Call ID that we assigned: its GRE key
 * @zero:	0, so that the key can be hashed as it stands
 */
struct kpptp_call_key {
	__be32 local;
	__be32 peer;
	u16 id;
	u16 zero;
};

/**
 * struct kpptp_ip_conf - what a call's IP packets are like
 * @mark:	their mark
 * @device:	index of the device or VRF they leave by and have to come by, or 0
 * @ttl:	their time to live, 0 for the route's
 * @dscp:	their DSCP, or KPPTP_DSCP_INHERIT
 * @df:		they must not be fragmented
 */
struct kpptp_ip_conf {
	u32 mark;
	int device;
	u8 ttl;
	u8 dscp;
	bool df;
};

/**
 * struct kpptp_call_conf - what a request asks of a call
 * @key:	identity; an @key.id of 0 lets kpptp_call_create() choose
 * @peer_id:	Call ID the peer assigned, or KPPTP_PEER_ID_UNKNOWN
 * @flow_control: how the peer's window binds us
 * @window:	Packet Recv. Window Size that we advertise
 * @peer_window: Packet Recv. Window Size of the peer
 * @peer_ppd:	Packet Processing Delay of the peer, in tenths of a second
 * @ack_delay:	microseconds, or KPPTP_ACK_DELAY_AUTO
 * @ato_min: MinTimeOut in microseconds, or 0: @flow_control's own
 * @ato_max: MaxTimeOut in microseconds
 * @reorder_time: longest hold time in microseconds
 * @reorder_packets: most packets held
 * @owner:	port of the netlink socket that owns the call, 0 for none
 * @ip:		what its IP packets are like
 * @ppp_net:	namespace of the PPP channel, NULL for the call's own; the channel
 *		pins it
 */
struct kpptp_call_conf {
	struct kpptp_call_key key;
	u32 peer_id;
	enum kpptp_flow_control flow_control;
	u16 window;
	u16 peer_window;
	u16 peer_ppd;
	u32 ack_delay;
	u32 ato_min;
	u32 ato_max;
	u32 reorder_time;
	u32 reorder_packets;
	u32 owner;
	struct kpptp_ip_conf ip;
	struct net *ppp_net;
};

/**
 * struct kpptp_send - what a call sends
 * @lock:	protects this struct
 * @peer_id:	Call ID the peer assigned, or KPPTP_PEER_ID_UNKNOWN
 * @window:	sequence numbers, window and time-out towards the peer
 * @ack:	acknowledgment that we owe the peer
 * @ip:		what its IP packets are like; @ip.device is read without the lock too
 * @ppp_flags:	SC_COMP_PROT and SC_COMP_AC, as PPPIOCSFLAGS set them
 * @route:	cached route to the peer, or NULL; see route.h
 * @refused:	frame last refused by a closed window, until its fate is known
 * @ato_at:	what the time-out's timer was last set to
 * @ip_id:	identification of the next IP packet
 * @direct:	@route never leads into another PPP interface at once
 * @stats:	counters
 */
struct kpptp_send {
	spinlock_t lock;
	u32 peer_id;
	struct kpptp_window window;
	struct kpptp_ack ack;
	struct kpptp_ip_conf ip;
	u32 ppp_flags;
	struct dst_entry *route;
	struct sk_buff *refused;
	u32 ato_at;
	u16 ip_id;
	bool direct;
	struct kpptp_send_stats stats;
};

/**
 * struct kpptp_recv - what a call receives
 * @lock:	protects this struct
 * @hold_at:	what the hold's timer was last set to
 * @reorder:	frames that came too early
 * @ready:	frames that wait for PPP, or NULL; see ready.h
 * @stats:	counters
 */
struct kpptp_recv {
	spinlock_t lock;
	u32 hold_at;
	struct kpptp_reorder reorder;
	struct kpptp_ready *ready;
	struct kpptp_recv_stats stats;
};

/**
 * struct kpptp_call - one call
 * @node:	in kpptp_net.table
 * @peer_node:	in kpptp_net.peers, if the peer's Call ID is known
 * @key:	identity, never changes
 * @serial:	in kpptp_net.calls, never changes
 * @kn:		the namespace of the tunnel, pinned
 * @foreign:	PPP is in another namespace, never changes
 * @flow:	hash of all its packets, never changes
 * @conf:	as requested and changed; written under kpptp_net.lock
 * @chan:	PPP channel
 * @send:	what it sends
 * @recv:	what it receives
 * @ack_timer:	the acknowledgment may wait no longer
 * @ato_timer:	the peer's acknowledgment is overdue
 * @hold_timer:	a frame was held for long enough
 * @owner:	netlink socket that it dies with, or NULL; kpptp_net.lock
 * @owned:	in kpptp_owner.calls; kpptp_net.lock
 * @destroy:	the end, a grace period after deletion, when there is no owner any
 *		more; its rcu_head then serves the second one
 *
 * On a production kernel of 64 bits it fits into 1024 bytes; beyond them kmalloc
 * would take 2048.
 */
struct kpptp_call {
	struct hlist_node node;
	struct hlist_node peer_node;
	struct kpptp_call_key key;
	u32 serial;
	struct kpptp_net *kn;
	bool foreign;
	u32 flow;
	struct kpptp_call_conf conf;
	struct ppp_channel chan;
	struct kpptp_send send;
	struct kpptp_recv recv;
	struct timer_list ack_timer;
	struct timer_list ato_timer;
	struct hrtimer hold_timer;
	union {
		struct {
			struct kpptp_owner *owner;
			struct list_head owned;
		};
		struct rcu_work destroy;
	};
};

/* Where namespaces keep our part. */
extern unsigned int kpptp_net_id;

/* No limit on the calls of a namespace. */
#define KPPTP_CALL_LIMIT_NONE U32_MAX

/**
 * kpptp_net_restricted - whether a namespace's administrator may be anybody
 * @kn: the namespace
 *
 * An unprivileged user becomes one in a user namespace of their own. What the
 * kernel spends on such a namespace is limited by default.
 */
static inline bool kpptp_net_restricted(const struct kpptp_net *kn)
{
	return kn->net->user_ns != &init_user_ns;
}

/**
 * kpptp_net_of - our part of a network namespace
 * @net: the namespace
 * Return: never NULL while the namespace is alive and the module is loaded.
 */
static inline struct kpptp_net *kpptp_net_of(const struct net *net)
{
	return net_generic(net, kpptp_net_id);
}

/**
 * kpptp_net_of_rcu - the same for each packet
 * @net: the namespace
 *
 * net_generic() enters a read-side section of its own.
 * Context: under RCU.
 * Return: as kpptp_net_of().
 */
static inline struct kpptp_net *kpptp_net_of_rcu(const struct net *net)
{
	return rcu_dereference(net->gen)->ptr[kpptp_net_id];
}

/**
 * kpptp_call_ato_min - the MinTimeOut that is in force
 * @conf: the configuration
 * Return: microseconds.
 */
static inline u32 kpptp_call_ato_min(const struct kpptp_call_conf *conf)
{
	if (conf->ato_min)
		return conf->ato_min;
	return conf->flow_control == KPPTP_FLOW_CONTROL_STRICT ? KPPTP_WINDOW_ATO_MIN
							       : KPPTP_WINDOW_ATO_MIN_ADAPTIVE;
}

#endif /* KPPTP_CALL_H */
