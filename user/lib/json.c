// SPDX-License-Identifier: GPL-2.0-or-later
/* Members of a JSON object. */
#include "json.h"

#include <arpa/inet.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

void kpptp_json_add_text(struct json_object *to, const char *name,
			 const char *text)
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

void kpptp_json_add_number(struct json_object *to, const char *name,
			   int64_t number)
{
	json_object_object_add(to, name, json_object_new_int64(number));
}

void kpptp_json_add_address(struct json_object *to, const char *name,
			    struct in_addr addr)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	kpptp_json_add_text(to, name, text);
}
