/* SPDX-License-Identifier: GPL-2.0 */
/* Which netlink socket owns which calls. */
#ifndef KPPTP_OWNER_H
#define KPPTP_OWNER_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct kpptp_call;
struct kpptp_net;

/**
 * struct kpptp_owner - a netlink socket that owns calls
 * @kn:		its namespace
 * @portid:	its port there
 * @list:	in kpptp_net.owners until the socket is closed
 * @calls:	its calls; transiently empty during creation
 * @closed:	the socket is closed, and @work will free this
 * @work:	deletes @calls, see owner_watch.c
 *
 * All under kpptp_net.lock.
 */
struct kpptp_owner {
	struct kpptp_net *kn;
	u32 portid;
	struct list_head list;
	struct list_head calls;
	bool closed;
	struct work_struct work;
};

/**
 * kpptp_owner_adopt - make a netlink socket the owner of a call
 * @call: a new call
 * @portid: the socket's port in the call's namespace; 0 for no owner
 *
 * Context: process, under kpptp_net.lock; sleeps.
 * Return: 0 or -ENOMEM.
 */
int kpptp_owner_adopt(struct kpptp_call *call, u32 portid);

/**
 * kpptp_owner_release - remove a call from its owner
 * @call: a call, owned or not
 *
 * Context: process, under kpptp_net.lock.
 */
void kpptp_owner_release(struct kpptp_call *call);

/**
 * kpptp_owner_find - find a socket that owns calls
 * @kn: its namespace
 * @portid: its port there
 *
 * Context: process, under kpptp_net.lock.
 * Return: the owner, or NULL if the socket owns no call.
 */
struct kpptp_owner *kpptp_owner_find(struct kpptp_net *kn, u32 portid);

#endif /* KPPTP_OWNER_H */
