/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The send side's sliding window and adaptive acknowledgment time-out
 * (RFC 2637 sections 4.2 and 4.4).
 *
 * Packets "in flight" are those sent and neither acknowledged nor given up by
 * a time-out. In strict mode they never exceed the current window. In adaptive
 * mode they may, until a peer that acknowledges on its own lets a time-out pass
 * with more than its window in flight; that throttles the call, which means
 * strict rules with excess packets dropped, until 60 s passed without a
 * time-out. With the mode off nothing is enforced and no time-out runs. In all
 * modes acknowledgments measure the round trip: each packet's where the caller
 * gave memory for send times, which strict mode owes the RFC (4.2.5); else one
 * packet's at a time, and a time-out then runs from the last progress.
 *
 * Pure: no lock, no clock. The caller serialises with the lock of the call's
 * send state. Time is microseconds in a u32 that wraps, compared as serial
 * numbers. That is safe because a time-out or a throttle that runs is served by
 * a timer (kpptp_window_deadline()) and cannot grow old, and because the age of
 * a packet is cut to KPPTP_WINDOW_RTT_MAX.
 */
#ifndef KPPTP_WINDOW_H
#define KPPTP_WINDOW_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "seq.h"

/* Send times remembered: exact while no more packets than this are in flight. */
#define KPPTP_WINDOW_STAMPS 64u

/* Bounds of the adaptive time-out where nobody sets others, microseconds. */
#define KPPTP_WINDOW_ATO_MIN 12000u
#define KPPTP_WINDOW_ATO_MAX 3000000u

/*
 * The lower bound where a time-out may throttle a call: one that came only
 * because the peer or the path was busy would cost a minute.
 */
#define KPPTP_WINDOW_ATO_MIN_ADAPTIVE 250000u

/* Longest round trip that can be measured or seeded, and time-out be set. */
#define KPPTP_WINDOW_RTT_MAX 64000000u

/* A throttled call is released after so long without a time-out. */
#define KPPTP_WINDOW_THROTTLE 60000000u

/**
 * enum kpptp_window_mode - how the peer's window binds us
 * @KPPTP_WINDOW_OFF: not at all
 * @KPPTP_WINDOW_STRICT: as sections 4.2 and 4.4 say; a closed window waits
 * @KPPTP_WINDOW_ADAPTIVE: only once the peer has proved that it drops
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
 * @KPPTP_WINDOW_WAIT: no: leave it in the queue until the window opens, which
 *	kpptp_window_acked(), kpptp_window_timeout() or kpptp_window_set() tells
 * @KPPTP_WINDOW_DROP: no: drop it, and count it as a window drop
 */
enum kpptp_window_verdict {
	KPPTP_WINDOW_SEND,
	KPPTP_WINDOW_WAIT,
	KPPTP_WINDOW_DROP,
};

/**
 * enum kpptp_window_ack - what an acknowledgment brought
 * @KPPTP_WINDOW_ACK_OLD: nothing: it names what was acknowledged before, or is
 *	the 0xffffffff with which npppd says "nothing received yet"
 * @KPPTP_WINDOW_ACK_NEW: news of packets, though nobody waits for them
 * @KPPTP_WINDOW_ACK_OPENED: news, and KPPTP_WINDOW_WAIT holds no longer: wake
 *	PPP, once no lock is held
 * @KPPTP_WINDOW_ACK_BOGUS: it names what was never sent; ignored
 */
enum kpptp_window_ack {
	KPPTP_WINDOW_ACK_OLD,
	KPPTP_WINDOW_ACK_NEW,
	KPPTP_WINDOW_ACK_OPENED,
	KPPTP_WINDOW_ACK_BOGUS,
};

/**
 * enum kpptp_window_expiry - what kpptp_window_timeout() found
 * @KPPTP_WINDOW_EARLY: no acknowledgment time-out was due
 * @KPPTP_WINDOW_EXPIRED: one was: count it
 * @KPPTP_WINDOW_REOPENED: one was, and KPPTP_WINDOW_WAIT holds no longer: wake
 *	PPP, once no lock is held
 */
enum kpptp_window_expiry {
	KPPTP_WINDOW_EARLY,
	KPPTP_WINDOW_EXPIRED,
	KPPTP_WINDOW_REOPENED,
};

/**
 * struct kpptp_window_stamp - when a packet was sent
 * @seq: its sequence number
 * @time: when
 */
struct kpptp_window_stamp {
	u32 seq;
	u32 time;
};

/**
 * struct kpptp_window - send state of a call
 * @next: sequence number of the next data packet; the first is 0
 * @una: oldest packet in flight; equals @next if there is none
 * @low: one above the highest number acknowledged; behind @una once packets
 *	were given up, whose late acknowledgment still measures the round trip
 * @window: current window, in packets
 * @max: the peer's Packet Recv. Window Size
 * @grown: packets acknowledged towards the next packet of window
 * @rtt8: estimated round-trip time, in eighths of a microsecond
 * @dev4: its mean deviation, in quarters of a microsecond
 * @ato: adaptive time-out, microseconds
 * @ato_min: MinTimeOut, microseconds
 * @ato_max: MaxTimeOut, microseconds
 * @oldest: when the oldest packet in flight was sent
 * @calm: when a throttled call is released, unless a time-out comes first
 * @mask: a send time is kept for every packet whose number has none of these
 *	bits, which are the lowest @shift ones
 * @stamps: send times, by sequence number >> @shift; or NULL
 * @probe: without @stamps, the packet that is timed; valid once @probing
 * @mode: enum kpptp_window_mode
 * @shift: one bit more for each time that @stamps was too small
 * @bound: packets in flight are kept within @window: strict, or throttled
 * @waiting: KPPTP_WINDOW_WAIT was answered and holds
 * @lone: the peer has shown a stand-alone acknowledgment of something new
 * @sampled: the round trip has been measured; until then the PPD seeds it
 * @aged: @low has been 2^31 or above: whatever comes before it was once sent
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
 * kpptp_window_init - a call on which nothing was sent
 * @w: the window
 * @mode: how the peer's window binds us
 * @max: the peer's Packet Recv. Window Size; 0 is taken as 1
 * @ppd: the peer's Packet Processing Delay in tenths of a second, which seeds
 *	the round-trip time (section 4.4)
 * @ato_min: MinTimeOut in microseconds
 * @ato_max: MaxTimeOut in microseconds, cut to KPPTP_WINDOW_RTT_MAX; it wins
 *	over @ato_min
 * @stamps: KPPTP_WINDOW_STAMPS of them, which are the window's from now on, to
 *	time each packet; or NULL, to time one at a time
 */
