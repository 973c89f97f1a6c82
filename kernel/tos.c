// SPDX-License-Identifier: GPL-2.0
/*
 * Copy DSCP and congestion marks between outer and inner IP packets.
 */
#include "tos.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ppp_defs.h>
#include <linux/skbuff.h>
#include <net/inet_ecn.h>

#include "frame.h"

/* Length of PPP's address, control and protocol fields. */
#define PPP_HEADER 4

u8 kpptp_tos_inherit(const struct sk_buff *frame)
{
	const u8 *octets;
	u8 buffer[4];

	octets = skb_header_pointer(frame, 0, sizeof(buffer), buffer);
	if (!octets || octets[0])
		return 0;
	if (octets[1] == PPP_IP)
		return octets[3] & ~INET_ECN_MASK;
	if (octets[1] == PPP_IPV6)
		return (octets[2] << 4 | octets[3] >> 4) & ~INET_ECN_MASK;
	return 0;
}

void kpptp_tos_congested(struct sk_buff *frame)
{
	unsigned int at, field;
	u16 protocol;

	if (!pskb_may_pull(frame, PPP_HEADER))
		return;
	at = kpptp_frame_address_len(frame->data, PPP_HEADER);
	protocol = kpptp_frame_protocol(frame->data + at, PPP_HEADER - at, &field);
	at += field;

	if (protocol == PPP_IP && !skb_ensure_writable(frame, at + sizeof(struct iphdr)))
		IP_ECN_set_ce((struct iphdr *)(frame->data + at));
	else if (protocol == PPP_IPV6 && !skb_ensure_writable(frame, at + sizeof(struct ipv6hdr)))
		IP6_ECN_set_ce(frame, (struct ipv6hdr *)(frame->data + at));
}
