// SPDX-License-Identifier: GPL-2.0
/* One direction of a PPP link that MPPE encrypts. */
#include "mppe_link.h"

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "compat/compat.h"

/* A link that sent or received nothing between two looks holds no keystreams. */
#define IDLE_LOOK (10 * HZ)

static unsigned long ahead_limit;
module_param(ahead_limit, ulong, 0644);
MODULE_PARM_DESC(ahead_limit, "most bytes of memory for keystreams made ahead (0: a 64th of all)");

/* Memory in use for keystreams made ahead. */
static atomic_long_t ahead_bytes;

static int ahead_bytes_get(char *buffer, const struct kernel_param *param)
{
	return sprintf(buffer, "%ld\n", atomic_long_read(&ahead_bytes));
}

static const struct kernel_param_ops ahead_bytes_ops = {
	.get = ahead_bytes_get,
};

module_param_cb(ahead_bytes, &ahead_bytes_ops, NULL, 0444);
MODULE_PARM_DESC(ahead_bytes, "bytes in use for keystreams made ahead");

static struct kpptp_mppe_ahead *ahead_alloc(void)
{
	const long size = sizeof(struct kpptp_mppe_ahead);
	unsigned long limit = READ_ONCE(ahead_limit) ?: totalram_pages() * (PAGE_SIZE / 64);
	struct kpptp_mppe_ahead *ahead = NULL;

	if (atomic_long_add_return(size, &ahead_bytes) <= limit)
		ahead = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
	if (!ahead)
		atomic_long_sub(size, &ahead_bytes);
	return ahead;
}

static void ahead_free(struct kpptp_mppe_ahead *ahead)
{
	if (!ahead)
		return;
	kfree_sensitive(ahead);
	atomic_long_sub(sizeof(*ahead), &ahead_bytes);
}

static void link_idle(struct timer_list *timer)
{
	struct kpptp_mppe_link *link = timer_container_of(link, timer, idle);
	struct kpptp_mppe_ahead *ahead = NULL;

	spin_lock(&link->lock);
	if (link->used)
		mod_timer(&link->idle, jiffies + IDLE_LOOK);
	else
		ahead = kpptp_mppe_reclaim(&link->mppe);
	link->used = false;
	spin_unlock(&link->lock);
	ahead_free(ahead);
}

/* A packet comes. Without memory, its keystream is made for it alone. */
static void link_use(struct kpptp_mppe_link *link)
{
	struct kpptp_mppe_ahead *ahead;

	link->used = true;
	if (likely(link->mppe.ahead) || link->mppe.stateful)
		return;
	ahead = ahead_alloc();
	if (!ahead)
		return;
	kpptp_mppe_lend(&link->mppe, ahead);
	mod_timer(&link->idle, jiffies + IDLE_LOOK);
}

struct kpptp_mppe_link *kpptp_mppe_link_new(const u8 *start)
{
	struct kpptp_mppe_link *link = kzalloc(sizeof(*link), GFP_KERNEL_ACCOUNT);

	if (!link)
		return NULL;
	spin_lock_init(&link->lock);
	timer_setup(&link->idle, link_idle, 0);
	memcpy(link->start, start, sizeof(link->start));
	return link;
}

static void link_free_rcu(struct rcu_head *rcu)
{
	struct kpptp_mppe_link *link = container_of(rcu, struct kpptp_mppe_link, rcu);

	ahead_free(kpptp_mppe_reclaim(&link->mppe));
	kfree_sensitive(link);
}

void kpptp_mppe_link_free(struct kpptp_mppe_link *link)
{
	timer_shutdown_sync(&link->idle);
	call_rcu(&link->rcu, link_free_rcu);
}

static void stats_add(struct compstat *stats, unsigned int len)
{
	stats->unc_bytes += len - KPPTP_MPPE_HEADER;
	stats->unc_packets++;
	stats->comp_bytes += len;
	stats->comp_packets++;
}

void kpptp_mppe_link_encrypt(struct kpptp_mppe_link *link, u8 *to, const u8 *from, unsigned int len)
{
	spin_lock(&link->lock);
	link_use(link);
	kpptp_mppe_encrypt(&link->mppe, to, from, len);
	stats_add(&link->stats, KPPTP_MPPE_HEADER + len);
	spin_unlock(&link->lock);
}

enum kpptp_mppe_verdict kpptp_mppe_link_decrypt(struct kpptp_mppe_link *link, u8 *to,
						const u8 *from, unsigned int len)
{
	enum kpptp_mppe_verdict verdict;

	spin_lock(&link->lock);
	link_use(link);
	verdict = kpptp_mppe_decrypt(&link->mppe, to, from, len);
	if (likely(verdict == KPPTP_MPPE_OK)) {
		link->score /= 2;
		stats_add(&link->stats, len);
	}
	spin_unlock(&link->lock);
	return verdict;
}
