/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink sockets that own calls: when one is closed, by whatever end of its
 * process, its calls are deleted.
 */
#ifndef KPPTP_OWNER_H
#define KPPTP_OWNER_H

#include <linux/types.h>

struct kpptp_call;

/**
 * kpptp_owner_adopt - let a call be owned by a netlink socket
 * @call: a new call
 * @portid: the socket's port in the call's namespace; 0: nobody's
 *
 * Context: process, under kpptp_net.lock; sleeps.
 * Return: 0 or -ENOMEM.
 */
int kpptp_owner_adopt(struct kpptp_call *call, u32 portid);

/**
 * kpptp_owner_release - let go of a call
 * @call: a call, owned or not
 *
 * Context: process, under kpptp_net.lock.
 */
void kpptp_owner_release(struct kpptp_call *call);

/**
 * kpptp_owner_setup - begin to watch netlink sockets being closed
 * Return: 0 or a negative errno.
 */
int kpptp_owner_setup(void);

/**
 * kpptp_owner_cleanup - watch no longer
 * Context: process; sleeps until deletions that have begun are done.
 */
void kpptp_owner_cleanup(void);

#endif /* KPPTP_OWNER_H */
