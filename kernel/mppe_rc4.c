// SPDX-License-Identifier: GPL-2.0
/* RC4, one keystream at a time or several. */
#include "mppe_rc4.h"

#include <linux/compiler.h>
#include <linux/string.h>

#include <asm/byteorder.h>

/* A group of steps makes one aligned word of each keystream. */
#define GROUP 4

/* One step of a lane's key setup. @k: byte of the key. Returns the new second index. */
static __always_inline u8 lane_setup_step(struct kpptp_rc4_lanes *lanes, unsigned int lane, u8 i,
					  u8 j, u8 k)
{
	u8 a = lanes->s[lane][i];

	j += a + k;
	lanes->s[lane][i] = lanes->s[lane][j];
	lanes->s[lane][j] = a;
	return j;
}

/*
 * One step of a lane's keystream: put its byte into @word at @shift. Returns the new
 * second index.
 */
static __always_inline u8 lane_step(struct kpptp_rc4_lanes *lanes, unsigned int lane, u8 i, u8 j,
				    u32 *word, unsigned int shift)
{
	u8 a = lanes->s[lane][i], b;

	j += a;
	b = lanes->s[lane][j];
	lanes->s[lane][i] = b;
	lanes->s[lane][j] = a;
	*word |= (u32)lanes->s[lane][(u8)(a + b)] << shift;
	return j;
}

/* One step of a key setup. @k: byte of the key. Returns the new second index. */
static __always_inline u8 setup_step(u32 *s, u8 i, u8 j, u8 k)
{
	u32 a = s[i];

	j += a + k;
	s[i] = s[j];
	s[j] = a;
	return j;
}

static void setup_begin(struct kpptp_rc4 *rc4)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		rc4->s[i] = i;
	rc4->i = 0;
	rc4->j = 0;
}

void kpptp_rc4_setup(struct kpptp_rc4 *rc4, const u8 *key, unsigned int len)
{
	unsigned int i;
	u8 j = 0;

	setup_begin(rc4);
	for (i = 0; i < KPPTP_RC4_STEPS; i++)
		j = setup_step(rc4->s, i, j, key[i & (len - 1)]);
}

void kpptp_rc4_crypt(struct kpptp_rc4 *rc4, u8 *to, const u8 *from, unsigned int n)
{
	u32 *s = rc4->s, a, b;
	u8 i = rc4->i, j = rc4->j;

	while (n--) {
		a = s[++i];
		j += a;
		b = s[j];
		s[i] = b;
		s[j] = a;
		*to++ = *from++ ^ s[(u8)(a + b)];
	}
	rc4->i = i;
	rc4->j = j;
}

static void lanes_begin(struct kpptp_rc4_lanes *lanes)
{
	unsigned int i, lane;

	BUILD_BUG_ON(KPPTP_RC4_LANES != 4);
	for (i = 0; i < 256; i++)
		lanes->s[0][i] = i;
	for (lane = 1; lane < KPPTP_RC4_LANES; lane++)
		memcpy(lanes->s[lane], lanes->s[0], sizeof(lanes->s[0]));
	memset(lanes->j, 0, sizeof(lanes->j));
	lanes->i = 0;
}

void kpptp_rc4_setup_lanes(struct kpptp_rc4_lanes *lanes, const u8 *keys, unsigned int len,
			   const struct kpptp_rc4_extra *extra)
{
	u8 j0 = 0, j1 = 0, j2 = 0, j3 = 0, e = 0;
	const unsigned int mask = extra->len - 1;
	u32 *const s = extra->rc4->s;
	unsigned int i, k;

	lanes_begin(lanes);
	setup_begin(extra->rc4);
	for (i = 0; i < KPPTP_RC4_STEPS; i++) {
		k = i & (len - 1);
		j0 = lane_setup_step(lanes, 0, i, j0, keys[k]);
		j1 = lane_setup_step(lanes, 1, i, j1, keys[16 + k]);
		j2 = lane_setup_step(lanes, 2, i, j2, keys[32 + k]);
		j3 = lane_setup_step(lanes, 3, i, j3, keys[48 + k]);
		e = setup_step(s, i, e, extra->key[i & mask]);
	}
}

/*
 * Gather bytes into words: stores are what limits four lanes. Inlined twice, so that
 * without @extra nothing is left of it.
 */
static __always_inline void lanes_stream(struct kpptp_rc4_lanes *lanes, u8 *out,
					 unsigned int stride, unsigned int n,
					 const struct kpptp_rc4_extra *extra)
{
	u8 j0 = lanes->j[0], j1 = lanes->j[1], j2 = lanes->j[2], j3 = lanes->j[3];
	const unsigned int mask = extra ? extra->len - 1 : 0;
	const u8 *const key = extra ? extra->key : NULL;
	u32 *const s = extra ? extra->rc4->s : NULL;
	u8 i = lanes->i, e = 0;
	u32 w0, w1, w2, w3;
	unsigned int at, k;

	for (at = 0; at < n; at += GROUP) {
		w0 = w1 = w2 = w3 = 0;
#pragma GCC unroll 4
		for (k = 0; k < GROUP; k++) {
			i++;
			j0 = lane_step(lanes, 0, i, j0, &w0, 8 * k);
			j1 = lane_step(lanes, 1, i, j1, &w1, 8 * k);
			j2 = lane_step(lanes, 2, i, j2, &w2, 8 * k);
			j3 = lane_step(lanes, 3, i, j3, &w3, 8 * k);
			if (extra)
				e = setup_step(s, at + k, e, key[(at + k) & mask]);
		}
		*(__le32 *)(out + at) = cpu_to_le32(w0);
		*(__le32 *)(out + stride + at) = cpu_to_le32(w1);
		*(__le32 *)(out + 2 * stride + at) = cpu_to_le32(w2);
		*(__le32 *)(out + 3 * stride + at) = cpu_to_le32(w3);
	}
	lanes->i = i;
	lanes->j[0] = j0;
	lanes->j[1] = j1;
	lanes->j[2] = j2;
	lanes->j[3] = j3;
}

void kpptp_rc4_stream_lanes(struct kpptp_rc4_lanes *lanes, u8 *out, unsigned int stride,
			    unsigned int n, const struct kpptp_rc4_extra *extra)
{
	if (!extra) {
		lanes_stream(lanes, out, stride, n, NULL);
		return;
	}
	setup_begin(extra->rc4);
	lanes_stream(lanes, out, stride, KPPTP_RC4_STEPS, extra);
}

void kpptp_rc4_from_lane(struct kpptp_rc4 *rc4, const struct kpptp_rc4_lanes *lanes,
			 unsigned int lane)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		rc4->s[i] = lanes->s[lane][i];
	rc4->i = lanes->i;
	rc4->j = lanes->j[lane];
}
