// SPDX-License-Identifier: GPL-2.0-or-later
/* Members of a JSON object. */
#include "json.h"

#include <arpa/inet.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

void kpptp_json_add_text(struct json_object *to, const char *name, const char *text)
{
	struct json_object *string;
	char *clean = strdup(text);

	if (!clean)
		return;
	kpptp_text_clean(clean);
	string = json_object_new_string(clean);
	free(clean);
	json_object_object_add(to, name, string);
}

void kpptp_json_add_number(struct json_object *to, const char *name, int64_t number)
{
	json_object_object_add(to, name, json_object_new_int64(number));
}

void kpptp_json_add_address(struct json_object *to, const char *name, struct in_addr addr)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	kpptp_json_add_text(to, name, text);
}

static bool is_clean(const char *text)
{
	char *clean = strdup(text);
	bool same;

	if (!clean)
		return false;
	kpptp_text_clean(clean);
	same = !strcmp(clean, text);
	free(clean);
	return same;
}

/* A NUL ends the text: anything after it is dropped. */
static bool clean_text(struct json_object *value)
{
	char *clean = strdup(json_object_get_string(value));

	if (!clean)
		return false;
	kpptp_text_clean(clean);
	json_object_set_string(value, clean);
	free(clean);
	return true;
}

static bool clean_array(struct json_object *array)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (!kpptp_json_clean(json_object_array_get_idx(array, i)))
			return false;
	return true;
}

bool kpptp_json_clean(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_string:
		return clean_text(value);
	case json_type_array:
		return clean_array(value);
	case json_type_object: {
		json_object_object_foreach(value, name,
					   member) if (!is_clean(name) ||
						       !kpptp_json_clean(member)) return false;
		return true;
	}
	default:
		return true;
	}
}
