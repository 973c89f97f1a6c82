// SPDX-License-Identifier: GPL-2.0
/*
 * kpptp_mppe.ko: MPPE for ppp_generic, as CCP's method 18, in place of ppp_mppe.
 *
 * ppp_generic has one slot for each method, and calls all of its links' compressors
 * with a lock of the link held and BH disabled.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fips.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/ppp-comp.h>
#include <linux/ppp_defs.h>
#include <linux/spinlock.h>

#include "compat/compat.h"
#include "mppe_channel.h"
#include "mppe_link.h"

/* CCP's option (RFC 3078 section 2): type, length, 32 bits; the last byte names keys. */
#define OPTION_LEN	 CILEN_MPPE
#define OPTION_STATELESS 0x01 /* in the first byte of the bits */
#define OPTION_56	 0x80
#define OPTION_128	 0x40
#define OPTION_40	 0x20

/* In front of the encrypted bytes: PPP's address, control and protocol, our header. */
#define OVERHEAD (PPP_HDRLEN + KPPTP_MPPE_HEADER)

/*
 * A peer whose packets make no sense is disconnected, as by ppp_mppe; each good one
 * halves the score.
 */
#define BOGUS_SCORE 100
#define LATE_SCORE  1
#define SCORE_MAX   1600

/* PPPIOCSCOMPRESS: pppd hands over the option and the initial key. */
static void *mppe_alloc(unsigned char *option, int len)
{
	if (len != OPTION_LEN + KPPTP_MPPE_KEY_MAX || option[0] != CI_MPPE ||
	    option[1] != OPTION_LEN)
		return NULL;
	return kpptp_mppe_link_new(option + OPTION_LEN);
}

static void mppe_free(void *arg)
{
	if (!arg)
		return;
	kpptp_mppe_part(arg);
	kpptp_mppe_link_free(arg);
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
static int link_begin(struct kpptp_mppe_link *link, const u8 *option, int len, int unit)
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
	return link_begin(arg, option, len, unit);
}

static int mppe_decomp_init(void *arg, unsigned char *option, int len, int unit, int hdrlen,
			    int mru, int debug)
{
	if (!link_begin(arg, option, len, unit)) {
		kpptp_mppe_part(arg);
		return 0;
	}
	kpptp_mppe_bind(arg);
	return 1;
}

static void mppe_comp_reset(void *arg)
{
	struct kpptp_mppe_link *link = arg;

	spin_lock(&link->lock);
	kpptp_mppe_reset(&link->mppe);
	spin_unlock(&link->lock);
}

/* The peer begins a new keystream; its packet will say so. */
static void mppe_decomp_reset(void *arg)
{
}

/*
 * Only network protocols are encrypted (RFC 3078 section 3); 0 lets others pass. A
 * negative result has PPP drop the frame.
 */
static int mppe_compress(void *arg, unsigned char *frame, unsigned char *out, int size, int room)
{
	const unsigned int len = size - 2; /* from the protocol field on */
	struct kpptp_mppe_link *link = arg;
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
	kpptp_mppe_link_encrypt(link, out + PPP_HDRLEN, frame + 2, len);
	return OVERHEAD + len;
}

/* What a packet that could not be read means for the link. */
static int link_refuse(struct kpptp_mppe_link *link, enum kpptp_mppe_verdict verdict)
{
	unsigned int score;

	spin_lock(&link->lock);
	if (verdict == KPPTP_MPPE_BOGUS)
		link->score += BOGUS_SCORE;
	else if (verdict == KPPTP_MPPE_LATE)
		link->score += LATE_SCORE;
	score = link->score;
	spin_unlock(&link->lock);
	if (score < SCORE_MAX)
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
	struct kpptp_mppe_link *link = arg;
	unsigned int len;

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
	verdict = kpptp_mppe_link_decrypt(link, out + 2, frame + PPP_HDRLEN, size - PPP_HDRLEN);
	if (unlikely(verdict != KPPTP_MPPE_OK))
		return link_refuse(link, verdict);
	return 2 + protocol_expand(out + 2, len);
}

/* A frame came that is not encrypted; PPP passes it on. */
static void mppe_incomp(void *arg, unsigned char *frame, int size)
{
	struct kpptp_mppe_link *link = arg;

	spin_lock(&link->lock);
	link->stats.inc_bytes += size;
	link->stats.inc_packets++;
	link->stats.unc_bytes += size;
	link->stats.unc_packets++;
	spin_unlock(&link->lock);
}

static void mppe_stat(void *arg, struct compstat *stats)
{
	struct kpptp_mppe_link *link = arg;

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
	/* RC4 is not for machines that are bound to FIPS 140. */
	if (fips_enabled)
		return -ENODEV;
	if (ppp_register_compressor(&mppe_compressor)) {
		pr_err("another module, as a rule ppp_mppe, encrypts PPP links already. Remedy: end these links, then 'modprobe -r ppp_mppe'\n");
		return -EBUSY; /* modprobe takes EEXIST for success */
	}
	return 0;
}

static void __exit kpptp_mppe_stop(void)
{
	ppp_unregister_compressor(&mppe_compressor);
	rcu_barrier(); /* of links being freed */
}

module_init(kpptp_mppe_start);
module_exit(kpptp_mppe_stop);

MODULE_DESCRIPTION("Microsoft Point-to-Point Encryption (RFC 3078)");
MODULE_AUTHOR("The kpptp authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(KPPTP_VERSION);
