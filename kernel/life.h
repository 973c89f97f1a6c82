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
 * kpptp_call_conf_init - set a call's defaults
 * @conf: filled in
 */
void kpptp_call_conf_init(struct kpptp_call_conf *conf);

/**
 * kpptp_call_create - create a call and publish it
 * @kn: namespace of the tunnel
 * @conf: requested configuration, each value already validated
 * @extack: reports why it failed
 *
 * Context: process, under kpptp_net.lock; sleeps.
 * Return: the call, valid as long as the lock is held, or an ERR_PTR: -EEXIST
 * (the Call ID is in use), -ENOSPC (all are in use, or the namespace has reached
 * its call limit), -ENODEV (the module is being unloaded), -ENOMEM.
 */
struct kpptp_call *kpptp_call_create(struct kpptp_net *kn, const struct kpptp_call_conf *conf,
				     struct netlink_ext_ack *extack);

/**
 * kpptp_call_change - change a call's parameters
 * @call: the call
 * @conf: the complete configuration; identity, window, owner and PPP namespace are
 *	ignored
 * @extack: reports why it failed
 *
 * Context: process, under kpptp_net.lock.
 * Return: 0; -EBUSY if @conf switches to strict flow control: the PPP interface may
 * have no queue for frames to wait in; or -ENOMEM. On failure nothing changes.
 */
int kpptp_call_change(struct kpptp_call *call, const struct kpptp_call_conf *conf,
		      struct netlink_ext_ack *extack);

/**
 * kpptp_call_delete - delete a call
 * @call: the call; do not touch it afterwards
 * @reason: the reason reported to listeners
 *
 * The call can no longer be found when this returns; destruction completes
 * asynchronously.
 * Context: process, under kpptp_net.lock; sleeps.
 */
void kpptp_call_delete(struct kpptp_call *call, enum kpptp_del_reason reason);

/**
 * kpptp_life_setup - prepare for calls
 * Return: 0 or -ENOMEM.
 */
int kpptp_life_setup(void);

/**
 * kpptp_life_cleanup - wait until every deleted call is gone
 * Context: process, when no more calls can be created; sleeps.
 */
void kpptp_life_cleanup(void);

#endif /* KPPTP_LIFE_H */
