/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The receive path: the handler of GRE version 1.
 */
#ifndef KPPTP_RX_H
#define KPPTP_RX_H

struct kpptp_call;

/**
 * kpptp_rx_expire - deliver packets whose hold time has ended
 * @call: the call
 *
 * Context: softirq or process, no spin lock of the call held.
 */
void kpptp_rx_expire(struct kpptp_call *call);

/**
 * kpptp_rx_timer_init - set up the timer that ends a hold
 * @call: the call
 */
void kpptp_rx_timer_init(struct kpptp_call *call);

/**
 * kpptp_rx_timer_shutdown - cancel the timer for good
 * @call: the call
 *
 * Context: process, when packets can no longer find the call; sleeps until a
 * running callback is done.
 */
void kpptp_rx_timer_shutdown(struct kpptp_call *call);

/**
 * kpptp_rx_purge - free held packets
 * @call: a call that no longer receives
 *
 * The gauge "held" in the call's final statistics counts those held at deletion.
 */
void kpptp_rx_purge(struct kpptp_call *call);

/**
 * kpptp_rx_setup - start receiving GRE version 1
 *
 * The kernel has one slot for it. Packets may arrive before this returns.
 * Return: 0 or -EBUSY (another module, usually pptp, has the slot).
 */
int kpptp_rx_setup(void);

/**
 * kpptp_rx_cleanup - stop receiving
 * Context: process; sleeps until no packet is being handled.
 */
void kpptp_rx_cleanup(void);

#endif /* KPPTP_RX_H */
