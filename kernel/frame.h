/* SPDX-License-Identifier: GPL-2.0 */
/* Read the protocol field of a PPP frame, of one byte or two (RFC 1661 section 2). */
#ifndef KPPTP_FRAME_H
#define KPPTP_FRAME_H

#include <linux/ppp_defs.h>
#include <linux/skbuff.h>

#include "compat/compat.h"

/**
 * kpptp_frame_address_len - length of the address and control field
 * @data: the frame as received
 * @len: readable bytes
 *
 * Return: 2, or 0 if the field was left out (RFC 1661 section 6.6).
 */
static inline unsigned int kpptp_frame_address_len(const u8 *data, unsigned int len)
{
	return len >= 2 && data[0] == PPP_ALLSTATIONS && data[1] == PPP_UI ? 2 : 0;
}

/**
 * kpptp_frame_protocol - read the protocol field
 * @data: the frame, from that field on
 * @len: readable bytes
 * @field: set to the length of the field: 1 if compressed (RFC 1661 section 6.5)
 *
 * Return: the protocol; 0, which is none, if the field is not all readable.
 */
static inline u16 kpptp_frame_protocol(const u8 *data, unsigned int len, unsigned int *field)
{
	*field = len && data[0] & 1 ? 1 : 2;
	if (len < *field)
		return 0;
	return *field == 1 ? data[0] : get_unaligned_be16(data);
}

/**
 * kpptp_frame_ethertype - the Ethernet type of the network packet in a frame
 * @protocol: the frame's protocol
 *
 * Return: 0 if it is neither IPv4 nor IPv6.
 */
static inline __be16 kpptp_frame_ethertype(u16 protocol)
{
	switch (protocol) {
	case PPP_IP:
		return htons(ETH_P_IP);
	case PPP_IPV6:
		return htons(ETH_P_IPV6);
	default:
		return 0;
	}
}

#endif /* KPPTP_FRAME_H */
