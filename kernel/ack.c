// SPDX-License-Identifier: GPL-2.0
/* The acknowledgments that we owe a peer. */
#include "ack.h"

#include <linux/minmax.h>

void kpptp_ack_init(struct kpptp_ack *ack, u16 window, u32 delay)
{
	*ack = (struct kpptp_ack){
		.delay = delay,
		.quarter = max(window / 4, 1),
	};
}

void kpptp_ack_set_delay(struct kpptp_ack *ack, u32 delay)
{
	ack->delay = delay;
}

enum kpptp_ack_verdict kpptp_ack_restart(struct kpptp_ack *ack, u32 seq)
{
	/* Makes @seq new, and the only unacknowledged packet. */
	ack->any = true;
	ack->owed = false;
	ack->sent = seq - 1;
	ack->seen = seq - 1;
	return kpptp_ack_received(ack, seq);
}

u32 kpptp_ack_delay(const struct kpptp_ack *ack, u32 rtt)
{
	if (ack->delay != KPPTP_ACK_DELAY_AUTO)
		return ack->delay;
	return clamp(rtt / 4, KPPTP_ACK_DELAY_MIN, KPPTP_ACK_DELAY_MAX);
}