void kpptp_window_init(struct kpptp_window *w, enum kpptp_window_mode mode, u16 max, u16 ppd,
		       u32 ato_min, u32 ato_max, struct kpptp_window_stamp *stamps);

/**
 * kpptp_window_set - change mode and peer's window of a call that lives
 * @w: the window
 * @mode: as in kpptp_window_init(); another mode starts over with the initial
 *	window and with nothing in flight
 * @max: as in kpptp_window_init(); a smaller one takes effect at once, a larger
 *	one is grown into, unless nothing was sent yet
 *
 * Return: whether KPPTP_WINDOW_WAIT holds no longer: wake PPP.
 */
bool kpptp_window_set(struct kpptp_window *w, enum kpptp_window_mode mode, u16 max);

/**
 * kpptp_window_set_ppd - change the seed of the round-trip time
 * @w: the window
 * @ppd: tenths of a second; without effect once the round trip was measured
 */
void kpptp_window_set_ppd(struct kpptp_window *w, u16 ppd);

/**
 * kpptp_window_set_ato - change the bounds of the time-out
 * @w: the window
 * @ato_min: as in kpptp_window_init()
 * @ato_max: as in kpptp_window_init()
 */
void kpptp_window_set_ato(struct kpptp_window *w, u32 ato_min, u32 ato_max);

/* The slow half of kpptp_window_may_send(): the window is full. */
enum kpptp_window_verdict kpptp_window_full(struct kpptp_window *w);

/* The slow half of kpptp_window_sent(): note a send time. */
void kpptp_window_stamp(struct kpptp_window *w, u32 seq, u32 now);

/**
 * kpptp_window_in_flight - packets sent and neither acknowledged nor given up
 * @w: the window
 *
 * Return: packets.
 */
static inline u32 kpptp_window_in_flight(const struct kpptp_window *w)
{
	return w->next - w->una;
}

/**
 * kpptp_window_may_send - may a data packet be sent now?
 * @w: the window
 *
 * Needs no time: a throttle is lifted by kpptp_window_timeout().
 *
 * Return: the verdict. After KPPTP_WINDOW_SEND, and a packet that is ready to
 * go, call kpptp_window_sent() without dropping the lock in between.
 */
static inline enum kpptp_window_verdict kpptp_window_may_send(struct kpptp_window *w)
{
	if (likely(!w->bound || kpptp_window_in_flight(w) < w->window))
		return KPPTP_WINDOW_SEND;
	return kpptp_window_full(w);
}

/**
 * kpptp_window_times_next - does kpptp_window_sent() look at the time?
 * @w: the window
 *
 * So that a caller to whom the clock is dear can do without it.
 */
static inline bool kpptp_window_times_next(const struct kpptp_window *w)
{
	return w->next == w->una || !(w->next & w->mask) || !w->probing;
}

/**
 * kpptp_window_sent - number a data packet and note that it leaves
 * @w: the window
 * @now: the time, if kpptp_window_times_next()
 *
 * The caller looks at kpptp_window_deadline() afterwards if its timer does not
 * run.
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
 * kpptp_window_acked - take in an Acknowledgment Number of the peer
 * @w: the window
 * @ack: the number
 * @lone: it came without data
 * @now: the time
 *
 * Return: what it brought.
 */
enum kpptp_window_ack kpptp_window_acked(struct kpptp_window *w, u32 ack, bool lone, u32 now);

/**
 * kpptp_window_deadline - when does kpptp_window_timeout() have work?
 * @w: the window
 * @at: the time, written only if the result is true
 *
 * A timer may be left at an earlier deadline than this: it will find
 * KPPTP_WINDOW_EARLY and ask here again. So no acknowledgment needs to touch
 * the timer. A deadline may move closer when an acknowledgment lowers the
 * time-out; a timer that is late by that much does no harm.
 *
 * Return: whether it ever has, as things stand.
 */
bool kpptp_window_deadline(const struct kpptp_window *w, u32 *at);

/**
 * kpptp_window_timeout - time has passed
 * @w: the window
 * @now: the time
 *
 * If the oldest packet in flight is overdue, all those in flight are given up:
 * the window is halved, the time-out backed off, and transmission resumes
 * (sections 4.2.2, 4.2.3, 4.4.2). Also lifts a throttle that has run out.
 *
 * Return: what was due. Ask kpptp_window_deadline() afterwards.
 */
enum kpptp_window_expiry kpptp_window_timeout(struct kpptp_window *w, u32 now);

/**
 * kpptp_window_rtt - the estimated round-trip time
 * @w: the window
 *
 * Return: microseconds; before any measurement, what the PPD promises.
 */
static inline u32 kpptp_window_rtt(const struct kpptp_window *w)
{
	return w->rtt8 / 8;
}

#endif /* KPPTP_WINDOW_H */
