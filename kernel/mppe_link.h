/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One direction of a PPP link that MPPE encrypts: its keys, the memory for keystreams
 * made ahead, and the channel that decrypts for itself.
 */
#ifndef KPPTP_MPPE_LINK_H
#define KPPTP_MPPE_LINK_H

#include <linux/ppp_defs.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "mppe.h"

struct kpptp_mppe_channel;

/**
 * struct kpptp_mppe_link - one direction of a link
 * @lock: protects the fields up to @used
 * @mppe: its keys
 * @stats: for PPPIOCGCSTAT
 * @score: what the peer's bad packets add up to
 * @used: packets came since the idle timer last looked
 * @start: the key that pppd handed over
 * @unit: number of the PPP interface
 * @idle: the idle timer
 * @channel: the channel that decrypts for itself, or NULL; see mppe_channel.h
 * @rcu: for freeing it
 */
struct kpptp_mppe_link {
	spinlock_t lock;
	struct kpptp_mppe mppe;
	struct compstat stats;
	unsigned int score;
	bool used;
	u8 start[KPPTP_MPPE_KEY_MAX];
	int unit;
	struct timer_list idle;
	struct kpptp_mppe_channel *channel;
	struct rcu_head rcu;
};

/**
 * kpptp_mppe_link_new - create a direction
 * @start: its initial key, KPPTP_MPPE_KEY_MAX bytes
 *
 * Context: process.
 * Return: the direction, which kpptp_mppe_link_free() frees; NULL if out of memory.
 */
struct kpptp_mppe_link *kpptp_mppe_link_new(const u8 *start);

/**
 * kpptp_mppe_link_free - free a direction
 * @link: the direction; no channel knows it any more
 *
 * The memory is zeroed and freed after a grace period.
 * Context: process.
 */
void kpptp_mppe_link_free(struct kpptp_mppe_link *link);

/**
 * kpptp_mppe_link_encrypt - encrypt the next packet
 * @link: the direction
 * @to: KPPTP_MPPE_HEADER + @len bytes to write to
 * @from: the bytes in clear, from the frame's protocol field on
 * @len: their number
 *
 * Context: BH disabled.
 */
void kpptp_mppe_link_encrypt(struct kpptp_mppe_link *link, u8 *to, const u8 *from,
			     unsigned int len);

/**
 * kpptp_mppe_link_decrypt - decrypt a received packet
 * @link: the direction
 * @to: @len - KPPTP_MPPE_HEADER bytes to write to; may be @from + KPPTP_MPPE_HEADER
 * @from: the packet, from its MPPE header on
 * @len: its length, header included
 *
 * Context: BH disabled.
 * Return: as kpptp_mppe_decrypt().
 */
enum kpptp_mppe_verdict kpptp_mppe_link_decrypt(struct kpptp_mppe_link *link, u8 *to,
						const u8 *from, unsigned int len);

#endif /* KPPTP_MPPE_LINK_H */
