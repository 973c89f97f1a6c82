// SPDX-License-Identifier: GPL-2.0-or-later
/* clang-format off */
/* kpptpctl: options, the table of subcommands, and error reporting. */
#include "ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "field.h"

#define KEY_USAGE "local ADDR peer ADDR id N"
#define TUNABLE(attr, member, type, name, unit, value) " [" name " " value "]"
#define TUNING_USAGE KPPTP_CALL_TUNABLES(TUNABLE)
#define CALL_USAGE \
	"[port N] [local ADDR] [number TEXT] [window N] " \
	"[flow-control off|strict|adaptive]"

struct ctl_options ctl_options;

static const struct ctl_command commands[] = {
	{ "show", "[calls [all-netns]|tunnels|net]",
	  "show the kernel's calls, the daemon's control connections, and counters",
	  ctl_show },
	{ "monitor", "[calls|tunnels]",
	  "print calls and control connections as they come, change and go",
	  ctl_monitor },
	{ "stats", "[-w SECONDS] [--prometheus]",
	  "print the counters of calls and the namespace, once or periodically", ctl_stats },
	{ "dial", "HOST " CALL_USAGE, "make a call and keep it while this runs",
	  ctl_dial },
	{ "offer", "HOST channel N [dialing-number TEXT] " CALL_USAGE,
	  "offer a PPP channel as an incoming call, and keep it while this runs",
	  ctl_offer },
	{ "hangup", KEY_USAGE, "have the daemon clear a call", ctl_hangup },
	{ "call add",
	  "local ADDR peer ADDR [id N] [peer-id N] [window N]" TUNING_USAGE
	  " [ppp-netns NAME|PATH]",
	  "make a call in the kernel, without the daemon", ctl_call_add },
	{ "call set", KEY_USAGE " [peer-id N]" TUNING_USAGE,
	  "change a call in the kernel", ctl_call_set },
	{ "call del", KEY_USAGE " [netns-cookie N]",
	  "delete a call in the kernel", ctl_call_del },
	{ "net set", "[held-limit BYTES] [call-limit N|none]",
	  "limit the memory used by held packets, and the number of calls", ctl_net_set },
	{ "doctor", "[-c FILE]",
	  "find out why PPTP does not work here, and how to fix it", ctl_doctor },
	{ .name = NULL },
};

static void print_help(void)
{
	const struct ctl_command *command;

	printf("usage: kpptpctl [-j] [-S PATH] COMMAND ...\n\n"
	       "  -j, --json         print JSON, errors too\n"
	       "  -S, --socket PATH  the local socket of kpptpd\n"
	       "  -h, --help         print this and exit\n"
	       "  -V, --version      print the version and exit\n");
	for (command = commands; command->name; command++)
		printf("\n  %s%s%s\n      %s\n", command->name,
		       command->usage[0] ? " " : "", command->usage,
		       command->help);
	printf("\n"
	       "TIME is a number with its unit: us, ms or s. peer-ppd is in tenths of a second.\n"
	       "\n"
	       "mark, ttl, dscp and df apply to the packets that a call sends. dscp inherit\n"
	       "copies the DSCP of the packet inside, if that is not encrypted. With df on, frames\n"
	       "that do not fit the path's MTU are dropped and counted as tx-too-big; with df\n"
	       "off, the default, they are fragmented. Packets leave by the device, or the VRF,\n"
	       "and must arrive by it. ppp-netns is where pppd runs: a name as in ip-netns(8).\n"
	       "\n"
	       "A call keeps its network namespace alive, even without a name. From the initial\n"
	       "namespace 'show calls all-netns' shows it, with the netns-cookie that 'call del'\n"
	       "needs.\n");
}

static void print_json_error(const char *text, const char *usage)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "error",
			       json_object_new_string(text));
	if (usage)
		json_object_object_add(object, "usage",
				       json_object_new_string(usage));
	fprintf(stderr, "%s\n",
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
					       JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

int ctl_fail(const struct kpptp_error *error)
{
	if (ctl_options.json)
		print_json_error(error->text, NULL);
	else
		fprintf(stderr, "kpptpctl: %s\n", error->text);
	return CTL_FAILED;
}

static int fail_usage(const char *usage, const struct kpptp_error *error)
{
	if (ctl_options.json)
		print_json_error(error->text, usage);
	else
		fprintf(stderr, "kpptpctl: %s\nusage: %s\n", error->text,
			usage);
	return CTL_USAGE;
}

int ctl_usage(const struct ctl_command *command,
	      const struct kpptp_error *error)
{
	char usage[1024];

	snprintf(usage, sizeof(usage), "kpptpctl [-j] %s %s", command->name,
		 command->usage);
	return fail_usage(usage, error);
}

/* The number of words of @argv that name the command: 1, 2, or 0 for no match. */
static int match_command(const struct ctl_command *command, int argc,
			 char **argv)
{
	const char *space = strchr(command->name, ' ');
	size_t first = space ? (size_t)(space - command->name) :
			       strlen(command->name);

	if (strlen(argv[0]) != first || memcmp(argv[0], command->name, first))
		return 0;
	if (!space)
		return 1;
	return argc > 1 && !strcmp(argv[1], space + 1) ? 2 : 0;
}

static int run_command(int argc, char **argv)
{
	const struct ctl_command *command;
	struct kpptp_error error;
	int words;

	for (command = commands; command->name; command++) {
		words = match_command(command, argc, argv);
		if (words)
			return command->run(command, argc - words,
					    argv + words);
	}
	if (!strcmp(argv[0], "call"))
		kpptp_fail(&error, 0, "'call' needs one of add, set, del");
	else if (!strcmp(argv[0], "net"))
		kpptp_fail(&error, 0, "'net' needs set");
	else
		kpptp_fail(&error, 0, "unknown command '%s'", argv[0]);
	return fail_usage("kpptpctl --help lists the commands", &error);
}

/*
 * Output may still be buffered: a full disk or a closed pipe shows only when it
 * is flushed.
 */
static int flush_output(int status)
{
	struct kpptp_error error;

	if (!fflush(stdout) && !ferror(stdout))
		return status;
	kpptp_fail(&error, 0, "cannot write to standard output");
	return ctl_fail(&error);
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "socket", required_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	static const struct kpptp_error no_command = { "a command is missing" };
	struct kpptp_error bad_option;
	static const char usage[] =
		"kpptpctl [-j] [-S PATH] COMMAND ... (see kpptpctl --help)";
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+jS:hV", long_options,
				     NULL)) != -1) {
		switch (option) {
		case 'j':
			ctl_options.json = true;
			break;
		case 'S':
			ctl_options.socket = optarg;
			break;
		case 'h':
			print_help();
			return flush_output(CTL_OK);
		case 'V':
			printf("kpptpctl %s\n", KPPTP_RELEASE);
			return flush_output(CTL_OK);
		default:
			kpptp_fail(&bad_option, 0, "bad option '%s'",
				   argv[optind - 1]);
			return fail_usage(usage, &bad_option);
		}
	}
	if (optind == argc)
		return fail_usage(usage, &no_command);
	return flush_output(run_command(argc - optind, argv + optind));
}
