// SPDX-License-Identifier: GPL-2.0
/* The send side's sliding window and adaptive acknowledgment timeout. */
#include "window.h"

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

/* Give up packets in flight beyond this, to keep sequence numbers comparable. */
#define MOST_IN_FLIGHT BIT(30)

/* kpptp_window_stamp() runs for at least one packet in 2^16. */
#define SHIFT_MAX 16

/* ---- Round-trip time and timeout, sections 4.4.1 and 4.4.2 ---- */

/* ATO[n] = MAX (MinTimeOut, MIN (RTT[n] + chi * DEV[n], MaxTimeOut)), chi 4 */
static void window_update_ato(struct kpptp_window *w)
{
	w->ato = clamp(w->rtt8 / 8 + w->dev4, w->ato_min, w->ato_max);
}

/*
 * DIFF[n] = SAMPLE[n] - RTT[n-1]
 * DEV[n] = DEV[n-1] + beta * (|DIFF[n]| - DEV[n-1]), beta 1/4
 * RTT[n] = RTT[n-1] + alpha * DIFF[n], alpha 1/8
 */
static void window_take_sample(struct kpptp_window *w, u32 sample)
{
	s32 diff = sample - w->rtt8 / 8;

	w->dev4 = w->dev4 - w->dev4 / 4 + abs(diff);
	w->rtt8 += diff;
	w->sampled = true;
	window_update_ato(w);
}

/*
 * RTT[n] = delta * RTT[n-1], delta 2, DEV[n] = DEV[n-1]
 *
 * "The backed-off timer value is limited by the configurable maximum": an RTT
 * beyond MaxTimeOut would not lengthen the timeout, only take longer to recover
 * from. With no measurement and no PPD, RTT is 0 and would double to 0: back off
 * from MinTimeOut instead, which has just proved too short.
 */
static void window_back_off(struct kpptp_window *w)
{
	u32 limit = max(w->rtt8, w->ato_max * 8);

	w->rtt8 = min((w->rtt8 ?: w->ato_min * 8) * 2, limit);
	window_update_ato(w);
}

static void window_seed_rtt(struct kpptp_window *w, u16 ppd)
{
	w->rtt8 = min(ppd * 100000ull, (u64)KPPTP_WINDOW_RTT_MAX) * 8;
	window_update_ato(w);
}

/* ---- Send times, section 4.2.5 ---- */

static struct kpptp_window_stamp *window_stamp_of(struct kpptp_window *w, u32 seq)
{
	return &w->stamps[(seq >> w->shift) % KPPTP_WINDOW_STAMPS];
}

/*
 * With more packets in flight than there are stamps, neighbours share one. That
 * makes them look older than they are, by less than 1/32 of the round trip.
 *
 * Return: false if the time was not recorded, or if it is so old that it seems to
 * be in the future.
 */
static bool window_age_of(struct kpptp_window *w, u32 seq, u32 now, u32 *age)
{
	u32 first = seq & ~w->mask;
	const struct kpptp_window_stamp *stamp = window_stamp_of(w, first);
	s32 passed = kpptp_seq_diff(now, stamp->time);

	if (stamp->seq != first || passed < 0)
		return false;
	*age = min_t(u32, passed, KPPTP_WINDOW_RTT_MAX);
	return true;
}

/*
 * Does the acknowledgment of everything up to @seq give a round-trip sample? With a
 * probe, the first that covers it does: the probe's own may have been lost.
 */
static bool window_measure(struct kpptp_window *w, u32 seq, u32 now, u32 *sample)
{
	s32 passed = kpptp_seq_diff(now, w->probe.time);

	if (w->stamps)
		return window_age_of(w, seq, now, sample);
	if (!w->probing || kpptp_seq_before(seq, w->probe.seq))
		return false;
	w->probing = false;
	*sample = min_t(u32, passed, KPPTP_WINDOW_RTT_MAX);
	return passed >= 0;
}

