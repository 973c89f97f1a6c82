// SPDX-License-Identifier: GPL-2.0-or-later
/* Text from others, see text.h. */
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/* Length in bytes of a sequence that begins with @lead, 0 if none does. */
static unsigned int sequence_len(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Returns the code point of @len bytes, or UINT32_MAX if they are incomplete. */
static uint32_t code_point(const uint8_t *from, unsigned int len)
{
	uint32_t code = len == 1 ? from[0] : from[0] & (0x7f >> len);

	for (unsigned int i = 1; i < len; i++) {
		/* The terminating zero is not a continuation byte either. */
		if ((from[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		code = code << 6 | (from[i] & 0x3f);
	}
	return code;
}

static bool is_shortest(uint32_t code, unsigned int len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	return code >= least[len];
}

static bool is_printable(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code <= 0x9f))
		return false;
	/* Separators, embeddings and overrides; isolates. */
	if ((code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
	    code == 0x200e || code == 0x200f)
		return false;
	return !(code >= 0xd800 && code <= 0xdfff) && code <= 0x10ffff;
}

void kpptp_text_clean(char *text)
{
	uint8_t *at = (uint8_t *)text;
	unsigned int len;
	uint32_t code;

	while (*at) {
		len = sequence_len(*at);
		code = len ? code_point(at, len) : UINT32_MAX;
		if (code != UINT32_MAX && is_shortest(code, len) && is_printable(code))
			at += len;
		else
			*at++ = '?';
	}
}
