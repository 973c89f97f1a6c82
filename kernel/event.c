// SPDX-License-Identifier: GPL-2.0
/*
 * Notifications to the netlink group "calls".
 */
#include "event.h"

#include <net/genetlink.h>

#include "call.h"
#include "family.h"
#include "message.h"
#include "netlink-gen.h"

static bool event_has_listeners(const struct kpptp_net *kn)
{
	return genl_has_listeners(&kpptp_family, kn->net, KPPTP_NLGRP_CALLS);
}

/*
 * @err is the result of filling in @skb. If the event is lost for lack of memory or
 * space, listeners get ENOBUFS.
 */
static void event_send(struct kpptp_net *kn, struct sk_buff *skb, int err)
{
	if (!skb || err) {
		nlmsg_free(skb);
		genl_set_err(&kpptp_family, kn->net, 0, KPPTP_NLGRP_CALLS, -ENOBUFS);
		return;
	}
	genlmsg_multicast_netns(&kpptp_family, kn->net, skb, 0, KPPTP_NLGRP_CALLS, GFP_KERNEL);
}

void kpptp_event_call(struct kpptp_call *call, u8 cmd)
{
	const struct kpptp_message msg = { .reader = call->kn->net, .cmd = cmd };
	struct sk_buff *skb;

	if (!event_has_listeners(call->kn))
		return;
	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	event_send(call->kn, skb, skb ? kpptp_message_call(skb, call, &msg) : 0);
}

void kpptp_event_deleted(struct kpptp_call *call, enum kpptp_del_reason reason)
{
	struct sk_buff *skb;

	if (!event_has_listeners(call->kn))
		return;
	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	event_send(call->kn, skb, skb ? kpptp_message_deleted(skb, call, reason) : 0);
}
