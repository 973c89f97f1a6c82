/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The acknowledgments that we owe a peer (RFC 2637 sections 4.1 to 4.3).
 *
 * An acknowledgment names the highest sequence number received. It moves over
 * gaps, never back, and rides on every data packet while one is owed. On its
 * own it leaves after a delay, or as soon as a quarter of the window that we
 * advertised is unacknowledged: a peer that enforces its window, and to which
 * we have nothing to say, must not stall.
 *
 * Pure: no lock, no clock. The caller serialises, with the lock of the call's
 * send state, and owns the timer.
 */
#ifndef KPPTP_ACK_H
#define KPPTP_ACK_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

#include "seq.h"

/* A delay that follows the round-trip time. */
#define KPPTP_ACK_DELAY_AUTO U32_MAX

/* Bounds of that delay, in microseconds. */
#define KPPTP_ACK_DELAY_MIN 2000u
#define KPPTP_ACK_DELAY_MAX 500000u

/* One that could not be sent is tried again after so many microseconds. */
#define KPPTP_ACK_RETRY 100000u

/**
 * struct kpptp_ack - what we owe a peer
 * @seen: highest sequence number received; valid once @any
 * @sent: number last acknowledged; before that, the one below the first seen
 * @delay: the setting: microseconds, or KPPTP_ACK_DELAY_AUTO
 * @quarter: debt in packets that is acknowledged at once, at least 1
 * @any: a data packet has been received
 * @owed: @seen has not been acknowledged yet
 */
struct kpptp_ack {
	u32 seen;
	u32 sent;
	u32 delay;
	u16 quarter;
	bool any;
	bool owed;
};

/**
 * enum kpptp_ack_verdict - what a received data packet asks of its receiver
 * @KPPTP_ACK_NOTHING: no new debt, or a debt whose timer is running already
 * @KPPTP_ACK_ARM_TIMER: the first debt: acknowledge after kpptp_ack_delay()
 * @KPPTP_ACK_SEND_NOW: acknowledge alone, unless data leaves this instant
 */
enum kpptp_ack_verdict {
	KPPTP_ACK_NOTHING,
	KPPTP_ACK_ARM_TIMER,
	KPPTP_ACK_SEND_NOW,
};

/**
 * kpptp_ack_init - a peer to which nothing is owed
 * @ack: the debt
 * @window: Packet Recv. Window Size that we advertise, in packets
 * @delay: microseconds a lone acknowledgment may wait, 0 for none, or
 *	KPPTP_ACK_DELAY_AUTO
 */
void kpptp_ack_init(struct kpptp_ack *ack, u16 window, u32 delay);

/**
 * kpptp_ack_set_delay - change the delay; a timer that runs may finish first
 * @ack: the debt
 * @delay: as in kpptp_ack_init()
 */
void kpptp_ack_set_delay(struct kpptp_ack *ack, u32 delay);

/**
 * kpptp_ack_restart - start over at a sequence number, wherever it is
 * @ack: the debt
 * @seq: sequence number of the packet just received
 *
 * The first packet does this, whatever its number is, and so does one with
 * which the receive side moved its window (KPPTP_REORDER_JUMPED): the numbers
 * acknowledged before were not the peer's.
 *
 * Return: as kpptp_ack_received().
 */
enum kpptp_ack_verdict kpptp_ack_restart(struct kpptp_ack *ack, u32 seq);

/**
 * kpptp_ack_received - note a data packet whose sequence number is believed
 * @ack: the debt
 * @seq: its sequence number; one that is not the highest makes no debt
 *
 * Return: what to do; KPPTP_ACK_SEND_NOW is repeated until kpptp_ack_take().
 */
static inline enum kpptp_ack_verdict kpptp_ack_received(struct kpptp_ack *ack, u32 seq)
{
	if (unlikely(!ack->any))
		return kpptp_ack_restart(ack, seq);
	if (!kpptp_seq_after(seq, ack->seen))
		return KPPTP_ACK_NOTHING;

	ack->seen = seq;
	if (seq - ack->sent >= ack->quarter || !ack->delay) {
		ack->owed = true;
		return KPPTP_ACK_SEND_NOW;
	}
	if (ack->owed)
		return KPPTP_ACK_NOTHING;
	ack->owed = true;
	return KPPTP_ACK_ARM_TIMER;
}

/**
 * kpptp_ack_take - take the acknowledgment that is owed, to send it
 * @ack: the debt
 * @value: the Acknowledgment Number, written only if the result is true
 *
 * For data packets and for lone acknowledgments alike: the debt is settled
 * with the call. If the packet is lost after that, the next one received makes
 * a new debt.
 *
 * Return: whether one was owed.
 */
static inline bool kpptp_ack_take(struct kpptp_ack *ack, u32 *value)
{
	if (!ack->owed)
		return false;
	ack->owed = false;
	ack->sent = ack->seen;
	*value = ack->seen;
	return true;
}

/**
 * kpptp_ack_lost - the packet with the acknowledgment did not leave
 * @ack: the debt, which is owed again
 *
 * Not for kpptp_ack_received() to tell: the caller sets a timer.
 */
static inline void kpptp_ack_lost(struct kpptp_ack *ack)
{
	ack->owed = true;
}

/**
 * kpptp_ack_delay - how long a lone acknowledgment waits for data to ride on
 * @ack: the debt
 * @rtt: round-trip time of the call in microseconds, see kpptp_window_rtt()
 *
 * Return: microseconds: the setting, or a quarter of @rtt within bounds.
 */
u32 kpptp_ack_delay(const struct kpptp_ack *ack, u32 rtt);

#endif /* KPPTP_ACK_H */
