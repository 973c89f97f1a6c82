/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PPP side of a call: a channel of ppp_generic.
 */
#ifndef KPPTP_CHANNEL_H
#define KPPTP_CHANNEL_H

struct kpptp_call;

/**
 * kpptp_channel_register - make a call's channel known to PPP
 * @call: the call
 *
 * The channel pins the namespace that it is in.
 * Context: process; sleeps.
 * Return: 0 or a negative errno.
 */
int kpptp_channel_register(struct kpptp_call *call);

/**
 * kpptp_channel_unregister - end a call's channel
 * @call: the call
 *
 * Who has /dev/ppp attached to it sees a hang-up. When this returns, PPP calls
 * the channel no more.
 * Context: process; sleeps.
 */
void kpptp_channel_unregister(struct kpptp_call *call);

#endif /* KPPTP_CHANNEL_H */
