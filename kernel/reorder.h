/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The receive side of a call: decide which data packets may be delivered now
 * (RFC 2637 section 4.3, sequence numbers of section 4.1).
 *
 * Packets are delivered in order and never late. An early packet is held until
 * those before it arrive, or until the hold time ends and the gap before it is
 * given up. The hold time adapts to the reordering seen: a packet that fills a gap
 * late, or too late, lengthens it; a gap given up shortens it. So jitter costs no
 * packets and loss costs little time.
 *
 * A number far ahead is not believed, so that one forged packet cannot move the
 * window: that takes KPPTP_REORDER_AGREE packets with numbers close to each other
 * and no packet accepted in between. The exception is a number close behind a long
 * queue of held packets, however far ahead. Because a sender who guesses that much
 * could lock out the real one, numbers behind the window are believed too, if they
 * agree in the same way for at least a second.
 *
 * Pure: no lock, no clock, no allocation; it keeps skbs but neither frees nor
 * delivers them. The caller serialises with the call's recv.lock. Time is
 * microseconds in a u32 that wraps; held packets have a deadline, so their times
 * never get too old to compare.
 *
 * Cost: O(log n) per packet with n held, whatever order the peer sends them in.
 * Held packets form a list, for the neighbours, and a tree, to find the place. The
 * tree node is in skb->cb because skb->rbnode overlaps the list pointers.
 */
#ifndef KPPTP_REORDER_H
#define KPPTP_REORDER_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/rbtree.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "seq.h"

/* Defaults and bounds: packets held, microseconds held. */
#define KPPTP_REORDER_LIMIT	 2048u
#define KPPTP_REORDER_HOLD_MAX	 100000u
#define KPPTP_REORDER_HOLD_MIN	 1000u
#define KPPTP_REORDER_HOLD_START 10000u

/* How far ahead a number is believed at once; a larger limit extends this. */
#define KPPTP_REORDER_NEAR 512u

/* How many packets must agree on an unlikely number, and how closely. */
#define KPPTP_REORDER_AGREE 4
#define KPPTP_REORDER_CLOSE 64u

/* How long they must agree to move the window back, in microseconds. */
#define KPPTP_REORDER_DOUBT 1000000u

/* Given-up gaps remembered, to tell a late packet from a duplicate. */
#define KPPTP_REORDER_GAPS 16

/**
 * struct kpptp_reorder_cb - skb->cb while the reorder layer holds the packet
 * @node: in kpptp_reorder.tree
 * @seq: sequence number of the packet
 * @since: when the first packet beyond the gap before this one arrived
 *
 * Not valid before kpptp_reorder_accept() or after the skb's release.
 */
struct kpptp_reorder_cb {
	struct rb_node node;
	u32 seq;
	u32 since;
};

/**
 * struct kpptp_reorder_gap - a range of sequence numbers that were given up
 * @from: the first
 * @since: when the gap was noticed
 * @len: how many; 0 marks a free entry. No gap is longer than the distance that is
 *	believed at once.
 */
struct kpptp_reorder_gap {
	u32 from;
	u32 since;
	u16 len;
} __packed __aligned(2); /* each call has 16 */

/**
 * struct kpptp_reorder_run - packets with unlikely numbers that may agree
 * @seq: highest number of the run
 * @first: lowest number of the run
 * @next: kpptp_reorder.next when it began: unchanged if nothing was accepted since
 * @since: when it began
 * @count: packets in it
 */
struct kpptp_reorder_run {
	u32 seq;
	u32 first;
	u32 next;
	u32 since;
	u32 count;
};

/**
 * struct kpptp_reorder - receive state of a call
 * @next: sequence number to be delivered next
 * @plain: a base is set and nothing is held: the fast path may be taken
 * @started: a base is set
 * @newest: the entry of @gaps written last
 * @base: all packets from here to @next were received, except for the gaps
 * @hold: current hold time, microseconds
 * @hold_max: its upper bound, 0 to hold nothing
 * @limit: maximum number of packets held, 0 to hold nothing
 * @bytes: sum of the truesize of held packets; the caller compares it before and
 *	after a call to charge the namespace's budget
 * @run: packets not believed yet
 * @held: early packets, in ascending order of sequence numbers
 * @tree: the same packets, for searching
 * @gaps: recently given-up gaps, a ring
 */
struct kpptp_reorder {
	u32 next;
	bool plain;
	bool started;
	u8 newest;
	u32 base;
	u32 hold;
	u32 hold_max;
	u32 limit;
	u32 bytes;
	struct kpptp_reorder_run run;
	struct sk_buff_head held;
	struct rb_root tree;
	struct kpptp_reorder_gap gaps[KPPTP_REORDER_GAPS];
};

/**
 * struct kpptp_reorder_out - output of accept, expire and purge
 * @ready: packets to be delivered, in order; the caller owns them
 * @bytes: sum of their truesize
 * @gaps: gaps given up: overflows from accept, timeouts from expire
 * @lost: change in the number of lost packets; -1 for one that was counted as lost
 *	before and has now arrived late
 */
struct kpptp_reorder_out {
	struct sk_buff_head ready;
	u32 bytes;
	u32 gaps;
	s32 lost;
};

