// SPDX-License-Identifier: GPL-2.0
/*
 * The PPP side of a call: a channel of ppp_generic.
 */
#include "channel.h"

#include <linux/ppp_channel.h>
#include <linux/ppp_defs.h>
#include <linux/ppp-ioctl.h>
#include <linux/skbuff.h>
#include <linux/uaccess.h>
#include <net/ip.h>

#include "call.h"
#include "compat/compat.h"
#include "gre.h"
#include "route.h"
#include "tx.h"

/* Protocol field compression, address and control field compression. */
#define CHANNEL_FLAGS (SC_COMP_PROT | SC_COMP_AC)

static int channel_xmit(struct ppp_channel *chan, struct sk_buff *skb)
{
	return kpptp_tx_frame(chan->private, skb);
}

static int channel_set_flags(struct kpptp_call *call, int flags)
{
	spin_lock_bh(&call->send.lock);
	call->send.ppp_flags = flags & CHANNEL_FLAGS;
	spin_unlock_bh(&call->send.lock);
	return 0;
}

/*
 * pppd calls these on the descriptor it was given, attached to the channel.
 * PPPIOCGCHAN lets it treat that like a device it opened itself.
 */
static int channel_ioctl(struct ppp_channel *chan, unsigned int cmd, unsigned long arg)
{
	struct kpptp_call *call = chan->private;
	int __user *argp = (int __user *)arg;
	int value;

	switch (cmd) {
	case PPPIOCGCHAN:
		return put_user(ppp_channel_index(chan), argp);
	case PPPIOCGFLAGS:
		return put_user((int)READ_ONCE(call->send.ppp_flags), argp);
	case PPPIOCSFLAGS:
		if (get_user(value, argp))
			return -EFAULT;
		return channel_set_flags(call, value);
	default:
		return -ENOTTY;
	}
}

static const struct ppp_channel_ops kpptp_channel_ops = {
	.start_xmit = channel_xmit,
	.ioctl = channel_ioctl,
};

int kpptp_channel_register(struct kpptp_call *call)
{
	const unsigned int overhead = 2 + KPPTP_GRE_MAX + sizeof(struct iphdr);
	struct ppp_channel *chan = &call->chan;

	chan->private = call;
	chan->ops = &kpptp_channel_ops;
	chan->mtu = PPP_MRU - overhead;
	chan->hdrlen = overhead + kpptp_route_headroom(call);
	if (call->conf.flow_control != KPPTP_FLOW_CONTROL_STRICT)
		kpptp_compat_channel_direct(chan);
	return ppp_register_net_channel(call->conf.ppp_net ?: call->kn->net, chan);
}

void kpptp_channel_unregister(struct kpptp_call *call)
{
	ppp_unregister_channel(&call->chan);
}
