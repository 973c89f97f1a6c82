/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls into ppp_generic: wake the transmit side, ask for numbers.
 */
#ifndef KPPTP_PPP_H
#define KPPTP_PPP_H

#include "call.h"

/**
 * kpptp_ppp_wake - the window opened: PPP may send again
 * @call: the call
 *
 * Context: softirq or process, no spin lock of the call held.
 */
void kpptp_ppp_wake(struct kpptp_call *call);

/**
 * kpptp_ppp_index - the channel's index, for PPPIOCATTCHAN
 * @call: the call
 */
int kpptp_ppp_index(struct kpptp_call *call);

/**
 * kpptp_ppp_unit - the number of the PPP unit that a call's channel is attached to
 * @call: the call
 *
 * Return: a negative number if there is none; so for a bridged channel.
 */
int kpptp_ppp_unit(struct kpptp_call *call);

#endif /* KPPTP_PPP_H */
