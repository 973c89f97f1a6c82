/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A frame or a standalone acknowledgment onto the wire, and the two timers of
 * what was sent.
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
 * @skb: the frame, from its two-octet protocol field on
 *
 * The frame gets the next sequence number and carries the acknowledgment that
 * we owe (RFC 2637 section 4.1). A GSO frame is split, and each part numbered.
 * What cannot be sent is dropped and counted.
 *
 * Context: softirq or bottom halves off; one at a time for a call, as
 * ppp_generic sees to, so that frames leave in the order of their numbers.
 * Return: false if the window is closed: @skb is still the caller's, to be
 * offered again or freed; we keep a reference to tell which. Otherwise true.
 */
bool kpptp_tx_frame(struct kpptp_call *call, struct sk_buff *skb);

/**
 * kpptp_tx_ack - send the acknowledgment that we owe, if we still do
 * @call: the call
 *
 * It travels alone and consumes no sequence number. If there is no route or no
 * memory, or the peer's Call ID is not known, it is tried again later.
 * Context: softirq, without a lock of the call.
 */
void kpptp_tx_ack(struct kpptp_call *call);

/**
 * kpptp_tx_ack_later - an acknowledgment is owed, but not at once
 * @call: the call
 *
 * Context: softirq, under send.lock.
 */
void kpptp_tx_ack_later(struct kpptp_call *call);

/**
 * kpptp_tx_timers_init - make the timers of what a call sends
 * @call: the call
 */
void kpptp_tx_timers_init(struct kpptp_call *call);

/**
 * kpptp_tx_timers_shutdown - end them for good
 * @call: the call
 *
 * Context: process, when packets can no longer find the call; sleeps until
 * running ones are done.
 */
void kpptp_tx_timers_shutdown(struct kpptp_call *call);

/**
 * kpptp_tx_stats - the counters of what a call sends
 * @call: the call
 * @stats: filled in
 *
 * The frame that waits for the window now counts as a stall, or as a drop if
 * PPP has freed it.
 * Context: under send.lock.
 */
void kpptp_tx_stats(struct kpptp_call *call, struct kpptp_send_stats *stats);

/**
 * kpptp_tx_purge - drop what the send side holds
 * @call: the call, which sends no more
 */
void kpptp_tx_purge(struct kpptp_call *call);

#endif /* KPPTP_TX_H */
