// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: does a rule's expression match a packet? */
#include "doctor_match.h"

#include <stdbool.h>
#include <string.h>
#include <json-c/json.h>

#include "doctor_rules.h"

/* The packet field that a left side refers to. */
struct value {
	enum doctor_match known; /* NO: the packet has no such field */
	const char *text; /* one name for it, or NULL */
	bool numeric;
	unsigned int number;
};

static const struct value unknown = { .known = DOCTOR_MATCH_MAYBE };
static const struct value absent = { .known = DOCTOR_MATCH_NO };

static struct value text_value(const char *text)
{
	return (struct value){ .known = DOCTOR_MATCH_YES, .text = text };
}

static struct value number_value(const char *text, unsigned int number)
{
	return (struct value){
		.known = DOCTOR_MATCH_YES, .text = text, .numeric = true, .number = number
	};
}

static const char *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, name, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "";
	return json_object_get_string(value);
}

static struct value payload_value(struct json_object *payload, const struct doctor_packet *packet)
{
	const char *protocol = member(payload, "protocol");
	const char *field = member(payload, "field");

	if (!strcmp(protocol, "ip"))
		return !strcmp(field, "protocol") ? number_value(packet->protocol, packet->number)
						  : unknown;
	if (!strcmp(protocol, "th") || !strcmp(protocol, packet->protocol))
		return !strcmp(field, "dport") ? number_value(NULL, packet->port) : unknown;
	if (!*protocol || !strcmp(protocol, "ether") || !strcmp(protocol, "vlan"))
		return unknown;
	/* nft tests the protocol first: others do not match. */
	return absent;
}

static struct value meta_value(struct json_object *meta, const struct doctor_packet *packet)
{
	const char *key = member(meta, "key");

	if (!strcmp(key, "l4proto"))
		return number_value(packet->protocol, packet->number);
	if (!strcmp(key, "nfproto"))
		return text_value("ipv4");
	if (!strcmp(key, "protocol"))
		return text_value("ip");
	return unknown;
}

static struct value value_of(struct json_object *left, const struct doctor_packet *packet)
{
	struct json_object *inner;

	if (json_object_object_get_ex(left, "payload", &inner))
		return payload_value(inner, packet);
	if (json_object_object_get_ex(left, "meta", &inner))
		return meta_value(inner, packet);
	if (json_object_object_get_ex(left, "ct", &inner) && !strcmp(member(inner, "key"), "state"))
		return text_value("new");
	return unknown;
}

/* The interfaces are unknown, but never loopback. */
static bool is_interface(struct json_object *left)
{
	struct json_object *meta;
	const char *key;

	if (!json_object_object_get_ex(left, "meta", &meta))
		return false;
	key = member(meta, "key");
	return !strcmp(key, "iifname") || !strcmp(key, "iif") || !strcmp(key, "oifname") ||
	       !strcmp(key, "oif");
}

static struct json_object *find_set(const char *name, const struct doctor_sets *sets)
{
	struct json_object *item, *set, *elements;
	size_t i;

	for (i = 0; i < json_object_array_length(sets->ruleset); i++) {
		item = json_object_array_get_idx(sets->ruleset, i);
		if (json_object_object_get_ex(item, "set", &set) &&
		    !strcmp(member(set, "name"), name) &&
		    !strcmp(member(set, "family"), sets->family) &&
		    !strcmp(member(set, "table"), sets->table))
			return json_object_object_get_ex(set, "elem", &elements) ? elements : NULL;
	}
	return NULL;
}

static enum doctor_match compare(const struct value *value, struct json_object *right,
				 const struct doctor_sets *sets);

static enum doctor_match any_of(const struct value *value, struct json_object *list,
				const struct doctor_sets *sets)
{
	enum doctor_match best = DOCTOR_MATCH_NO, one;
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++) {
		one = compare(value, json_object_array_get_idx(list, i), sets);
		if (one > best)
			best = one;
	}
	return best;
}

