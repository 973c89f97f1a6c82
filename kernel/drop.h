/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a packet of a call was dropped or stopped, under the names used by the
 * tracepoints and the counters.
 *
 * The kernel's own drop reasons, as shown by skb:kfree_skb and dropwatch, are a
 * fixed list, and so are the subsystems that may add to it: a module can only
 * choose the nearest one.
 */
#ifndef KPPTP_DROP_H
#define KPPTP_DROP_H

#include <linux/skbuff.h>

#include "compat/compat.h"

/**
 * enum kpptp_drop - why a received packet was dropped
 * @KPPTP_DROP_LATE: it arrived after later packets had been delivered
 * @KPPTP_DROP_DUPLICATE: it had been received before
 * @KPPTP_DROP_FAR_AHEAD: its sequence number is not believed
 * @KPPTP_DROP_BACKLOG: too many frames wait for PPP
 * @KPPTP_DROP_NO_MEMORY: out of memory
 */
enum kpptp_drop {
	KPPTP_DROP_LATE,
	KPPTP_DROP_DUPLICATE,
	KPPTP_DROP_FAR_AHEAD,
	KPPTP_DROP_BACKLOG,
	KPPTP_DROP_NO_MEMORY,
};

/**
 * enum kpptp_stop - what a full window did to a frame
 * @KPPTP_STOP_STALL: PPP keeps it until the window opens
 * @KPPTP_STOP_DROP: it was dropped
 */
enum kpptp_stop {
	KPPTP_STOP_STALL,
	KPPTP_STOP_DROP,
};

/**
 * kpptp_drop_reason - the nearest of the kernel's drop reasons
 * @drop: our reason
 */
static inline enum skb_drop_reason kpptp_drop_reason(enum kpptp_drop drop)
{
	switch (drop) {
	case KPPTP_DROP_LATE:
		/* We no longer wait for it. */
		return SKB_DROP_REASON_FRAG_REASM_TIMEOUT;
	case KPPTP_DROP_DUPLICATE:
		return SKB_DROP_REASON_DUP_FRAG;
	case KPPTP_DROP_FAR_AHEAD:
		return SKB_DROP_REASON_FRAG_TOO_FAR;
	case KPPTP_DROP_BACKLOG:
		return SKB_DROP_REASON_CPU_BACKLOG;
	case KPPTP_DROP_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	}
	return SKB_DROP_REASON_NOMEM;
}

#endif /* KPPTP_DROP_H */
