/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the IP packet of the tunnel and the one that it carries tell each other
 * of service and congestion, where the latter can be seen: in a frame that is
 * neither encrypted nor compressed.
 *
 * Outwards only the DSCP goes. The ECN field is Not-ECT, since no PPTP peer can
 * say that it heeds marks of congestion: the compatibility mode of RFC 6040
 * section 4.3. Inwards a mark is heeded, though, if a peer let it happen.
 */
#ifndef KPPTP_TOS_H
#define KPPTP_TOS_H

#include <linux/types.h>

struct sk_buff;

/**
 * kpptp_tos_inherit - the type of service to send a frame with
 * @frame: from its two-octet protocol field on
 *
 * Return: the DSCP of its IPv4 or IPv6 packet, in the upper six bits; 0 if it
 * has none that can be seen.
 */
u8 kpptp_tos_inherit(const struct sk_buff *frame);

/**
 * kpptp_tos_congested - tell a received packet that it met congestion
 * @frame: as it came, address, control and half the protocol perhaps left out
 *
 * A packet inside whose transport heeds such marks gets one. Others are let
 * through as they are, though RFC 6040 section 4.2 would drop them: a lost frame
 * may cost MPPE or a compressor its state, and a peer that asks for marks which
 * the packet cannot carry has broken the rules first.
 */
void kpptp_tos_congested(struct sk_buff *frame);

#endif /* KPPTP_TOS_H */
