/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A call: struct, lifetime and locks. The code is in life.h.
 *
 * Lifetime
 *	kpptp_call_create() allocates a call, registers its PPP channel and
 *	publishes it in its namespace's table, in this order: a call that can be
 *	found is complete. kpptp_call_delete() removes it from the table, notifies
 *	the listeners and returns. One RCU grace period later a work item shuts
 *	down its timers and unregisters the channel (pppd sees a hang-up), and
 *	after a second grace period the memory is freed. The packet path finds a
 *	call under RCU and holds no reference beyond its read-side section. The
 *	second grace period is for ppp_generic: its start_xmit and ioctl calls
 *	are over when ppp_unregister_channel() returns, but its forward path
 *	lookup reads the channel and its operations under RCU only.
 *
 *	A call pins the module and its namespace; its channel pins PPP's
 *	namespace, usually the same.
 *
 * Locks, outermost first
 *	kpptp_net.lock	mutex: serializes creation, change and deletion of a
 *			namespace's calls, and protects its list of owners
 *	recv.lock	receive state: reorder queue and counters. Held while a
 *			frame that needs no queue is passed to ppp_input(), so
 *			that two CPUs cannot deliver out of order. Queued frames
 *			(ready.h) are passed on with no lock held, by one CPU at
 *			a time. The lock of a CPU's list of queues nests inside
 *			it; nothing is called under that one.
 *	(ppp's locks)	taken by ppp_input(), and by ppp_generic around our
 *			start_xmit. A frame bridged from one channel to another
 *			goes from the first call's recv.lock through these to the
 *			second call's send.lock.
 *	send.lock	send state: window, acknowledgment owed, counters.
 *			Innermost: never call into ppp or send a packet under
 *			it. ppp_output_wakeup() is called with neither lock held.
 *
 *	With ppp's locks held, send only through a device that cannot lead
 *	straight into another PPP interface; see output.h.
 *
 *	Both spin locks are taken with BH disabled: packets are handled in
 *	softirq, and requests read the counters in process context.
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
struct kpptp_mppe_channel;
struct kpptp_owner;
struct kpptp_ready;
struct kpptp_table_page;
struct net;

/* The peer's Call ID is not known yet; every 16-bit value is a valid one. */
#define KPPTP_PEER_ID_UNKNOWN U32_MAX

/**
 * struct kpptp_net - per-namespace state
 * @net:	the namespace
 * @lock:	serializes creation, change and deletion of calls
 * @table:	calls by key, for the packet path; see table.h
 * @seed:	hash seed of @table, so that nobody can choose which calls collide
 * @peers:	the same calls by the peer's Call ID, for ICMP errors; see table.h
 * @n_calls:	number of calls; written under @lock
 * @call_limit:	maximum number of calls
 * @calls:	calls by serial number, for walks that can be resumed
 * @next_serial: where the search for a free serial number starts; under @lock
 * @owners:	netlink sockets that own calls; under @lock, see owner.h
 * @stats:	counters, per CPU
 * @held:	memory used by held packets and frames waiting for PPP, all calls,
 *		in bytes; see budget.h
 * @held_limit:	limit of @held; beyond it no more packets are held
 * @deferred:	packets to be sent without PPP's locks held; see output.h
 * @output:	tasklet that sends @deferred
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
 * struct kpptp_call_key - what identifies the call of a received packet
 * @local:	our address: the packet's destination
 * @peer:	the peer's address: the packet's source
 * @id:		Call ID that we assigned: in the packet's GRE key
 * @zero:	0, so that the key can be hashed as is
 */
struct kpptp_call_key {
	__be32 local;
	__be32 peer;
	u16 id;
	u16 zero;
};

/**
 * struct kpptp_ip_conf - settings of a call's IP packets
 * @mark:	mark
 * @device:	index of the device or VRF to send and receive by, or 0 for any
 * @ttl:	time to live, 0 for the route's
 * @dscp:	DSCP, or KPPTP_DSCP_INHERIT
 * @df:		do not fragment
 */
struct kpptp_ip_conf {
	u32 mark;
	int device;
	u8 ttl;
	u8 dscp;
	bool df;
};

/**
 * struct kpptp_call_conf - a call's configuration, as requested
 * @key:	identity; if @key.id is 0, kpptp_call_create() chooses one
 * @peer_id:	Call ID the peer assigned, or KPPTP_PEER_ID_UNKNOWN
 * @window:	Packet Recv. Window Size that we advertise
 * @owner:	port of the netlink socket that owns the call, 0 for none
 * @ppp_net:	namespace of the PPP channel, NULL for the call's own; pinned by the
 *		channel
 * @tuning:	what kpptp_call_change() can change, besides @peer_id
 * @flow_control: how the peer's window binds us
 * @peer_window: Packet Recv. Window Size of the peer
 * @peer_ppd:	Packet Processing Delay of the peer, in tenths of a second
 * @ack_delay:	microseconds, or KPPTP_ACK_DELAY_AUTO
 * @ato_min: MinTimeOut in microseconds, or 0 for the default of @flow_control
 * @ato_max: MaxTimeOut in microseconds
 * @reorder_time: maximum hold time in microseconds
 * @reorder_packets: maximum number of packets held
 * @ip:		settings of its IP packets
 */
struct kpptp_call_conf {
	struct kpptp_call_key key;
	u32 peer_id;
	u16 window;
	u32 owner;
	struct net *ppp_net;
	/* clang-format off */
	struct_group_tagged(kpptp_call_tuning, tuning,
		enum kpptp_flow_control flow_control;
		u16 peer_window;
		u16 peer_ppd;
		u32 ack_delay;
		u32 ato_min;
		u32 ato_max;
		u32 reorder_time;
		u32 reorder_packets;
		struct kpptp_ip_conf ip;
	);
	/* clang-format on */
};

/**
 * struct kpptp_send - send state of a call
 * @lock:	protects this struct
 * @peer_id:	Call ID the peer assigned, or KPPTP_PEER_ID_UNKNOWN
 * @window:	sequence numbers, window and timeout towards the peer
 * @ack:	acknowledgment that we owe the peer
 * @ip:		settings of its IP packets; @ip.device is also read without the lock
 * @ppp_flags:	SC_COMP_PROT and SC_COMP_AC, as set by PPPIOCSFLAGS
 * @route:	cached route to the peer, or NULL; see route.h
 * @refused:	last frame refused by a closed window, until its fate is known
 * @ato_at:	when @kpptp_call.ato_timer was last set to expire
 * @ip_id:	identification of the next IP packet
 * @direct:	@route never leads straight into another PPP interface
 * @foreign:	PPP is in another namespace, never changes
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
	bool foreign;
	struct kpptp_send_stats stats;
};

/**
 * struct kpptp_recv - receive state of a call
 * @lock:	protects this struct
 * @hold_at:	when @kpptp_call.hold_timer was last set to expire
 * @unmerged:	PPP must see each frame alone, as it decompresses or has several links;
 *		written without the lock by the poll that delivers
 * @reorder:	frames that arrived early
 * @ready:	frames that wait for PPP, or NULL; see ready.h
 * @mppe:	keys for decrypting in place, or NULL; see crypt.h
 * @stats:	counters
 */
struct kpptp_recv {
	spinlock_t lock;
	u32 hold_at;
	bool unmerged;
	struct kpptp_reorder reorder;
	struct kpptp_ready *ready;
	struct kpptp_mppe_channel *mppe;
	struct kpptp_recv_stats stats;
};

/**
 * struct kpptp_call - one call
 * @node:	in kpptp_net.table
 * @peer_node:	in kpptp_net.peers, if the peer's Call ID is known
 * @key:	identity, never changes
 * @serial:	in kpptp_net.calls, never changes
 * @kn:		the tunnel's namespace, pinned
 * @flow:	flow hash of all its packets, never changes
 * @conf:	current configuration; written under kpptp_net.lock
 * @chan:	PPP channel
 * @send:	send state
 * @recv:	receive state
 * @ack_timer:	sends a delayed acknowledgment
 * @ato_timer:	the peer's acknowledgment is overdue
 * @hold_timer:	ends a hold
 * @owner:	netlink socket that it dies with, or NULL; kpptp_net.lock
 * @owned:	in kpptp_owner.calls; kpptp_net.lock
 * @destroy:	destruction, one grace period after deletion, when there is no owner
 *		any more; its rcu_head is reused for the second grace period
 *
 * On a 64-bit production kernel it fits into 1024 bytes; if larger, kmalloc would
 * take 2048.
 */
struct kpptp_call {
	struct hlist_node node;
	struct hlist_node peer_node;
	struct kpptp_net *kn;
	u32 serial;
	u32 flow;
	union {
		struct kpptp_call_key key; /* conf's first member */
		struct kpptp_call_conf conf;
	};
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

/* Index of our state in a namespace. */
extern unsigned int kpptp_net_id;

/* No limit on a namespace's calls. */
#define KPPTP_CALL_LIMIT_NONE U32_MAX

/**
 * kpptp_net_restricted - whether an unprivileged user may administer a namespace
 * @kn: the namespace
 *
 * Any user is administrator in a user namespace of their own. What the kernel
 * spends on such a namespace is limited by default.
 */
static inline bool kpptp_net_restricted(const struct kpptp_net *kn)
{
	return kn->net->user_ns != &init_user_ns;
}

/**
 * kpptp_net_of - our state in a network namespace
 * @net: the namespace
 * Return: never NULL while the namespace is alive and the module is loaded.
 */
static inline struct kpptp_net *kpptp_net_of(const struct net *net)
{
	return net_generic(net, kpptp_net_id);
}

/**
 * kpptp_net_of_rcu - kpptp_net_of() for the packet path
 * @net: the namespace
 *
 * Saves the read-side section that net_generic() enters.
 * Context: under RCU.
 * Return: as kpptp_net_of().
 */
static inline struct kpptp_net *kpptp_net_of_rcu(const struct net *net)
{
	return rcu_dereference(net->gen)->ptr[kpptp_net_id];
}

/**
 * kpptp_call_ato_min - the MinTimeOut in force
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
