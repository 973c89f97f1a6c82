/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One direction of Microsoft Point-to-Point Encryption (RFC 3078): what follows a
 * frame's protocol field 0x00fd, and the keystream that belongs to it.
 *
 * In the stateless mode each packet has a key of its own, and which one does not
 * depend on data. So keystreams are made ahead, KPPTP_RC4_LANES at a time, and a
 * packet only waits for its XOR. They are made as long as packets have been lately: a
 * link that carries acknowledgments does not pay for full packets. A packet that is
 * longer has the rest made for it alone.
 *
 * The caller owns the memory of keystreams made ahead, and may take it away when the
 * link is idle. Nothing here reads clocks or allocates.
 */
#ifndef KPPTP_MPPE_H
#define KPPTP_MPPE_H

#include <linux/types.h>

#include "mppe_key.h"
#include "mppe_rc4.h"

/* Length of flags and coherency count, in front of the encrypted bytes. */
#define KPPTP_MPPE_HEADER 2

/* Values of the coherency count. */
#define KPPTP_MPPE_COUNTS 4096

/* Longest keystream made ahead, in bytes: for an Ethernet frame's packet. */
#define KPPTP_MPPE_AHEAD_MAX 1536

/* Number of packets whose lengths are remembered. */
#define KPPTP_MPPE_LENGTHS 8

/**
 * enum kpptp_mppe_verdict - result of kpptp_mppe_decrypt()
 * @KPPTP_MPPE_OK: decrypted
 * @KPPTP_MPPE_LOST: stateful mode: a packet is missing, or has been since; no packet
 *	can be read before the peer begins a new keystream
 * @KPPTP_MPPE_LATE: stateless mode: a duplicate, or of the past; its key is gone
 * @KPPTP_MPPE_BOGUS: not what any peer sends: too short, in clear, or without the flag
 *	that its mode or count asks for
 */
enum kpptp_mppe_verdict {
	KPPTP_MPPE_OK,
	KPPTP_MPPE_LOST,
	KPPTP_MPPE_LATE,
	KPPTP_MPPE_BOGUS,
};

/**
 * struct kpptp_mppe_ahead - keystreams made ahead
 * @lanes: where each goes on
 * @lane_keys: the session key of each
 * @keys: the last session keys made, by coherency count; keys of the keystreams after
 *	these are made in the gaps, too
 * @next: coherency count of the first that is not used
 * @left: how many are not used
 * @len: bytes made of each
 * @streams: the bytes
 */
struct kpptp_mppe_ahead {
	struct kpptp_rc4_lanes lanes;
	u8 lane_keys[KPPTP_RC4_LANES][KPPTP_MPPE_KEY_MAX];
	u8 keys[2 * KPPTP_RC4_LANES][KPPTP_MPPE_KEY_MAX];
	u16 next;
	u16 left;
	u16 len;
	u8 streams[KPPTP_RC4_LANES][KPPTP_MPPE_AHEAD_MAX] __aligned(8);
};

/**
 * struct kpptp_mppe - one direction of a link
 * @key: the chain of session keys; in stateless mode at the key of @chain
 * @rc4: keystream in use: of the stateful mode, or of a packet that needs its own
 * @stateful: the mode
 * @flush: begin a new keystream with the next packet sent
 * @discard: stateful mode: packets are missing
 * @count: coherency count of the last packet
 * @chain: coherency count of the last key made
 * @lengths: of the last packets, in bytes
 * @lengths_at: the oldest of them
 * @ahead: keystreams made ahead, or NULL
 */
struct kpptp_mppe {
	struct kpptp_mppe_key key;
	struct kpptp_rc4 rc4;
	bool stateful;
	bool flush;
	bool discard;
	u16 count;
	u16 chain;
	u16 lengths[KPPTP_MPPE_LENGTHS];
	u8 lengths_at;
	struct kpptp_mppe_ahead *ahead;
};

/**
 * kpptp_mppe_init - begin, as after CCP's Configure-Ack
 * @mppe: the direction; @mppe->ahead is kept, and what is in it forgotten
 * @start: KPPTP_MPPE_KEY_MAX bytes: the initial key of RFC 3079
 * @strength: length of the key
 * @stateful: the mode
 */
void kpptp_mppe_init(struct kpptp_mppe *mppe, const u8 *start, enum kpptp_mppe_strength strength,
		     bool stateful);

/**
 * kpptp_mppe_lend - hand over memory for keystreams made ahead
 * @mppe: the direction, which has none
 * @ahead: the memory, uninitialized
 */
void kpptp_mppe_lend(struct kpptp_mppe *mppe, struct kpptp_mppe_ahead *ahead);

/**
 * kpptp_mppe_reclaim - take that memory away
 * @mppe: the direction
 *
 * Return: what was lent, to be zeroed and freed; or NULL.
 */
struct kpptp_mppe_ahead *kpptp_mppe_reclaim(struct kpptp_mppe *mppe);

/**
 * kpptp_mppe_encrypt - encrypt the next packet (RFC 3078 section 3)
 * @mppe: the direction
 * @to: KPPTP_MPPE_HEADER + @len bytes to write to
 * @from: the bytes in clear, from the frame's protocol field on
 * @len: their number
 */
void kpptp_mppe_encrypt(struct kpptp_mppe *mppe, u8 *to, const u8 *from, unsigned int len);

/**
 * kpptp_mppe_reset - the peer asked for a new keystream (CCP Reset-Request)
 * @mppe: the direction to the peer
 *
 * It begins with the next packet, once, however often the peer asks.
 */
static inline void kpptp_mppe_reset(struct kpptp_mppe *mppe)
{
	mppe->flush = true;
}

/**
 * kpptp_mppe_decrypt - decrypt a received packet (RFC 3078 sections 3 and 8)
 * @mppe: the direction
 * @to: @len - KPPTP_MPPE_HEADER bytes to write to; may be @from + KPPTP_MPPE_HEADER
 * @from: the packet, from its MPPE header on
 * @len: its length, header included
 *
 * Return: the verdict; nothing is written unless it is KPPTP_MPPE_OK.
 */
enum kpptp_mppe_verdict kpptp_mppe_decrypt(struct kpptp_mppe *mppe, u8 *to, const u8 *from,
					   unsigned int len);

#endif /* KPPTP_MPPE_H */
