// SPDX-License-Identifier: GPL-2.0
/* Queues of frames that are ready for PPP. */
#include "ready.h"

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/gro.h>

#include "budget.h"
#include "call.h"
#include "compat/compat.h"
#include "deliver.h"
#include "gro.h"
#include "ppp.h"
#include "trace.h"

/* Frames delivered per poll, and how many in a row from one call. */
#define READY_PASS  NAPI_POLL_WEIGHT
#define READY_SHARE 16

/*
 * If this CPU's backlog is this long, it needs the CPU more than we do: pass on
 * just enough not to starve.
 */
#define READY_BACKLOG_LONG 256
#define READY_PASS_SMALL   8

/**
 * struct ready_cpu - calls whose frames this CPU passes to PPP
 * @lock: protects @calls and @emptied; nests inside recv.lock
 * @calls: non-empty queues, next one first
 * @emptied: queues whose last frames GRO may still have
 * @napi: empties them
 */
struct ready_cpu {
	spinlock_t lock;
	struct list_head calls;
	struct list_head emptied;
	struct napi_struct napi;
};

/**
 * struct kpptp_ready - the queue of a call
 * @call: the call
 * @frames: frames for PPP, in order
 * @bytes: sum of their truesize
 * @busy: the queue is on one of a CPU's lists, or a poll has taken it off and will
 *	put it back or clear this
 * @merges: PPP had a unit for the last frames: some could be merged
 * @cpu: the CPU whose list it is on
 * @list: in ready_cpu.calls or ready_cpu.emptied, or empty; under ready_cpu.lock
 * @rcu: for freeing it
 *
 * Everything except @list is protected by recv.lock.
 */
struct kpptp_ready {
	struct kpptp_call *call;
	struct sk_buff_head frames;
	u32 bytes;
	bool busy;
	bool merges;
	struct ready_cpu *cpu;
	struct list_head list;
	struct rcu_head rcu;
};

static struct net_device *ready_dev;
static struct ready_cpu __percpu *ready_cpus;

static void ready_link(struct kpptp_ready *ready, struct list_head *list)
{
	struct ready_cpu *cpu = ready->cpu;

	spin_lock(&cpu->lock);
	list_add_tail(&ready->list, list);
	spin_unlock(&cpu->lock);
}

static struct kpptp_ready *ready_take_first(struct ready_cpu *cpu, struct list_head *list)
{
	struct kpptp_ready *ready;

	spin_lock(&cpu->lock);
	ready = list_first_entry_or_null(list, struct kpptp_ready, list);
	if (ready)
		list_del_init(&ready->list);
	spin_unlock(&cpu->lock);
	return ready;
}

static void ready_charge(struct kpptp_ready *ready, s32 bytes)
{
	ready->bytes += bytes;
	kpptp_budget_charge(ready->call->kn, bytes);
}

/* Dequeue up to @most frames. Returns how many. */
static int ready_dequeue(struct kpptp_ready *ready, struct sk_buff_head *batch, int most)
{
	struct sk_buff *skb;
	s32 bytes = 0;
	int n = 0;

	while (n < most && (skb = __skb_dequeue(&ready->frames))) {
		bytes += skb->truesize;
		__skb_queue_tail(batch, skb);
		n++;
	}
	ready_charge(ready, -bytes);
	return n;
}

static void ready_count(struct kpptp_recv_stats *stats, const struct kpptp_recv_stats *more)
{
	stats->rx_packets += more->rx_packets;
	stats->rx_bytes += more->rx_bytes;
	stats->rx_malformed += more->rx_malformed;
	stats->rx_clear += more->rx_clear;
}

