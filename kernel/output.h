/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Send finished packets: at once, or from a queue with none of PPP's locks held.
 *
 * PPP calls us with its interface's locks held. If the route may lead straight into
 * another PPP interface, sending at once would take that interface's locks too, and
 * two tunnels routed through each other would deadlock on two CPUs. So send at once
 * only if the route's device is known not to lead back into IP (kpptp_send.direct).
 * All other packets go through a queue of the namespace, in order.
 *
 * A tunnel inside a tunnel is legitimate; a packet caught in a loop grows each time
 * and is dropped and counted at the fifth level. The level is kept in a per-CPU
 * variable while a queued packet is being sent, and in the packet itself while a
 * qdisc of the PPP interface holds it.
 */
#ifndef KPPTP_OUTPUT_H
#define KPPTP_OUTPUT_H

#include <linux/netdevice.h>
#include <net/ip.h>

#include "call.h"

/* Maximum number of tunnels a packet may be in, including this one. */
#define KPPTP_OUTPUT_NESTING_MAX 4

/**
 * kpptp_output_nesting - number of tunnels a frame will be in
 * @skb: the frame, as it came from PPP; NULL for a standalone ack
 *
 * Context: BH disabled.
 * Return: 1 for a frame that comes from none of our tunnels.
 */
unsigned int kpptp_output_nesting(const struct sk_buff *skb);

/**
 * kpptp_output_failed - a numbered packet was not sent
 * @call: the call
 * @counter: counter of the call to increment
 * @acked: it carried an acknowledgment, which is owed again
 *
 * Context: BH disabled, no lock of the call held.
 */
void kpptp_output_failed(struct kpptp_call *call, u64 *counter, bool acked);

/**
 * kpptp_output - send a finished packet at once
 * @call: the call
 * @skb: the packet; consumed
 * @acked: it carries an acknowledgment
 *
 * If IP refuses the packet, count it and owe the acknowledgment again.
 * Context: BH disabled, no lock of the call held: bridged channels may lead the
 * packet back to us.
 */
static inline void kpptp_output(struct kpptp_call *call, struct sk_buff *skb, bool acked)
{
	int err = ip_local_out(call->kn->net, NULL, skb);

	if (unlikely(net_xmit_eval(err)))
		kpptp_output_failed(call, &call->send.stats.tx_errors, acked);
}

/**
 * kpptp_output_defer - send a finished packet from the namespace's queue
 * @call: the call
 * @skb: the packet; consumed
 * @acked: it carries an acknowledgment
 * @nesting: from kpptp_output_nesting()
 *
 * The call may go away before its packet is sent.
 * Context: as kpptp_output(); only one CPU at a time for a call.
 */
void kpptp_output_defer(struct kpptp_call *call, struct sk_buff *skb, bool acked,
			unsigned int nesting);

/**
 * kpptp_output_net_init - set up a namespace's queue
 * @kn: our state in the namespace
 */
void kpptp_output_net_init(struct kpptp_net *kn);

/**
 * kpptp_output_net_exit - drop what is still queued
 * @kn: our state in the namespace, which has no calls any more
 *
 * Context: process; sleeps.
 */
void kpptp_output_net_exit(struct kpptp_net *kn);

#endif /* KPPTP_OUTPUT_H */
