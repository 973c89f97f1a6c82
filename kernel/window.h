/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The send side's sliding window and adaptive acknowledgment timeout
 * (RFC 2637 sections 4.2 and 4.4).
 *
 * Packets "in flight" have been sent and neither acknowledged nor given up by a
 * timeout. In strict mode they never exceed the current window. In adaptive mode
 * they may, until a peer that sends standalone acks lets a timeout expire with more
 * than its window in flight. This throttles the call: the strict rules apply, and
 * excess packets are dropped, until 60 s pass without a timeout. With the mode off,
 * nothing is enforced and no timeout runs.
 *
 * In all modes acknowledgments measure the round trip: that of every packet if the
 * caller gave memory for send times, which strict mode requires (section 4.2.5);
 * else of one packet at a time, with the timeout running from the last progress.
 *
 * Pure: no lock, no clock. The caller serialises with the call's send.lock. Time is
 * microseconds in a u32 that wraps, compared as serial numbers. That is safe because
 * a timer serves a running timeout or throttle (kpptp_window_deadline()) before it
 * gets too old, and because a packet's age is capped at KPPTP_WINDOW_RTT_MAX.
 */
#ifndef KPPTP_WINDOW_H
#define KPPTP_WINDOW_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "seq.h"

/* Send times remembered: exact while no more packets than this are in flight. */
#define KPPTP_WINDOW_STAMPS 64u

/* Default bounds of the adaptive timeout, in microseconds. */
#define KPPTP_WINDOW_ATO_MIN 12000u
#define KPPTP_WINDOW_ATO_MAX 3000000u

/*
 * Default lower bound where a timeout may throttle a call: a spurious one, because
 * the peer or the path was busy, would cost a minute.
 */
#define KPPTP_WINDOW_ATO_MIN_ADAPTIVE 250000u

/* Upper limit of round-trip times, seeds and timeouts, in microseconds. */
#define KPPTP_WINDOW_RTT_MAX 64000000u

/* Time without a timeout after which a throttle is lifted, in microseconds. */
#define KPPTP_WINDOW_THROTTLE 60000000u

/**
 * enum kpptp_window_mode - how the peer's window binds us
 * @KPPTP_WINDOW_OFF: not at all
 * @KPPTP_WINDOW_STRICT: as in sections 4.2 and 4.4; frames wait while it is closed
 * @KPPTP_WINDOW_ADAPTIVE: only after a timeout of a peer that sends standalone acks
 *
 * The values are those of enum kpptp_flow_control in the netlink ABI.
 */
enum kpptp_window_mode {
	KPPTP_WINDOW_OFF,
	KPPTP_WINDOW_STRICT,
	KPPTP_WINDOW_ADAPTIVE,
};

/**
 * enum kpptp_window_verdict - may a data packet be sent now?
 * @KPPTP_WINDOW_SEND: yes
 * @KPPTP_WINDOW_WAIT: no: leave it in the queue until kpptp_window_acked(),
 *	kpptp_window_timeout() or kpptp_window_set() reports that the window opened
 * @KPPTP_WINDOW_DROP: no: drop it, and count it as a window drop
 */
enum kpptp_window_verdict {
	KPPTP_WINDOW_SEND,
	KPPTP_WINDOW_WAIT,
	KPPTP_WINDOW_DROP,
};

/**
 * enum kpptp_window_ack - effect of an acknowledgment
 * @KPPTP_WINDOW_ACK_OLD: none: everything was acknowledged before, or it is
 *	npppd's 0xffffffff for "nothing received yet"
 * @KPPTP_WINDOW_ACK_NEW: packets were newly acknowledged; no sender to wake
 * @KPPTP_WINDOW_ACK_OPENED: packets were newly acknowledged and KPPTP_WINDOW_WAIT
 *	no longer holds: wake PPP, once no lock is held
 * @KPPTP_WINDOW_ACK_BOGUS: it names a packet that was never sent; ignored
 */
enum kpptp_window_ack {
	KPPTP_WINDOW_ACK_OLD,
	KPPTP_WINDOW_ACK_NEW,
	KPPTP_WINDOW_ACK_OPENED,
	KPPTP_WINDOW_ACK_BOGUS,
};

/**
 * enum kpptp_window_expiry - result of kpptp_window_timeout()
 * @KPPTP_WINDOW_EARLY: no acknowledgment timeout was due
 * @KPPTP_WINDOW_EXPIRED: one was due: count it
 * @KPPTP_WINDOW_REOPENED: one was due: count it; KPPTP_WINDOW_WAIT no longer holds:
 *	wake PPP, once no lock is held
 */
