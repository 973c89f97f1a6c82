// SPDX-License-Identifier: GPL-2.0
/*
 * A call's life: creation, change and deletion. See call.h for lifetime and locks.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "life.h"

#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "call.h"
#include "channel.h"
#include "crypt.h"
#include "event.h"
#include "owner.h"
#include "ppp.h"
#include "ready.h"
#include "route.h"
#include "rx.h"
#include "table.h"
#include "tx.h"

/* Destroys calls in process context, after their grace period. */
static struct workqueue_struct *life_wq;

void kpptp_call_conf_init(struct kpptp_call_conf *conf)
{
	*conf = (struct kpptp_call_conf){
		.peer_id = KPPTP_PEER_ID_UNKNOWN,
		.flow_control = KPPTP_FLOW_CONTROL_ADAPTIVE,
		.window = 256,
		.peer_window = 64,
		.ack_delay = KPPTP_ACK_DELAY_AUTO,
		.ato_max = KPPTP_WINDOW_ATO_MAX,
		.reorder_time = KPPTP_REORDER_HOLD_MAX,
		.reorder_packets = KPPTP_REORDER_LIMIT,
	};
}

static enum kpptp_window_mode life_window_mode(enum kpptp_flow_control flow_control)
{
	static_assert((int)KPPTP_FLOW_CONTROL_OFF == KPPTP_WINDOW_OFF);
	static_assert((int)KPPTP_FLOW_CONTROL_STRICT == KPPTP_WINDOW_STRICT);
	static_assert((int)KPPTP_FLOW_CONTROL_ADAPTIVE == KPPTP_WINDOW_ADAPTIVE);
	return (enum kpptp_window_mode)flow_control;
}

static int life_send_init(struct kpptp_send *send, const struct kpptp_call_conf *conf)
{
	struct kpptp_window_stamp *stamps = NULL;

	if (conf->flow_control == KPPTP_FLOW_CONTROL_STRICT) {
		stamps = kcalloc(KPPTP_WINDOW_STAMPS, sizeof(*stamps), GFP_KERNEL_ACCOUNT);
		if (!stamps)
			return -ENOMEM;
	}
	spin_lock_init(&send->lock);
	send->peer_id = conf->peer_id;
	send->ip = conf->ip;
	send->ip_id = get_random_u32();
	kpptp_window_init(&send->window, life_window_mode(conf->flow_control), conf->peer_window,
			  conf->peer_ppd, kpptp_call_ato_min(conf), conf->ato_max, stamps);
	kpptp_ack_init(&send->ack, conf->window, conf->ack_delay);
	return 0;
}

static void life_recv_init(struct kpptp_recv *recv, const struct kpptp_call_conf *conf)
{
	spin_lock_init(&recv->lock);
	kpptp_reorder_init(&recv->reorder, conf->reorder_packets, conf->reorder_time);
}

static struct kpptp_call *life_alloc(struct kpptp_net *kn, const struct kpptp_call_conf *conf)
{
	struct kpptp_call *call;

	call = kzalloc(sizeof(*call), GFP_KERNEL_ACCOUNT);
	if (!call)
		return NULL;
	get_net(kn->net);
	call->kn = kn;
	call->send.foreign = conf->ppp_net && !net_eq(conf->ppp_net, kn->net);
	call->flow = get_random_u32();
	call->conf = *conf;
	INIT_LIST_HEAD(&call->owned);
	if (life_send_init(&call->send, conf)) {
		put_net(kn->net);
		kfree(call);
		return NULL;
	}
	life_recv_init(&call->recv, conf);
	kpptp_tx_timers_init(call);
	kpptp_rx_timer_init(call);
	return call;
}

/* Sending and receiving have ended; ppp_generic may still look at the channel. */
static void life_free(struct kpptp_call *call)
{
	struct net *net = call->kn->net;

	kpptp_rx_purge(call);
	kpptp_tx_purge(call);
	kpptp_route_forget(call);
	kfree(call->send.window.stamps);
	kfree_rcu(call, destroy.rcu);
	put_net(net);
}

/* Destroy a call that can no longer be found, after its grace period. */
static void life_destroy(struct work_struct *work)
{
	struct kpptp_call *call = container_of(to_rcu_work(work), struct kpptp_call, destroy);

	kpptp_tx_timers_shutdown(call);
	kpptp_rx_timer_shutdown(call);
	kpptp_ready_stop(call);
	kpptp_channel_unregister(call);
	kpptp_crypt_end(call);
	pr_debug("call %u destroyed\n", call->serial);
	life_free(call);
	module_put(THIS_MODULE);
}

