// SPDX-License-Identifier: GPL-2.0
/* Which netlink socket owns which calls. */
#include "owner.h"

#include <linux/slab.h>

#include "call.h"

struct kpptp_owner *kpptp_owner_find(struct kpptp_net *kn, u32 portid)
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
	list_add(&owner->list, &kn->owners);
	return owner;
}

int kpptp_owner_adopt(struct kpptp_call *call, u32 portid)
{
	struct kpptp_owner *owner;

	lockdep_assert_held(&call->kn->lock);

	if (!portid)
		return 0;
	owner = kpptp_owner_find(call->kn, portid) ?: owner_new(call->kn, portid);
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