enum kpptp_window_expiry {
	KPPTP_WINDOW_EARLY,
	KPPTP_WINDOW_EXPIRED,
	KPPTP_WINDOW_REOPENED,
};

/**
 * struct kpptp_window_stamp - when a packet was sent
 * @seq: its sequence number
 * @time: when it was sent
 */
struct kpptp_window_stamp {
	u32 seq;
	u32 time;
};

/**
 * struct kpptp_window - send state of a call
 * @next: sequence number of the next data packet; the first is 0
 * @una: oldest packet in flight; equals @next if there is none
 * @low: one above the highest number acknowledged; behind @una after packets were
 *	given up, whose late acknowledgment still measures the round trip
 * @window: current window, in packets
 * @max: the peer's Packet Recv. Window Size
 * @grown: packets acknowledged towards the next increment of @window
 * @rtt8: estimated round-trip time, in eighths of a microsecond
 * @dev4: its mean deviation, in quarters of a microsecond
 * @ato: adaptive timeout, microseconds
 * @ato_min: MinTimeOut, microseconds
 * @ato_max: MaxTimeOut, microseconds
 * @oldest: when the oldest packet in flight was sent
 * @calm: when the throttle is lifted, unless a timeout comes first
 * @mask: the lowest @shift bits; a send time is recorded for each packet whose
 *	number has none of them set
 * @stamps: send times, by sequence number >> @shift; or NULL
 * @probe: without @stamps, the packet being timed; valid while @probing
 * @mode: enum kpptp_window_mode
 * @shift: log2 of the number of packets per stamp; grows when @stamps is too small
 * @bound: packets in flight are kept within @window: strict, or throttled
 * @waiting: KPPTP_WINDOW_WAIT was returned and still holds
 * @lone: the peer has sent a standalone ack of new data
 * @sampled: the round trip has been measured; until then the PPD seeds it
 * @aged: @low has reached 2^31: any number before it has been sent
 * @probing: the packet of @probe is in flight; always true with @stamps
 */
struct kpptp_window {
	u32 next;
	u32 una;
	u32 low;
	u32 window;
	u32 max;
	u32 grown;
	u32 rtt8;
	u32 dev4;
	u32 ato;
	u32 ato_min;
	u32 ato_max;
	u32 oldest;
	u32 calm;
	u32 mask;
	struct kpptp_window_stamp *stamps;
	struct kpptp_window_stamp probe;
	u8 mode;
	u8 shift;
	bool bound;
	bool waiting;
	bool lone;
	bool sampled;
	bool aged;
	bool probing;
};

/**
 * kpptp_window_init - start with nothing sent
 * @w: the window
 * @mode: how the peer's window binds us
 * @max: the peer's Packet Recv. Window Size; 0 is taken as 1
 * @ppd: the peer's Packet Processing Delay in tenths of a second, which seeds
 *	the round-trip time (section 4.4)
 * @ato_min: MinTimeOut in microseconds
 * @ato_max: MaxTimeOut in microseconds, capped at KPPTP_WINDOW_RTT_MAX; overrides
 *	@ato_min
 * @stamps: KPPTP_WINDOW_STAMPS of them, for the window's use from now on, to time
 *	each packet; or NULL, to time one at a time
 */
void kpptp_window_init(struct kpptp_window *w, enum kpptp_window_mode mode, u16 max, u16 ppd,
		       u32 ato_min, u32 ato_max, struct kpptp_window_stamp *stamps);

/**
 * kpptp_window_set - change mode and peer's window of an existing call
 * @w: the window
 * @mode: as in kpptp_window_init(); a new mode starts over with the initial window
 *	and nothing in flight
 * @max: as in kpptp_window_init(); a smaller one takes effect at once; a larger one
 *	is grown into, unless nothing has been sent yet
 *
 * Return: whether KPPTP_WINDOW_WAIT no longer holds: wake PPP.
 */
bool kpptp_window_set(struct kpptp_window *w, enum kpptp_window_mode mode, u16 max);

/**
 * kpptp_window_set_ppd - change the seed of the round-trip time
 * @w: the window
 * @ppd: tenths of a second; no effect once the round trip has been measured
 */
void kpptp_window_set_ppd(struct kpptp_window *w, u16 ppd);

