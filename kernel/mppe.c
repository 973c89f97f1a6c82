// SPDX-License-Identifier: GPL-2.0
/* One direction of Microsoft Point-to-Point Encryption (RFC 3078). */
#include "mppe.h"

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "compat/compat.h"

/* The header: flags, and the coherency count. B and C are MPPC's, which compresses. */
#define MPPE_A	   0x8000 /* the packet begins a new keystream */
#define MPPE_D	   0x1000 /* the packet is encrypted */
#define MPPE_COUNT 0x0fff

/* In stateful mode, a packet with these bits in its count begins a new keystream. */
#define MPPE_FLAG_PACKET 0x00ff

/* Of the remembered lengths, as many may be longer than a keystream made ahead. */
#define LENGTHS_ABOVE 2

static u16 count_add(u16 count, int n)
{
	return (count + n) & MPPE_COUNT;
}

/* The number of steps from one count to another. */
static u16 count_steps(u16 from, u16 to)
{
	return (to - from) & MPPE_COUNT;
}

void kpptp_mppe_init(struct kpptp_mppe *mppe, const u8 *start, enum kpptp_mppe_strength strength,
		     bool stateful)
{
	kpptp_mppe_key_init(&mppe->key, start, strength);
	kpptp_rc4_setup(&mppe->rc4, mppe->key.session, mppe->key.len);
	mppe->stateful = stateful;
	mppe->flush = false;
	mppe->discard = false;
	mppe->count = MPPE_COUNT; /* the first packet's is 0 */
	mppe->chain = MPPE_COUNT;
	if (mppe->ahead)
		kpptp_mppe_lend(mppe, mppe->ahead);
}

void kpptp_mppe_lend(struct kpptp_mppe *mppe, struct kpptp_mppe_ahead *ahead)
{
	ahead->next = count_add(mppe->chain, 1);
	ahead->left = 0;
	mppe->ahead = ahead;
}

/* Where the key of a count is kept. */
static u8 *ahead_key(struct kpptp_mppe_ahead *ahead, u16 count)
{
	return ahead->keys[count % ARRAY_SIZE(ahead->keys)];
}

/* Go back to the key of the last packet, as later ones are forgotten. */
struct kpptp_mppe_ahead *kpptp_mppe_reclaim(struct kpptp_mppe *mppe)
{
	struct kpptp_mppe_ahead *ahead = mppe->ahead;
	u16 last;

	if (!ahead)
		return NULL;
	mppe->ahead = NULL;
	last = count_add(ahead->next, -1);
	if (last != mppe->chain)
		memcpy(mppe->key.session, ahead_key(ahead, last), mppe->key.len);
	mppe->chain = last;
	return ahead;
}

static void chain_advance(struct kpptp_mppe *mppe, u16 count)
{
	unsigned int steps = count_steps(mppe->chain, count);

	while (steps--)
		kpptp_mppe_key_next(&mppe->key);
	mppe->chain = count;
}

/* New session key, new keystream. */
static void rekey(struct kpptp_mppe *mppe)
{
	kpptp_mppe_key_next(&mppe->key);
	kpptp_rc4_setup(&mppe->rc4, mppe->key.session, mppe->key.len);
}

static void lengths_add(struct kpptp_mppe *mppe, unsigned int len)
{
	mppe->lengths[mppe->lengths_at] = min(len, KPPTP_MPPE_AHEAD_MAX + 0U);
	mppe->lengths_at = (mppe->lengths_at + 1) % KPPTP_MPPE_LENGTHS;
}

/* The longest of the remembered lengths, except for LENGTHS_ABOVE of them. */
static unsigned int lengths_expect(const struct kpptp_mppe *mppe)
{
	u16 longest[LENGTHS_ABOVE + 1] = {};
	unsigned int i, k;
	u16 len;

	for (i = 0; i < KPPTP_MPPE_LENGTHS; i++) {
		len = mppe->lengths[i];
		for (k = 0; k <= LENGTHS_ABOVE; k++)
			if (len > longest[k])
				swap(len, longest[k]);
	}
	return longest[LENGTHS_ABOVE];
}

