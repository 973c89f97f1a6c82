// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl monitor: events of calls as they happen, one line each. In JSON:
 * {"time":SECONDS,"event":"new|changed|deleted","call":{...}}, the call as
 * "show" has it; and {"time":SECONDS,"event":"lost"} when some were lost.
 */
#include "ctl.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <json-c/json.h>

#include "format.h"
#include "nl.h"

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

static void print_json_event(const struct timespec *now, const char *name,
			     struct json_object *call)
{
	struct json_object *event = json_object_new_object();
	char seconds[64];

	snprintf(seconds, sizeof(seconds), "%lld.%06ld", (long long)now->tv_sec,
		 now->tv_nsec / 1000);
	json_object_object_add(
		event, "time",
		json_object_new_double_s(now->tv_sec + now->tv_nsec / 1e9,
					 seconds));
	json_object_object_add(event, "event", json_object_new_string(name));
	if (call)
		json_object_object_add(event, "call", call);
	format_json(stdout, event);
}

static void print_time(const struct timespec *now)
{
	char text[16];
	struct tm tm;

	if (localtime_r(&now->tv_sec, &tm) &&
	    strftime(text, sizeof(text), "%T", &tm))
		printf("%s.%03ld ", text, now->tv_nsec / 1000000);
}

static void print_event(const char *name, const struct kpptp_call_info *info)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ctl_options.json) {
		print_json_event(&now, name,
				 info ? format_call_json(info) : NULL);
	} else {
		print_time(&now);
		printf("%-8s", name);
		if (info)
			format_call_line(stdout, info);
		else
			printf("events came too fast; 'kpptpctl show calls' tells how it is now\n");
	}
}

static void on_event(uint8_t cmd, const struct kpptp_call_info *info, void *ctx)
{
	(void)ctx;
	print_event(event_name(cmd), info);
}

static int watch(struct kpptp_nl *nl, struct kpptp_error *error)
{
	struct pollfd pfd = { .fd = kpptp_nl_event_fd(nl), .events = POLLIN };
	int err;

	for (;;) {
		if (poll(&pfd, 1, -1) < 0 && errno != EINTR)
			return kpptp_fail(error, -errno,
					  "cannot wait for events: %s",
					  strerror(errno));
		err = kpptp_nl_receive(nl, on_event, NULL, error);
		if (err == -ENOBUFS)
			print_event("lost", NULL);
		else if (err)
			return err;
		/* Whoever reads us through a pipe wants it now. */
		if (fflush(stdout))
			return kpptp_fail(error, -errno,
					  "cannot write to standard output: %s",
					  strerror(errno));
	}
}

int ctl_monitor(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_error error;
	struct kpptp_nl *nl;
	int err;

	if (argc) {
		kpptp_fail(&error, 0, "unknown argument '%s'", argv[0]);
		return ctl_usage(command, &error);
	}
	if (kpptp_nl_open(&nl, &error))
		return ctl_fail(&error);
	err = kpptp_nl_subscribe(nl, &error);
	if (!err)
		err = watch(nl, &error);
	kpptp_nl_close(nl);
	return err ? ctl_fail(&error) : CTL_OK;
}
