// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl dial and hangup: calls through the daemon. The connection that
 * dialled owns the call, so dial stays until the call ends or it is killed.
 */
#include "ctl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <json-c/json.h>

#include "addr.h"
#include "api.h"
#include "args.h"
#include "format.h"

struct dial_args {
	struct kpptp_dial dial;
	uint64_t port;
	uint64_t window;
};

static int parse_pair(const char *name, const char *text,
		      struct dial_args *args, struct kpptp_error *error)
{
	if (!strcmp(name, "port"))
		return args_parse_number(name, text, 1, UINT16_MAX, &args->port,
					 error);
	if (!strcmp(name, "window"))
		return args_parse_number(name, text, 1, UINT16_MAX,
					 &args->window, error);
	if (!strcmp(name, "local"))
		return kpptp_addr_parse(text, &args->dial.local, error);
	if (!strcmp(name, "number"))
		args->dial.number = text;
	else if (!strcmp(name, "flow-control"))
		args->dial.flow_control = text;
	else
		return kpptp_fail(error, -EINVAL, "unknown argument '%s'",
				  name);
	return 0;
}

static int parse_dial(int argc, char **argv, struct dial_args *args,
		      struct kpptp_error *error)
{
	int i, err;

	memset(args, 0, sizeof(*args));
	if (!argc)
		return kpptp_fail(error, -EINVAL,
				  "the host to dial is missing");
	args->dial.host = argv[0];
	for (i = 1; i < argc; i += 2) {
		if (i + 1 == argc)
			return kpptp_fail(error, -EINVAL, "'%s' wants a value",
					  argv[i]);
		err = parse_pair(argv[i], argv[i + 1], args, error);
		if (err)
			return err;
	}
	args->dial.port = args->port;
	args->dial.window = args->window;
	return 0;
}

static void print_dialled(const struct kpptp_dialled *dialled)
{
	struct kpptp_call_info info = {
		.conf = {
			.present = ARGS_KEY | KPPTP_HAS(PEER_ID) |
				   KPPTP_HAS(CHANNEL),
			.local = dialled->local,
			.peer = dialled->peer,
			.id = dialled->id,
			.peer_id = dialled->peer_id,
		},
		.channel = dialled->channel,
	};
	struct json_object *object;
	char seconds[32];

	if (ctl_options.json) {
		object = format_call_json(&info);
		/* The daemon's socket owns it, which this cannot tell. */
		json_object_object_del(object, "owned");
		snprintf(seconds, sizeof(seconds), "%.3f", dialled->seconds);
		json_object_object_add(
			object, KPPTP_API_SECONDS,
			json_object_new_double_s(dialled->seconds, seconds));
		format_json(stdout, object);
	} else {
		format_call_line(stdout, &info);
	}
	fflush(stdout);
}

static int keep_call(struct kpptp_api *api, const struct kpptp_dial *dial,
		     struct kpptp_error *error)
{
	struct kpptp_dialled dialled;
	struct kpptp_error reason;
	int err;

	err = kpptp_api_dial(api, dial, &dialled, error);
	if (err)
		return err;
	print_dialled(&dialled);
	err = kpptp_api_wait(api, -1, &reason, error);
	/* Nobody asked for the end, so it is a failure all the same. */
	return err ? err
		   : kpptp_fail(error, -ECONNRESET, "the call ended: %s",
				reason.text);
}

int ctl_dial(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_error error;
	struct dial_args args;
	struct kpptp_api *api;
	int err;

	if (parse_dial(argc, argv, &args, &error))
		return ctl_usage(command, &error);
	if (kpptp_api_open(&api, ctl_options.socket, &error))
		return ctl_fail(&error);
	err = keep_call(api, &args.dial, &error);
	kpptp_api_close(api);
	return err ? ctl_fail(&error) : CTL_OK;
}

int ctl_hangup(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_call_key key;
	struct kpptp_error error;
	struct kpptp_api *api;
	int err;

	if (args_parse_key(argc, argv, &key, &error))
		return ctl_usage(command, &error);
	if (kpptp_api_open(&api, ctl_options.socket, &error))
		return ctl_fail(&error);
	err = kpptp_api_hangup(api, &key, &error);
	kpptp_api_close(api);
	return err ? ctl_fail(&error) : CTL_OK;
}