static void window_set_shift(struct kpptp_window *w, u8 shift)
{
	w->shift = shift;
	w->mask = (1u << shift) - 1;
}

static void window_set_low(struct kpptp_window *w, u32 low)
{
	w->low = low;
	if (low >> 31)
		w->aged = true;
}

static void window_remember(struct kpptp_window *w, u32 seq, u32 now)
{
	/*
	 * When neighbours start to share a stamp, recorded times are not moved.
	 * Looking them up fails until this round trip is over.
	 */
	if (unlikely(kpptp_window_in_flight(w) > KPPTP_WINDOW_STAMPS << w->shift &&
		     w->shift < SHIFT_MAX)) {
		window_set_shift(w, w->shift + 1);
		if (seq & w->mask)
			return;
	}
	*window_stamp_of(w, seq) = (struct kpptp_window_stamp){ seq, now };
}

void kpptp_window_stamp(struct kpptp_window *w, u32 seq, u32 now)
{
	if (w->stamps) {
		window_remember(w, seq, now);
	} else if (!w->probing) {
		w->probe = (struct kpptp_window_stamp){ seq, now };
		w->probing = true;
	}

	if (unlikely(w->next - w->low > MOST_IN_FLIGHT)) {
		window_set_low(w, w->next - MOST_IN_FLIGHT);
		if (kpptp_seq_before(w->una, w->low))
			w->una = w->low;
	}
}

/* ---- The window, sections 4.2.1 to 4.2.4 ---- */

static u32 window_half(u32 packets)
{
	return DIV_ROUND_UP(packets, 2);
}

/* Start over by the rules of @mode, with the initial window. */
static void window_begin(struct kpptp_window *w, enum kpptp_window_mode mode)
{
	w->mode = mode;
	w->bound = mode == KPPTP_WINDOW_STRICT;
	w->window = w->bound ? window_half(w->max) : w->max;
	w->grown = 0;
	w->una = w->next;
}

static bool window_throttled(const struct kpptp_window *w)
{
	return w->bound && w->mode == KPPTP_WINDOW_ADAPTIVE;
}

/* Grow by one packet for each window's worth acknowledged (section 4.2.3). */
static void window_grow(struct kpptp_window *w, u32 acked)
{
	if (!w->bound || w->window >= w->max)
		return;
	w->grown += acked;
	if (w->grown < w->window)
		return;
	w->grown -= w->window;
	w->window++;
}

/* Returns whether a waiting sender may now send. */
static bool window_reopened(struct kpptp_window *w)
{
	if (!w->waiting)
		return false;
	w->waiting = w->bound && kpptp_window_in_flight(w) >= w->window;
	return !w->waiting;
}

static void window_set_bounds(struct kpptp_window *w, u32 ato_min, u32 ato_max)
{
	w->ato_max = min(ato_max, KPPTP_WINDOW_RTT_MAX);
	w->ato_min = min(ato_min, w->ato_max);
}

void kpptp_window_init(struct kpptp_window *w, enum kpptp_window_mode mode, u16 max, u16 ppd,
		       u32 ato_min, u32 ato_max, struct kpptp_window_stamp *stamps)
{
	*w = (struct kpptp_window){
		.max = max_t(u16, max, 1),
		.stamps = stamps,
		.probing = stamps,
	};
	window_set_bounds(w, ato_min, ato_max);
	window_set_shift(w, stamps ? 0 : SHIFT_MAX);
	window_seed_rtt(w, ppd);
	window_begin(w, mode);
}

bool kpptp_window_set(struct kpptp_window *w, enum kpptp_window_mode mode, u16 max)
{
	bool fresh = !w->next && !w->low && !w->aged;

	w->max = max_t(u16, max, 1);
	if (fresh || mode != w->mode)
		window_begin(w, mode);
	else
		w->window = w->bound ? min(w->window, w->max) : w->max;
	return window_reopened(w);
}

void kpptp_window_set_ppd(struct kpptp_window *w, u16 ppd)
{
	if (!w->sampled)
		window_seed_rtt(w, ppd);
}

