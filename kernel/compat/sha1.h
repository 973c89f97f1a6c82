/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SHA-1 of the kernel's library: newer kernels have one call for it, older ones only
 * the function that takes a block.
 */
#ifndef KPPTP_COMPAT_SHA1_H
#define KPPTP_COMPAT_SHA1_H

#include <crypto/sha1.h>
#include <linux/string.h>
#include <linux/types.h>

#include "compat.h"

/**
 * kpptp_compat_sha1 - hash a short text
 * @text: the text
 * @len: its length in bytes
 * @digest: SHA1_DIGEST_SIZE bytes to write to
 */
static inline void kpptp_compat_sha1(const u8 *text, unsigned int len, u8 *digest)
{
#ifdef KPPTP_HAVE_SHA1
	sha1(text, len, digest);
#else
	u32 state[SHA1_DIGEST_WORDS], w[SHA1_WORKSPACE_WORDS];
	u8 last[2 * SHA1_BLOCK_SIZE] = {};
	unsigned int left = len % SHA1_BLOCK_SIZE, end, i;

	sha1_init(state);
	for (i = 0; i + SHA1_BLOCK_SIZE <= len; i += SHA1_BLOCK_SIZE)
		sha1_transform(state, text + i, w);
	end = left + 9 <= SHA1_BLOCK_SIZE ? SHA1_BLOCK_SIZE : 2 * SHA1_BLOCK_SIZE;
	memcpy(last, text + i, left);
	last[left] = 0x80;
	put_unaligned_be64((u64)len * 8, last + end - 8);
	for (i = 0; i < end; i += SHA1_BLOCK_SIZE)
		sha1_transform(state, last + i, w);
	for (i = 0; i < SHA1_DIGEST_WORDS; i++)
		put_unaligned_be32(state[i], digest + 4 * i);
	memzero_explicit(last, sizeof(last));
	memzero_explicit(w, sizeof(w));
	memzero_explicit(state, sizeof(state));
#endif
}

#endif /* KPPTP_COMPAT_SHA1_H */
