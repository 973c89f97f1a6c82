/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The send side: sequence numbers, the peer's window, the round trip and the
 * adaptive acknowledgment time-out (RFC 2637 sections 4.2 and 4.4).
 *
 * Time is an argument: microseconds modulo 2^32. Two times that are compared
 * here are never further apart than a time-out, but for the end of a throttle,
 * which a call that sends nothing for over half an hour may see up to half an
 * hour late.
 */
#ifndef KPPTP_WINDOW_H
#define KPPTP_WINDOW_H

#include <linux/types.h>
#include <uapi/linux/kpptp.h>

#include "seq.h"

/* Microseconds. */
#define KPPTP_TIMEOUT_MIN	12000
#define KPPTP_TIMEOUT_MAX	3000000
#define KPPTP_THROTTLE_TIME	60000000

/* Send times are kept for as many packets, or runs of packets. */
#define KPPTP_SEND_TIMES	64

/**
 * struct kpptp_window - what was sent and how it fares
 * @next:	sequence number of the next packet
 * @oldest:	the oldest packet that the peer has not acknowledged; @next if none
 * @mode:	how the peer's window binds us
 * @lone_acks:	the peer has been seen to acknowledge without data
 * @waiting:	a packet was told to wait
 * @throttled:	adaptive: the window binds us until @throttled_until
 * @max:	Packet Recv. Window Size of the peer, in packets
 * @size:	present size of the window
 * @grown:	packets acknowledged since @size was set
 * @rtt8:	estimated round-trip time, eighths of a microsecond
 * @dev4:	its mean deviation, quarters of a microsecond
 * @ato:	adaptive time-out, microseconds
 * @deadline:	when the time-out strikes, if something is outstanding
 * @throttled_until: end of the throttle
 * @run_shift:	a send time is kept for each run of 2^run_shift packets
 * @sent_at:	when the first packet of a run was sent
 */
struct kpptp_window {
	u32 next;
	u32 oldest;
	u8 mode;
	bool lone_acks;
	bool waiting;
	bool throttled;
	u16 max;
	u16 size;
	u16 grown;
	u8 run_shift;
	u32 rtt8;
	u32 dev4;
	u32 ato;
	u32 deadline;
	u32 throttled_until;
	u32 sent_at[KPPTP_SEND_TIMES];
};

/**
 * enum kpptp_window_verdict - may a packet be sent?
 * @KPPTP_WINDOW_SEND:	yes
 * @KPPTP_WINDOW_WAIT:	not before the window opens
 * @KPPTP_WINDOW_DROP:	no, and there is nowhere to wait
 */
enum kpptp_window_verdict {
	KPPTP_WINDOW_SEND,
	KPPTP_WINDOW_WAIT,
	KPPTP_WINDOW_DROP,
};

/**
 * enum kpptp_window_ack - what an acknowledgment tells
 * @KPPTP_WINDOW_ACK_NEW: packets were acknowledged
 * @KPPTP_WINDOW_ACK_OLD: nothing that was not known
 * @KPPTP_WINDOW_ACK_BOGUS: it names a packet that was never sent
 */
enum kpptp_window_ack {
	KPPTP_WINDOW_ACK_NEW,
	KPPTP_WINDOW_ACK_OLD,
	KPPTP_WINDOW_ACK_BOGUS,
};

/**
 * kpptp_window_init - nothing sent
 * @w: the window
 * @mode: how the peer's window binds us
 * @peer_window: Packet Recv. Window Size of the peer, at least 1
 * @peer_ppd: Packet Processing Delay of the peer in tenths of a second, which
 *	seeds the round-trip time (section 4.4)
 */
void kpptp_window_init(struct kpptp_window *w, enum kpptp_flow_control mode, u16 peer_window,
		       u16 peer_ppd);

/**
 * kpptp_window_set - other parameters for a window in use
 * @w: the window
 * @mode: how the peer's window binds us
 * @peer_window: Packet Recv. Window Size of the peer, at least 1
 * @peer_ppd: Packet Processing Delay; seeds the round trip if nothing was sent
 * Return: whether a window that made a packet wait is open now.
 */
bool kpptp_window_set(struct kpptp_window *w, enum kpptp_flow_control mode, u16 peer_window,
		      u16 peer_ppd);

/* Packets sent and not acknowledged. */
static inline u32 kpptp_window_in_flight(const struct kpptp_window *w)
{
	return w->next - w->oldest;
}

/* Present size of the window, in packets. */
static inline u32 kpptp_window_size(const struct kpptp_window *w)
{
	return w->size;
}

/* Estimated round-trip time, in microseconds. */
static inline u32 kpptp_window_rtt(const struct kpptp_window *w)
{
	return w->rtt8 / 8;
}

/* Adaptive time-out, in microseconds. */
static inline u32 kpptp_window_ato(const struct kpptp_window *w)
{
	return w->ato;
}

/* The decision of kpptp_window_may_send() for a window that may bind. */
enum kpptp_window_verdict kpptp_window_may_send_bound(struct kpptp_window *w, u32 now);

/**
 * kpptp_window_may_send - may a packet be sent now?
 * @w: the window
 * @now: time
 */
static inline enum kpptp_window_verdict kpptp_window_may_send(struct kpptp_window *w, u32 now)
{
	if (w->mode == KPPTP_FLOW_CONTROL_STRICT || w->throttled)
		return kpptp_window_may_send_bound(w, now);
	return KPPTP_WINDOW_SEND;
}

/**
 * kpptp_window_sent - a packet is being sent
 * @w: the window
 * @now: time
 * Return: its sequence number. The first is 0 (section 4.1).
 */
u32 kpptp_window_sent(struct kpptp_window *w, u32 now);

/**
 * kpptp_window_acked - an acknowledgment came
 * @w: the window
 * @ack: highest sequence number that the peer has received, as it says
 * @lone: it came without data
 * @now: time
 * @opened: set if a window that made a packet wait is open now
 */
enum kpptp_window_ack kpptp_window_acked(struct kpptp_window *w, u32 ack, bool lone, u32 now,
					 bool *opened);

/**
 * kpptp_window_deadline - is an acknowledgment time-out running?
 * @w: the window
 * @at: set to when it strikes
 *
 * It runs while packets are outstanding and the peer is one that must answer:
 * one that never acknowledges without data of its own has no duty to.
 */
static inline bool kpptp_window_deadline(const struct kpptp_window *w, u32 *at)
{
	*at = w->deadline;
	return w->next != w->oldest &&
	       (w->mode == KPPTP_FLOW_CONTROL_STRICT ||
		(w->mode == KPPTP_FLOW_CONTROL_ADAPTIVE && w->lone_acks));
}

/**
 * kpptp_window_timeout - the time-out strikes
 * @w: the window
 * @now: time
 *
 * What is outstanding is given up; the window halves and the time-out backs off
 * (sections 4.2.2 and 4.4.2).
 * Return: whether a window that made a packet wait is open now.
 */
bool kpptp_window_timeout(struct kpptp_window *w, u32 now);

#endif /* KPPTP_WINDOW_H */
