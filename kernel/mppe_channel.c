// SPDX-License-Identifier: GPL-2.0
/* A PPP channel that decrypts what it receives, before PPP sees it. */
#include "mppe_channel.h"

#include <linux/export.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "mppe_link.h"

static DEFINE_PER_CPU(struct kpptp_mppe_channel *, offered);

/* Protects the pointers between channels and links. */
static DEFINE_SPINLOCK(bind_lock);

static void channel_offer(struct kpptp_mppe_channel *channel)
{
	__this_cpu_write(offered, channel);
}

static void unbind(struct kpptp_mppe_channel *channel, struct kpptp_mppe_link *link)
{
	lockdep_assert_held(&bind_lock);

	if (!channel || !link)
		return;
	link->channel = NULL;
	WRITE_ONCE(channel->decrypts, false);
	RCU_INIT_POINTER(channel->link, NULL);
}

static struct kpptp_mppe_link *link_of(struct kpptp_mppe_channel *channel)
{
	return rcu_dereference_protected(channel->link, lockdep_is_held(&bind_lock));
}

void kpptp_mppe_bind(struct kpptp_mppe_link *link)
{
	struct kpptp_mppe_channel *channel = __this_cpu_read(offered);

	spin_lock_bh(&bind_lock);
	unbind(link->channel, link);
	if (channel) {
		unbind(channel, link_of(channel));
		channel->unit = link->unit;
		link->channel = channel;
		rcu_assign_pointer(channel->link, link);
		/* The stateful mode needs PPP, to ask the peer for new keystreams. */
		WRITE_ONCE(channel->decrypts, !link->mppe.stateful);
	}
	spin_unlock_bh(&bind_lock);
}

void kpptp_mppe_part(struct kpptp_mppe_link *link)
{
	spin_lock_bh(&bind_lock);
	unbind(link->channel, link);
	spin_unlock_bh(&bind_lock);
}

static void channel_unbind(struct kpptp_mppe_channel *channel)
{
	if (!kpptp_mppe_bound(channel))
		return;
	spin_lock_bh(&bind_lock);
	unbind(channel, link_of(channel));
	spin_unlock_bh(&bind_lock);
}

static bool channel_open(struct kpptp_mppe_channel *channel, u8 *packet, unsigned int len)
{
	struct kpptp_mppe_link *link;
	bool opened = false;

	rcu_read_lock();
	link = rcu_dereference(channel->link);
	if (link && READ_ONCE(channel->decrypts))
		opened = kpptp_mppe_link_decrypt(link, packet + KPPTP_MPPE_HEADER, packet, len) ==
			 KPPTP_MPPE_OK;
	rcu_read_unlock();
	return opened;
}

const struct kpptp_mppe_ops kpptp_mppe_ops = {
	.offer = channel_offer,
	.unbind = channel_unbind,
	.open = channel_open,
};
EXPORT_SYMBOL_GPL(kpptp_mppe_ops);
