/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a call does when nothing arrives: the delayed acknowledgment, the
 * acknowledgment time-out (RFC 2637 section 4.4) and the end of a hold.
 *
 * A timer that runs is moved to an earlier time if need be, never to a later
 * one: when it expires it looks at the state, and arms itself again if that
 * asks for more patience. So the packet path moves a timer once in many
 * packets.
 */
#ifndef KPPTP_TIMER_H
#define KPPTP_TIMER_H

struct kpptp_call;

/**
 * kpptp_timer_init - make a call's timers
 * @call: the call
 */
void kpptp_timer_init(struct kpptp_call *call);

/**
 * kpptp_timer_shutdown - end a call's timers for good
 * @call: the call
 *
 * Context: process, when packets can no longer find the call; sleeps until
 * running ones are done.
 */
void kpptp_timer_shutdown(struct kpptp_call *call);

/**
 * kpptp_timer_sent - a data packet was sent
 * @call: the call
 *
 * Context: softirq, under send.lock.
 */
void kpptp_timer_sent(struct kpptp_call *call);

/**
 * kpptp_timer_ack_owed - an acknowledgment is owed, but not at once
 * @call: the call
 *
 * Context: softirq, under send.lock.
 */
void kpptp_timer_ack_owed(struct kpptp_call *call);

/**
 * kpptp_timer_ack_retry - an acknowledgment that is owed could not be sent
 * @call: the call
 *
 * Context: softirq, under send.lock.
 */
void kpptp_timer_ack_retry(struct kpptp_call *call);

/**
 * kpptp_timer_held - a frame is being held
 * @call: the call
 *
 * Context: softirq, under recv.lock.
 */
void kpptp_timer_held(struct kpptp_call *call);

#endif /* KPPTP_TIMER_H */
