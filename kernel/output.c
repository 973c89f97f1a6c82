// SPDX-License-Identifier: GPL-2.0
/*
 * Send finished packets: at once, or from a queue with none of PPP's locks held.
 */
#include "output.h"

#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip.h>

#include "call.h"
#include "clock.h"
#include "compat/compat.h"
#include "table.h"

/* Packets queued at most, and packets sent per run of the tasklet. */
#define OUTPUT_QUEUE_MAX 1024
#define OUTPUT_BUDGET	 64

/**
 * struct output_cb - control block of a queued packet
 * @id: Call ID that we assigned; the rest of the key is in the IP header
 * @nesting: number of tunnels the packet is in
 * @acked: the packet carries an acknowledgment
 */
struct output_cb {
	u16 id;
	u8 nesting;
	bool acked;
};

/* Nesting of the queued packet that this CPU is sending, else 0. Use with BH disabled. */
static DEFINE_PER_CPU(unsigned int, output_nesting);

static struct output_cb *output_cb(struct sk_buff *skb)
{
	return (struct output_cb *)skb->cb;
}

unsigned int kpptp_output_nesting(const struct sk_buff *skb)
{
	unsigned int outer = __this_cpu_read(output_nesting);

	if (skb)
		outer = max(outer, kpptp_compat_nesting(skb));
	return outer + 1;
}

void kpptp_output_failed(struct kpptp_call *call, u64 *counter, bool acked)
{
	spin_lock(&call->send.lock);
	++*counter;
	if (acked) {
		kpptp_ack_lost(&call->send.ack);
		kpptp_timer_arm(&call->ack_timer, KPPTP_ACK_RETRY);
	}
	spin_unlock(&call->send.lock);
}

void kpptp_output_defer(struct kpptp_call *call, struct sk_buff *skb, bool acked,
			unsigned int nesting)
{
	struct kpptp_net *kn = call->kn;

	if (skb_queue_len_lockless(&kn->deferred) >= OUTPUT_QUEUE_MAX || !skb_dst_force(skb)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
		kpptp_output_failed(call, &call->send.stats.tx_queue_drops, acked);
		return;
	}
	kpptp_compat_set_nesting(skb, nesting);
	*output_cb(skb) = (struct output_cb){
		.id = call->key.id,
		.nesting = nesting,
		.acked = acked,
	};
	skb_queue_tail(&kn->deferred, skb);
	tasklet_schedule(&kn->output);
}

/* The call may be gone, so the packet carries only its key. */
static void output_deferred_failed(struct kpptp_net *kn, const struct kpptp_call_key *key,
				   bool acked)
{
	struct kpptp_call *call;

	rcu_read_lock();
	call = kpptp_table_lookup(kn, key);
	if (call)
		kpptp_output_failed(call, &call->send.stats.tx_errors, acked);
	rcu_read_unlock();
}

static void output_send(struct kpptp_net *kn, struct sk_buff *skb)
{
	const struct output_cb cb = *output_cb(skb);
	const struct kpptp_call_key key = {
		.local = ip_hdr(skb)->saddr,
		.peer = ip_hdr(skb)->daddr,
		.id = cb.id,
	};
	int err;

	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	__this_cpu_write(output_nesting, cb.nesting);
	err = ip_local_out(kn->net, NULL, skb);
	__this_cpu_write(output_nesting, 0);
	if (unlikely(net_xmit_eval(err)))
		output_deferred_failed(kn, &key, cb.acked);
}

static void output_run(struct tasklet_struct *tasklet)
{
	struct kpptp_net *kn = container_of(tasklet, struct kpptp_net, output);
	unsigned int budget = OUTPUT_BUDGET;
	struct sk_buff *skb;

	while (budget-- && (skb = skb_dequeue(&kn->deferred)))
		output_send(kn, skb);
	if (!skb_queue_empty_lockless(&kn->deferred))
		tasklet_schedule(&kn->output);
}

void kpptp_output_net_init(struct kpptp_net *kn)
{
	skb_queue_head_init(&kn->deferred);
	tasklet_setup(&kn->output, output_run);
}

void kpptp_output_net_exit(struct kpptp_net *kn)
{
	skb_queue_purge(&kn->deferred);
	tasklet_kill(&kn->output);
}