/* Deliver up to @most frames, then go to the end of the list, or to that of the emptied. */
static int ready_deliver(struct kpptp_ready *ready, int most)
{
	struct kpptp_call *call = ready->call;
	struct kpptp_recv_stats stats = {};
	int unit = kpptp_ppp_unit(call), n;
	struct sk_buff_head batch;
	struct sk_buff *skb;

	__skb_queue_head_init(&batch);
	spin_lock(&call->recv.lock);
	n = ready_dequeue(ready, &batch, most);
	spin_unlock(&call->recv.lock);

	while ((skb = __skb_dequeue(&batch)))
		kpptp_deliver(call, skb, &stats, &ready->cpu->napi, unit);

	spin_lock(&call->recv.lock);
	ready_count(&call->recv.stats, &stats);
	ready->merges = unit >= 0;
	ready_link(ready,
		   skb_queue_empty(&ready->frames) ? &ready->cpu->emptied : &ready->cpu->calls);
	spin_unlock(&call->recv.lock);
	return n;
}

/*
 * GRO has passed on all frames: calls whose queue is still empty are no longer busy.
 * Returns whether others are.
 */
static bool ready_settle(struct ready_cpu *cpu)
{
	struct kpptp_ready *ready;
	bool more = false;

	while ((ready = ready_take_first(cpu, &cpu->emptied))) {
		struct kpptp_call *call = ready->call;

		spin_lock(&call->recv.lock);
		ready->busy = !skb_queue_empty(&ready->frames);
		if (ready->busy)
			ready_link(ready, &cpu->calls);
		more |= ready->busy;
		spin_unlock(&call->recv.lock);
	}
	return more;
}

/* PPP usually passes frames to this CPU's backlog. */
static bool ready_backlog_is_long(void)
{
	return skb_queue_len_lockless(&this_cpu_ptr(&softnet_data)->input_pkt_queue) >=
	       READY_BACKLOG_LONG;
}

static int ready_poll(struct napi_struct *napi, int budget)
{
	struct ready_cpu *cpu = container_of(napi, struct ready_cpu, napi);
	int most = ready_backlog_is_long() ? READY_PASS_SMALL : READY_PASS;
	struct kpptp_ready *ready;
	int done = 0;

	ready_settle(cpu);
	most = min(most, budget);
	while (done < most) {
		ready = ready_take_first(cpu, &cpu->calls);
		if (!ready) {
			napi_complete_done(napi, done); /* flushes GRO */
			if (ready_settle(cpu))
				napi_schedule(napi);
			return done;
		}
		done += ready_deliver(ready, min(most - done, READY_SHARE));
	}
	/* No frame may stay in GRO, as it refers to its call. */
	napi_gro_flush(napi, false);
	return budget; /* come again; the rest of GRO is flushed meanwhile */
}

bool kpptp_ready_prepare(struct kpptp_call *call)
{
	struct kpptp_ready *ready = call->recv.ready;

	lockdep_assert_held(&call->recv.lock);

	if (likely(ready))
		return true;
	ready = kzalloc(sizeof(*ready), GFP_ATOMIC | __GFP_NOWARN);
	if (!ready)
		return false;
	ready->call = call;
	ready->merges = true;
	__skb_queue_head_init(&ready->frames);
	INIT_LIST_HEAD(&ready->list);
	call->recv.ready = ready;
	return true;
}

bool kpptp_ready_busy(const struct kpptp_call *call)
{
	return call->recv.ready && call->recv.ready->busy;
}

bool kpptp_ready_merges(const struct kpptp_call *call)
{
	return !call->recv.ready || call->recv.ready->merges;
}

/* Room for what a hold may release, plus KPPTP_REORDER_LIMIT that arrive meanwhile. */
bool kpptp_ready_has_room(const struct kpptp_call *call)
{
	return kpptp_ready_len(call) < call->recv.reorder.limit + KPPTP_REORDER_LIMIT;
}

/* The queue is not empty: have this CPU's poll empty it, unless one does already. */
static void ready_run(struct kpptp_ready *ready)
{
	if (ready->busy)
		return;
	ready->busy = true;
	ready->cpu = this_cpu_ptr(ready_cpus);
	ready_link(ready, &ready->cpu->calls);
	napi_schedule(&ready->cpu->napi);
}

