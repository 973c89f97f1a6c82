/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The transmit path: frames and standalone acks, and their timers.
 */
#ifndef KPPTP_TX_H
#define KPPTP_TX_H

#include <linux/types.h>

struct kpptp_call;
struct kpptp_send_stats;
struct sk_buff;

/**
 * kpptp_tx_frame - send a PPP frame
 * @call: the call
 * @skb: the frame, starting at its two-byte protocol field
 *
 * The frame gets the next sequence number and carries the acknowledgment that we
 * owe (RFC 2637 section 4.1). A GSO frame is split and each part numbered. A frame
 * that cannot be sent is dropped and counted.
 *
 * Context: BH disabled; one frame at a time per call, as ppp_generic ensures, so
 * that frames are sent in the order of their numbers.
 * Return: false if the window is closed: @skb is still the caller's, to be offered
 * again or freed; we keep a reference to tell which. Otherwise true.
 */
bool kpptp_tx_frame(struct kpptp_call *call, struct sk_buff *skb);

/**
 * kpptp_tx_ack - send a standalone ack, if one is still owed
 * @call: the call
 *
 * It consumes no sequence number. Retried later if there is no route or no memory,
 * or if the peer's Call ID is not known.
 * Context: softirq, no spin lock of the call held.
 */
void kpptp_tx_ack(struct kpptp_call *call);

/**
 * kpptp_tx_ack_later - arm the timer of the delayed ack
 * @call: the call
 *
 * Context: softirq, under send.lock.
 */
void kpptp_tx_ack_later(struct kpptp_call *call);

/**
 * kpptp_tx_timers_init - set up a call's transmit timers
 * @call: the call
 */
void kpptp_tx_timers_init(struct kpptp_call *call);

/**
 * kpptp_tx_timers_shutdown - shut down a call's transmit timers for good
 * @call: the call
 *
 * Context: process, when packets can no longer find the call; sleeps until
 * running callbacks are done.
 */
void kpptp_tx_timers_shutdown(struct kpptp_call *call);

/**
 * kpptp_tx_stats - read the send counters of a call
 * @call: the call
 * @stats: filled in
 *
 * A frame now waiting for the window counts as a stall, or as a drop if PPP has
 * freed it.
 * Context: under send.lock.
 */
void kpptp_tx_stats(struct kpptp_call *call, struct kpptp_send_stats *stats);

/**
 * kpptp_tx_purge - free what the send side holds
 * @call: the call, which no longer sends
 */
void kpptp_tx_purge(struct kpptp_call *call);

#endif /* KPPTP_TX_H */
