/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A call's life: creation, change and deletion. See call.h for lifetime and locks.
 */
#ifndef KPPTP_LIFE_H
#define KPPTP_LIFE_H

#include <uapi/linux/kpptp.h>

struct kpptp_call;
struct kpptp_call_conf;
struct kpptp_net;
struct netlink_ext_ack;

/**
 * kpptp_call_conf_init - the defaults of a call
 * @conf: filled in
 */
void kpptp_call_conf_init(struct kpptp_call_conf *conf);

/**
 * kpptp_call_create - make a call and publish it
 * @kn: namespace of the tunnel
 * @conf: what is asked for, already checked value by value
 * @extack: says why not
 *
 * Context: process, under kpptp_net.lock; sleeps.
 * Return: the call, valid as long as the lock is held, or an ERR_PTR: -EEXIST
 * (the Call ID is taken), -ENOSPC (all are, or the namespace has as many calls
 * as it may have), -ENOMEM.
 */
struct kpptp_call *kpptp_call_create(struct kpptp_net *kn, const struct kpptp_call_conf *conf,
				     struct netlink_ext_ack *extack);

/**
 * kpptp_call_change - give a call other parameters
 * @call: the call
 * @conf: all its parameters; identity, window, owner and namespace of PPP are
 *	not looked at
 * @extack: says why not
 *
 * Context: process, under kpptp_net.lock.
 * Return: 0; -EBUSY: a call whose PPP interface has no queue cannot become one
 * that makes it wait; or -ENOMEM. The call is as it was if this fails.
 */
int kpptp_call_change(struct kpptp_call *call, const struct kpptp_call_conf *conf,
		      struct netlink_ext_ack *extack);

/**
 * kpptp_call_delete - end a call
 * @call: the call; not to be touched afterwards
 * @reason: what listeners are told
 *
 * It cannot be found any more when this returns; the rest follows by itself.
 * Context: process, under kpptp_net.lock; sleeps.
 */
void kpptp_call_delete(struct kpptp_call *call, enum kpptp_del_reason reason);

/**
 * kpptp_life_setup - make ready for calls
 * Return: 0 or -ENOMEM.
 */
int kpptp_life_setup(void);

/**
 * kpptp_life_cleanup - wait until every deleted call is gone
 * Context: process, when no call can be made any more; sleeps.
 */
void kpptp_life_cleanup(void);

#endif /* KPPTP_LIFE_H */
