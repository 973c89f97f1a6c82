/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PPP side of a call: a channel of ppp_generic.
 */
#ifndef KPPTP_CHANNEL_H
#define KPPTP_CHANNEL_H

struct kpptp_call;

/**
 * kpptp_channel_register - register a call's channel with PPP
 * @call: the call
 *
 * The channel pins its namespace.
 * Context: process; sleeps.
 * Return: 0 or a negative errno.
 */
int kpptp_channel_register(struct kpptp_call *call);

/**
 * kpptp_channel_unregister - unregister a call's channel
 * @call: the call
 *
 * A process with /dev/ppp attached to it sees a hang-up. PPP no longer calls the
 * channel's operations once this returns.
 * Context: process; sleeps.
 */
void kpptp_channel_unregister(struct kpptp_call *call);

#endif /* KPPTP_CHANNEL_H */
