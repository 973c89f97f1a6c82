/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Merge received packets before they go to PPP, with the kernel's own GRO.
 *
 * GRE with sequence numbers cannot be merged, but what was in it can be, once it is in
 * order. Packets pass through a NAPI instance of a device that nobody sees, as frames
 * of a link layer of our own: their header has the call, so that packets of two calls
 * are never merged.
 */
#ifndef KPPTP_GRO_H
#define KPPTP_GRO_H

#include <linux/types.h>

struct kpptp_call;
struct napi_struct;
struct net_device;
struct sk_buff;

/**
 * kpptp_gro_receive - pass an IP packet on, merged with others
 * @call: the call
 * @napi: the NAPI instance, of kpptp_gro_setup()'s device
 * @skb: the PPP frame, from its protocol field on; consumed if the result is true
 * @type: its Ethernet type
 * @field: length of its protocol field
 *
 * PPP gets it before the poll of @napi ends, provided that this flushes.
 * Context: the poll of @napi.
 * Return: false if out of memory.
 */
bool kpptp_gro_receive(struct kpptp_call *call, struct napi_struct *napi, struct sk_buff *skb,
		       __be16 type, unsigned int field);

/**
 * kpptp_gro_setup - begin to merge
 * @dev: the device of the NAPI instances
 */
void kpptp_gro_setup(struct net_device *dev);

/**
 * kpptp_gro_cleanup - the reverse
 *
 * Context: process; sleeps.
 */
void kpptp_gro_cleanup(void);

#endif /* KPPTP_GRO_H */
