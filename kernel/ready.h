/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames that are ready for PPP but wait for their turn.
 *
 * A received packet may release thousands of others that were held behind a gap.
 * PPP hands each frame to netif_rx(), whose backlog takes 1,000 by default and
 * drops the rest. So whatever releases more than itself is queued here, and a
 * NAPI instance per CPU hands the queue to PPP in small pieces, in turn with the
 * backlog and with other calls.
 *
 * While frames of a call wait, or are on their way to PPP, those that follow
 * queue up behind them, and its fast path is closed. One CPU at a time, the one
 * that queued the first frame, empties a call's queue. It holds no lock while it
 * calls PPP: this order needs none.
 *
 * Frames count against the namespace's held-limit for as long as they wait.
 */
#ifndef KPPTP_READY_H
#define KPPTP_READY_H

#include <linux/types.h>

struct kpptp_call;
struct kpptp_reorder_out;

/**
 * kpptp_ready_prepare - make sure that a call has a queue
 * @call: the call
 *
 * The queue is made when the call first needs one, and stays until its end: most
 * calls never hold a packet. To be called before a packet is held, as a release
 * must not fail.
 *
 * Context: softirq, under recv.lock.
 * Return: false if memory is short; then hold nothing.
 */
bool kpptp_ready_prepare(struct kpptp_call *call);

/**
 * kpptp_ready_busy - must frames be queued to stay in order?
 * @call: the call
 *
 * Context: under recv.lock.
 * Return: true while earlier frames wait or are being handed to PPP.
 */
bool kpptp_ready_busy(const struct kpptp_call *call);

/**
 * kpptp_ready_has_room - may more frames be queued?
 * @call: the call
 *
 * Context: under recv.lock.
 * Return: false if as many wait as may.
 */
bool kpptp_ready_has_room(const struct kpptp_call *call);

/**
 * kpptp_ready_add - queue released frames for PPP
 * @call: the call; it has a queue
 * @out: the frames, in order; empty afterwards
 * @room: false if neither the queue nor the namespace has room for another
 *	frame: if frames wait already, the last of @out is dropped and counted
 *
 * Context: softirq or process with bottom halves off, under recv.lock.
 */
void kpptp_ready_add(struct kpptp_call *call, struct kpptp_reorder_out *out, bool room);

/**
 * kpptp_ready_len - frames that wait
 * @call: the call
 *
 * Context: under recv.lock.
 */
u32 kpptp_ready_len(const struct kpptp_call *call);

/**
 * kpptp_ready_stop - free a call's queue and what is in it
 * @call: the call
 *
 * Context: process, when neither packets nor timers can add frames and the
 * channel is still registered; sleeps until nobody hands frames to PPP.
 */
void kpptp_ready_stop(struct kpptp_call *call);

/**
 * kpptp_ready_setup - make the NAPI instances
 * Return: 0 or -ENOMEM.
 */
int kpptp_ready_setup(void);

/**
 * kpptp_ready_cleanup - remove the NAPI instances
 * Context: process, when all calls are gone; sleeps.
 */
void kpptp_ready_cleanup(void);

#endif /* KPPTP_READY_H */
