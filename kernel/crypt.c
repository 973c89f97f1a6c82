// SPDX-License-Identifier: GPL-2.0
/* MPPE in the channel. */
#include "crypt.h"

#include <linux/module.h>
#include <linux/ppp_channel.h>
#include <linux/ppp-comp.h>
#include <linux/slab.h>

/* Length of flags and coherency count, and the shortest packet. */
#define MPPE_HEADER   2
#define MPPE_SHORTEST (MPPE_HEADER + 1)

/* CCP's code follows the protocol field of two bytes. Returns 0 if there is none. */
static u8 crypt_ccp_code(struct sk_buff *skb)
{
	return pskb_may_pull(skb, 3) ? skb->data[2] : 0;
}

bool kpptp_crypt_moved(struct kpptp_call *call, int unit)
{
	struct kpptp_mppe_channel *mppe = READ_ONCE(call->recv.mppe);

	if (likely(unit < 0 || unit == READ_ONCE(mppe->unit)))
		return false;
	mppe->ops->unbind(mppe);
	return true;
}

bool kpptp_crypt_open(struct kpptp_call *call, struct sk_buff *skb, unsigned int field, int unit)
{
	struct kpptp_mppe_channel *mppe = call->recv.mppe;

	if (!mppe || !kpptp_mppe_bound(mppe))
		return false;
	if (unlikely(unit < 0 || kpptp_crypt_moved(call, unit)))
		return false;
	if (unlikely(skb->len < field + MPPE_SHORTEST || skb_ensure_writable(skb, skb->len)))
		return false;
	if (!mppe->ops->open(mppe, skb->data + field, skb->len - field))
		return false;
	__skb_pull(skb, field + MPPE_HEADER);
	return true;
}

/*
 * What to offer to the decompressor. NULL if it is another module's, or memory is
 * short: then PPP decrypts.
 */
static struct kpptp_mppe_channel *crypt_channel(struct kpptp_call *call)
{
	struct kpptp_mppe_channel *mppe = READ_ONCE(call->recv.mppe);

	if (mppe)
		return mppe;
	mppe = kzalloc(sizeof(*mppe), GFP_ATOMIC);
	if (!mppe)
		return NULL;
	mppe->ops = symbol_get(kpptp_mppe_ops);
	if (!mppe->ops) {
		kfree(mppe);
		return NULL;
	}
	WRITE_ONCE(call->recv.mppe, mppe);
	return mppe;
}

static void crypt_unbind(struct kpptp_call *call)
{
	struct kpptp_mppe_channel *mppe = READ_ONCE(call->recv.mppe);

	if (mppe)
		mppe->ops->unbind(mppe);
}

static void crypt_ack_input(struct kpptp_call *call, struct sk_buff *skb)
{
	struct kpptp_mppe_channel *mppe = crypt_channel(call);
	bool agreed = skb->len > CCP_HDRLEN + 2; /* on anything at all */

	if (mppe)
		mppe->ops->offer(mppe);
	ppp_input(&call->chan, skb);
	if (mppe)
		mppe->ops->offer(NULL);
	WRITE_ONCE(call->recv.unmerged, agreed && !kpptp_crypt_bound(call));
}

void kpptp_crypt_ccp_input(struct kpptp_call *call, struct sk_buff *skb)
{
	switch (crypt_ccp_code(skb)) {
	case CCP_CONFACK:
		crypt_ack_input(call, skb);
		return;
	case CCP_TERMREQ:
	case CCP_TERMACK:
		crypt_unbind(call);
		WRITE_ONCE(call->recv.unmerged, false);
		break;
	}
	ppp_input(&call->chan, skb);
}

void kpptp_crypt_ccp_output(struct kpptp_call *call, struct sk_buff *skb)
{
	switch (crypt_ccp_code(skb)) {
	case CCP_CONFREQ:
		kpptp_mppe_pause(READ_ONCE(call->recv.mppe));
		break;
	case CCP_TERMREQ:
	case CCP_TERMACK:
		crypt_unbind(call);
		break;
	}
}

void kpptp_crypt_end(struct kpptp_call *call)
{
	struct kpptp_mppe_channel *mppe = call->recv.mppe;

	if (!mppe)
		return;
	call->recv.mppe = NULL;
	mppe->ops->unbind(mppe);
	symbol_put(kpptp_mppe_ops);
	kfree(mppe);
}