void kpptp_ready_add(struct kpptp_call *call, struct kpptp_reorder_out *out, bool room)
{
	struct kpptp_ready *ready = call->recv.ready;
	struct sk_buff *skb;

	lockdep_assert_held(&call->recv.lock);

	/* There is always room for one poll's frames, however much others hold. */
	if (unlikely(!room && ready->busy && kpptp_ready_len(call) >= READY_PASS)) {
		skb = __skb_dequeue_tail(&out->ready);
		out->bytes -= skb->truesize;
		call->recv.stats.rx_backlog_drops++;
		trace_kpptp_rx_drop(call, call->recv.reorder.next - 1, KPPTP_DROP_BACKLOG);
		kfree_skb_reason(skb, SKB_DROP_REASON_CPU_BACKLOG);
	}
	ready_charge(ready, out->bytes);
	skb_queue_splice_tail_init(&out->ready, &ready->frames);
	ready_run(ready);
}

void kpptp_ready_add_frame(struct kpptp_call *call, struct sk_buff *skb)
{
	struct kpptp_ready *ready = call->recv.ready;

	lockdep_assert_held(&call->recv.lock);

	ready_charge(ready, skb->truesize);
	__skb_queue_tail(&ready->frames, skb);
	ready_run(ready);
}

u32 kpptp_ready_len(const struct kpptp_call *call)
{
	return call->recv.ready ? skb_queue_len(&call->recv.ready->frames) : 0;
}

/* Take the queue off its list, unless a poll has already done so. */
static void ready_unlink(struct kpptp_ready *ready)
{
	spin_lock(&ready->cpu->lock);
	list_del_init(&ready->list);
	spin_unlock(&ready->cpu->lock);
}

void kpptp_ready_stop(struct kpptp_call *call)
{
	struct kpptp_ready *ready = call->recv.ready;
	bool busy;

	if (!ready)
		return;
	spin_lock_bh(&call->recv.lock);
	ready_charge(ready, -(s32)ready->bytes);
	__skb_queue_purge(&ready->frames);
	busy = ready->busy;
	if (busy)
		ready_unlink(ready);
	spin_unlock_bh(&call->recv.lock);
	if (busy) {
		/*
		 * A poll runs in softirq, and what it gives to GRO comes out there. If
		 * it has the queue, it finds no frames and links it as emptied.
		 */
		synchronize_rcu();
		spin_lock_bh(&call->recv.lock);
		ready_unlink(ready);
		spin_unlock_bh(&call->recv.lock);
	}
	call->recv.ready = NULL;
	kfree_rcu(ready, rcu); /* a poll may just have found that it is empty */
}

int kpptp_ready_setup(void)
{
	int i;

	ready_dev = kpptp_compat_dummy_netdev_alloc();
	if (!ready_dev)
		return -ENOMEM;
	ready_cpus = alloc_percpu(struct ready_cpu);
	if (!ready_cpus) {
		free_netdev(ready_dev);
		return -ENOMEM;
	}
	for_each_possible_cpu(i) {
		struct ready_cpu *cpu = per_cpu_ptr(ready_cpus, i);

		spin_lock_init(&cpu->lock);
		INIT_LIST_HEAD(&cpu->calls);
		INIT_LIST_HEAD(&cpu->emptied);
		set_bit(NAPI_STATE_NO_BUSY_POLL, &cpu->napi.state);
		netif_napi_add(ready_dev, &cpu->napi, ready_poll);
		napi_enable(&cpu->napi);
	}
	kpptp_gro_setup(ready_dev);
	return 0;
}

void kpptp_ready_cleanup(void)
{
	int i;

	kpptp_gro_cleanup();
	for_each_possible_cpu(i) {
		struct ready_cpu *cpu = per_cpu_ptr(ready_cpus, i);

		napi_disable(&cpu->napi);
		__netif_napi_del(&cpu->napi);
	}
	synchronize_net();
	free_percpu(ready_cpus);
	free_netdev(ready_dev);
}
