/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A PPP channel that decrypts what it receives, before PPP sees it.
 *
 * PPP decrypts each packet into a new buffer, and hands it up alone. A channel that
 * decrypts in place saves the copy, and can merge what belongs together. The keys
 * remain those of the unit's decompressor: a packet that the channel leaves alone is
 * decrypted by PPP, with the same result.
 *
 * A channel and a decompressor find each other when the peer's Configure-Ack passes
 * through both. From then on until CCP ends, or the decompressor is freed, the channel
 * is bound: no network packet may come in clear.
 */
#ifndef KPPTP_MPPE_CHANNEL_H
#define KPPTP_MPPE_CHANNEL_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct kpptp_mppe_link;
struct kpptp_mppe_ops;

/**
 * struct kpptp_mppe_channel - a channel's side
 * @ops: what kpptp_mppe.ko does for it, pinned
 * @link: the decompressor's state, or NULL; changed under a lock of our own, read
 *	under RCU
 * @unit: number of the decompressor's PPP unit
 * @decrypts: whether the channel may decrypt
 */
struct kpptp_mppe_channel {
	const struct kpptp_mppe_ops *ops;
	struct kpptp_mppe_link __rcu *link;
	int unit;
	bool decrypts;
};

/**
 * struct kpptp_mppe_ops - what kpptp_mppe.ko does for a channel
 * @offer: offer the channel, or NULL to end the offer, to the decompressor that is next
 *	begun: for the time that a Configure-Ack takes to pass through ppp_input(). With
 *	BH disabled, on one CPU for the whole offer.
 * @unbind: part the channel from its decompressor, if it has one. In process context
 *	or softirq.
 * @open: decrypt a packet in place, @packet being its MPPE header and @len its length,
 *	header included. Returns true if the bytes behind the header are in clear now;
 *	false if the packet was left as it was, for PPP to judge. With BH disabled.
 */
struct kpptp_mppe_ops {
	void (*offer)(struct kpptp_mppe_channel *channel);
	void (*unbind)(struct kpptp_mppe_channel *channel);
	bool (*open)(struct kpptp_mppe_channel *channel, u8 *packet, unsigned int len);
};

/*
 * For symbol_get(), as kpptp.ko also works without kpptp_mppe.ko: then no link is
 * encrypted, or by ppp_mppe.
 */
extern const struct kpptp_mppe_ops kpptp_mppe_ops;

/**
 * kpptp_mppe_bound - is MPPE in force for what the channel receives?
 * @channel: the channel
 */
static inline bool kpptp_mppe_bound(const struct kpptp_mppe_channel *channel)
{
	return rcu_access_pointer(channel->link);
}

/**
 * kpptp_mppe_pause - leave packets to PPP, as negotiation begins anew
 * @channel: the channel
 *
 * It remains bound: packets in clear are still refused.
 * Context: any.
 */
static inline void kpptp_mppe_pause(struct kpptp_mppe_channel *channel)
{
	WRITE_ONCE(channel->decrypts, false);
}

/**
 * kpptp_mppe_bind - a decompressor begins: bind it to the channel that is offered
 * @link: its state; @link->unit and its mode are set
 *
 * If none is offered, or a former one no longer is, PPP decrypts.
 * Context: BH disabled, within the offer.
 */
void kpptp_mppe_bind(struct kpptp_mppe_link *link);

/**
 * kpptp_mppe_part - a decompressor ends: part it from its channel
 * @link: its state
 *
 * Context: process.
 */
void kpptp_mppe_part(struct kpptp_mppe_link *link);

#endif /* KPPTP_MPPE_CHANNEL_H */
