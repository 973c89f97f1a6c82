/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MPPE in the channel: decrypt in place what is received, and let nothing in that is
 * in clear where it should not be. Keys and what was negotiated are kpptp_mppe.ko's,
 * see mppe_channel.h; CCP's packets, which pass through here, tell when that changes.
 */
#ifndef KPPTP_CRYPT_H
#define KPPTP_CRYPT_H

#include <linux/ppp_defs.h>
#include <linux/skbuff.h>

#include "call.h"
#include "mppe_channel.h"

/**
 * kpptp_crypt_bound - is MPPE in force for what a call receives?
 * @call: the call
 */
static inline bool kpptp_crypt_bound(const struct kpptp_call *call)
{
	const struct kpptp_mppe_channel *mppe = READ_ONCE(call->recv.mppe);

	return mppe && kpptp_mppe_bound(mppe);
}

/**
 * kpptp_crypt_opens - does kpptp_crypt_open() decrypt?
 * @call: the call
 */
static inline bool kpptp_crypt_opens(const struct kpptp_call *call)
{
	const struct kpptp_mppe_channel *mppe = READ_ONCE(call->recv.mppe);

	return mppe && READ_ONCE(mppe->decrypts);
}

/**
 * kpptp_crypt_refuses - may a frame not come in clear?
 * @call: the call
 * @protocol: the frame's protocol
 *
 * MPPE encrypts network protocols (RFC 3078 section 3), and whole packets, before
 * multilink makes fragments of them.
 */
static inline bool kpptp_crypt_refuses(const struct kpptp_call *call, u16 protocol)
{
	return unlikely(kpptp_crypt_bound(call)) && protocol >= PPP_IP && protocol <= 0x00fa &&
	       protocol != PPP_MP;
}

/**
 * kpptp_crypt_moved - part a channel that was attached to another unit
 * @call: the call; it is bound
 * @unit: number of the PPP unit that its channel is attached to; negative for none,
 *	which changes nothing
 *
 * Context: softirq.
 * Return: whether it was attached to another unit, so that it is bound no more.
 */
bool kpptp_crypt_moved(struct kpptp_call *call, int unit);

/**
 * kpptp_crypt_open - decrypt a frame in place
 * @call: the call
 * @skb: the frame, from its protocol field on
 * @field: length of that field
 * @unit: number of the PPP unit that the call's channel is attached to
 *
 * Context: softirq; only one CPU at a time for a call.
 * Return: whether @skb is a frame in clear now. If not, it is as it was, for PPP to
 * judge.
 */
bool kpptp_crypt_open(struct kpptp_call *call, struct sk_buff *skb, unsigned int field, int unit);

/**
 * kpptp_crypt_ccp_input - pass a received packet of CCP to PPP
 * @call: the call
 * @skb: the frame, from its protocol field on; consumed
 *
 * Context: softirq.
 */
void kpptp_crypt_ccp_input(struct kpptp_call *call, struct sk_buff *skb);

/**
 * kpptp_crypt_ccp_output - PPP sends a packet of CCP
 * @call: the call
 * @skb: the frame, from its protocol field on
 *
 * Context: BH disabled.
 */
void kpptp_crypt_ccp_output(struct kpptp_call *call, struct sk_buff *skb);

/**
 * kpptp_crypt_end - the call ends
 * @call: the call, whose channel receives nothing any more
 *
 * Context: process.
 */
void kpptp_crypt_end(struct kpptp_call *call);

#endif /* KPPTP_CRYPT_H */
