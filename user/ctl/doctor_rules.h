/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpptpctl doctor: what a firewall would do to a packet that it never saw. The
 * rules are followed as the kernel would follow them, as far as what is known
 * of the packet decides. Pure: the ruleset is an argument.
 *
 * A ruleset is what "nft -j list ruleset" prints, see libnftables-json(5).
 */
#ifndef KPPTPCTL_DOCTOR_RULES_H
#define KPPTPCTL_DOCTOR_RULES_H

#include <stdbool.h>

struct json_object;

/**
 * struct doctor_packet - the first packet of a kind, IPv4, from or to a peer
 * @hook: "input" or "output"
 * @protocol: "gre" or "tcp"
 * @number: of the protocol
 * @port: destination port of TCP; of GRE what is in its place
 *
 * Its connection state is "new": conntrack cannot match the two directions of
 * PPTP's GRE without its helper for PPTP, so that they are not established.
 */
struct doctor_packet {
	const char *hook;
	const char *protocol;
	unsigned int number;
	unsigned int port;
};

/**
 * enum doctor_fate - what becomes of a packet
 * @DOCTOR_FATE_UNSURE: dropped, unless a rule before it accepts some packets
 */
enum doctor_fate {
	DOCTOR_FATE_PASS,
	DOCTOR_FATE_DROP,
	DOCTOR_FATE_UNSURE,
};

#define DOCTOR_CHAIN_SIZE 128

/**
 * doctor_rules_fate() - follow the rules
 * @chain: filled, unless the packet passes, with the base chain that drops it,
 *	as nft names it: "inet filter input"
 * @policy: whether the chain's policy drops it rather than a rule
 */
enum doctor_fate doctor_rules_fate(struct json_object *ruleset, const struct doctor_packet *packet,
				   char *chain, bool *policy);

#endif /* KPPTPCTL_DOCTOR_RULES_H */
