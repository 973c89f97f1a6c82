// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON output of calls and counters. */
#include "format.h"

#include <json-c/json.h>

static struct json_object *value_json(const struct kpptp_field *field, enum kpptp_unit unit,
				      const void *base)
{
	uint64_t value = kpptp_field_get(field, base);
	char text[FORMAT_SIZE];

	switch (unit) {
	case KPPTP_UNIT_FLAG:
		return json_object_new_boolean(value);
	case KPPTP_UNIT_IPV4:
	case KPPTP_UNIT_FLOW_CONTROL:
	case KPPTP_UNIT_REASON:
	case KPPTP_UNIT_DEVICE:
	case KPPTP_UNIT_DSCP:
	case KPPTP_UNIT_DF:
		return json_object_new_string(format_value(unit, value, text));
	default:
		return json_object_new_uint64(value);
	}
}

static void add_table(struct json_object *object, const struct kpptp_field *table, const void *base)
{
	const struct kpptp_field *field;

	for (field = table; field->name; field++)
		json_object_object_add(object, field->name, value_json(field, field->unit, base));
}

struct json_object *format_call_json(const struct kpptp_call_info *info)
{
	struct json_object *object = json_object_new_object();
	/* A deletion event has no configuration; otherwise a missing flag means false. */
	bool flags = !(info->conf.present & KPPTP_HAS(REASON));
	const struct kpptp_field *field;
	struct json_object *stats;

	for (field = kpptp_call_fields; field->name; field++)
		if (info->conf.present & (1U << field->attr) ||
		    (flags && field->unit == KPPTP_UNIT_FLAG))
			json_object_object_add(object, field->name,
					       value_json(field, format_unit(field, info), info));
	if (info->conf.present & KPPTP_HAS(STATS)) {
		stats = json_object_new_object();
		add_table(stats, kpptp_call_stats_fields, &info->stats);
		json_object_object_add(object, "stats", stats);
	}
	return object;
}

struct json_object *format_net_json(const struct kpptp_net_stats *stats)
{
	struct json_object *object = json_object_new_object();

	add_table(object, kpptp_net_fields, stats);
	return object;
}

void format_json(FILE *out, struct json_object *object)
{
	fprintf(out, "%s\n",
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
							       JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}