/**
 * kpptp_window_set_ato - change the bounds of the timeout
 * @w: the window
 * @ato_min: as in kpptp_window_init()
 * @ato_max: as in kpptp_window_init()
 */
void kpptp_window_set_ato(struct kpptp_window *w, u32 ato_min, u32 ato_max);

/* The slow path of kpptp_window_may_send(): the window is full. */
enum kpptp_window_verdict kpptp_window_full(struct kpptp_window *w);

/* The slow path of kpptp_window_sent(): record a send time. */
void kpptp_window_stamp(struct kpptp_window *w, u32 seq, u32 now);

/**
 * kpptp_window_in_flight - packets sent and neither acknowledged nor given up
 * @w: the window
 */
static inline u32 kpptp_window_in_flight(const struct kpptp_window *w)
{
	return w->next - w->una;
}

/**
 * kpptp_window_may_send - may a data packet be sent now?
 * @w: the window
 *
 * Needs no clock: kpptp_window_timeout() lifts a throttle.
 *
 * Return: the verdict. After KPPTP_WINDOW_SEND, once the packet is ready to go,
 * call kpptp_window_sent() without dropping the lock in between.
 */
static inline enum kpptp_window_verdict kpptp_window_may_send(struct kpptp_window *w)
{
	if (likely(!w->bound || kpptp_window_in_flight(w) < w->window))
		return KPPTP_WINDOW_SEND;
	return kpptp_window_full(w);
}

/**
 * kpptp_window_times_next - will kpptp_window_sent() use @now?
 * @w: the window
 *
 * Saves the caller an expensive clock read.
 */
static inline bool kpptp_window_times_next(const struct kpptp_window *w)
{
	return w->next == w->una || !(w->next & w->mask) || !w->probing;
}

/**
 * kpptp_window_sent - number a data packet and record it as sent
 * @w: the window
 * @now: the time, if kpptp_window_times_next()
 *
 * Afterwards the caller checks kpptp_window_deadline(), unless its timer is running.
 *
 * Return: the packet's sequence number.
 */
static inline u32 kpptp_window_sent(struct kpptp_window *w, u32 now)
{
	u32 seq = w->next++;

	if (seq == w->una)
		w->oldest = now;
	if (!(seq & w->mask) || !w->probing)
		kpptp_window_stamp(w, seq, now);
	return seq;
}

/**
 * kpptp_window_acks_new - does an Acknowledgment Number acknowledge anything new?
 * @w: the window
 * @ack: the number
 *
 * If not, kpptp_window_acked() does not use @now, which saves the caller an expensive
 * clock read.
 */
static inline bool kpptp_window_acks_new(const struct kpptp_window *w, u32 ack)
{
	return ack - w->low < w->next - w->low;
}

/**
 * kpptp_window_acked - process an Acknowledgment Number from the peer
 * @w: the window
 * @ack: the number
 * @lone: it is a standalone ack
 * @now: the time, if kpptp_window_acks_new()
 *
 * Return: its effect.
 */
enum kpptp_window_ack kpptp_window_acked(struct kpptp_window *w, u32 ack, bool lone, u32 now);

/**
 * kpptp_window_deadline - when does kpptp_window_timeout() have work?
 * @w: the window
 * @at: the time, written only if the result is true
 *
 * A timer may be left running to an earlier deadline: it will find
 * KPPTP_WINDOW_EARLY and ask here again. So acknowledgments need not touch the
 * timer. The deadline may move closer when an acknowledgment lowers the timeout; a
 * timer late by that much does no harm.
 *
 * Return: whether there is a deadline at present.
 */
bool kpptp_window_deadline(const struct kpptp_window *w, u32 *at);

/**
 * kpptp_window_timeout - check for timeouts
 * @w: the window
 * @now: the time
 *
 * If the oldest packet in flight is overdue, give up all packets in flight, halve
 * the window, back off the timeout, and resume transmission (sections 4.2.2, 4.2.3,
 * 4.4.2). Also lifts an expired throttle.
 *
 * Return: what was due. Ask kpptp_window_deadline() afterwards.
 */
enum kpptp_window_expiry kpptp_window_timeout(struct kpptp_window *w, u32 now);

/**
 * kpptp_window_rtt - the estimated round-trip time
 * @w: the window
 *
 * Return: microseconds; before any measurement, the PPD.
 */
static inline u32 kpptp_window_rtt(const struct kpptp_window *w)
{
	return w->rtt8 / 8;
}

#endif /* KPPTP_WINDOW_H */
