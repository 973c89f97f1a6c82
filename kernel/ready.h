/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Queues of frames that are ready for PPP.
 *
 * A received packet may release thousands of others that were held behind a gap.
 * PPP passes each frame to netif_rx(), whose backlog takes 1,000 by default and
 * drops the rest. So a packet that releases others is queued here with them, and a
 * per-CPU NAPI instance passes the queue to PPP in small batches, alternating with
 * the backlog and with other calls. Frames to be decrypted or merged (deliver.h) go
 * the same way, as that is the place for it.
 *
 * While frames of a call wait, or are being passed to PPP, later ones queue up
 * behind them. Only one CPU at a time, the one that queued the first frame, empties a
 * call's queue, so order needs no lock while calling PPP.
 *
 * Frames count against the namespace's held-limit while they wait.
 */
#ifndef KPPTP_READY_H
#define KPPTP_READY_H

#include <linux/types.h>

struct kpptp_call;
struct kpptp_reorder_out;
struct sk_buff;

/**
 * kpptp_ready_prepare - make sure that a call has a queue
 * @call: the call
 *
 * Most calls never hold a packet, so the queue is allocated on first use; it lasts
 * as long as the call. Call this before holding a packet, as a release must not
 * fail.
 *
 * Context: softirq, under recv.lock.
 * Return: false if out of memory; then hold nothing.
 */
bool kpptp_ready_prepare(struct kpptp_call *call);

/**
 * kpptp_ready_busy - must frames be queued to stay in order?
 * @call: the call
 *
 * Context: under recv.lock.
 * Return: true while earlier frames wait or are being passed to PPP.
 */
bool kpptp_ready_busy(const struct kpptp_call *call);

/**
 * kpptp_ready_merges - can frames of a call be merged?
 * @call: the call
 *
 * Context: under recv.lock.
 * Return: false if PPP had no unit for those that were last queued, or the channel is
 * bridged.
 */
bool kpptp_ready_merges(const struct kpptp_call *call);

/**
 * kpptp_ready_has_room - may more frames be queued?
 * @call: the call
 *
 * Context: under recv.lock.
 * Return: false if the queue is full.
 */
bool kpptp_ready_has_room(const struct kpptp_call *call);

/**
 * kpptp_ready_add - queue released frames for PPP
 * @call: the call; it has a queue
 * @out: the frames, in order; empty afterwards
 * @room: false if the queue or the namespace has no room for another frame: if
 *	enough frames wait already, the last of @out is dropped and counted
 *
 * Context: softirq, or process with BH disabled; under recv.lock.
 */
void kpptp_ready_add(struct kpptp_call *call, struct kpptp_reorder_out *out, bool room);

/**
 * kpptp_ready_add_frame - queue one frame for PPP
 * @call: the call; it has a queue, with room
 * @skb: the frame, in order
 *
 * Context: as kpptp_ready_add().
 */
void kpptp_ready_add_frame(struct kpptp_call *call, struct sk_buff *skb);

/**
 * kpptp_ready_len - number of frames waiting
 * @call: the call
 *
 * Context: under recv.lock.
 */
u32 kpptp_ready_len(const struct kpptp_call *call);

/**
 * kpptp_ready_stop - free a call's queue and its frames
 * @call: the call
 *
 * Context: process, when neither packets nor timers can add frames and the
 * channel is still registered; sleeps until no frame is being passed to PPP.
 */
void kpptp_ready_stop(struct kpptp_call *call);

/**
 * kpptp_ready_setup - create the NAPI instances
 * Return: 0 or -ENOMEM.
 */
int kpptp_ready_setup(void);

/**
 * kpptp_ready_cleanup - remove the NAPI instances
 * Context: process, when all calls are gone; sleeps.
 */
void kpptp_ready_cleanup(void);

#endif /* KPPTP_READY_H */
