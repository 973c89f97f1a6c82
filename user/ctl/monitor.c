// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl monitor: events as they happen, one per line. JSON events of the
 * kernel: {"time":SECONDS,"event":"new|changed|deleted","call":{...}}, the call as
 * in "show"; and {"time":SECONDS,"event":"lost"} if some were lost. The daemon's
 * events are those of api.h plus the time; {"time":SECONDS,"event":"daemon-gone"}
 * is the last.
 */
#include "ctl.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <json-c/json.h>

#include "api.h"
#include "format.h"
#include "nl.h"
#include "tunnels.h"

/**
 * struct sources - where events come from
 * @nl: the kernel; NULL if calls are not wanted
 * @api: the daemon; NULL if tunnels are not wanted, or it does not run
 */
struct sources {
	struct kpptp_nl *nl;
	struct kpptp_api *api;
};

static const char *event_name(uint8_t cmd)
{
	switch (cmd) {
	case KPPTP_CMD_CALL_NEW_NTF:
		return "new";
	case KPPTP_CMD_CALL_SET_NTF:
		return "changed";
	default:
		return "deleted";
	}
}

static void add_time(struct json_object *event, const struct timespec *now)
{
	char seconds[64];

	snprintf(seconds, sizeof(seconds), "%lld.%06ld", (long long)now->tv_sec,
		 now->tv_nsec / 1000);
	json_object_object_add(event, "time",
			       json_object_new_double_s(now->tv_sec + now->tv_nsec / 1e9, seconds));
}

static void print_time(const struct timespec *now)
{
	char text[16];
	struct tm tm;

	if (localtime_r(&now->tv_sec, &tm) && strftime(text, sizeof(text), "%T", &tm))
		printf("%s.%03ld ", text, now->tv_nsec / 1000000);
}

/* A kernel event; without a call, human-readable output is @remark. */
static void print_event(const char *name, const struct kpptp_call_info *info, const char *remark)
{
	struct json_object *event;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ctl_options.json) {
		event = json_object_new_object();
		add_time(event, &now);
		json_object_object_add(event, "event", json_object_new_string(name));
		if (info)
			json_object_object_add(event, "call", format_call_json(info));
		format_json(stdout, event);
		return;
	}
	print_time(&now);
	printf("%-7s ", name);
	if (info)
		format_call_line(stdout, info);
	else
		printf("%s\n", remark);
}

static void on_event(uint8_t cmd, const struct kpptp_call_info *info, void *ctx)
{
	(void)ctx;
	print_event(event_name(cmd), info, NULL);
}

static int from_kernel(struct kpptp_nl *nl, struct kpptp_error *error)
{
	int err = kpptp_nl_receive(nl, on_event, NULL, error);

	if (err != -ENOBUFS)
		return err;
	print_event("lost", NULL,
		    "events came too fast and some are lost; 'kpptpctl show calls' shows the current state");
	return 0;
}

/* Consumes the reference. */
static void print_daemon_event(struct json_object *event)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ctl_options.json) {
		add_time(event, &now);
		format_json(stdout, event);
		return;
	}
	print_time(&now);
	tunnels_print_event(stdout, event);
	json_object_put(event);
}

/* Without the daemon, calls are still monitored if wanted. */
static int from_daemon(struct sources *sources, struct kpptp_error *error)
{
	struct json_object *event;
	int err;

	while (!(err = kpptp_api_event(sources->api, &event, error)))
		print_daemon_event(event);
	if (err == -EAGAIN)
		return 0;
	if (!sources->nl)
		return err;
	print_event("daemon-gone", NULL, error->text);
	kpptp_api_close(sources->api);
	sources->api = NULL;
	return 0;
}

static int watch(struct sources *sources, struct kpptp_error *error)
{
	int err = 0;

	while (!err) {
		/* poll() ignores negative descriptors. */
		struct pollfd fds[] = {
			{ .fd = sources->nl ? kpptp_nl_event_fd(sources->nl) : -1,
			  .events = POLLIN },
			{ .fd = sources->api ? kpptp_api_fd(sources->api) : -1, .events = POLLIN },
		};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return kpptp_fail(error, -errno, "cannot wait for events: %s",
					  strerror(errno));
		if (fds[0].revents)
			err = from_kernel(sources->nl, error);
		if (!err && fds[1].revents)
			err = from_daemon(sources, error);
		/* Flush now for readers of a pipe. */
		if (!err && fflush(stdout))
			err = kpptp_fail(error, -errno, "cannot write to standard output: %s",
					 strerror(errno));
	}
	return err;
}

static int open_calls(struct sources *sources, struct kpptp_error *error)
{
	int err = kpptp_nl_open(&sources->nl, error);

	return err ? err : kpptp_nl_subscribe(sources->nl, error);
}

static int open_tunnels(struct sources *sources, struct kpptp_error *error)
{
	int err = kpptp_api_open(&sources->api, ctl_options.socket, error);

	return err ? err : kpptp_api_subscribe(sources->api, error);
}

/* It is no error if the daemon does not run, unless its socket was given. */
static int open_all(struct sources *sources, struct kpptp_error *error)
{
	int err = open_calls(sources, error);

	if (err)
		return err;
	err = open_tunnels(sources, error);
	return err && ctl_no_daemon(err) && !ctl_options.socket ? 0 : err;
}

int ctl_monitor(const struct ctl_command *command, int argc, char **argv)
{
	int (*open_sources)(struct sources * sources, struct kpptp_error * error);
	struct sources sources = { NULL };
	struct kpptp_error error;
	int err;

	if (!argc) {
		open_sources = open_all;
	} else if (argc == 1 && !strcmp(argv[0], "calls")) {
		open_sources = open_calls;
	} else if (argc == 1 && !strcmp(argv[0], "tunnels")) {
		open_sources = open_tunnels;
	} else {
		kpptp_fail(&error, 0, "cannot monitor '%s'", argv[argc - 1]);
		return ctl_usage(command, &error);
	}
	err = open_sources(&sources, &error);
	if (!err)
		err = watch(&sources, &error);
	kpptp_nl_close(sources.nl);
	kpptp_api_close(sources.api);
	return err ? ctl_fail(&error) : CTL_OK;
}
