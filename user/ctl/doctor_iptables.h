/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kpptpctl doctor: rules of iptables, in the words of nftables. Pure. */
#ifndef KPPTPCTL_DOCTOR_IPTABLES_H
#define KPPTPCTL_DOCTOR_IPTABLES_H

struct json_object;

/**
 * doctor_iptables_rules() - translate what iptables-save prints
 * @text: of the table "filter"
 *
 * Conditions other than protocol, destination port, interface and connection
 * state become one that nobody understands.
 *
 * Return: a ruleset as doctor_rules.h has it; the caller has a reference.
 */
struct json_object *doctor_iptables_rules(const char *text);

#endif /* KPPTPCTL_DOCTOR_IPTABLES_H */
