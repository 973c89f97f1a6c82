// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests of the local socket: a table of members for each operation. */
#include "local_request.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <string.h>

#include "addr.h"
#include "field.h"

/* Maximum nesting of a request; the deepest valid one has 2. */
#define JSON_DEPTH 8

/**
 * struct member - one member of a request
 * @name: as in JSON
 * @required: without it the request is refused
 * @type: its JSON type
 * @read: stores it; returns 0 or -EINVAL
 */
struct member {
	const char *name;
	bool required;
	enum json_type type;
	int (*read)(struct json_object *value, struct kpptp_local_request *request,
		    struct kpptp_error *error);
};

static int get_address(const char *name, struct json_object *value, struct in_addr *addr,
		       struct kpptp_error *error)
{
	struct kpptp_error why;

	if (!json_object_is_type(value, json_type_string) ||
	    kpptp_addr_parse(json_object_get_string(value), addr, &why) < 0)
		return kpptp_fail(error, -EINVAL, "\"%s\": %.80s is not a numeric IPv4 address",
				  name, json_object_to_json_string(value));
	return 0;
}

static int get_number(const char *name, struct json_object *value, int min, uint16_t *number,
		      struct kpptp_error *error)
{
	int64_t n = json_object_get_int64(value);

	if (n < min || n > UINT16_MAX)
		return kpptp_fail(error, -EINVAL, "\"%s\": %.80s is not in the range %d to 65535",
				  name, json_object_to_json_string(value), min);
	*number = n;
	return 0;
}

static int read_servers(struct json_object *value, struct kpptp_local_request *request,
			struct kpptp_error *error)
{
	struct kpptp_dialer_request *dial = &request->dial;
	size_t i, count = json_object_array_length(value);

	if (count < 1 || count > KPPTP_API_SERVERS_MAX)
		return kpptp_fail(error, -EINVAL, "\"%s\": expected 1 to %d addresses, got %zu",
				  KPPTP_API_SERVERS, KPPTP_API_SERVERS_MAX, count);
	for (i = 0; i < count; i++)
		if (get_address(KPPTP_API_SERVERS, json_object_array_get_idx(value, i),
				&dial->servers[i], error) < 0)
			return -EINVAL;
	dial->count = count;
	return 0;
}

static int read_port(struct json_object *value, struct kpptp_local_request *request,
		     struct kpptp_error *error)
{
	return get_number(KPPTP_API_PORT, value, 1, &request->dial.port, error);
}

static int read_source(struct json_object *value, struct kpptp_local_request *request,
		       struct kpptp_error *error)
{
	return get_address(KPPTP_API_LOCAL, value, &request->dial.local, error);
}

static int get_phone(const char *name, struct json_object *value,
		     char number[KPPTP_API_NUMBER_MAX + 1], struct kpptp_error *error)
{
	const char *text = json_object_get_string(value);
	size_t len = json_object_get_string_len(value);

	if (len > KPPTP_API_NUMBER_MAX || strlen(text) != len)
		return kpptp_fail(error, -EINVAL, "\"%s\": expected at most %d bytes", name,
				  KPPTP_API_NUMBER_MAX);
	memcpy(number, text, len + 1);
	return 0;
}

static int read_phone(struct json_object *value, struct kpptp_local_request *request,
		      struct kpptp_error *error)
{
	return get_phone(KPPTP_API_NUMBER, value, request->dial.number, error);
}

static int read_dialing(struct json_object *value, struct kpptp_local_request *request,
			struct kpptp_error *error)
{
	return get_phone(KPPTP_API_DIALING, value, request->dial.dialing_number, error);
}

static int read_physical(struct json_object *value, struct kpptp_local_request *request,
			 struct kpptp_error *error)
{
	int64_t n = json_object_get_int64(value);

	if (n < 0 || n > INT32_MAX)
		return kpptp_fail(error, -EINVAL, "\"%s\": %.80s is not a channel index",
				  KPPTP_API_PHYSICAL, json_object_to_json_string(value));
	request->dial.physical_channel = n;
	return 0;
}

static int read_window(struct json_object *value, struct kpptp_local_request *request,
		       struct kpptp_error *error)
{
	return get_number(KPPTP_API_WINDOW, value, 1, &request->dial.window, error);
}

static int read_flow(struct json_object *value, struct kpptp_local_request *request,
		     struct kpptp_error *error)
{
	const char *name = json_object_get_string(value);

	if (kpptp_flow_control_parse(name, &request->dial.flow_control) < 0)
		return kpptp_fail(error, -EINVAL,
				  "\"%s\": \"%.40s\" is not adaptive, strict or off",
				  KPPTP_API_FLOW_CONTROL, name);
	return 0;
}

static int read_local(struct json_object *value, struct kpptp_local_request *request,
		      struct kpptp_error *error)
{
	return get_address(KPPTP_API_LOCAL, value, &request->hangup.local, error);
}

static int read_peer(struct json_object *value, struct kpptp_local_request *request,
		     struct kpptp_error *error)
{
	return get_address(KPPTP_API_PEER, value, &request->hangup.peer, error);
}

static int read_id(struct json_object *value, struct kpptp_local_request *request,
		   struct kpptp_error *error)
{
	return get_number(KPPTP_API_ID, value, 0, &request->hangup.id, error);
}

