// SPDX-License-Identifier: GPL-2.0-or-later
/* The requests to the daemon, from plain structs and back. */
#include "api.h"

#include <errno.h>
#include <string.h>
#include <arpa/inet.h>
#include <json-c/json.h>

#include "addr.h"
#include "json.h"
#include "nl.h"

static struct json_object *new_request(const char *op)
{
	struct json_object *request = json_object_new_object();

	kpptp_json_add_text(request, KPPTP_API_OP, op);
	return request;
}

/* Send a request, drop its reference, and get its reply. */
static int run(struct kpptp_api *api, struct json_object *request, struct json_object **reply,
	       struct kpptp_error *error)
{
	int err = kpptp_api_request(api, request, reply, error);

	json_object_put(request);
	return err;
}

static int fail_member(const char *name, struct kpptp_error *error)
{
	return kpptp_fail(error, -EBADMSG, "kpptpd's reply lacks a valid '%s'", name);
}

static int get_number(struct json_object *reply, const char *name, int64_t max, int64_t *number,
		      struct kpptp_error *error)
{
	struct json_object *value;

	if (!json_object_object_get_ex(reply, name, &value) ||
	    !json_object_is_type(value, json_type_int))
		return fail_member(name, error);
	*number = json_object_get_int64(value);
	return *number < 0 || *number > max ? fail_member(name, error) : 0;
}

static int get_addr(struct json_object *reply, const char *name, struct in_addr *addr,
		    struct kpptp_error *error)
{
	struct json_object *value;

	if (!json_object_object_get_ex(reply, name, &value) ||
	    !json_object_is_type(value, json_type_string) ||
	    kpptp_addr_parse(json_object_get_string(value), addr, NULL))
		return fail_member(name, error);
	return 0;
}

static int read_dialled(struct json_object *reply, struct kpptp_dialled *dialled,
			struct kpptp_error *error)
{
	int64_t id = 0, peer_id = 0, channel = 0;
	struct json_object *seconds;
	int err;

	err = get_number(reply, KPPTP_API_ID, UINT16_MAX, &id, error);
	if (!err)
		err = get_number(reply, KPPTP_API_PEER_ID, UINT16_MAX, &peer_id, error);
	if (!err)
		err = get_number(reply, KPPTP_API_CHANNEL, INT32_MAX, &channel, error);
	if (!err)
		err = get_addr(reply, KPPTP_API_LOCAL, &dialled->local, error);
	if (!err)
		err = get_addr(reply, KPPTP_API_PEER, &dialled->peer, error);
	if (err)
		return err;
	dialled->id = id;
	dialled->peer_id = peer_id;
	dialled->channel = channel;
	dialled->seconds = 0;
	if (json_object_object_get_ex(reply, KPPTP_API_SECONDS, &seconds))
		dialled->seconds = json_object_get_double(seconds);
	return 0;
}

static struct json_object *resolve_servers(const char *host, struct kpptp_error *error)
{
	struct in_addr addrs[KPPTP_API_SERVERS_MAX];
	char text[INET_ADDRSTRLEN];
	struct json_object *list;
	int i, n;

	n = kpptp_addr_resolve(host, addrs, KPPTP_API_SERVERS_MAX, error);
	if (n < 0)
		return NULL;
	list = json_object_new_array();
	for (i = 0; i < n; i++) {
		inet_ntop(AF_INET, &addrs[i], text, sizeof(text));
		json_object_array_add(list, json_object_new_string(text));
	}
	return list;
}

static int check_number(const char *number, struct kpptp_error *error)
{
	if (number && strlen(number) > KPPTP_API_NUMBER_MAX)
		return kpptp_fail(error, -EINVAL, "the number '%s' is longer than %d bytes", number,
				  KPPTP_API_NUMBER_MAX);
	return 0;
}

static int check_dial(const struct kpptp_dial *dial, struct kpptp_error *error)
{
	uint32_t mode;

	if (dial->flow_control && kpptp_flow_control_parse(dial->flow_control, &mode))
		return kpptp_fail(error, -EINVAL,
				  "flow-control '%s' is not off, strict or adaptive",
				  dial->flow_control);
	return check_number(dial->number, error);
}

