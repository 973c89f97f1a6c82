// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl call add, set, del: kernel calls, for scripts that do not use the
 * daemon. They outlive kpptpctl: no socket owns them.
 */
#include "ctl.h"

#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "format.h"
#include "nl.h"

#define ADD_ALLOWED  (ARGS_KEY | KPPTP_HAS_TUNABLES | KPPTP_HAS(WINDOW) | KPPTP_HAS(PPP_NETNS_FD))
#define ADD_REQUIRED (KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER))

static void print_new_call(const struct kpptp_call_info *info)
{
	if (ctl_options.json) {
		format_json(stdout, format_call_json(info));
		return;
	}
	/* In command-line syntax, for pasting. */
	format_call_line(stdout, info);
}

int ctl_call_add(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_call_info info;
	struct kpptp_call_conf conf;
	struct kpptp_error error;
	struct kpptp_nl *nl;
	int err;

	if (args_parse_conf(argc, argv, ADD_ALLOWED, ADD_REQUIRED, &conf, &error))
		return ctl_usage(command, &error);
	if (kpptp_nl_open(&nl, &error))
		return ctl_fail(&error);
	err = kpptp_nl_call_new(nl, &conf, &info, &error);
	kpptp_nl_close(nl);
	if (conf.present & KPPTP_HAS(PPP_NETNS_FD))
		close(conf.ppp_netns_fd);
	if (err)
		return ctl_fail(&error);
	print_new_call(&info);
	return CTL_OK;
}

int ctl_call_set(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_call_conf conf;
	struct kpptp_error error;
	struct kpptp_nl *nl;
	int err;

	if (args_parse_conf(argc, argv, ARGS_KEY | KPPTP_HAS_TUNABLES, ARGS_KEY, &conf, &error))
		return ctl_usage(command, &error);
	if (conf.present == ARGS_KEY) {
		kpptp_fail(&error, 0, "nothing to change");
		return ctl_usage(command, &error);
	}
	if (kpptp_nl_open(&nl, &error))
		return ctl_fail(&error);
	err = kpptp_nl_call_set(nl, &conf, &error);
	kpptp_nl_close(nl);
	return err ? ctl_fail(&error) : CTL_OK;
}

int ctl_call_del(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_call_key key;
	struct kpptp_error error;
	struct kpptp_nl *nl;
	int err;

	if (args_parse_key(argc, argv, &key, &error))
		return ctl_usage(command, &error);
	if (kpptp_nl_open(&nl, &error))
		return ctl_fail(&error);
	err = kpptp_nl_call_del(nl, &key, &error);
	kpptp_nl_close(nl);
	return err ? ctl_fail(&error) : CTL_OK;
}
