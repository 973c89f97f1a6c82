// SPDX-License-Identifier: GPL-2.0
/*
 * kpptp_mppe.ko: MPPE for ppp_generic, as CCP's method 18, in place of ppp_mppe.
 *
 * ppp_generic has one slot for each method, and calls all of its links' compressors
 * with a lock of the link held and BH disabled.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fips.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/ppp-comp.h>
#include <linux/ppp_defs.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "compat/compat.h"
#include "mppe.h"

/* CCP's option (RFC 3078 section 2): type, length, 32 bits; the last byte names keys. */
#define OPTION_LEN	 CILEN_MPPE
#define OPTION_STATELESS 0x01 /* in the first byte of the bits */
#define OPTION_56	 0x80
#define OPTION_128	 0x40
#define OPTION_40	 0x20

/* In front of the encrypted bytes: PPP's address, control and protocol, our header. */
#define OVERHEAD (PPP_HDRLEN + KPPTP_MPPE_HEADER)

/* A link that sent or received nothing between two looks holds no keystreams. */
#define IDLE_LOOK (10 * HZ)

/*
 * A peer whose packets make no sense is disconnected, as by ppp_mppe; each good one
 * halves the score.
 */
#define BOGUS_SCORE 100
#define LATE_SCORE  1
#define SCORE_MAX   1600

/**
 * struct mppe_link - one direction of a link
 * @lock: protects all but @start and @unit
 * @mppe: its keys
 * @start: the key that pppd handed over
 * @stats: for PPPIOCGCSTAT
 * @unit: number of the PPP interface, for messages
 * @score: what the peer's bad packets add up to
 * @used: packets came since the last look
 * @idle: the next look
 */
struct mppe_link {
	spinlock_t lock;
	struct kpptp_mppe mppe;
	u8 start[KPPTP_MPPE_KEY_MAX];
	struct compstat stats;
	int unit;
	unsigned int score;
	bool used;
	struct timer_list idle;
};

static unsigned long ahead_limit;
module_param(ahead_limit, ulong, 0644);
MODULE_PARM_DESC(ahead_limit, "bytes of memory for keystreams made ahead (0: a 64th of it)");

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
	struct kpptp_mppe_ahead *ahead;

	if (atomic_long_add_return(size, &ahead_bytes) > limit)
		goto refuse;
	ahead = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
	if (ahead)
		return ahead;
refuse:
	atomic_long_sub(size, &ahead_bytes);
	return NULL;
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
	struct mppe_link *link = timer_container_of(link, timer, idle);
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

/* A packet comes. Without memory, it has its keystream made for it alone. */
static void link_use(struct mppe_link *link)
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

/* PPPIOCSCOMPRESS: pppd hands over the option and the initial key. */
static void *mppe_alloc(unsigned char *option, int len)
{
	struct mppe_link *link;

	if (len != OPTION_LEN + KPPTP_MPPE_KEY_MAX || option[0] != CI_MPPE ||
	    option[1] != OPTION_LEN)
		return NULL;
	link = kzalloc(sizeof(*link), GFP_KERNEL_ACCOUNT);
	if (!link)
		return NULL;
	spin_lock_init(&link->lock);
	timer_setup(&link->idle, link_idle, 0);
	memcpy(link->start, option + OPTION_LEN, sizeof(link->start));
	return link;
}

static void mppe_free(void *arg)
{
	struct mppe_link *link = arg;

	if (!link)
		return;
	timer_shutdown_sync(&link->idle);
	ahead_free(kpptp_mppe_reclaim(&link->mppe));
	kfree_sensitive(link);
}

static bool strength_of(u8 bits, enum kpptp_mppe_strength *strength)
{
	if (bits & OPTION_128)
		*strength = KPPTP_MPPE_128;
	else if (bits & OPTION_56)
		*strength = KPPTP_MPPE_56;
	else if (bits & OPTION_40)
		*strength = KPPTP_MPPE_40;
	else
		return false;
	return true;
}

/* CCP's Configure-Ack passes. Returns whether the direction works from now on. */
static int link_init(struct mppe_link *link, const u8 *option, int len, int unit)
{
	enum kpptp_mppe_strength strength;

	if (len != OPTION_LEN || option[0] != CI_MPPE || option[1] != OPTION_LEN)
		return 0;
	if (!strength_of(option[OPTION_LEN - 1], &strength)) {
		net_warn_ratelimited("%s: ppp%d: CCP agreed on no length of the key\n",
				     KBUILD_MODNAME, unit);
		return 0;
	}
	link->unit = unit;
	spin_lock(&link->lock);
	link->score = 0;
	kpptp_mppe_init(&link->mppe, link->start, strength, !(option[2] & OPTION_STATELESS));
	spin_unlock(&link->lock);
	return 1;
}

static int mppe_comp_init(void *arg, unsigned char *option, int len, int unit, int hdrlen,
			  int debug)
{
	return link_init(arg, option, len, unit);
}

static int mppe_decomp_init(void *arg, unsigned char *option, int len, int unit, int hdrlen,
			    int mru, int debug)
{
	return link_init(arg, option, len, unit);
}

static void mppe_comp_reset(void *arg)
{
	struct mppe_link *link = arg;

	spin_lock(&link->lock);
	kpptp_mppe_reset(&link->mppe);
	spin_unlock(&link->lock);
}

/* The peer begins a new keystream; its packet will say so. */
static void mppe_decomp_reset(void *arg)
{
}

static void stats_add(struct compstat *stats, unsigned int clear, unsigned int packet)
{
	stats->unc_bytes += clear;
	stats->unc_packets++;
	stats->comp_bytes += packet;
	stats->comp_packets++;
}

