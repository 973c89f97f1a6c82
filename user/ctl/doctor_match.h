/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kpptpctl doctor: does a rule's expression match a packet? Pure. */
#ifndef KPPTPCTL_DOCTOR_MATCH_H
#define KPPTPCTL_DOCTOR_MATCH_H

struct json_object;
struct doctor_packet;

/* Ordered: the minimum of two is their conjunction. */
enum doctor_match {
	DOCTOR_MATCH_NO,
	DOCTOR_MATCH_MAYBE,
	DOCTOR_MATCH_YES,
};

/**
 * struct doctor_sets - where set names are looked up
 * @ruleset: the whole ruleset
 * @family: family of the rule's table
 * @table: name of the rule's table
 */
struct doctor_sets {
	struct json_object *ruleset;
	const char *family;
	const char *table;
};

/**
 * doctor_match() - evaluate a "match" expression
 * @match: its value: {"op":..., "left":..., "right":...}
 */
enum doctor_match doctor_match(struct json_object *match, const struct doctor_packet *packet,
			       const struct doctor_sets *sets);

/**
 * doctor_match_value() - is the packet's value for a left side among those of a
 *	right side?
 */
enum doctor_match doctor_match_value(struct json_object *left, struct json_object *right,
				     const struct doctor_packet *packet,
				     const struct doctor_sets *sets);

#endif /* KPPTPCTL_DOCTOR_MATCH_H */
