// SPDX-License-Identifier: GPL-2.0
/*
 * Calls into ppp_generic: wake the transmit side, ask for numbers.
 */
#include "ppp.h"

#include <linux/ppp_channel.h>

void kpptp_ppp_wake(struct kpptp_call *call)
{
	ppp_output_wakeup(&call->chan);
}

int kpptp_ppp_index(struct kpptp_call *call)
{
	return ppp_channel_index(&call->chan);
}

int kpptp_ppp_unit(struct kpptp_call *call)
{
	return ppp_unit_number(&call->chan);
}