/*
 * Only network protocols are encrypted (RFC 3078 section 3); 0 lets others pass. A
 * negative result has PPP drop the frame.
 */
static int mppe_compress(void *arg, unsigned char *frame, unsigned char *out, int size, int room)
{
	const unsigned int len = size - 2; /* from the protocol field on */
	struct mppe_link *link = arg;
	u16 protocol = PPP_PROTOCOL(frame);

	if (protocol < 0x0021 || protocol > 0x00fa)
		return 0;
	if (room < OVERHEAD + (int)len) {
		net_dbg_ratelimited("%s: ppp%d: no room to encrypt %u bytes\n", KBUILD_MODNAME,
				    link->unit, len);
		return -1;
	}
	out[0] = PPP_ADDRESS(frame);
	out[1] = PPP_CONTROL(frame);
	put_unaligned_be16(PPP_COMP, out + 2);
	spin_lock(&link->lock);
	link_use(link);
	kpptp_mppe_encrypt(&link->mppe, out + PPP_HDRLEN, frame + 2, len);
	stats_add(&link->stats, len, OVERHEAD + len);
	spin_unlock(&link->lock);
	return OVERHEAD + len;
}

/* What a packet that could not be read means for the link. */
static int link_refuse(struct mppe_link *link, enum kpptp_mppe_verdict verdict)
{
	if (verdict == KPPTP_MPPE_BOGUS)
		link->score += BOGUS_SCORE;
	else if (verdict == KPPTP_MPPE_LATE)
		link->score += LATE_SCORE;
	if (link->score < SCORE_MAX)
		return DECOMP_ERROR;
	net_notice_ratelimited("%s: ppp%d: too many packets that are no MPPE: giving up\n",
			       KBUILD_MODNAME, link->unit);
	return DECOMP_FATALERROR;
}

/* A protocol field of one byte becomes two, for which there is room. Returns the length. */
static int protocol_expand(u8 *at, unsigned int len)
{
	if (!(at[0] & 1))
		return len;
	memmove(at + 1, at, len);
	at[0] = 0;
	return len + 1;
}

static int mppe_decompress(void *arg, unsigned char *frame, int size, unsigned char *out, int room)
{
	enum kpptp_mppe_verdict verdict;
	struct mppe_link *link = arg;
	unsigned int len;
	int result;

	if (size <= OVERHEAD)
		return DECOMP_ERROR;
	len = size - OVERHEAD;
	if (room < (int)len + 3) { /* address, control, a longer protocol field */
		net_dbg_ratelimited("%s: ppp%d: %u bytes are more than the MRU\n", KBUILD_MODNAME,
				    link->unit, len);
		return DECOMP_ERROR;
	}
	out[0] = PPP_ADDRESS(frame);
	out[1] = PPP_CONTROL(frame);
	spin_lock(&link->lock);
	link_use(link);
	verdict = kpptp_mppe_decrypt(&link->mppe, out + 2, frame + PPP_HDRLEN, size - PPP_HDRLEN);
	if (likely(verdict == KPPTP_MPPE_OK)) {
		link->score /= 2;
		result = 2 + protocol_expand(out + 2, len);
		stats_add(&link->stats, result, len);
	} else {
		result = link_refuse(link, verdict);
	}
	spin_unlock(&link->lock);
	return result;
}

/* A frame came that is not encrypted; PPP passes it on. */
static void mppe_incomp(void *arg, unsigned char *frame, int size)
{
	struct mppe_link *link = arg;

	spin_lock(&link->lock);
	link->stats.inc_bytes += size;
	link->stats.inc_packets++;
	link->stats.unc_bytes += size;
	link->stats.unc_packets++;
	spin_unlock(&link->lock);
}

static void mppe_stat(void *arg, struct compstat *stats)
{
	struct mppe_link *link = arg;

	*stats = link->stats;
}

static struct compressor mppe_compressor = {
	.compress_proto = CI_MPPE,
	.comp_alloc = mppe_alloc,
	.comp_free = mppe_free,
	.comp_init = mppe_comp_init,
	.comp_reset = mppe_comp_reset,
	.compress = mppe_compress,
	.comp_stat = mppe_stat,
	.decomp_alloc = mppe_alloc,
	.decomp_free = mppe_free,
	.decomp_init = mppe_decomp_init,
	.decomp_reset = mppe_decomp_reset,
	.decompress = mppe_decompress,
	.incomp = mppe_incomp,
	.decomp_stat = mppe_stat,
	.owner = THIS_MODULE,
	.comp_extra = OVERHEAD - 2,
};

static int __init kpptp_mppe_start(void)
{
	int err;

	/* RC4 is not for machines that are bound to FIPS 140. */
	if (fips_enabled)
		return -ENODEV;
	err = ppp_register_compressor(&mppe_compressor);
	if (err == -EEXIST)
		pr_err("another module, as a rule ppp_mppe, encrypts already. Remedy: end its links, then 'modprobe -r ppp_mppe'\n");
	return err;
}

static void __exit kpptp_mppe_stop(void)
{
	ppp_unregister_compressor(&mppe_compressor);
}

module_init(kpptp_mppe_start);
module_exit(kpptp_mppe_stop);

MODULE_DESCRIPTION("Microsoft Point-to-Point Encryption (RFC 3078)");
MODULE_AUTHOR("The kpptp authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(KPPTP_VERSION);
MODULE_ALIAS("ppp-compress-" __stringify(CI_MPPE));
