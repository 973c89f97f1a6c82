/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copy DSCP and congestion marks between outer and inner IP packets, if the inner
 * one is visible: in a frame that is neither encrypted nor compressed.
 *
 * On transmit only the DSCP is copied. The outer ECN field is Not-ECT, as PPTP has
 * no way for a peer to say that it handles congestion marks: the compatibility mode
 * of RFC 6040 section 4.3. On receive a mark is passed on if the peer's packets can
 * get one.
 */
#ifndef KPPTP_TOS_H
#define KPPTP_TOS_H

#include <linux/types.h>

struct sk_buff;

/**
 * kpptp_tos_inherit - the outer type of service for a frame
 * @frame: the frame, starting at its two-byte protocol field
 *
 * Return: the DSCP of its IPv4 or IPv6 packet, in the upper six bits; 0 if no such
 * packet is visible.
 */
u8 kpptp_tos_inherit(const struct sk_buff *frame);

/**
 * kpptp_tos_congested - mark a received inner packet that met congestion
 * @frame: as received; address, control and half the protocol may be compressed
 *
 * An ECN-capable inner packet is marked CE. Others pass unchanged, although RFC 6040
 * section 4.2 would drop them: a lost frame may cost MPPE or a compressor its state,
 * and a peer that sets ECT outside a packet that cannot be marked broke the rules
 * first.
 */
void kpptp_tos_congested(struct sk_buff *frame);

#endif /* KPPTP_TOS_H */
