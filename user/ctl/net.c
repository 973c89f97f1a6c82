// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl net set: the limits of a network namespace. */
#include "ctl.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "args.h"
#include "nl.h"

/**
 * struct limits - the requested limits
 * @held: bytes, if @has_held
 * @calls: calls, if @has_calls
 */
struct limits {
	uint64_t held;
	uint32_t calls;
	bool has_held;
	bool has_calls;
};

static int parse_limit(const char *name, const char *text, struct limits *limits,
		       struct kpptp_error *error)
{
	uint64_t value;
	int err;

	if (!strcmp(name, "held-limit")) {
		limits->has_held = true;
		return args_parse_number(name, text, 0, UINT64_MAX, &limits->held, error);
	}
	if (strcmp(name, "call-limit"))
		return kpptp_fail(error, -EINVAL,
				  "'%s' is not a limit: expected held-limit or call-limit", name);
	limits->has_calls = true;
	if (!strcmp(text, "none")) {
		limits->calls = UINT32_MAX;
		return 0;
	}
	err = args_parse_number(name, text, 0, UINT32_MAX, &value, error);
	limits->calls = err ? 0 : value;
	return err;
}

static int parse_limits(int argc, char **argv, struct limits *limits, struct kpptp_error *error)
{
	int i, err = 0;

	if (!argc || argc % 2)
		return kpptp_fail(error, -EINVAL,
				  "expected 'held-limit', 'call-limit' or both, each with its value");
	for (i = 0; i < argc && !err; i += 2)
		err = parse_limit(argv[i], argv[i + 1], limits, error);
	return err;
}

int ctl_net_set(const struct ctl_command *command, int argc, char **argv)
{
	struct limits limits = { 0 };
	struct kpptp_net_limits set;
	struct kpptp_error error;
	struct kpptp_nl *nl;
	int err;

	if (parse_limits(argc, argv, &limits, &error))
		return ctl_usage(command, &error);
	if (kpptp_nl_open(&nl, &error))
		return ctl_fail(&error);
	set.held_limit = limits.has_held ? &limits.held : NULL;
	set.call_limit = limits.has_calls ? &limits.calls : NULL;
	err = kpptp_nl_net_set(nl, &set, &error);
	kpptp_nl_close(nl);
	return err ? ctl_fail(&error) : CTL_OK;
}
