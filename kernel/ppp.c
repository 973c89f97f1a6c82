// SPDX-License-Identifier: GPL-2.0
/*
 * Calls into ppp_generic: pass on a received frame, wake the transmit side.
 */
#include "ppp.h"

void kpptp_ppp_wake(struct kpptp_call *call)
{
	ppp_output_wakeup(&call->chan);
}

int kpptp_ppp_index(struct kpptp_call *call)
{
	return ppp_channel_index(&call->chan);
}
