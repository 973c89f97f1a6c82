// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl show: calls and counters from the kernel, tunnels from the daemon.
 * Without an argument, show all three; then it is no error if the daemon does not
 * run, as calls can be created without it.
 */
#include "ctl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <json-c/json.h>

#include "api.h"
#include "format.h"
#include "nl.h"
#include "tunnels.h"

static int show_call(const struct kpptp_call_info *info, void *ctx)
{
	int *shown = ctx;

	if ((*shown)++)
		printf("\n");
	format_call(stdout, info);
	return 0;
}

static int add_call(const struct kpptp_call_info *info, void *ctx)
{
	json_object_array_add(ctx, format_call_json(info));
	return 0;
}

typedef int (*dump_fn)(struct kpptp_nl *nl, kpptp_call_fn fn, void *ctx, struct kpptp_error *error);

static int dump_calls(dump_fn dump, struct json_object *document, int *shown,
		      struct kpptp_error *error)
{
	struct json_object *list;
	struct kpptp_nl *nl;
	int err;

	err = kpptp_nl_open(&nl, error);
	if (err)
		return err;
	if (document) {
		list = json_object_new_array();
		json_object_object_add(document, "calls", list);
		err = dump(nl, add_call, list, error);
	} else {
		err = dump(nl, show_call, shown, error);
	}
	kpptp_nl_close(nl);
	return err;
}

static int get_calls(struct json_object *document, int *shown, struct kpptp_error *error)
{
	return dump_calls(kpptp_nl_call_dump, document, shown, error);
}

static int get_all_calls(struct json_object *document, int *shown, struct kpptp_error *error)
{
	return dump_calls(kpptp_nl_call_dump_all, document, shown, error);
}

static int get_net(struct json_object *document, int *shown, struct kpptp_error *error)
{
	struct kpptp_net_stats stats;
	struct kpptp_nl *nl;
	int err;

	err = kpptp_nl_open(&nl, error);
	if (err)
		return err;
	err = kpptp_nl_net_get(nl, &stats, error);
	kpptp_nl_close(nl);
	if (err)
		return err;
	if (document) {
		json_object_object_add(document, "net", format_net_json(&stats));
		return 0;
	}
	if ((*shown)++)
		printf("\n");
	format_net(stdout, &stats);
	return 0;
}

static int get_tunnels(struct json_object *document, int *shown, struct kpptp_error *error)
{
	struct json_object *tunnels;
	struct kpptp_api *api;
	int err;

	err = kpptp_api_open(&api, ctl_options.socket, error);
	if (err)
		return err;
	err = kpptp_api_show(api, &tunnels, error);
	kpptp_api_close(api);
	if (err)
		return err;
	if (document) {
		json_object_object_add(document, "tunnels", tunnels);
		return 0;
	}
	tunnels_print(stdout, tunnels, shown);
	json_object_put(tunnels);
	return 0;
}

static int get_all(struct json_object *document, int *shown, struct kpptp_error *error)
{
	int err;

	err = get_tunnels(document, shown, error);
	if (err && (!ctl_no_daemon(err) || ctl_options.socket))
		return err;
	err = get_calls(document, shown, error);
	return err ? err : get_net(document, shown, error);
}

static const struct {
	const char *name;
	int (*get)(struct json_object *document, int *shown, struct kpptp_error *error);
} objects[] = {
	{ "all", get_all },	    { "calls", get_calls }, { "calls all-netns", get_all_calls },
	{ "tunnels", get_tunnels }, { "net", get_net },
};

static int show_object(size_t i)
{
	struct json_object *document = NULL;
	struct kpptp_error error;
	int shown = 0;

	if (ctl_options.json)
		document = json_object_new_object();
	if (objects[i].get(document, &shown, &error)) {
		/* Print nothing: a partial document would look complete. */
		json_object_put(document);
		return ctl_fail(&error);
	}
	if (document)
		format_json(stdout, document);
	return CTL_OK;
}

int ctl_show(const struct ctl_command *command, int argc, char **argv)
{
	char name[32] = "all";
	struct kpptp_error error;
	size_t i;

	if (argc == 1)
		snprintf(name, sizeof(name), "%s", argv[0]);
	else if (argc == 2)
		snprintf(name, sizeof(name), "%s %s", argv[0], argv[1]);
	for (i = 0; argc < 3 && i < sizeof(objects) / sizeof(objects[0]); i++)
		if (!strcmp(objects[i].name, name))
			return show_object(i);
	kpptp_fail(&error, 0, "cannot show '%s'", argv[argc - 1]);
	return ctl_usage(command, &error);
}
