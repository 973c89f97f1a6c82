/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last step of a received frame: count it, decrypt it, merge it with others, and
 * pass it to PPP.
 */
#ifndef KPPTP_DELIVER_H
#define KPPTP_DELIVER_H

#include <linux/in.h>
#include <linux/skbuff.h>

#include "call.h"
#include "crypt.h"
#include "frame.h"

struct napi_struct;

/* Shorter frames carry acknowledgments, as a rule, which GRO cannot merge. */
#define KPPTP_DELIVER_SHORT 128

/**
 * kpptp_deliver_tcp - is a frame a TCP segment in clear?
 * @data: the frame, from its protocol field on
 * @len: readable bytes
 */
static inline bool kpptp_deliver_tcp(const u8 *data, unsigned int len)
{
	unsigned int field;

	switch (kpptp_frame_protocol(data, len, &field)) {
	case PPP_IP:
		return len >= field + 20 && data[field + 9] == IPPROTO_TCP;
	case PPP_IPV6:
		return len >= field + 40 && data[field + 6] == IPPROTO_TCP;
	default:
		return false;
	}
}

/**
 * kpptp_deliver - pass a received frame to PPP
 * @call: the call
 * @skb: the frame as received, with or without address and control field; consumed
 * @stats: counters to update: the call's, under recv.lock, or the caller's own
 * @napi: the poll that empties the call's queue, or NULL: then the frame is neither
 *	decrypted here nor merged
 * @unit: with @napi, the PPP unit, or a negative number
 *
 * Context: softirq; under recv.lock, or as the only poll emptying the call's queue
 * of ready frames.
 */
void kpptp_deliver(struct kpptp_call *call, struct sk_buff *skb, struct kpptp_recv_stats *stats,
		   struct napi_struct *napi, int unit);

#endif /* KPPTP_DELIVER_H */
