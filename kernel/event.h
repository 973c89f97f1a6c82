/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events: what those who joined the netlink group "calls" are told.
 */
#ifndef KPPTP_EVENT_H
#define KPPTP_EVENT_H

#include <linux/types.h>

#include <uapi/linux/kpptp.h>

struct kpptp_call;

/**
 * kpptp_event_call - tell listeners of a new or a changed call
 * @call: the call
 * @cmd: KPPTP_CMD_CALL_NEW_NTF or KPPTP_CMD_CALL_SET_NTF
 *
 * Context: process, under kpptp_net.lock; sleeps.
 */
void kpptp_event_call(struct kpptp_call *call, u8 cmd);

/**
 * kpptp_event_deleted - tell listeners that a call is no more
 * @call: the call, out of the table
 * @reason: why
 *
 * Context: process, under kpptp_net.lock; sleeps.
 */
void kpptp_event_deleted(struct kpptp_call *call, enum kpptp_del_reason reason);

#endif /* KPPTP_EVENT_H */
