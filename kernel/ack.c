// SPDX-License-Identifier: GPL-2.0
/*
 * The acknowledgment that we owe the peer: which, and when.
 */
#include "ack.h"

#include <linux/minmax.h>

void kpptp_ack_init(struct kpptp_ack *ack, u16 window, u32 delay)
{
	*ack = (struct kpptp_ack) {
		.delay = delay,
		.quarter = max(window / 4, 1),
	};
}

enum kpptp_ack_verdict kpptp_ack_received(struct kpptp_ack *ack, u32 seq)
{
	if (!ack->any) {
		ack->any = true;
		ack->seen = seq;
		ack->sent = seq - 1;
	} else if (kpptp_seq_after(seq, ack->seen)) {
		ack->seen = seq;
	} else {
		return KPPTP_ACK_NOTHING;
	}
	if (!ack->delay || ack->seen - ack->sent >= ack->quarter)
		return KPPTP_ACK_NOW;
	return KPPTP_ACK_LATER;
}

u32 kpptp_ack_delay(const struct kpptp_ack *ack, u32 rtt)
{
	if (ack->delay != KPPTP_ACK_DELAY_AUTO)
		return ack->delay;
	return clamp_t(u32, rtt / 4, KPPTP_ACK_DELAY_MIN, KPPTP_ACK_DELAY_MAX);
}