/* Remember the key that was just made. */
static void ahead_key_made(struct kpptp_mppe *mppe)
{
	mppe->chain = count_add(mppe->chain, 1);
	memcpy(ahead_key(mppe->ahead, mppe->chain), mppe->key.session, KPPTP_MPPE_KEY_MAX);
}

/* Have the keys of the keystreams from @count on: some were made with the last ones. */
static void ahead_keys(struct kpptp_mppe *mppe, u16 count)
{
	struct kpptp_mppe_ahead *ahead = mppe->ahead;
	u16 last = count_add(count, KPPTP_RC4_LANES - 1);
	unsigned int i;

	if (count_steps(mppe->chain, last) > KPPTP_RC4_LANES)
		chain_advance(mppe, count_add(count, -1));
	while (mppe->chain != last) {
		kpptp_mppe_key_next(&mppe->key);
		ahead_key_made(mppe);
	}
	for (i = 0; i < KPPTP_RC4_LANES; i++)
		memcpy(ahead->lane_keys[i], ahead_key(ahead, count_add(count, i)),
		       KPPTP_MPPE_KEY_MAX);
}

/* Make the keystreams, and in their gaps the next keys. */
static void ahead_streams(struct kpptp_mppe *mppe)
{
	struct kpptp_mppe_ahead *ahead = mppe->ahead;
	struct kpptp_rc4_extra extra;
	unsigned int at = 0, keys;

	kpptp_mppe_key_begin(&mppe->key, &extra);
	kpptp_rc4_setup_lanes(&ahead->lanes, ahead->lane_keys[0], mppe->key.len, &extra);
	kpptp_mppe_key_finish(&mppe->key);
	ahead_key_made(mppe);
	for (keys = 1; keys < KPPTP_RC4_LANES && ahead->len - at >= KPPTP_RC4_STEPS; keys++) {
		kpptp_mppe_key_begin(&mppe->key, &extra);
		kpptp_rc4_stream_lanes(&ahead->lanes, ahead->streams[0] + at, KPPTP_MPPE_AHEAD_MAX,
				       KPPTP_RC4_STEPS, &extra);
		kpptp_mppe_key_finish(&mppe->key);
		ahead_key_made(mppe);
		at += KPPTP_RC4_STEPS;
	}
	kpptp_rc4_stream_lanes(&ahead->lanes, ahead->streams[0] + at, KPPTP_MPPE_AHEAD_MAX,
			       ahead->len - at, NULL);
}

/* Make keystreams for the packet with @count and those that follow it. */
static void ahead_make(struct kpptp_mppe *mppe, u16 count)
{
	struct kpptp_mppe_ahead *ahead = mppe->ahead;

	ahead->next = count;
	ahead->left = KPPTP_RC4_LANES;
	ahead->len = round_up(lengths_expect(mppe), 8);
	ahead_keys(mppe, count);
	ahead_streams(mppe);
}

static void stream_xor(u8 *to, const u8 *from, const u8 *stream, unsigned int n)
{
	for (; n >= 8; n -= 8, to += 8, from += 8, stream += 8)
		put_unaligned(get_unaligned((const u64 *)from) ^ *(const u64 *)stream, (u64 *)to);
	while (n--)
		*to++ = *from++ ^ *stream++;
}

/* XOR with the keystream made ahead for @count, which is used up with it. */
static void ahead_xor(struct kpptp_mppe *mppe, u16 count, u8 *to, const u8 *from, unsigned int len)
{
	struct kpptp_mppe_ahead *ahead = mppe->ahead;
	unsigned int skip = count_steps(ahead->next, count), lane, made;

	if (skip >= ahead->left) {
		ahead_make(mppe, count);
		skip = 0;
	}
	lane = KPPTP_RC4_LANES - ahead->left + skip;
	made = min_t(unsigned int, len, ahead->len);
	stream_xor(to, from, ahead->streams[lane], made);
	if (unlikely(made < len)) {
		kpptp_rc4_from_lane(&mppe->rc4, &ahead->lanes, lane);
		kpptp_rc4_crypt(&mppe->rc4, to + made, from + made, len - made);
	}
	ahead->left -= skip + 1;
	ahead->next = count_add(count, 1);
}

