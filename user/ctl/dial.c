// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl dial, offer and hangup: calls through the daemon. The connection to
 * the daemon owns the call, so dial and offer run until the call ends or they
 * are killed.
 */
#include "ctl.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <json-c/json.h>

#include "addr.h"
#include "api.h"
#include "args.h"
#include "channel.h"
#include "format.h"

/**
 * struct dial_args - the command line of dial and offer
 * @offer: dial uses only its @call
 * @port: for @offer.call, whose field is narrower
 * @window: likewise
 * @channel: likewise, for @offer
 * @has_channel: @channel was given
 */
struct dial_args {
	struct kpptp_offer offer;
	uint64_t port;
	uint64_t window;
	uint64_t channel;
	bool has_channel;
};

static int parse_pair(const char *name, const char *text, struct dial_args *args,
		      struct kpptp_error *error)
{
	struct kpptp_dial *call = &args->offer.call;

	if (!strcmp(name, "port"))
		return args_parse_number(name, text, 1, UINT16_MAX, &args->port, error);
	if (!strcmp(name, "window"))
		return args_parse_number(name, text, 1, UINT16_MAX, &args->window, error);
	if (!strcmp(name, "local"))
		return kpptp_addr_parse(text, &call->local, error);
	if (!strcmp(name, "number"))
		call->number = text;
	else if (!strcmp(name, "flow-control"))
		call->flow_control = text;
	else
		return kpptp_fail(error, -EINVAL, "unknown argument '%s'", name);
	return 0;
}

static int parse_offer_pair(const char *name, const char *text, struct dial_args *args,
			    struct kpptp_error *error)
{
	if (!strcmp(name, "channel")) {
		args->has_channel = true;
		return args_parse_number(name, text, 0, INT32_MAX, &args->channel, error);
	}
	if (strcmp(name, "dialing-number"))
		return parse_pair(name, text, args, error);
	args->offer.dialing_number = text;
	return 0;
}

static int parse_call(int argc, char **argv, struct dial_args *args,
		      int (*parse)(const char *name, const char *text, struct dial_args *args,
				   struct kpptp_error *error),
		      struct kpptp_error *error)
{
	struct kpptp_dial *call = &args->offer.call;
	int i, err;

	memset(args, 0, sizeof(*args));
	if (!argc)
		return kpptp_fail(error, -EINVAL, "the host is missing");
	call->host = argv[0];
	for (i = 1; i < argc; i += 2) {
		if (i + 1 == argc)
			return kpptp_fail(error, -EINVAL, "'%s' needs a value", argv[i]);
		err = parse(argv[i], argv[i + 1], args, error);
		if (err)
			return err;
	}
	call->port = args->port;
	call->window = args->window;
	args->offer.channel = args->channel;
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
		/* The daemon's socket owns the call; the flag is not known here. */
		json_object_object_del(object, "owned");
		snprintf(seconds, sizeof(seconds), "%.3f", dialled->seconds);
		json_object_object_add(object, KPPTP_API_SECONDS,
				       json_object_new_double_s(dialled->seconds, seconds));
		format_json(stdout, object);
	} else {
		format_call_line(stdout, &info);
	}
	fflush(stdout);
}

/*
 * Wait until the call ends, or the channel @fd does (-1: none). Either end is
 * unrequested, hence a failure.
 */
static int keep_call(struct kpptp_api *api, int fd, struct kpptp_error *error)
{
	struct pollfd pfds[] = { { .fd = kpptp_api_fd(api), .events = POLLIN }, { .fd = fd } };
	struct kpptp_error reason;
	int err;

	for (;;) {
		err = kpptp_api_wait(api, 0, &reason, error);
		if (!err)
			return kpptp_fail(error, -ECONNRESET, "the call ended: %s", reason.text);
		if (err != -EAGAIN)
			return err;
		if (pfds[1].revents)
			return kpptp_fail(error, -ENXIO, "the PPP channel is gone: hanging up");
		if (poll(pfds, 2, -1) < 0 && errno != EINTR)
			return kpptp_fail(error, -errno, "cannot wait for the call to end: %s",
					  strerror(errno));
	}
}

static int dial(struct kpptp_api *api, const struct kpptp_dial *call, struct kpptp_error *error)
{
	struct kpptp_dialled dialled;
	int err;

	err = kpptp_api_dial(api, call, &dialled, error);
	if (err)
		return err;
	print_dialled(&dialled);
	return keep_call(api, -1, error);
}

/* @fd: descriptor of the channel that is offered */
static int offer_channel(struct kpptp_api *api, const struct kpptp_offer *offer, int fd,
			 struct kpptp_error *error)
{
	struct kpptp_dialled dialled;
	int err;

	err = kpptp_api_offer(api, offer, &dialled, error);
	if (!err)
		err = kpptp_channel_bridge(fd, dialled.channel, error);
	if (err)
		return err;
	print_dialled(&dialled);
	return keep_call(api, fd, error);
}

/* Attach to the channel first, so a missing one is not offered. */
static int offer(struct kpptp_api *api, const struct kpptp_offer *offer, struct kpptp_error *error)
{
	int fd = kpptp_channel_attach(offer->channel, error);
	int err;

	if (fd < 0)
		return fd;
	err = offer_channel(api, offer, fd, error);
	close(fd);
	return err;
}

int ctl_dial(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_error error;
	struct dial_args args;
	struct kpptp_api *api;
	int err;

	if (parse_call(argc, argv, &args, parse_pair, &error))
		return ctl_usage(command, &error);
	if (kpptp_api_open(&api, ctl_options.socket, &error))
		return ctl_fail(&error);
	err = dial(api, &args.offer.call, &error);
	kpptp_api_close(api);
	return err ? ctl_fail(&error) : CTL_OK;
}

int ctl_offer(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_error error;
	struct dial_args args;
	struct kpptp_api *api;
	int err;

	err = parse_call(argc, argv, &args, parse_offer_pair, &error);
	if (!err && !args.has_channel)
		err = kpptp_fail(&error, -EINVAL, "'channel' is missing");
	if (err)
		return ctl_usage(command, &error);
	if (kpptp_api_open(&api, ctl_options.socket, &error))
		return ctl_fail(&error);
	err = offer(api, &args.offer, &error);
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
