// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink sockets that own calls: when one is closed, by whatever end of its
 * process, its calls are deleted.
 *
 * A registered PPP channel keeps its network namespace alive, so the end of the
 * namespace never comes while it has calls, and cannot be what deletes them.
 * The end of the socket can.
 */
#include "owner.h"

#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/slab.h>

#include "call.h"

/**
 * struct kpptp_owner - a netlink socket that owns calls
 * @kn:		its namespace
 * @portid:	its port there
 * @list:	in kpptp_net.owners until the socket is closed
 * @calls:	its calls; not empty but for a moment
 * @closed:	the socket is closed, and @work will free this
 * @work:	deletes @calls: many may be too much for somebody's close()
 *
 * All under kpptp_net.lock. Calls pin the namespace; @work is only queued
 * while there are some.
 */
struct kpptp_owner {
	struct kpptp_net *kn;
	u32 portid;
	struct list_head list;
	struct list_head calls;
	bool closed;
	struct work_struct work;
};

static struct workqueue_struct *kpptp_owner_wq;

static void owner_closed(struct work_struct *work)
{
	struct kpptp_owner *owner =
		container_of(work, struct kpptp_owner, work);
	struct kpptp_net *kn = owner->kn;
	struct kpptp_call *call, *next;

	mutex_lock(&kn->lock);
	list_for_each_entry_safe(call, next, &owner->calls, owned)
		kpptp_call_delete(call, KPPTP_DEL_REASON_OWNER);
	mutex_unlock(&kn->lock);
	put_net(kn->net);
	kfree(owner);
}

static struct kpptp_owner *owner_find(struct kpptp_net *kn, u32 portid)
{
	struct kpptp_owner *owner;

	list_for_each_entry(owner, &kn->owners, list)
		if (owner->portid == portid)
			return owner;
	return NULL;
}

static struct kpptp_owner *owner_new(struct kpptp_net *kn, u32 portid)
{
	struct kpptp_owner *owner;

	owner = kzalloc(sizeof(*owner), GFP_KERNEL_ACCOUNT);
	if (!owner)
		return NULL;
	owner->kn = kn;
	owner->portid = portid;
	INIT_LIST_HEAD(&owner->calls);
	INIT_WORK(&owner->work, owner_closed);
	list_add(&owner->list, &kn->owners);
	return owner;
}

int kpptp_owner_adopt(struct kpptp_call *call, u32 portid)
{
	struct kpptp_owner *owner;

	lockdep_assert_held(&call->kn->lock);

	if (!portid)
		return 0;
	owner = owner_find(call->kn, portid) ?: owner_new(call->kn, portid);
	if (!owner)
		return -ENOMEM;
	call->owner = owner;
	list_add_tail(&call->owned, &owner->calls);
	return 0;
}

void kpptp_owner_release(struct kpptp_call *call)
{
	struct kpptp_owner *owner = call->owner;

	lockdep_assert_held(&call->kn->lock);

	if (!owner)
		return;
	call->owner = NULL;
	list_del_init(&call->owned);
	if (list_empty(&owner->calls) && !owner->closed) {
		list_del(&owner->list);
		kfree(owner);
	}
}

/* Runs in the close() of every netlink socket of the host. */
static int netlink_event(struct notifier_block *block, unsigned long event,
			 void *data)
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
	owner = owner_find(kn, notify->portid);
	if (owner) {
		/* Its port may be another socket's as soon as we return. */
		list_del(&owner->list);
		owner->closed = true;
		get_net(kn->net);
		queue_work(kpptp_owner_wq, &owner->work);
	}
	mutex_unlock(&kn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block kpptp_netlink_notifier = {
	.notifier_call = netlink_event,
};

int kpptp_owner_setup(void)
{
	int err;

	kpptp_owner_wq = alloc_workqueue("kpptp-owner", WQ_UNBOUND, 0);
	if (!kpptp_owner_wq)
		return -ENOMEM;
	err = netlink_register_notifier(&kpptp_netlink_notifier);
	if (err)
		destroy_workqueue(kpptp_owner_wq);
	return err;
}

void kpptp_owner_cleanup(void)
{
	netlink_unregister_notifier(&kpptp_netlink_notifier);
	destroy_workqueue(kpptp_owner_wq);
}
