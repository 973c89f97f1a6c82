/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IP packet around a GRE packet: its header, and the metadata that make all
 * packets of a call one flow.
 */
#ifndef KPPTP_PACKET_H
#define KPPTP_PACKET_H

#include <linux/types.h>

struct dst_entry;
struct kpptp_call;
struct sk_buff;

/**
 * kpptp_packet_build - put an IP header before a GRE header
 * @call: the call
 * @skb: the packet, data at its GRE header, with room for an IP header
 * @dst: the route, for which no reference is taken
 * @tos: type of service
 *
 * IP adds the length and the checksum on output.
 * Context: under send.lock; bottom halves stay off until the packet has left or
 * has got its own reference to @dst.
 */
void kpptp_packet_build(struct kpptp_call *call, struct sk_buff *skb,
			struct dst_entry *dst, u8 tos);

#endif /* KPPTP_PACKET_H */