/**
 * enum kpptp_reorder_verdict - what became of a packet
 * @KPPTP_REORDER_DELIVER: it is in out->ready, with the packets it released
 * @KPPTP_REORDER_HELD: it arrived early and is held; out->ready may have others
 *	that were released to make room for it
 * @KPPTP_REORDER_JUMPED: delivered, and the window moved to it: call
 *	kpptp_ack_restart() instead of kpptp_ack_received()
 * @KPPTP_REORDER_LATE: later ones were delivered; the caller still owns it
 * @KPPTP_REORDER_DUPLICATE: received before; the caller still owns it
 * @KPPTP_REORDER_FAR: its number is not believed; the caller still owns it
 */
enum kpptp_reorder_verdict {
	KPPTP_REORDER_DELIVER,
	KPPTP_REORDER_HELD,
	KPPTP_REORDER_JUMPED,
	KPPTP_REORDER_LATE,
	KPPTP_REORDER_DUPLICATE,
	KPPTP_REORDER_FAR,
};

/**
 * kpptp_reorder_believed - whether a packet and its number were accepted
 * @verdict: from kpptp_reorder_accept()
 *
 * Return: true if the packet's number may be acknowledged and the caller no longer
 * owns the skb.
 */
static inline bool kpptp_reorder_believed(enum kpptp_reorder_verdict verdict)
{
	return verdict <= KPPTP_REORDER_JUMPED;
}

/**
 * kpptp_reorder_init - start with nothing received
 * @r: the receive state
 * @limit: maximum number of packets held
 * @hold_max: maximum hold time in microseconds, at most 2^30
 *
 * If either is 0, nothing is held and gaps are skipped at once.
 */
void kpptp_reorder_init(struct kpptp_reorder *r, u32 limit, u32 hold_max);

/**
 * kpptp_reorder_set - change the bounds
 * @r: the receive state
 * @limit: as in kpptp_reorder_init()
 * @hold_max: as in kpptp_reorder_init()
 *
 * Packets already held stay until their hold time ends. Run kpptp_reorder_expire()
 * afterwards, as the deadline may have moved.
 */
void kpptp_reorder_set(struct kpptp_reorder *r, u32 limit, u32 hold_max);

/**
 * kpptp_reorder_out_init - initialise the output for accept, expire or purge
 * @out: the output, usually on the caller's stack
 */
static inline void kpptp_reorder_out_init(struct kpptp_reorder_out *out)
{
	__skb_queue_head_init(&out->ready);
	out->bytes = 0;
	out->gaps = 0;
	out->lost = 0;
}

/**
 * kpptp_reorder_inorder - the fast path: the expected packet, and nothing held
 * @r: the receive state
 * @seq: sequence number of a data packet
 *
 * One number in 2^30 is left to kpptp_reorder_accept(), which then keeps the
 * remembered numbers within the range of serial comparison.
 *
 * Return: true if the packet is accepted and must be delivered, behind what was before; false if
 * kpptp_reorder_accept() must decide.
 */
static inline bool kpptp_reorder_inorder(struct kpptp_reorder *r, u32 seq)
{
	if (unlikely(seq != r->next || !r->plain || !(seq & (BIT(30) - 1))))
		return false;
	r->next = seq + 1;
	return true;
}

/**
 * kpptp_reorder_accept - decide about a data packet
 * @r: the receive state
 * @skb: the packet; its cb is written if the verdict is KPPTP_REORDER_HELD
 * @seq: its sequence number
 * @now: the time
 * @may_hold: false if no further packet may be held, because memory is short
 * @out: initialised; collects the packets to deliver
 *
 * After KPPTP_REORDER_HELD the caller arms its timer for kpptp_reorder_deadline(),
 * unless it is running.
 *
 * Return: the verdict, which also says who owns @skb.
 */
enum kpptp_reorder_verdict kpptp_reorder_accept(struct kpptp_reorder *r, struct sk_buff *skb,
						u32 seq, u32 now, bool may_hold,
						struct kpptp_reorder_out *out);

/**
 * kpptp_reorder_deadline - when does kpptp_reorder_expire() have work?
 * @r: the receive state
 * @at: the time, written only if the result is true
 *
 * A timer may be left running to an earlier deadline.
 *
 * Return: whether anything is held.
 */
bool kpptp_reorder_deadline(const struct kpptp_reorder *r, u32 *at);

/**
 * kpptp_reorder_expire - give up the gaps whose hold time has ended
 * @r: the receive state
 * @now: the time
 * @out: initialised; collects the packets to deliver
 *
 * Return: number of gaps given up (also added to out->gaps).
 */
u32 kpptp_reorder_expire(struct kpptp_reorder *r, u32 now, struct kpptp_reorder_out *out);

/**
 * kpptp_reorder_purge - return all held packets, to be freed
 * @r: the receive state
 * @out: initialised; collects the packets, in order
 *
 * The receive state remains usable: the next number is one above the highest
 * returned.
 */
void kpptp_reorder_purge(struct kpptp_reorder *r, struct kpptp_reorder_out *out);

/**
 * kpptp_reorder_held - number of packets held
 * @r: the receive state
 */
static inline u32 kpptp_reorder_held(const struct kpptp_reorder *r)
{
	return skb_queue_len(&r->held);
}

#endif /* KPPTP_REORDER_H */
