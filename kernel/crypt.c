// SPDX-License-Identifier: GPL-2.0
/* MPPE in the channel. */
#include "crypt.h"

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
	kpptp_mppe_unbind(mppe);
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
	if (!kpptp_mppe_open(mppe, skb->data + field, skb->len - field))
		return false;
	__skb_pull(skb, field + MPPE_HEADER);
	return true;
}

/* Without memory for a channel there is none to offer, and PPP decrypts. */
static struct kpptp_mppe_channel *crypt_channel(struct kpptp_call *call)
{
	if (!call->recv.mppe)
		WRITE_ONCE(call->recv.mppe, kzalloc(sizeof(*call->recv.mppe), GFP_ATOMIC));
	return call->recv.mppe;
}

static void crypt_unbind(struct kpptp_call *call)
{
	struct kpptp_mppe_channel *mppe = READ_ONCE(call->recv.mppe);

	if (mppe)
		kpptp_mppe_unbind(mppe);
}

void kpptp_crypt_ccp_input(struct kpptp_call *call, struct sk_buff *skb)
{
	u8 code = crypt_ccp_code(skb);

	if (code == CCP_TERMREQ || code == CCP_TERMACK)
		crypt_unbind(call);
	if (code == CCP_CONFACK)
		kpptp_mppe_offer(crypt_channel(call));
	ppp_input(&call->chan, skb);
	kpptp_mppe_offer(NULL);
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
	crypt_unbind(call);
	kfree(call->recv.mppe);
	call->recv.mppe = NULL;
}
