/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way up into ppp_generic: a received frame, and that PPP may send again.
 */
#ifndef KPPTP_PPP_H
#define KPPTP_PPP_H

struct kpptp_call;
struct kpptp_recv_stats;
struct sk_buff;

/**
 * kpptp_ppp_input - hand a received frame to PPP
 * @call: the call
 * @skb: the frame as received, with or without address and control field;
 *	consumed
 * @stats: where it is counted: the call's, under recv.lock, or the caller's own
 *
 * Context: softirq; under recv.lock, or as the only one that empties the call's
 * queue of ready frames.
 */
void kpptp_ppp_input(struct kpptp_call *call, struct sk_buff *skb,
		     struct kpptp_recv_stats *stats);

/**
 * kpptp_ppp_wake - the window opened: PPP may send again
 * @call: the call
 *
 * Context: softirq or process, without a lock of the call.
 */
void kpptp_ppp_wake(struct kpptp_call *call);

/**
 * kpptp_ppp_index - the channel's index, which PPPIOCATTCHAN takes
 * @call: the call
 */
int kpptp_ppp_index(struct kpptp_call *call);

#endif /* KPPTP_PPP_H */
