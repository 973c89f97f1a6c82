// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: what a firewall would do to a packet, see doctor_rules.h. */
#include "doctor_rules.h"

#include <stdio.h>
#include <string.h>
#include <json-c/json.h>

#include "doctor_match.h"

/* The kernel refuses jump loops; be safe anyway. */
#define DEPTH_MAX 16

enum verdict { CONTINUE, RETURN, ACCEPT, DROP };

/* A packet traversing a base chain. */
struct walk {
	const struct doctor_packet *packet;
	struct doctor_sets sets;
	unsigned int depth;
	bool unsure; /* a rule that may match would have accepted it */
};

static const char *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(object, name, &value) &&
			       json_object_is_type(value, json_type_string)
		       ? json_object_get_string(value)
		       : "";
}

static enum verdict walk_chain(struct walk *walk, const char *name);

/* The verdict of a rule that may match: note that it could accept, and go on. */
static enum verdict perhaps(struct walk *walk, enum verdict verdict)
{
	if (verdict == ACCEPT)
		walk->unsure = true;
	return CONTINUE;
}

static enum verdict jump(struct walk *walk, struct json_object *statement, bool is_goto)
{
	enum verdict verdict = walk_chain(walk, member(statement, "target"));

	if (verdict == CONTINUE || verdict == RETURN)
		return is_goto ? RETURN : CONTINUE;
	return verdict;
}

/* A statement's verdict; CONTINUE if it has none. */
static enum verdict statement_verdict(struct walk *walk, struct json_object *expression)
{
	struct json_object *value;

	if (json_object_object_get_ex(expression, "accept", NULL) ||
	    json_object_object_get_ex(expression, "queue", NULL))
		return ACCEPT;
	if (json_object_object_get_ex(expression, "drop", NULL) ||
	    json_object_object_get_ex(expression, "reject", NULL))
		return DROP;
	if (json_object_object_get_ex(expression, "return", NULL))
		return RETURN;
	if (json_object_object_get_ex(expression, "jump", &value))
		return jump(walk, value, false);
	if (json_object_object_get_ex(expression, "goto", &value))
		return jump(walk, value, true);
	return CONTINUE;
}

/* {"key":..., "data":{"set":[[VALUE, VERDICT], ...]}} */
static enum verdict vmap_verdict(struct walk *walk, struct json_object *vmap)
{
	struct json_object *key, *data, *pair;
	enum doctor_match match;
	enum verdict verdict;
	size_t i;

	if (!json_object_object_get_ex(vmap, "key", &key) ||
	    !json_object_object_get_ex(vmap, "data", &data) ||
	    !json_object_object_get_ex(data, "set", &data) ||
	    !json_object_is_type(data, json_type_array))
		return perhaps(walk, ACCEPT);
	for (i = 0; i < json_object_array_length(data); i++) {
		pair = json_object_array_get_idx(data, i);
		if (!json_object_is_type(pair, json_type_array))
			continue;
		match = doctor_match_value(key, json_object_array_get_idx(pair, 0), walk->packet,
					   &walk->sets);
		if (match == DOCTOR_MATCH_NO)
			continue;
		verdict = statement_verdict(walk, json_object_array_get_idx(pair, 1));
		if (match == DOCTOR_MATCH_YES)
			return verdict;
		perhaps(walk, verdict);
	}
	return CONTINUE;
}

/* Statements without condition or verdict. */
static bool is_harmless(struct json_object *expression)
{
	static const char *const names[] = { "counter", "log", "mangle",
					     "notrack", "set", "ct helper" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_object_object_get_ex(expression, names[i], NULL))
			return true;
	return false;
}

static enum verdict walk_rule(struct walk *walk, struct json_object *rule)
{
	enum doctor_match all = DOCTOR_MATCH_YES, one;
	struct json_object *list, *expression, *value;
	enum verdict verdict = CONTINUE;
	size_t i;

