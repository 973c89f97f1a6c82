/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets from the wire: the handler of GRE version 1.
 */
#ifndef KPPTP_RX_H
#define KPPTP_RX_H

struct kpptp_call;

/**
 * kpptp_rx_expire - deliver what was held for long enough
 * @call: the call
 *
 * Context: softirq or process, without a spin lock of the call.
 */
void kpptp_rx_expire(struct kpptp_call *call);

/**
 * kpptp_rx_timer_init - make the timer that ends a hold
 * @call: the call
 */
void kpptp_rx_timer_init(struct kpptp_call *call);

/**
 * kpptp_rx_timer_shutdown - end it for good
 * @call: the call
 *
 * Context: process, when packets can no longer find the call; sleeps until it
 * is done if it runs.
 */
void kpptp_rx_timer_shutdown(struct kpptp_call *call);

/**
 * kpptp_rx_purge - free what is held
 * @call: a call that receives no more
 *
 * Its counter is the gauge "held" of the call's last statistics.
 */
void kpptp_rx_purge(struct kpptp_call *call);

/**
 * kpptp_rx_setup - receive GRE version 1
 *
 * The kernel has one slot for it. Packets may arrive before this returns.
 * Return: 0 or -EBUSY (another module, as a rule pptp, has the slot).
 */
int kpptp_rx_setup(void);

/**
 * kpptp_rx_cleanup - receive nothing any more
 * Context: process; sleeps until no packet is being handled.
 */
void kpptp_rx_cleanup(void);

#endif /* KPPTP_RX_H */
