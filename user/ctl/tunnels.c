// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Human-readable output of the daemon's tunnels and their events. Host names,
 * vendors and numbers come from the peer; api.h says how they are sanitized.
 */
#include "tunnels.h"

#include <string.h>
#include <time.h>
#include <json-c/json.h>

#include "api.h"
#include "format.h"

#define NAME_WIDTH 21

static void print_value(FILE *out, struct json_object *value)
{
	if (json_object_is_type(value, json_type_boolean))
		fputs(json_object_get_boolean(value) ? "yes" : "no", out);
	else
		fputs(json_object_get_string(value), out);
}

static void print_since(FILE *out, struct json_object *value)
{
	time_t since = json_object_get_int64(value);
	char text[64];
	struct tm tm;

	if (localtime_r(&since, &tm) && strftime(text, sizeof(text), "%F %T", &tm))
		fputs(text, out);
}

/* " name value", if the object has it. */
static void print_word(FILE *out, struct json_object *object, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, name, &value))
		return;
	fprintf(out, " %s ", name);
	print_value(out, value);
}

/* Likewise, for a text that may contain blanks. */
static void print_quoted(FILE *out, struct json_object *object, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, name, &value))
		return;
	fprintf(out, " %s ", name);
	fputs(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
							    JSON_C_TO_STRING_NOSLASHESCAPE),
	      out);
}

static void print_call(FILE *out, struct json_object *call)
{
	static const char *const names[] = {
		KPPTP_API_ID,	KPPTP_API_PEER_ID, KPPTP_API_CHANNEL,
		KPPTP_API_ROLE, KPPTP_API_STATE,   KPPTP_API_PPP_PID,
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		print_word(out, call, names[i]);
	print_quoted(out, call, KPPTP_API_NUMBER);
	print_quoted(out, call, KPPTP_API_DIALING);
}

/* "local A peer B", and the port if it has one. */
static void print_ends(FILE *out, struct json_object *object)
{
	print_word(out, object, KPPTP_API_LOCAL);
	print_word(out, object, KPPTP_API_PEER);
	print_word(out, object, KPPTP_API_PORT);
}

static void print_details(FILE *out, struct json_object *tunnel)
{
	static const char *const names[] = {
		KPPTP_API_ROLE,	     KPPTP_API_ORIGINATOR, KPPTP_API_STATE,
		KPPTP_API_HOST_NAME, KPPTP_API_VENDOR,	   KPPTP_API_SINCE,
	};
	struct json_object *value;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!json_object_object_get_ex(tunnel, names[i], &value))
			continue;
		fprintf(out, "    %-*s ", NAME_WIDTH, names[i]);
		if (!strcmp(names[i], KPPTP_API_SINCE))
			print_since(out, value);
		else
			print_value(out, value);
		fputc('\n', out);
	}
}

static void print_tunnel(FILE *out, struct json_object *tunnel)
{
	struct json_object *calls;
	size_t i;

	fprintf(out, "%stunnel", format_bold(out, true));
	print_ends(out, tunnel);
	fprintf(out, "%s\n", format_bold(out, false));
	print_details(out, tunnel);
	if (!json_object_object_get_ex(tunnel, KPPTP_API_CALLS, &calls) ||
	    !json_object_is_type(calls, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(calls); i++) {
		fprintf(out, "    call");
		print_call(out, json_object_array_get_idx(calls, i));
		fputc('\n', out);
	}
}

void tunnels_print(FILE *out, struct json_object *tunnels, int *shown)
{
	size_t i;

	for (i = 0; i < json_object_array_length(tunnels); i++) {
		if ((*shown)++)
			fputc('\n', out);
		print_tunnel(out, json_object_array_get_idx(tunnels, i));
	}
}

void tunnels_print_event(FILE *out, struct json_object *event)
{
	struct json_object *object;

	/* In the column where monitor prints the kernel's event names. */
	if (json_object_object_get_ex(event, KPPTP_API_EVENT, &object))
		fprintf(out, "%-7s", json_object_get_string(object));
	if (json_object_object_get_ex(event, KPPTP_API_TUNNEL, &object)) {
		print_ends(out, object);
		print_word(out, object, KPPTP_API_STATE);
	} else if (json_object_object_get_ex(event, KPPTP_API_CALL, &object)) {
		print_ends(out, event);
		print_call(out, object);
	}
	if (json_object_object_get_ex(event, KPPTP_API_TEXT, &object)) {
		fputs(": ", out);
		print_value(out, object);
	}
	fputc('\n', out);
}
