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

#include "budget.h"
#include "call.h"
#include "compat/compat.h"
#include "ppp.h"
#include "trace.h"

/* Frames passed to PPP per poll, and how many in a row from one call. */
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
 * @lock: protects @calls; nests inside recv.lock
 * @calls: non-empty queues, next one first
 * @napi: empties them
 */
struct ready_cpu {
	spinlock_t lock;
	struct list_head calls;
	struct napi_struct napi;
};

/**
 * struct kpptp_ready - the queue of a call
 * @call: the call
 * @frames: frames for PPP, in order
 * @bytes: sum of their truesize
 * @busy: the queue is on a CPU's list, or a poll has taken it off and will put it
 *	back or clear this
 * @cpu: the CPU whose list it is on
 * @list: in ready_cpu.calls, or empty; under ready_cpu.lock
 *
 * Everything except @list is protected by recv.lock.
 */
struct kpptp_ready {
	struct kpptp_call *call;
	struct sk_buff_head frames;
	u32 bytes;
	bool busy;
	struct ready_cpu *cpu;
	struct list_head list;
};

static struct net_device *ready_dev;
static struct ready_cpu __percpu *ready_cpus;

static void ready_link(struct kpptp_ready *ready)
{
	struct ready_cpu *cpu = ready->cpu;

	spin_lock(&cpu->lock);
	list_add_tail(&ready->list, &cpu->calls);
	spin_unlock(&cpu->lock);
}

static struct kpptp_ready *ready_take_first(struct ready_cpu *cpu)
{
	struct kpptp_ready *ready;

	spin_lock(&cpu->lock);
	ready = list_first_entry_or_null(&cpu->calls, struct kpptp_ready, list);
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

static void ready_set_busy(struct kpptp_ready *ready, bool busy)
{
	ready->busy = busy;
	kpptp_reorder_queued(&ready->call->recv.reorder, busy);
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
}

/* Pass up to @most frames to PPP, then requeue at the end of the list if any are left. */
static int ready_deliver(struct kpptp_ready *ready, int most)
{
	struct kpptp_call *call = ready->call;
	struct kpptp_recv_stats stats = {};
	struct sk_buff_head batch;
	struct sk_buff *skb;
	int n;

	__skb_queue_head_init(&batch);
	spin_lock(&call->recv.lock);
	n = ready_dequeue(ready, &batch, most);
	spin_unlock(&call->recv.lock);

	while ((skb = __skb_dequeue(&batch)))
		kpptp_ppp_input(call, skb, &stats);

	spin_lock(&call->recv.lock);
	ready_count(&call->recv.stats, &stats);
	if (skb_queue_empty(&ready->frames))
		ready_set_busy(ready, false);
	else
		ready_link(ready);
	spin_unlock(&call->recv.lock);
	return n;
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

	most = min(most, budget);
	while (done < most) {
		ready = ready_take_first(cpu);
		if (!ready) {
			napi_complete_done(napi, done);
			return done;
		}
		done += ready_deliver(ready, min(most - done, READY_SHARE));
	}
	return budget; /* come again */
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
	__skb_queue_head_init(&ready->frames);
	INIT_LIST_HEAD(&ready->list);
	call->recv.ready = ready;
	return true;
}

bool kpptp_ready_busy(const struct kpptp_call *call)
{
	return call->recv.ready && call->recv.ready->busy;
}

/* Room for what a hold may release, plus KPPTP_REORDER_LIMIT that arrive meanwhile. */
bool kpptp_ready_has_room(const struct kpptp_call *call)
{
	return kpptp_ready_len(call) < call->recv.reorder.limit + KPPTP_REORDER_LIMIT;
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
	if (ready->busy)
		return;
	ready_set_busy(ready, true);
	ready->cpu = this_cpu_ptr(ready_cpus);
	ready_link(ready);
	napi_schedule(&ready->cpu->napi);
}

u32 kpptp_ready_len(const struct kpptp_call *call)
{
	return call->recv.ready ? skb_queue_len(&call->recv.ready->frames) : 0;
}

/* Take the queue off its list; false if a poll has already done so. */
static bool ready_unlink(struct kpptp_ready *ready)
{
	bool linked;

	spin_lock(&ready->cpu->lock);
	linked = !list_empty(&ready->list);
	list_del_init(&ready->list);
	spin_unlock(&ready->cpu->lock);
	return linked;
}

void kpptp_ready_stop(struct kpptp_call *call)
{
	struct kpptp_ready *ready = call->recv.ready;
	bool polled;

	if (!ready)
		return;
	spin_lock_bh(&call->recv.lock);
	ready_charge(ready, -(s32)ready->bytes);
	__skb_queue_purge(&ready->frames);
	polled = ready->busy && !ready_unlink(ready);
	spin_unlock_bh(&call->recv.lock);
	/* The poll runs in softirq; it finds no frames and clears busy. */
	if (polled)
		synchronize_rcu();
	call->recv.ready = NULL;
	kfree(ready);
}

int kpptp_ready_setup(void)
{
	int i;

	ready_dev = kpptp_compat_dummy_netdev_alloc();
	if (!ready_dev)
		return -ENOMEM;
	ready_cpus = alloc_percpu(struct ready_cpu);
	if (!ready_cpus) {
		kpptp_compat_dummy_netdev_free(ready_dev);
		return -ENOMEM;
	}
	for_each_possible_cpu(i) {
		struct ready_cpu *cpu = per_cpu_ptr(ready_cpus, i);

		spin_lock_init(&cpu->lock);
		INIT_LIST_HEAD(&cpu->calls);
		set_bit(NAPI_STATE_NO_BUSY_POLL, &cpu->napi.state);
		netif_napi_add(ready_dev, &cpu->napi, ready_poll);
		napi_enable(&cpu->napi);
	}
	return 0;
}

void kpptp_ready_cleanup(void)
{
	int i;

	for_each_possible_cpu(i) {
		struct ready_cpu *cpu = per_cpu_ptr(ready_cpus, i);

		napi_disable(&cpu->napi);
		__netif_napi_del(&cpu->napi);
	}
	synchronize_net();
	free_percpu(ready_cpus);
	kpptp_compat_dummy_netdev_free(ready_dev);
}
