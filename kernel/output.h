/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finished packets leave: at once, or from a queue with no lock of PPP's held.
 *
 * PPP calls us with the locks of its interface held. Where the way out may lead
 * straight into another PPP interface, sending at once would take that one's
 * locks as well; and two tunnels routed through each other, on two CPUs, would
 * wait for each other for ever. So only a route whose device is known to end
 * there is used at once (kpptp_route_direct()). Everything else goes through a
 * queue of the namespace, in order.
 *
 * A tunnel inside a tunnel is a legitimate thing; a packet that goes round in
 * circles grows each time and is dropped and counted at the fifth level. The
 * level is kept in a per-CPU variable while a queued packet is being sent, and
 * in the packet where a qdisc of the PPP interface makes it wait.
 */
#ifndef KPPTP_OUTPUT_H
#define KPPTP_OUTPUT_H

#include <linux/netdevice.h>
#include <net/ip.h>

#include "call.h"

/* Tunnels that a packet may be in, this one included. */
#define KPPTP_OUTPUT_NESTING_MAX 4

/**
 * kpptp_output_nesting - how many tunnels will a frame be in?
 * @skb: the frame, as it came from PPP; NULL for a standalone ack
 *
 * Context: bottom halves off.
 * Return: 1 for what comes from no tunnel of ours.
 */
unsigned int kpptp_output_nesting(const struct sk_buff *skb);

/**
 * kpptp_output_failed - a numbered packet did not leave
 * @call: the call
 * @counter: one of the call's
 * @acked: it carried an acknowledgment, which is owed again
 *
 * Context: bottom halves off, no lock of the call held.
 */
void kpptp_output_failed(struct kpptp_call *call, u64 *counter, bool acked);

/**
 * kpptp_output - send a finished packet at once
 * @call: the call
 * @skb: the packet; consumed
 * @acked: it carries an acknowledgment
 *
 * If IP refuses it, that is counted, and the acknowledgment is owed again.
 * Context: bottom halves off, no lock of the call held: the packet may come
 * back to us through a bridge of channels.
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
 * @nesting: of kpptp_output_nesting()
 *
 * The call may go away before its packet leaves.
 * Context: as kpptp_output(), and for one call by one CPU at a time.
 */
void kpptp_output_defer(struct kpptp_call *call, struct sk_buff *skb, bool acked,
			unsigned int nesting);

/**
 * kpptp_output_net_init - make a namespace's queue
 * @kn: our part of the namespace
 */
void kpptp_output_net_init(struct kpptp_net *kn);

/**
 * kpptp_output_net_exit - drop what is still queued
 * @kn: our part of the namespace, which has no calls any more
 *
 * Context: process; sleeps.
 */
void kpptp_output_net_exit(struct kpptp_net *kn);

#endif /* KPPTP_OUTPUT_H */
