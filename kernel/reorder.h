/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The receive side of a call: which data packets may be delivered now
 * (RFC 2637 section 4.3, sequence numbers of section 4.1).
 *
 * Packets are delivered in order and never late. One that comes too early is
 * held until those before it arrive or the hold time ends, which gives up the
 * gap before it. The hold time follows the reordering seen: what fills a gap
 * late, or too late, lengthens it; a gap given up shortens it. So jitter costs
 * no packets and loss costs little time.
 *
 * A number that is far ahead is not believed, so that one forged packet cannot
 * move the window: it takes KPPTP_REORDER_AGREE packets with numbers close to
 * each other, and no packet accepted in between. Only what follows close behind a
 * long queue of held packets is believed however far it reaches. Because a sender who guessed
 * that much could lock the real one out, numbers that are behind are believed
 * as well, if they agree in the same way and for at least a second.
 *
 * Pure: no lock, no clock, no allocation; it keeps skbs but neither frees nor
 * delivers them. The caller serialises with the lock of the call's receive
 * state. Time is microseconds in a u32 that wraps; held packets have a deadline
 * and so never grow old.
 *
 * Cost: no packet takes more than O(log n) of the n that are held, whatever
 * order the peer sends them in. Held packets form a list, which gives the
 * neighbours, and a tree over the same packets, which finds the place. The tree
 * node is in skb->cb because skb->rbnode shares its memory with the list.
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

/* Up to this far ahead a number is believed at once; at least, see limit. */
#define KPPTP_REORDER_NEAR 512u

/* Packets that have to agree on an unlikely number, and how closely. */
#define KPPTP_REORDER_AGREE 4
#define KPPTP_REORDER_CLOSE 64u

/* For how long they have to agree if it would move the window back. */
#define KPPTP_REORDER_DOUBT 1000000u

/* Gaps given up that are remembered, to tell a late packet from a duplicate. */
#define KPPTP_REORDER_GAPS 16

/**
 * struct kpptp_reorder_cb - what skb->cb holds while the reorder layer has it
 * @node: in kpptp_reorder.tree
 * @seq: sequence number of the packet
 * @since: when the first packet beyond the gap before this one arrived
 *
 * Nothing of it needs to be kept before kpptp_reorder_accept() or after the
 * skb's release.
 */
struct kpptp_reorder_cb {
	struct rb_node node;
	u32 seq;
	u32 since;
};

/**
 * struct kpptp_reorder_gap - sequence numbers that were given up
 * @from: the first
 * @since: when the gap was noticed
 * @len: how many; 0 marks a free entry. No gap is longer than what is believed
 *	at once.
 */
struct kpptp_reorder_gap {
	u32 from;
	u32 since;
	u16 len;
} __packed __aligned(2); /* 16 of them in each call */

/**
 * struct kpptp_reorder_run - packets with unlikely numbers that may agree
 * @seq: highest number of the run
 * @first: lowest number of the run
 * @next: value of the window's next when it began: nothing was accepted since
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
 * @plain: a base is set, nothing is held and nothing is queued: the fast path may
 *	be taken
 * @started: a base is set
 * @queued: the caller has packets in a queue, see kpptp_reorder_queued()
 * @newest: the entry of @gaps written last
 * @base: number from which on packets were received, except for the gaps
 * @hold: present hold time, microseconds
 * @hold_max: its upper bound, 0 to hold nothing
 * @limit: most packets held, 0 to hold nothing
 * @bytes: sum of the truesize of what is held; the caller compares it before
 *	and after a call to charge a budget that it shares with other calls
 * @run: packets not believed yet
 * @held: packets that came too early, by ascending sequence number
 * @tree: the same packets, to be searched
 * @gaps: gaps given up lately, a ring
 */
