/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The acknowledgments that we owe a peer (RFC 2637 sections 4.1 to 4.3).
 *
 * An acknowledgment names the highest sequence number received. It moves over
 * gaps, never back, and rides on the next data packet while one is owed. A
 * standalone ack is sent after a delay, or as soon as a quarter of our advertised
 * window is unacknowledged: a peer that enforces the window must not stall when
 * we have no data to send.
 *
 * Pure: no lock, no clock. The caller serialises with the call's send.lock and
 * owns the timer.
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

/* Retry interval for an acknowledgment that could not be sent, in microseconds. */
#define KPPTP_ACK_RETRY 100000u

/**
 * struct kpptp_ack - what we owe a peer
 * @seen: highest sequence number received; valid once @any
 * @sent: number last acknowledged; before that, the one below the first seen
 * @delay: configured delay: microseconds, or KPPTP_ACK_DELAY_AUTO
 * @quarter: number of unacknowledged packets that triggers an immediate ack, at
 *	least 1
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
 * enum kpptp_ack_verdict - what to do after a received data packet
 * @KPPTP_ACK_NOTHING: nothing new is owed, or the timer is already running
 * @KPPTP_ACK_ARM_TIMER: newly owed: acknowledge after kpptp_ack_delay()
 * @KPPTP_ACK_SEND_NOW: send a standalone ack, unless data is sent right now
 */
enum kpptp_ack_verdict {
	KPPTP_ACK_NOTHING,
	KPPTP_ACK_ARM_TIMER,
	KPPTP_ACK_SEND_NOW,
};

/**
 * kpptp_ack_init - start with nothing owed
 * @ack: the ack state
 * @window: Packet Recv. Window Size that we advertise, in packets
 * @delay: microseconds to delay a standalone ack, 0 for no delay, or
 *	KPPTP_ACK_DELAY_AUTO
 */
void kpptp_ack_init(struct kpptp_ack *ack, u16 window, u32 delay);

/**
 * kpptp_ack_set_delay - change the delay; a running timer may expire first
 * @ack: the ack state
 * @delay: as in kpptp_ack_init()
 */
void kpptp_ack_set_delay(struct kpptp_ack *ack, u32 delay);

/**
 * kpptp_ack_restart - start over at any sequence number
 * @ack: the ack state
 * @seq: sequence number of the packet just received
 *
 * Used for the first packet, and when the receive side has moved its window
 * (KPPTP_REORDER_JUMPED): the numbers acknowledged before were not the peer's.
 *
 * Return: as kpptp_ack_received().
 */
enum kpptp_ack_verdict kpptp_ack_restart(struct kpptp_ack *ack, u32 seq);

/**
 * kpptp_ack_received - record a data packet whose sequence number is believed
 * @ack: the ack state
 * @seq: its sequence number; only a new highest number is acknowledged
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
 * kpptp_ack_take - take the owed acknowledgment, to send it
 * @ack: the ack state
 * @value: the Acknowledgment Number, written only if the result is true
 *
 * For data packets and standalone acks alike. Nothing is owed afterwards, even
 * if the packet is lost; the next packet received owes a new acknowledgment.
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
 * kpptp_ack_lost - the packet carrying the acknowledgment was not sent
 * @ack: the ack state; the acknowledgment is owed again
 *
 * The caller must arm the timer: kpptp_ack_received() will not ask for it.
 */
static inline void kpptp_ack_lost(struct kpptp_ack *ack)
{
	ack->owed = true;
}

/**
 * kpptp_ack_delay - how long to wait for data before sending a standalone ack
 * @ack: the ack state
 * @rtt: round-trip time of the call in microseconds, see kpptp_window_rtt()
 *
 * Return: microseconds: the configured delay, or a quarter of @rtt within bounds.
 */
u32 kpptp_ack_delay(const struct kpptp_ack *ack, u32 rtt);

#endif /* KPPTP_ACK_H */
