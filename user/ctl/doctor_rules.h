/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpptpctl doctor: simulate what a firewall would do to a packet. The rules are
 * evaluated as in the kernel, as far as the known fields of the packet allow.
 * Pure: the ruleset is an argument.
 *
 * A probe would be exact, but only for one packet from one peer at one moment: whether
 * packets of some peer pass is for the rules to say.
 *
 * A ruleset is the output of "nft -j list ruleset", see libnftables-json(5).
 */
#ifndef KPPTPCTL_DOCTOR_RULES_H
#define KPPTPCTL_DOCTOR_RULES_H

#include <stdbool.h>

struct json_object;

/**
 * struct doctor_packet - the first IPv4 packet of a kind, from or to a peer
 * @hook: "input" or "output"
 * @protocol: "gre" or "tcp"
 * @number: protocol number
 * @port: destination port of TCP; for GRE, the field at the same offset
 *
 * Its connection state is "new": without its PPTP helper, conntrack cannot match
 * the two directions of PPTP's GRE, so they are not established.
 */
struct doctor_packet {
	const char *hook;
	const char *protocol;
	unsigned int number;
	unsigned int port;
};

/**
 * enum doctor_fate - what happens to a packet
 * @DOCTOR_FATE_UNSURE: dropped, unless a rule before it accepts some packets
 */
enum doctor_fate {
	DOCTOR_FATE_PASS,
	DOCTOR_FATE_DROP,
	DOCTOR_FATE_UNSURE,
};

#define DOCTOR_CHAIN_SIZE 128

/**
 * doctor_rules_fate() - evaluate the rules
 * @chain: unless the packet passes, filled with the base chain that drops it, as
 *	nft names it: "inet filter input"
 * @policy: whether the chain's policy drops it rather than a rule
 */
enum doctor_fate doctor_rules_fate(struct json_object *ruleset, const struct doctor_packet *packet,
				   char *chain, bool *policy);

#endif /* KPPTPCTL_DOCTOR_RULES_H */
