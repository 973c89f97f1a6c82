/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpptpctl: shared by its subcommands. Each subcommand has its own file and an
 * entry in the table in main.c.
 */
#ifndef KPPTPCTL_CTL_H
#define KPPTPCTL_CTL_H

#include <errno.h>
#include <stdbool.h>

#include "error.h"

/* Exit statuses. */
#define CTL_OK	   0
#define CTL_FAILED 1
#define CTL_USAGE  2

/**
 * struct ctl_options - the options before the subcommand
 * @json: print JSON, including errors
 * @socket: the daemon's socket, NULL for the default
 */
struct ctl_options {
	bool json;
	const char *socket;
};

extern struct ctl_options ctl_options;

/**
 * struct ctl_command - an entry of a table of subcommands
 * @name: the word on the command line
 * @usage: its arguments, for a usage error
 * @help: what it does, in one line
 * @run: carries it out; argv[0] is the first word after @name. Reports any
 *	error and returns an exit status.
 *
 * Tables end with an entry whose @name is NULL.
 */
struct ctl_command {
	const char *name;
	const char *usage;
	const char *help;
	int (*run)(const struct ctl_command *command, int argc, char **argv);
};

int ctl_show(const struct ctl_command *command, int argc, char **argv);
int ctl_monitor(const struct ctl_command *command, int argc, char **argv);
int ctl_stats(const struct ctl_command *command, int argc, char **argv);
int ctl_dial(const struct ctl_command *command, int argc, char **argv);
int ctl_offer(const struct ctl_command *command, int argc, char **argv);
int ctl_hangup(const struct ctl_command *command, int argc, char **argv);
int ctl_net_set(const struct ctl_command *command, int argc, char **argv);
int ctl_call_add(const struct ctl_command *command, int argc, char **argv);
int ctl_call_set(const struct ctl_command *command, int argc, char **argv);
int ctl_call_del(const struct ctl_command *command, int argc, char **argv);
int ctl_doctor(const struct ctl_command *command, int argc, char **argv);

/**
 * ctl_no_daemon() - whether kpptp_api_open() failed because no daemon runs
 */
static inline bool ctl_no_daemon(int err)
{
	return err == -ENOENT || err == -ECONNREFUSED;
}

/**
 * ctl_fail() - report an error on standard error
 *
 * Return: CTL_FAILED.
 */
int ctl_fail(const struct kpptp_error *error);

/**
 * ctl_usage() - report a usage error and show the correct usage
 *
 * Return: CTL_USAGE.
 */
int ctl_usage(const struct ctl_command *command, const struct kpptp_error *error);

#endif /* KPPTPCTL_CTL_H */
