/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Build the netlink messages of replies and events from calls and counters.
 */
#ifndef KPPTP_MESSAGE_H
#define KPPTP_MESSAGE_H

#include <linux/types.h>

#include <uapi/linux/kpptp.h>

struct kpptp_call;
struct kpptp_net;
struct net;
struct sk_buff;

/**
 * struct kpptp_message - header of a message
 * @reader: namespace of its readers
 * @portid: netlink port of the requester, 0 for an event
 * @seq: sequence number of the request
 * @flags: netlink flags
 * @cmd: KPPTP_CMD_...
 */
struct kpptp_message {
	struct net *reader;
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
};

/**
 * kpptp_message_call - append a complete call, as shown by call-get
 * @skb: where to append it
 * @call: the call
 * @msg: header of the message
 *
 * Context: process, under kpptp_net.lock.
 * Return: 0, or -EMSGSIZE with @skb unchanged.
 */
int kpptp_message_call(struct sk_buff *skb, struct kpptp_call *call,
		       const struct kpptp_message *msg);

/**
 * kpptp_message_deleted - append the notification that a call was deleted
 * @skb: where to append it
 * @call: the call
 * @reason: why it was deleted
 *
 * Context: process, under kpptp_net.lock.
 * Return: 0 or -EMSGSIZE.
 */
int kpptp_message_deleted(struct sk_buff *skb, struct kpptp_call *call,
			  enum kpptp_del_reason reason);

/**
 * kpptp_message_net - append the counters and limits of a namespace
 * @skb: where to append them
 * @kn: the namespace
 * @msg: header of the message
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int kpptp_message_net(struct sk_buff *skb, struct kpptp_net *kn, const struct kpptp_message *msg);

#endif /* KPPTP_MESSAGE_H */
