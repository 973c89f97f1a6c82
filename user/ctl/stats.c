// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl stats: the counters of calls and the namespace, in the format of "show",
 * once or every few seconds, updated in place on a terminal; or in the Prometheus
 * exposition format.
 */
#include "ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <json-c/json.h>

#include "args.h"
#include "format.h"
#include "nl.h"
#include "prometheus.h"

/* Home the cursor and erase everything after it (ECMA-48). */
#define TERMINAL_CLEAR "\033[H\033[J"

struct stats_args {
	uint64_t interval; /* seconds; 0 = once */
	bool prometheus;
};

static int parse(int argc, char **argv, struct stats_args *args, struct kpptp_error *error)
{
	int i, err;

	memset(args, 0, sizeof(*args));
	for (i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--prometheus")) {
			args->prometheus = true;
		} else if (!strcmp(argv[i], "-w") && i + 1 < argc) {
			err = args_parse_number("-w", argv[++i], 1, 86400, &args->interval, error);
			if (err)
				return err;
		} else if (!strcmp(argv[i], "-w")) {
			return kpptp_fail(error, -EINVAL, "'-w' needs a number of seconds");
		} else {
			return kpptp_fail(error, -EINVAL, "unknown argument '%s'", argv[i]);
		}
	}
	if (args->prometheus && args->interval)
		return kpptp_fail(error, -EINVAL,
				  "'-w' and '--prometheus' cannot be combined: the scraper repeats");
	return 0;
}

static int add_call(const struct kpptp_call_info *info, void *ctx)
{
	json_object_array_add(ctx, format_call_json(info));
	return 0;
}

static int print_call(const struct kpptp_call_info *info, void *ctx)
{
	(void)ctx;
	format_call(stdout, info);
	printf("\n");
	return 0;
}

static int print_json(struct kpptp_nl *nl, const struct kpptp_net_stats *net,
		      struct kpptp_error *error)
{
	struct json_object *document = json_object_new_object();
	struct json_object *calls = json_object_new_array();
	int err;

	json_object_object_add(document, "calls", calls);
	json_object_object_add(document, "net", format_net_json(net));
	err = kpptp_nl_call_dump(nl, add_call, calls, error);
	if (err)
		json_object_put(document);
	else
		format_json(stdout, document);
	return err;
}

static int print_once(struct kpptp_nl *nl, const struct stats_args *args, struct kpptp_error *error)
{
	struct kpptp_net_stats net;
	int err;

	err = kpptp_nl_net_get(nl, &net, error);
	if (err)
		return err;
	if (args->prometheus)
		return prometheus_print(stdout, nl, &net, error);
	if (ctl_options.json)
		return print_json(nl, &net, error);
	err = kpptp_nl_call_dump(nl, print_call, NULL, error);
	if (!err)
		format_net(stdout, &net);
	return err;
}

/* Print the separator before each round but the first, on a terminal before all. */
static void print_start(const struct stats_args *args, bool first)
{
	char date[64];
	time_t now;

	if (!args->interval || ctl_options.json)
		return;
	if (!isatty(STDOUT_FILENO)) {
		if (!first)
			printf("\n");
		return;
	}
	now = time(NULL);
	strftime(date, sizeof(date), "%c", localtime(&now));
	printf(TERMINAL_CLEAR "Every %" PRIu64 " s: %s\n\n", args->interval, date);
}

int ctl_stats(const struct ctl_command *command, int argc, char **argv)
{
	struct stats_args args;
	struct kpptp_error error;
	struct kpptp_nl *nl;
	int err;

	if (parse(argc, argv, &args, &error))
		return ctl_usage(command, &error);
	if (kpptp_nl_open(&nl, &error))
		return ctl_fail(&error);
	if (args.interval) /* print each round at once, not line by line */
		setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	print_start(&args, true);
	err = print_once(nl, &args, &error);
	while (!err && args.interval && !fflush(stdout)) {
		sleep(args.interval);
		print_start(&args, false);
		err = print_once(nl, &args, &error);
	}
	kpptp_nl_close(nl);
	return err ? ctl_fail(&error) : CTL_OK;
}
