/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kpptpctl doctor: iptables rules, translated to nftables. Pure. */
#ifndef KPPTPCTL_DOCTOR_IPTABLES_H
#define KPPTPCTL_DOCTOR_IPTABLES_H

struct json_object;

/**
 * doctor_iptables_rules() - translate the output of iptables-save
 * @text: the output for the table "filter"
 *
 * Conditions other than protocol, destination port, interface and connection
 * state become an unknown condition.
 *
 * Return: a ruleset as in doctor_rules.h; the caller owns a reference.
 */
struct json_object *doctor_iptables_rules(const char *text);

#endif /* KPPTPCTL_DOCTOR_IPTABLES_H */
