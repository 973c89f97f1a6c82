// SPDX-License-Identifier: GPL-2.0
/*
 * What a call does when nothing arrives: the delayed acknowledgment, the
 * acknowledgment time-out (RFC 2637 section 4.4) and the end of a hold.
 */
#include "timer.h"

#include "call.h"
#include "channel.h"
#include "clock.h"
#include "compat/compat.h"
#include "rx.h"
#include "seq.h"
#include "trace.h"
#include "tx.h"

/* An acknowledgment that could not be sent is tried again after so long. */
#define TIMER_ACK_RETRY 100000u

/* Microseconds from @now until @at, 0 if that is past. */
static u32 until(u32 at, u32 now)
{
	return kpptp_seq_after(at, now) ? at - now : 0;
}

/* A timer that runs is only moved to an earlier time. */
static void arm(struct timer_list *timer, u32 us)
{
	timer_reduce(timer, kpptp_timer_at(us));
}

static void ack_expired(struct timer_list *timer)
{
	struct kpptp_call *call = timer_container_of(call, timer, ack_timer);

	kpptp_tx_ack(call);
}

static void ato_expired(struct timer_list *timer)
{
	struct kpptp_call *call = timer_container_of(call, timer, ato_timer);
	struct kpptp_send *send = &call->send;
	enum kpptp_window_expiry expiry;

	spin_lock(&send->lock);
	expiry = kpptp_window_timeout(&send->window, kpptp_now());
	if (expiry != KPPTP_WINDOW_EARLY) {
		send->stats.ack_timeouts++;
		trace_kpptp_ack_timeout(call);
	}
	kpptp_timer_sent(call);
	spin_unlock(&send->lock);

	if (expiry == KPPTP_WINDOW_REOPENED)
		kpptp_channel_wake(call);
}

static enum hrtimer_restart hold_expired(struct hrtimer *timer)
{
	kpptp_rx_expire(container_of(timer, struct kpptp_call, hold_timer));
	return HRTIMER_NORESTART; /* it was set again, if need be */
}

void kpptp_timer_init(struct kpptp_call *call)
{
	timer_setup(&call->ack_timer, ack_expired, 0);
	timer_setup(&call->ato_timer, ato_expired, 0);
	hrtimer_setup(&call->hold_timer, hold_expired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}

void kpptp_timer_shutdown(struct kpptp_call *call)
{
	timer_shutdown_sync(&call->ack_timer);
	timer_shutdown_sync(&call->ato_timer);
	hrtimer_cancel(&call->hold_timer);
}

/* For each packet sent, so the clock is read only to set the timer. */
void kpptp_timer_sent(struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;
	u32 at;

	if (!kpptp_window_deadline(&send->window, &at))
		return;
	if (timer_pending(&call->ato_timer) &&
	    !kpptp_seq_before(at, send->ato_at))
		return;
	send->ato_at = at;
	arm(&call->ato_timer, until(at, kpptp_now()));
}

void kpptp_timer_ack_owed(struct kpptp_call *call)
{
	struct kpptp_send *send = &call->send;

	arm(&call->ack_timer,
	    kpptp_ack_delay(&send->ack, kpptp_window_rtt(&send->window)));
}

void kpptp_timer_ack_retry(struct kpptp_call *call)
{
	arm(&call->ack_timer, TIMER_ACK_RETRY);
}

/*
 * A hold is shorter than a tick may be, and waiting longer than needed is what
 * loss costs. The softirq of these timers comes after that of received packets:
 * a packet that lies in the backlog still counts as in time.
 */
void kpptp_timer_held(struct kpptp_call *call)
{
	struct kpptp_recv *recv = &call->recv;
	u64 us;
	u32 at;

	if (!kpptp_reorder_deadline(&recv->reorder, &at))
		return;
	if (hrtimer_is_queued(&call->hold_timer) &&
	    !kpptp_seq_before(at, recv->hold_at))
		return;
	recv->hold_at = at;
	us = until(at, kpptp_now());
	hrtimer_start(&call->hold_timer, ns_to_ktime(us * NSEC_PER_USEC),
		      HRTIMER_MODE_REL_SOFT);
}