/* XOR with the keystream of a packet in stateless mode. */
static void stateless_xor(struct kpptp_mppe *mppe, u16 count, u8 *to, const u8 *from,
			  unsigned int len)
{
	lengths_add(mppe, len);
	if (likely(mppe->ahead)) {
		ahead_xor(mppe, count, to, from, len);
		return;
	}
	chain_advance(mppe, count);
	kpptp_rc4_setup(&mppe->rc4, mppe->key.session, mppe->key.len);
	kpptp_rc4_crypt(&mppe->rc4, to, from, len);
}

void kpptp_mppe_encrypt(struct kpptp_mppe *mppe, u8 *to, const u8 *from, unsigned int len)
{
	u16 count = count_add(mppe->count, 1);
	u16 header = MPPE_D | count;

	mppe->count = count;
	if (!mppe->stateful || mppe->flush || (count & MPPE_FLAG_PACKET) == MPPE_FLAG_PACKET)
		header |= MPPE_A;
	mppe->flush = false;
	put_unaligned_be16(header, to);
	to += KPPTP_MPPE_HEADER;
	if (mppe->stateful) {
		if (header & MPPE_A)
			rekey(mppe);
		kpptp_rc4_crypt(&mppe->rc4, to, from, len);
	} else {
		stateless_xor(mppe, count, to, from, len);
	}
}

static enum kpptp_mppe_verdict stateless_decrypt(struct kpptp_mppe *mppe, u16 count, u8 *to,
						 const u8 *from, unsigned int len)
{
	unsigned int steps = count_steps(mppe->count, count);

	if (!steps || steps > KPPTP_MPPE_COUNTS / 2)
		return KPPTP_MPPE_LATE;
	mppe->count = count;
	stateless_xor(mppe, count, to, from, len);
	return KPPTP_MPPE_OK;
}

/*
 * After a loss, a packet with flag A begins a new keystream. Its key is one step on
 * for each flag packet that was missed, and one for itself.
 */
static bool stateful_resume(struct kpptp_mppe *mppe, u16 header)
{
	u16 count = header & MPPE_COUNT;

	if (!(header & MPPE_A))
		return false;
	while ((count ^ mppe->count) & ~MPPE_FLAG_PACKET) {
		rekey(mppe);
		mppe->count = count_add(mppe->count, MPPE_FLAG_PACKET + 1);
	}
	mppe->discard = false;
	mppe->count = count;
	return true;
}

static enum kpptp_mppe_verdict stateful_decrypt(struct kpptp_mppe *mppe, u16 header, u8 *to,
						const u8 *from, unsigned int len)
{
	u16 count = header & MPPE_COUNT;

	if (!mppe->discard) {
		mppe->count = count_add(mppe->count, 1);
		mppe->discard = count != mppe->count;
		if (mppe->discard)
			return KPPTP_MPPE_LOST;
	} else if (!stateful_resume(mppe, header)) {
		return KPPTP_MPPE_LOST;
	}
	if (header & MPPE_A)
		rekey(mppe);
	kpptp_rc4_crypt(&mppe->rc4, to, from, len);
	return KPPTP_MPPE_OK;
}

/* Is the header one that a peer sends in our mode? */
static bool header_ok(const struct kpptp_mppe *mppe, u16 header)
{
	bool begins = !mppe->stateful || (header & MPPE_FLAG_PACKET) == MPPE_FLAG_PACKET;

	return header & MPPE_D && (header & MPPE_A || !begins);
}

enum kpptp_mppe_verdict kpptp_mppe_decrypt(struct kpptp_mppe *mppe, u8 *to, const u8 *from,
					   unsigned int len)
{
	u16 header;

	if (len <= KPPTP_MPPE_HEADER)
		return KPPTP_MPPE_BOGUS;
	header = get_unaligned_be16(from);
	if (!header_ok(mppe, header))
		return KPPTP_MPPE_BOGUS;
	from += KPPTP_MPPE_HEADER;
	len -= KPPTP_MPPE_HEADER;
	if (mppe->stateful)
		return stateful_decrypt(mppe, header, to, from, len);
	return stateless_decrypt(mppe, header & MPPE_COUNT, to, from, len);
}