	if (!json_object_object_get_ex(rule, "expr", &list))
		return CONTINUE;
	for (i = 0; i < json_object_array_length(list); i++) {
		expression = json_object_array_get_idx(list, i);
		if (json_object_object_get_ex(expression, "match", &value)) {
			one = doctor_match(value, walk->packet, &walk->sets);
			if (one == DOCTOR_MATCH_NO)
				return CONTINUE;
			if (one < all)
				all = one;
			continue;
		}
		if (is_harmless(expression))
			continue;
		if (json_object_object_get_ex(expression, "vmap", &value))
			verdict = vmap_verdict(walk, value);
		else
			verdict = statement_verdict(walk, expression);
		/* Unknown statements, such as "limit", are conditions. */
		if (verdict == CONTINUE && !json_object_object_get_ex(expression, "jump", NULL) &&
		    !json_object_object_get_ex(expression, "vmap", NULL))
			all = DOCTOR_MATCH_MAYBE;
	}
	return all == DOCTOR_MATCH_YES ? verdict : perhaps(walk, verdict);
}

static bool is_in_table(struct json_object *object, const struct walk *walk)
{
	return !strcmp(member(object, "family"), walk->sets.family) &&
	       !strcmp(member(object, "table"), walk->sets.table);
}

static enum verdict walk_chain(struct walk *walk, const char *name)
{
	enum verdict verdict = CONTINUE;
	struct json_object *item, *rule;
	size_t i;

	if (walk->depth == DEPTH_MAX)
		return perhaps(walk, ACCEPT);
	walk->depth++;
	for (i = 0; i < json_object_array_length(walk->sets.ruleset) && verdict == CONTINUE; i++) {
		item = json_object_array_get_idx(walk->sets.ruleset, i);
		if (json_object_object_get_ex(item, "rule", &rule) && is_in_table(rule, walk) &&
		    !strcmp(member(rule, "chain"), name))
			verdict = walk_rule(walk, rule);
	}
	walk->depth--;
	return verdict;
}

static bool is_base_chain(struct json_object *chain, const struct doctor_packet *packet)
{
	const char *family = member(chain, "family");

	return !strcmp(member(chain, "type"), "filter") &&
	       !strcmp(member(chain, "hook"), packet->hook) &&
	       (!strcmp(family, "ip") || !strcmp(family, "inet"));
}

static enum doctor_fate walk_base_chain(struct json_object *ruleset, struct json_object *chain,
					const struct doctor_packet *packet, bool *policy)
{
	struct walk walk = {
		.packet = packet,
		.sets = { ruleset, member(chain, "family"), member(chain, "table") },
	};
	enum verdict verdict = walk_chain(&walk, member(chain, "name"));

	*policy = verdict == CONTINUE || verdict == RETURN;
	if (*policy && !strcmp(member(chain, "policy"), "drop"))
		verdict = DROP;
	if (verdict != DROP)
		return DOCTOR_FATE_PASS;
	return walk.unsure ? DOCTOR_FATE_UNSURE : DOCTOR_FATE_DROP;
}

enum doctor_fate doctor_rules_fate(struct json_object *ruleset, const struct doctor_packet *packet,
				   char *name, bool *policy)
{
	enum doctor_fate worst = DOCTOR_FATE_PASS, fate;
	struct json_object *chain;
	bool by_policy;
	size_t i;

	/* A packet must pass all base chains; report the most certain drop. */
	for (i = 0; i < json_object_array_length(ruleset); i++) {
		if (!json_object_object_get_ex(json_object_array_get_idx(ruleset, i), "chain",
					       &chain) ||
		    !is_base_chain(chain, packet))
			continue;
		fate = walk_base_chain(ruleset, chain, packet, &by_policy);
		if (fate == DOCTOR_FATE_PASS || worst == DOCTOR_FATE_DROP || fate == worst)
			continue;
		worst = fate;
		*policy = by_policy;
		snprintf(name, DOCTOR_CHAIN_SIZE, "%.16s %.48s %.48s", member(chain, "family"),
			 member(chain, "table"), member(chain, "name"));
	}
	return worst;
}
