/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernel versions, so that all other files are
 * written for the newest kernel. What each kernel has is found by
 * Kbuild.include; no version number is compared.
 */
#ifndef KPPTP_COMPAT_H
#define KPPTP_COMPAT_H

#include <linux/ppp_channel.h>
#include <linux/timer.h>

#ifdef KPPTP_HAVE_LINUX_UNALIGNED
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#ifndef KPPTP_HAVE_TIMER_CONTAINER_OF
#define timer_container_of(var, callback_timer, timer_fieldname) \
	from_timer(var, callback_timer, timer_fieldname)
#endif

/**
 * kpptp_compat_channel_direct - say that a channel never makes PPP wait
 * @chan: channel, not yet registered
 *
 * Where the kernel knows such channels, its PPP interface then needs no queue.
 * A channel whose start_xmit may return 0 must not be marked so: with no queue
 * to wait in, the frame would be lost.
 */
static inline void kpptp_compat_channel_direct(struct ppp_channel *chan)
{
#ifdef KPPTP_HAVE_DIRECT_XMIT
	chan->direct_xmit = true;
#endif
}

#endif /* KPPTP_COMPAT_H */