static struct json_object *call_request(const char *op, const struct kpptp_dial *dial,
					struct kpptp_error *error)
{
	struct json_object *request, *servers;

	servers = resolve_servers(dial->host, error);
	if (!servers)
		return NULL;
	request = new_request(op);
	json_object_object_add(request, KPPTP_API_SERVERS, servers);
	if (dial->port)
		kpptp_json_add_number(request, KPPTP_API_PORT, dial->port);
	if (dial->local.s_addr != htonl(INADDR_ANY))
		kpptp_json_add_address(request, KPPTP_API_LOCAL, dial->local);
	if (dial->number)
		kpptp_json_add_text(request, KPPTP_API_NUMBER, dial->number);
	if (dial->window)
		kpptp_json_add_number(request, KPPTP_API_WINDOW, dial->window);
	if (dial->flow_control)
		kpptp_json_add_text(request, KPPTP_API_FLOW_CONTROL, dial->flow_control);
	return request;
}

/* Consumes the reference to @request. */
static int make_call(struct kpptp_api *api, struct json_object *request,
		     struct kpptp_dialled *dialled, struct kpptp_error *error)
{
	struct json_object *reply;
	int err;

	err = run(api, request, &reply, error);
	if (err)
		return err;
	err = read_dialled(reply, dialled, error);
	json_object_put(reply);
	return err;
}

int kpptp_api_dial(struct kpptp_api *api, const struct kpptp_dial *dial,
		   struct kpptp_dialled *dialled, struct kpptp_error *error)
{
	struct json_object *request;
	int err;

	err = check_dial(dial, error);
	if (err)
		return err;
	request = call_request(KPPTP_API_OP_DIAL, dial, error);
	if (!request)
		return -EHOSTUNREACH;
	return make_call(api, request, dialled, error);
}

int kpptp_api_offer(struct kpptp_api *api, const struct kpptp_offer *offer,
		    struct kpptp_dialled *dialled, struct kpptp_error *error)
{
	struct json_object *request;
	int err;

	err = check_dial(&offer->call, error);
	if (!err)
		err = check_number(offer->dialing_number, error);
	if (err)
		return err;
	request = call_request(KPPTP_API_OP_OFFER, &offer->call, error);
	if (!request)
		return -EHOSTUNREACH;
	kpptp_json_add_number(request, KPPTP_API_PHYSICAL, offer->channel);
	if (offer->dialing_number)
		kpptp_json_add_text(request, KPPTP_API_DIALING, offer->dialing_number);
	return make_call(api, request, dialled, error);
}

int kpptp_api_hangup(struct kpptp_api *api, const struct kpptp_call_key *key,
		     struct kpptp_error *error)
{
	struct json_object *request = new_request(KPPTP_API_OP_HANGUP);
	struct json_object *reply;
	int err;

	kpptp_json_add_address(request, KPPTP_API_LOCAL, key->local);
	kpptp_json_add_address(request, KPPTP_API_PEER, key->peer);
	kpptp_json_add_number(request, KPPTP_API_ID, key->id);
	err = run(api, request, &reply, error);
	if (!err)
		json_object_put(reply);
	return err;
}

int kpptp_api_show(struct kpptp_api *api, struct json_object **tunnels, struct kpptp_error *error)
{
	struct json_object *reply, *list;
	int err;

	err = run(api, new_request(KPPTP_API_OP_SHOW), &reply, error);
	if (err)
		return err;
	if (json_object_object_get_ex(reply, KPPTP_API_TUNNELS, &list) &&
	    json_object_is_type(list, json_type_array))
		*tunnels = json_object_get(list);
	else
		err = fail_member(KPPTP_API_TUNNELS, error);
	json_object_put(reply);
	return err;
}

int kpptp_api_subscribe(struct kpptp_api *api, struct kpptp_error *error)
{
	struct json_object *reply;
	int err;

	err = run(api, new_request(KPPTP_API_OP_EVENTS), &reply, error);
	if (!err)
		json_object_put(reply);
	return err;
}