void kpptp_window_set_ato(struct kpptp_window *w, u32 ato_min, u32 ato_max)
{
	window_set_bounds(w, ato_min, ato_max);
	window_update_ato(w);
}

enum kpptp_window_verdict kpptp_window_full(struct kpptp_window *w)
{
	if (window_throttled(w))
		return KPPTP_WINDOW_DROP;
	w->waiting = true;
	return KPPTP_WINDOW_WAIT;
}

/* ---- Acknowledgments and timeouts ---- */

/* Whether @ack, not in the range from @low to @next, names an earlier packet. */
static bool window_acked_before(const struct kpptp_window *w, u32 ack)
{
	if (w->aged)
		return kpptp_seq_before(ack, w->low);
	return ack + 1 <= w->low; /* true for 0xffffffff, see window.h */
}

/* Acknowledge everything before @low and date the oldest packet still in flight. */
static void window_advance(struct kpptp_window *w, u32 low, u32 now)
{
	u32 age;

	window_set_low(w, low);
	if (!kpptp_seq_after(low, w->una))
		return;
	window_grow(w, low - w->una);
	w->una = low;
	if (kpptp_window_in_flight(w))
		w->oldest = w->stamps && window_age_of(w, low, now, &age) ? now - age : now;
	if (w->stamps && w->shift &&
	    kpptp_window_in_flight(w) < KPPTP_WINDOW_STAMPS / 4 << w->shift)
		window_set_shift(w, w->shift - 1);
}

enum kpptp_window_ack kpptp_window_acked(struct kpptp_window *w, u32 ack, bool lone, u32 now)
{
	u32 sample;

	if (!kpptp_window_acks_new(w, ack))
		return window_acked_before(w, ack) ? KPPTP_WINDOW_ACK_OLD : KPPTP_WINDOW_ACK_BOGUS;
	if (lone)
		w->lone = true;
	if (window_measure(w, ack, now, &sample))
		window_take_sample(w, sample);
	window_advance(w, ack + 1, now);
	return window_reopened(w) ? KPPTP_WINDOW_ACK_OPENED : KPPTP_WINDOW_ACK_NEW;
}

/*
 * While adaptive mode cannot throttle the peer yet, a timeout would have no effect:
 * run no timer.
 */
static bool window_timed(const struct kpptp_window *w)
{
	if (w->una == w->next)
		return false;
	return w->mode == KPPTP_WINDOW_STRICT || (w->mode == KPPTP_WINDOW_ADAPTIVE && w->lone);
}

bool kpptp_window_deadline(const struct kpptp_window *w, u32 *at)
{
	u32 due = w->oldest + w->ato;

	if (window_timed(w))
		*at = window_throttled(w) && kpptp_seq_before(w->calm, due) ? w->calm : due;
	else if (window_throttled(w))
		*at = w->calm;
	else
		return false;
	return true;
}

/* The oldest packet in flight is overdue: give up all and halve the window. */
static void window_expire(struct kpptp_window *w, u32 now)
{
	if (w->bound) {
		w->window = window_half(w->window);
	} else if (kpptp_window_in_flight(w) > w->max) {
		w->bound = true;
		w->window = window_half(w->max);
	}
	if (window_throttled(w))
		w->calm = now + KPPTP_WINDOW_THROTTLE;
	w->grown = 0;
	w->una = w->next;
	window_back_off(w);
}

enum kpptp_window_expiry kpptp_window_timeout(struct kpptp_window *w, u32 now)
{
	if (window_timed(w) && !kpptp_seq_before(now, w->oldest + w->ato)) {
		window_expire(w, now);
		return window_reopened(w) ? KPPTP_WINDOW_REOPENED : KPPTP_WINDOW_EXPIRED;
	}
	if (window_throttled(w) && !kpptp_seq_before(now, w->calm)) {
		w->bound = false;
		w->window = w->max;
	}
	return KPPTP_WINDOW_EARLY;
}
