// SPDX-License-Identifier: GPL-2.0
/*
 * The send side: sequence numbers, the peer's window, the round trip and the
 * adaptive acknowledgment time-out (RFC 2637 sections 4.2 and 4.4).
 */
#include "window.h"

#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>

/* The round trip is never believed to be longer, in microseconds. */
#define RTT_MAX 60000000

/* Without strict flow control more than the window may be in flight: time runs of 16 packets. */
#define RUN_SHIFT_UNBOUND 4

/* A time is kept for each packet as long as the window holds no more than there are places. */
static u8 run_shift(enum kpptp_flow_control mode, u16 window)
{
	if (mode != KPPTP_FLOW_CONTROL_STRICT)
		return RUN_SHIFT_UNBOUND;
	return window <= KPPTP_SEND_TIMES ? 0 : order_base_2(window) - ilog2(KPPTP_SEND_TIMES);
}

/* ATO = MAX(MinTimeOut, MIN(RTT + chi * DEV, MaxTimeOut)), chi being 4 (section 4.4.1). */
static void set_ato(struct kpptp_window *w)
{
	w->ato = clamp_t(u32, w->rtt8 / 8 + w->dev4, KPPTP_TIMEOUT_MIN, KPPTP_TIMEOUT_MAX);
}

static void seed_rtt(struct kpptp_window *w, u16 peer_ppd)
{
	w->rtt8 = 8 * min_t(u32, peer_ppd * 100000ULL, KPPTP_TIMEOUT_MAX);
	w->dev4 = 0;
	set_ato(w);
}

/* "Half the maximum size the receiver requested, with a minimum size of one" (section 4.2.1) */
static void seed_size(struct kpptp_window *w)
{
	w->size = DIV_ROUND_UP(w->max, 2);
	w->grown = 0;
}

void kpptp_window_init(struct kpptp_window *w, enum kpptp_flow_control mode, u16 peer_window,
		       u16 peer_ppd)
{
	*w = (struct kpptp_window) {
		.mode = mode,
		.max = peer_window,
		.run_shift = run_shift(mode, peer_window),
	};
	seed_size(w);
	seed_rtt(w, peer_ppd);
}

static bool window_is_open(const struct kpptp_window *w)
{
	return w->mode != KPPTP_FLOW_CONTROL_STRICT || kpptp_window_in_flight(w) < w->size;
}

/* Has a window that made a packet wait opened? Tells once. */
static bool window_opened(struct kpptp_window *w)
{
	if (!w->waiting || !window_is_open(w))
		return false;
	w->waiting = false;
	return true;
}

bool kpptp_window_set(struct kpptp_window *w, enum kpptp_flow_control mode, u16 peer_window,
		      u16 peer_ppd)
{
	if (w->max != peer_window) {
		w->max = peer_window;
		seed_size(w);
	}
	w->mode = mode;
	w->run_shift = run_shift(mode, peer_window);
	if (mode != KPPTP_FLOW_CONTROL_ADAPTIVE)
		w->throttled = false;
	if (!w->next)
		seed_rtt(w, peer_ppd);
	return window_opened(w);
}

enum kpptp_window_verdict kpptp_window_may_send_bound(struct kpptp_window *w, u32 now)
{
	bool open = kpptp_window_in_flight(w) < w->size;

	if (w->mode == KPPTP_FLOW_CONTROL_STRICT) {
		w->waiting = !open;
		return open ? KPPTP_WINDOW_SEND : KPPTP_WINDOW_WAIT;
	}
	if (!kpptp_seq_before(now, w->throttled_until)) {
		w->throttled = false;
		return KPPTP_WINDOW_SEND;
	}
	return open ? KPPTP_WINDOW_SEND : KPPTP_WINDOW_DROP;
}

u32 kpptp_window_sent(struct kpptp_window *w, u32 now)
{
	u32 seq = w->next++;

	if (seq == w->oldest)
		w->deadline = now + w->ato;
	if (!(seq & ((1U << w->run_shift) - 1)))
		w->sent_at[(seq >> w->run_shift) % KPPTP_SEND_TIMES] = now;
	return seq;
}

/*
 * DIFF = SAMPLE - RTT, DEV += (|DIFF| - DEV) / 4, RTT += DIFF / 8 (section
 * 4.4.1); the sample is that of the highest packet acknowledged (4.2.5).
 */
static void sample_rtt(struct kpptp_window *w, u32 ack, u32 now)
{
	u32 runs_ago = ((w->next - 1) >> w->run_shift) - (ack >> w->run_shift);
	s32 sample, diff;

	if (runs_ago >= KPPTP_SEND_TIMES)
		return;
	sample = min_t(u32, now - w->sent_at[(ack >> w->run_shift) % KPPTP_SEND_TIMES], RTT_MAX);
	diff = sample - (s32)(w->rtt8 / 8);
	w->dev4 += abs(diff) - w->dev4 / 4;
	w->rtt8 += diff;
	set_ato(w);
}

/* One packet more for each window's worth that was acknowledged (section 4.2.3). */
static void grow(struct kpptp_window *w, u32 acked)
{
	if (w->size >= w->max)
		return;
	acked += w->grown;
	if (acked >= w->size) {
		w->size++;
		acked = 0;
	}
	w->grown = acked;
}

enum kpptp_window_ack kpptp_window_acked(struct kpptp_window *w, u32 ack, bool lone, u32 now,
					 bool *opened)
{
	if (!kpptp_seq_before(ack, w->next))
		return KPPTP_WINDOW_ACK_BOGUS;
	w->lone_acks |= lone;
	if (kpptp_seq_before(ack, w->oldest))
		return KPPTP_WINDOW_ACK_OLD;

	sample_rtt(w, ack, now);
	grow(w, ack + 1 - w->oldest);
	w->oldest = ack + 1;
	w->deadline = now + w->ato;
	*opened = window_opened(w);
	return KPPTP_WINDOW_ACK_NEW;
}

bool kpptp_window_timeout(struct kpptp_window *w, u32 now)
{
	bool over = kpptp_window_in_flight(w) > w->max;

	/* RTT = delta * RTT with delta 2, DEV as it was (section 4.4.2) */
	w->rtt8 = min_t(u32, 2 * w->rtt8, 8U * RTT_MAX);
	set_ato(w);
	w->size = DIV_ROUND_UP(w->size, 2);
	w->grown = 0;
	w->oldest = w->next;

	if (w->mode == KPPTP_FLOW_CONTROL_ADAPTIVE && (over || w->throttled)) {
		w->throttled = true;
		w->throttled_until = now + KPPTP_THROTTLE_TIME;
	}
	return window_opened(w);
}
