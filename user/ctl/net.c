// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl net set: the limits of a network namespace. */
#include "ctl.h"

#include <stdint.h>
#include <string.h>

#include "args.h"
#include "nl.h"

int ctl_net_set(const struct ctl_command *command, int argc, char **argv)
{
	struct kpptp_error error;
	struct kpptp_nl *nl;
	uint64_t limit;
	int err;

	if (argc != 2 || strcmp(argv[0], "held-limit")) {
		kpptp_fail(&error, 0, "'held-limit' and its value are wanted");
		return ctl_usage(command, &error);
	}
	if (args_parse_number(argv[0], argv[1], 0, UINT64_MAX, &limit, &error))
		return ctl_usage(command, &error);
	if (kpptp_nl_open(&nl, &error))
		return ctl_fail(&error);
	err = kpptp_nl_net_set(nl, limit, &error);
	kpptp_nl_close(nl);
	return err ? ctl_fail(&error) : CTL_OK;
}
