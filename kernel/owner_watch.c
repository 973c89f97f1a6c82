// SPDX-License-Identifier: GPL-2.0
/*
 * When a netlink socket is closed, even by the death of its process, delete the
 * calls that it owns.
 *
 * Calls cannot be deleted when their network namespace exits: a registered PPP
 * channel keeps it alive. Hence the socket.
 */
#include "owner_watch.h"

#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/slab.h>

#include "call.h"
#include "life.h"
#include "owner.h"

static struct workqueue_struct *owner_wq;

/* A work item, as deleting many calls would take too long in close(). */
static void owner_closed(struct work_struct *work)
{
	struct kpptp_owner *owner = container_of(work, struct kpptp_owner, work);
	struct kpptp_net *kn = owner->kn;
	struct kpptp_call *call, *next;

	mutex_lock(&kn->lock);
	list_for_each_entry_safe(call, next, &owner->calls, owned)
		kpptp_call_delete(call, KPPTP_DEL_REASON_OWNER);
	mutex_unlock(&kn->lock);
	put_net(kn->net);
	kfree(owner);
}

/* Runs in the close() of every netlink socket of the host. */
static int owner_netlink_event(struct notifier_block *block, unsigned long event, void *data)
{
	struct netlink_notify *notify = data;
	struct kpptp_owner *owner;
	struct kpptp_net *kn;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	kn = kpptp_net_of(notify->net);
	if (!kn || list_empty_careful(&kn->owners))
		return NOTIFY_DONE;

	mutex_lock(&kn->lock);
	owner = kpptp_owner_find(kn, notify->portid);
	if (owner) {
		/* Another socket may get this port as soon as we return. */
		list_del(&owner->list);
		owner->closed = true;
		get_net(kn->net);
		INIT_WORK(&owner->work, owner_closed);
		queue_work(owner_wq, &owner->work);
	}
	mutex_unlock(&kn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block owner_notifier = {
	.notifier_call = owner_netlink_event,
};

int kpptp_owner_watch_setup(void)
{
	int err;

	owner_wq = alloc_workqueue("kpptp-owner", WQ_UNBOUND, 0);
	if (!owner_wq)
		return -ENOMEM;
	err = netlink_register_notifier(&owner_notifier);
	if (err)
		destroy_workqueue(owner_wq);
	return err;
}

void kpptp_owner_watch_cleanup(void)
{
	netlink_unregister_notifier(&owner_notifier);
	destroy_workqueue(owner_wq);
}
