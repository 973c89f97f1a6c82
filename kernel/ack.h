/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The acknowledgment that we owe the peer: which, and when.
 *
 * An acknowledgment names the highest sequence number received (RFC 2637
 * section 4.1); it moves over gaps and never back (section 4.3). One that is
 * owed rides on the next data packet. When there is none for a while, or when
 * the peer may soon have to stop, it travels alone: a peer that keeps to its
 * window must never wait for data that we do not have.
 */
#ifndef KPPTP_ACK_H
#define KPPTP_ACK_H

#include <linux/limits.h>
#include <linux/types.h>

#include "seq.h"

#define KPPTP_ACK_DELAY_AUTO	U32_MAX	/* adapt to the round trip */
#define KPPTP_ACK_DELAY_MIN	2000	/* microseconds, when adapting */
#define KPPTP_ACK_DELAY_MAX	500000

/**
 * struct kpptp_ack - the debt
 * @seen:	highest sequence number received, if @any
 * @sent:	what the last acknowledgment named
 * @delay:	microseconds that an acknowledgment may wait, 0 for not at all,
 *		or KPPTP_ACK_DELAY_AUTO
 * @quarter:	a quarter of the window that we advertise, in packets
 * @any:	something was received
 */
struct kpptp_ack {
	u32 seen;
	u32 sent;
	u32 delay;
	u16 quarter;
	bool any;
};

/**
 * enum kpptp_ack_verdict - when to pay
 * @KPPTP_ACK_NOTHING:	nothing new is owed
 * @KPPTP_ACK_LATER:	with the next data packet, or after kpptp_ack_delay()
 * @KPPTP_ACK_NOW:	at once
 */
enum kpptp_ack_verdict {
	KPPTP_ACK_NOTHING,
	KPPTP_ACK_LATER,
	KPPTP_ACK_NOW,
};

/**
 * kpptp_ack_init - no debt
 * @ack: the debt
 * @window: Packet Recv. Window Size that we advertise, in packets
 * @delay: microseconds, or KPPTP_ACK_DELAY_AUTO
 */
void kpptp_ack_init(struct kpptp_ack *ack, u16 window, u32 delay);

/**
 * kpptp_ack_received - a data packet was received and is believed
 * @ack: the debt
 * @seq: its sequence number
 */
enum kpptp_ack_verdict kpptp_ack_received(struct kpptp_ack *ack, u32 seq);

/**
 * kpptp_ack_delay - how long an acknowledgment may wait for data to ride on
 * @ack: the debt
 * @rtt: round-trip time in microseconds
 * Return: microseconds.
 */
u32 kpptp_ack_delay(const struct kpptp_ack *ack, u32 rtt);

/**
 * kpptp_ack_owed - is there a debt?
 * @ack: the debt
 */
static inline bool kpptp_ack_owed(const struct kpptp_ack *ack)
{
	return ack->any && ack->sent != ack->seen;
}

/**
 * kpptp_ack_take - pay
 * @ack: the debt
 * @number: set to the acknowledgment number to send, if one is owed
 * Return: whether one is owed.
 */
static inline bool kpptp_ack_take(struct kpptp_ack *ack, u32 *number)
{
	if (!kpptp_ack_owed(ack))
		return false;
	*number = ack->seen;
	ack->sent = ack->seen;
	return true;
}

#endif /* KPPTP_ACK_H */