#define CALL_MEMBERS                                                                               \
	{ KPPTP_API_SERVERS, true, json_type_array, read_servers },                                \
		{ KPPTP_API_PORT, false, json_type_int, read_port },                               \
		{ KPPTP_API_LOCAL, false, json_type_string, read_source },                         \
		{ KPPTP_API_NUMBER, false, json_type_string, read_phone },                         \
		{ KPPTP_API_WINDOW, false, json_type_int, read_window },                           \
	{                                                                                          \
		KPPTP_API_FLOW_CONTROL, false, json_type_string, read_flow                         \
	}

static const struct member dial_members[] = {
	CALL_MEMBERS,
	{ 0 },
};

static const struct member offer_members[] = {
	CALL_MEMBERS,
	{ KPPTP_API_DIALING, false, json_type_string, read_dialing },
	{ KPPTP_API_PHYSICAL, false, json_type_int, read_physical },
	{ 0 },
};

static const struct member hangup_members[] = {
	{ KPPTP_API_LOCAL, true, json_type_string, read_local },
	{ KPPTP_API_PEER, true, json_type_string, read_peer },
	{ KPPTP_API_ID, true, json_type_int, read_id },
	{ 0 },
};

static const struct member no_members[] = {
	{ 0 },
};

static const struct {
	const char *name;
	enum kpptp_local_request_op op;
	const struct member *members;
} ops[] = {
	{ KPPTP_API_OP_DIAL, KPPTP_LOCAL_REQUEST_DIAL, dial_members },
	{ KPPTP_API_OP_OFFER, KPPTP_LOCAL_REQUEST_OFFER, offer_members },
	{ KPPTP_API_OP_HANGUP, KPPTP_LOCAL_REQUEST_HANGUP, hangup_members },
	{ KPPTP_API_OP_SHOW, KPPTP_LOCAL_REQUEST_SHOW, no_members },
	{ KPPTP_API_OP_EVENTS, KPPTP_LOCAL_REQUEST_EVENTS, no_members },
};

static int check_known(struct json_object *object, const char *op, const struct member *members,
		       struct kpptp_error *error)
{
	json_object_object_foreach(object, name, value)
	{
		const struct member *m = members;

		(void)value;
		if (strcmp(name, KPPTP_API_OP) == 0)
			continue;
		while (m->name && strcmp(m->name, name) != 0)
			m++;
		if (!m->name)
			return kpptp_fail(error, -EINVAL, "unknown member \"%.40s\" of \"%s\"",
					  name, op);
	}
	return 0;
}

static int read_members(struct json_object *object, const char *op, const struct member *members,
			struct kpptp_local_request *request, struct kpptp_error *error)
{
	const struct member *m;
	struct json_object *value;

	for (m = members; m->name; m++) {
		if (!json_object_object_get_ex(object, m->name, &value)) {
			if (!m->required)
				continue;
			return kpptp_fail(error, -EINVAL, "\"%s\" lacks the member \"%s\"", op,
					  m->name);
		}
		if (!json_object_is_type(value, m->type))
			return kpptp_fail(error, -EINVAL, "\"%s\": expected type %s, got %s",
					  m->name, json_type_to_name(m->type),
					  json_type_to_name(json_object_get_type(value)));
		if (m->read(value, request, error) < 0)
			return -EINVAL;
	}
	return 0;
}

static int read_request(struct json_object *object, struct kpptp_local_request *request,
			struct kpptp_error *error)
{
	struct json_object *op;
	const char *name;
	size_t i;

	if (!json_object_is_type(object, json_type_object))
		return kpptp_fail(error, -EINVAL, "expected a JSON object");
	if (!json_object_object_get_ex(object, KPPTP_API_OP, &op) ||
	    !json_object_is_type(op, json_type_string))
		return kpptp_fail(error, -EINVAL, "expected a member \"op\" that is a string");
	name = json_object_get_string(op);
	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (strcmp(ops[i].name, name) != 0)
			continue;
		request->op = ops[i].op;
		request->dial.role = request->op == KPPTP_LOCAL_REQUEST_OFFER ? KPPTP_CALL_PAC_IN
									      : KPPTP_CALL_PNS_OUT;
		if (check_known(object, name, ops[i].members, error) < 0)
			return -EINVAL;
		return read_members(object, name, ops[i].members, request, error);
	}
	return kpptp_fail(error, -EINVAL,
			  "unknown op \"%.40s\": expected dial, offer, hangup, show or events",
			  name);
}

int kpptp_local_request_parse(const char *line, size_t len, struct kpptp_local_request *request,
			      struct kpptp_error *error)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *object;
	enum json_tokener_error err;
	size_t used;
	int ret;

	if (!tokener)
		return kpptp_fail(error, -EINVAL, "out of memory");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, line, len);
	/* A number at the end of the text could continue: mark the end. */
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		object = json_tokener_parse_ex(tokener, "", -1);
	err = json_tokener_get_error(tokener);
	used = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (err != json_tokener_success)
		return kpptp_fail(error, -EINVAL, "bad JSON at byte %zu: %s", used,
				  json_tokener_error_desc(err));
	if (used < len && strspn(line + used, " \t\r") < len - used) {
		json_object_put(object);
		return kpptp_fail(error, -EINVAL,
				  "bad JSON at byte %zu: trailing data after the object", used);
	}
	ret = read_request(object, request, error);
	json_object_put(object);
	return ret;
}