static enum doctor_match in_range(const struct value *value, struct json_object *range)
{
	struct json_object *low = json_object_array_get_idx(range, 0);
	struct json_object *high = json_object_array_get_idx(range, 1);

	if (!value->numeric || !json_object_is_type(low, json_type_int) ||
	    !json_object_is_type(high, json_type_int))
		return DOCTOR_MATCH_MAYBE;
	return value->number >= (unsigned int)json_object_get_int(low) &&
			       value->number <= (unsigned int)json_object_get_int(high)
		       ? DOCTOR_MATCH_YES
		       : DOCTOR_MATCH_NO;
}

static enum doctor_match compare_object(const struct value *value, struct json_object *right,
					const struct doctor_sets *sets)
{
	struct json_object *inner;

	if (json_object_object_get_ex(right, "set", &inner))
		return compare(value, inner, sets);
	if (json_object_object_get_ex(right, "range", &inner) &&
	    json_object_is_type(inner, json_type_array))
		return in_range(value, inner);
	/* An element with a timeout or a comment. */
	if (json_object_object_get_ex(right, "elem", &inner) &&
	    json_object_object_get_ex(inner, "val", &inner))
		return compare(value, inner, sets);
	return DOCTOR_MATCH_MAYBE;
}

static enum doctor_match compare_text(const struct value *value, const char *text,
				      const struct doctor_sets *sets)
{
	struct json_object *elements;

	if (*text == '@') {
		elements = find_set(text + 1, sets);
		return elements ? compare(value, elements, sets) : DOCTOR_MATCH_NO;
	}
	/* A service name, if nft does not write numbers. */
	if (!value->text)
		return DOCTOR_MATCH_MAYBE;
	return strcmp(value->text, text) ? DOCTOR_MATCH_NO : DOCTOR_MATCH_YES;
}

static enum doctor_match compare(const struct value *value, struct json_object *right,
				 const struct doctor_sets *sets)
{
	switch (json_object_get_type(right)) {
	case json_type_array:
		return any_of(value, right, sets);
	case json_type_object:
		return compare_object(value, right, sets);
	case json_type_string:
		return compare_text(value, json_object_get_string(right), sets);
	case json_type_int:
		if (!value->numeric)
			return DOCTOR_MATCH_MAYBE;
		return value->number == (unsigned int)json_object_get_int(right) ? DOCTOR_MATCH_YES
										 : DOCTOR_MATCH_NO;
	default:
		return DOCTOR_MATCH_MAYBE;
	}
}

enum doctor_match doctor_match_value(struct json_object *left, struct json_object *right,
				     const struct doctor_packet *packet,
				     const struct doctor_sets *sets)
{
	struct value value = value_of(left, packet);

	if (is_interface(left))
		return json_object_is_type(right, json_type_string) &&
				       !strcmp(json_object_get_string(right), "lo")
			       ? DOCTOR_MATCH_NO
			       : DOCTOR_MATCH_MAYBE;
	return value.known == DOCTOR_MATCH_YES ? compare(&value, right, sets) : value.known;
}

enum doctor_match doctor_match(struct json_object *match, const struct doctor_packet *packet,
			       const struct doctor_sets *sets)
{
	const char *op = member(match, "op");
	struct json_object *left, *right;
	enum doctor_match result;

	if (!json_object_object_get_ex(match, "left", &left) ||
	    !json_object_object_get_ex(match, "right", &right))
		return DOCTOR_MATCH_MAYBE;
	/* A field that the packet lacks does not match "!=" either. */
	if (!is_interface(left) && value_of(left, packet).known == DOCTOR_MATCH_NO)
		return DOCTOR_MATCH_NO;
	result = doctor_match_value(left, right, packet, sets);
	if (!strcmp(op, "==") || !strcmp(op, "in") || !*op)
		return result;
	if (strcmp(op, "!=") || result == DOCTOR_MATCH_MAYBE)
		return DOCTOR_MATCH_MAYBE;
	return result == DOCTOR_MATCH_NO ? DOCTOR_MATCH_YES : DOCTOR_MATCH_NO;
}
