/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kpptpctl doctor: does an expression of a rule match a packet? Pure. */
#ifndef KPPTPCTL_DOCTOR_MATCH_H
#define KPPTPCTL_DOCTOR_MATCH_H

struct json_object;
struct doctor_packet;

/* In this order, the lesser of two is what both together say. */
enum doctor_match {
	DOCTOR_MATCH_NO,
	DOCTOR_MATCH_MAYBE,
	DOCTOR_MATCH_YES,
};

/**
 * struct doctor_sets - where names of sets are looked up
 * @ruleset: the whole ruleset
 * @family: of the table that the rule is in
 * @table: its name
 */
struct doctor_sets {
	struct json_object *ruleset;
	const char *family;
	const char *table;
};

/**
 * doctor_match() - an expression "match"
 * @match: its value: {"op":..., "left":..., "right":...}
 */
enum doctor_match doctor_match(struct json_object *match, const struct doctor_packet *packet,
			       const struct doctor_sets *sets);

/**
 * doctor_match_value() - is the packet's value of a left side among those of a
 *	right side?
 */
enum doctor_match doctor_match_value(struct json_object *left, struct json_object *right,
				     const struct doctor_packet *packet,
				     const struct doctor_sets *sets);

#endif /* KPPTPCTL_DOCTOR_MATCH_H */