static int life_limit_check(const struct kpptp_net *kn, struct netlink_ext_ack *extack)
{
	if (kn->n_calls < READ_ONCE(kn->call_limit))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "the network namespace has as many calls as its call-limit allows; the machine's administrator can raise it with 'kpptpctl net set call-limit'");
	return -ENOSPC;
}

struct kpptp_call *kpptp_call_create(struct kpptp_net *kn, const struct kpptp_call_conf *conf,
				     struct netlink_ext_ack *extack)
{
	struct kpptp_call *call;
	int err;

	lockdep_assert_held(&kn->lock);

	err = life_limit_check(kn, extack);
	if (err)
		return ERR_PTR(err);
	if (!try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG(extack, "the module is being unloaded");
		return ERR_PTR(-ENODEV);
	}

	err = -ENOMEM;
	call = life_alloc(kn, conf);
	if (!call)
		goto err_module;

	err = kpptp_owner_adopt(call, conf->owner);
	if (err)
		goto err_free;

	err = kpptp_channel_register(call);
	if (err) {
		NL_SET_ERR_MSG(extack, "cannot register a PPP channel");
		goto err_owner;
	}

	err = kpptp_table_insert(kn, call, extack);
	if (err)
		goto err_channel;

	pr_debug("call %u created\n", call->serial);
	return call;

err_channel:
	kpptp_channel_unregister(call);
err_owner:
	kpptp_owner_release(call);
err_free:
	kpptp_tx_timers_shutdown(call);
	kpptp_rx_timer_shutdown(call);
	life_free(call);
err_module:
	module_put(THIS_MODULE);
	return ERR_PTR(err);
}

int kpptp_call_change(struct kpptp_call *call, const struct kpptp_call_conf *conf,
		      struct netlink_ext_ack *extack)
{
	bool wake;
	int err;

	lockdep_assert_held(&call->kn->lock);

	if (conf->flow_control == KPPTP_FLOW_CONTROL_STRICT &&
	    call->conf.flow_control != KPPTP_FLOW_CONTROL_STRICT) {
		NL_SET_ERR_MSG(extack,
			       "flow-control strict can only be chosen when the call is made");
		return -EBUSY;
	}
	err = kpptp_table_set_peer(call->kn, call, conf->peer_id);
	if (err)
		return err;

	spin_lock_bh(&call->recv.lock);
	kpptp_reorder_set(&call->recv.reorder, conf->reorder_packets, conf->reorder_time);
	spin_unlock_bh(&call->recv.lock);
	kpptp_rx_expire(call);

	spin_lock_bh(&call->send.lock);
	call->send.peer_id = conf->peer_id;
	call->send.ip = conf->ip;
	kpptp_route_forget(call);
	kpptp_ack_set_delay(&call->send.ack, conf->ack_delay);
	kpptp_window_set_ato(&call->send.window, kpptp_call_ato_min(conf), conf->ato_max);
	kpptp_window_set_ppd(&call->send.window, conf->peer_ppd);
	wake = kpptp_window_set(&call->send.window, life_window_mode(conf->flow_control),
				conf->peer_window);
	spin_unlock_bh(&call->send.lock);
	if (wake)
		kpptp_ppp_wake(call);

	call->conf.tuning = conf->tuning;
	return 0;
}

void kpptp_call_delete(struct kpptp_call *call, enum kpptp_del_reason reason)
{
	lockdep_assert_held(&call->kn->lock);

	kpptp_table_remove(call->kn, call);
	kpptp_owner_release(call);
	kpptp_event_deleted(call, reason);

	INIT_RCU_WORK(&call->destroy, life_destroy);
	queue_rcu_work(life_wq, &call->destroy);
}

int kpptp_life_setup(void)
{
	life_wq = alloc_workqueue("kpptp", WQ_UNBOUND, 0);
	return life_wq ? 0 : -ENOMEM;
}

void kpptp_life_cleanup(void)
{
	/* Wait for the grace periods, which queue the work, then for the work. */
	rcu_barrier();
	destroy_workqueue(life_wq);
	/* Wait for readers of our channels' operations. */
	synchronize_rcu();
}
