/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family: requests and events. Its contract is
 * include/netlink/kpptp.yaml.
 */
#ifndef KPPTP_NETLINK_H
#define KPPTP_NETLINK_H

#include <uapi/linux/kpptp.h>

struct genl_family;
struct kpptp_call;

/* For those who write its messages. */
extern struct genl_family kpptp_netlink_family;

/**
 * kpptp_netlink_deleted - tell listeners that a call is no more
 * @call: the call, out of the table
 * @reason: why
 *
 * Context: process, under kpptp_net.lock; sleeps.
 */
void kpptp_netlink_deleted(struct kpptp_call *call,
			   enum kpptp_del_reason reason);

/**
 * kpptp_netlink_setup - register the family
 * Return: 0 or a negative errno.
 */
int kpptp_netlink_setup(void);

/**
 * kpptp_netlink_cleanup - unregister the family
 * Context: process; sleeps until no request is being served.
 */
void kpptp_netlink_cleanup(void);

#endif /* KPPTP_NETLINK_H */