struct kpptp_reorder {
	u32 next;
	bool plain;
	bool started;
	bool queued;
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
 * struct kpptp_reorder_out - what came out of a call into this layer
 * @ready: packets to be delivered, in order; the caller owns them
 * @bytes: sum of their truesize
 * @gaps: gaps given up: overflows from accept, time-outs from expire
 * @lost: change of the number of packets lost; -1 for one that was counted as
 *	lost before and now came late
 */
struct kpptp_reorder_out {
	struct sk_buff_head ready;
	u32 bytes;
	u32 gaps;
	s32 lost;
};

/**
 * enum kpptp_reorder_verdict - what became of a packet
 * @KPPTP_REORDER_DELIVER: it is in out->ready, with what it released
 * @KPPTP_REORDER_HELD: it came too early and is held; out->ready may still have
 *	others, if room was made for it
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
 * kpptp_reorder_believed - whether a verdict took the packet and its number
 * @verdict: of kpptp_reorder_accept()
 *
 * Return: true if the acknowledgment may move to the packet's number and its
 * skb is no longer the caller's.
 */
static inline bool kpptp_reorder_believed(enum kpptp_reorder_verdict verdict)
{
	return verdict <= KPPTP_REORDER_JUMPED;
}

/**
 * kpptp_reorder_init - a call on which nothing was received
 * @r: the receive state
 * @limit: most packets held
 * @hold_max: longest hold time in microseconds, at most 2^30
 *
 * If either is 0 nothing is held: gaps are skipped at once.
 */
void kpptp_reorder_init(struct kpptp_reorder *r, u32 limit, u32 hold_max);

/**
 * kpptp_reorder_set - change the bounds
 * @r: the receive state
 * @limit: as in kpptp_reorder_init()
 * @hold_max: as in kpptp_reorder_init()
 *
 * What is held already stays until its time. The caller runs
 * kpptp_reorder_expire() afterwards, as the deadline may have moved.
 */
void kpptp_reorder_set(struct kpptp_reorder *r, u32 limit, u32 hold_max);

/**
 * kpptp_reorder_out_init - make ready for accept, expire or purge
 * @out: of the caller, usually on its stack
 */
static inline void kpptp_reorder_out_init(struct kpptp_reorder_out *out)
{
	__skb_queue_head_init(&out->ready);
	out->bytes = 0;
	out->gaps = 0;
	out->lost = 0;
}

/**
 * kpptp_reorder_queued - say whether released packets wait in a queue
 * @r: the receive state
 * @queued: true from the time the caller queues packets until the last of them
 *	is delivered
 *
 * While they wait, no packet may overtake them: the fast path stays closed, and
 * kpptp_reorder_accept() decides about each packet.
 */
void kpptp_reorder_queued(struct kpptp_reorder *r, bool queued);

/**
 * kpptp_reorder_inorder - the fast path: the expected packet, and nothing held
 * @r: the receive state
 * @seq: sequence number of a data packet
 *
 * One number in 2^30 is left to kpptp_reorder_accept(), which then keeps the
 * numbers remembered within the range of serial comparison.
 *
 * Return: true if the packet is accepted and is to be delivered right now;
 * false if kpptp_reorder_accept() has to decide.
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
 * @out: initialised; collects what is to be delivered
 *
 * The caller arms its timer for kpptp_reorder_deadline() after
 * KPPTP_REORDER_HELD, if it does not run.
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
 * A timer may be left at an earlier deadline than this.
 *
 * Return: whether anything is held.
 */
bool kpptp_reorder_deadline(const struct kpptp_reorder *r, u32 *at);

/**
 * kpptp_reorder_expire - give up the gaps whose hold time has ended
 * @r: the receive state
 * @now: the time
 * @out: initialised; collects what is to be delivered
 *
 * Return: how many gaps were given up (also in out->gaps).
 */
u32 kpptp_reorder_expire(struct kpptp_reorder *r, u32 now, struct kpptp_reorder_out *out);

/**
 * kpptp_reorder_purge - hand back everything that is held, for its disposal
 * @r: the receive state
 * @out: initialised; collects the packets, in order
 *
 * The receive state remains usable: the next number is one above the highest
 * handed back.
 */
void kpptp_reorder_purge(struct kpptp_reorder *r, struct kpptp_reorder_out *out);

/**
 * kpptp_reorder_held - packets held now
 * @r: the receive state
 *
 * Return: packets.
 */
static inline u32 kpptp_reorder_held(const struct kpptp_reorder *r)
{
	return skb_queue_len(&r->held);
}

#endif /* KPPTP_REORDER_H */
