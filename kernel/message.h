/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What replies and events say: calls and counters in, netlink messages out.
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
 * struct kpptp_message - what a message is for
 * @reader: namespace of those who will read it
 * @portid: netlink port of the one who asked, 0 for an event
 * @seq: number of the request
 * @flags: netlink's
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
 * kpptp_message_call - a whole call, as call-get shows it
 * @skb: where to append it
 * @call: the call
 * @msg: what for
 *
 * Context: process, under kpptp_net.lock.
 * Return: 0, or -EMSGSIZE, and @skb is as it was.
 */
int kpptp_message_call(struct sk_buff *skb, struct kpptp_call *call,
		       const struct kpptp_message *msg);

/**
 * kpptp_message_deleted - a call's last words
 * @skb: where to append them
 * @call: the call
 * @reason: why it ends
 *
 * Context: process, under kpptp_net.lock.
 * Return: 0 or -EMSGSIZE.
 */
int kpptp_message_deleted(struct sk_buff *skb, struct kpptp_call *call,
			  enum kpptp_del_reason reason);

/**
 * kpptp_message_net - the counters and limits of a namespace
 * @skb: where to append them
 * @kn: the namespace
 * @msg: what for
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int kpptp_message_net(struct sk_buff *skb, struct kpptp_net *kn, const struct kpptp_message *msg);

#endif /* KPPTP_MESSAGE_H */
