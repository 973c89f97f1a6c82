/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notifications to the netlink group "calls".
 */
#ifndef KPPTP_EVENT_H
#define KPPTP_EVENT_H

#include <linux/types.h>

#include <uapi/linux/kpptp.h>

struct kpptp_call;

/**
 * kpptp_event_call - notify listeners of a new or changed call
 * @call: the call
 * @cmd: KPPTP_CMD_CALL_NEW_NTF or KPPTP_CMD_CALL_SET_NTF
 *
 * Context: process, under kpptp_net.lock; sleeps.
 */
void kpptp_event_call(struct kpptp_call *call, u8 cmd);

/**
 * kpptp_event_deleted - notify listeners that a call was deleted
 * @call: the call, already removed from the table
 * @reason: why
 *
 * Context: process, under kpptp_net.lock; sleeps.
 */
void kpptp_event_deleted(struct kpptp_call *call, enum kpptp_del_reason reason);

#endif /* KPPTP_EVENT_H */
