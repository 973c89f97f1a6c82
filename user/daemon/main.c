// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpd: PPTP (RFC 2637) for Linux. Options, configuration, sockets; then two
 * processes: the monitor, which stays root, and the worker, which reads the
 * network.
 */
#include <getopt.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "common/worker_conf.h"
#include "common/log.h"
#include "monitor/monitor.h"
#include "monitor/monitor_conf.h"
#include "resources.h"
#include "monitor/sockets.h"
#include "worker/worker_main.h"
#include "monitor/worker_start.h"

/* Milliseconds. Includes the worker's wait for the peers' last replies. */
#define STOP_GRACE 5000

/**
 * struct options - the command line
 * @path: configuration file
 * @path_given: it must exist
 * @check: only check the configuration
 */
struct options {
	const char *path;
	bool path_given;
	bool check;
	enum kpptp_log_target target;
	int priority;
};

static void print_usage(FILE *to)
{
	fprintf(to, "Usage: kpptpd [OPTION]...\n"
		    "PPTP daemon: serves control connections and dials them.\n"
		    "\n"
		    "  -c, --config FILE  read FILE instead of " KPPTP_CONFIG_PATH "\n"
		    "      --check        check the configuration and exit\n"
		    "  -f, --foreground   ignored: kpptpd always stays in the foreground\n"
		    "  -s, --syslog       log to syslog instead of standard error\n"
		    "  -v, --verbose      log debug messages, too\n"
		    "  -V, --version      print the version and exit\n"
		    "  -h, --help         print this and exit\n");
}

/* Returns -1 to continue, or the exit status. */
static int parse_options(int argc, char **argv, struct options *o)
{
	enum { OPT_CHECK = 256 };
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, OPT_CHECK },
		{ "foreground", no_argument, NULL, 'f' },
		{ "syslog", no_argument, NULL, 's' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:fsvVh", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->path = optarg;
			o->path_given = true;
			break;
		case OPT_CHECK:
			o->check = true;
			break;
		case 'f':
			break;
		case 's':
			o->target = KPPTP_LOG_SYSLOG;
			break;
		case 'v':
			o->priority = LOG_DEBUG;
			break;
		case 'V':
			printf("kpptpd %s\n", KPPTP_RELEASE);
			return EXIT_SUCCESS;
		case 'h':
			print_usage(stdout);
			return EXIT_SUCCESS;
		default:
			fprintf(stderr, "Try 'kpptpd --help'.\n");
			return 2;
		}
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "kpptpd: unexpected argument '%s'\nTry 'kpptpd --help'.\n", argv[optind]);
	return 2;
}

static void report(void *ctx, const char *text)
{
	(void)ctx;
	kpptp_log(LOG_ERR, "%s", text);
}

/* The sandboxed worker cannot get the host's name, so get it here. */
static int read_config(const struct options *o, struct kpptp_config *config)
{
	if (kpptp_config_read(config, o->path, !o->path_given, report, NULL) < 0)
		return -1;
	if (!config->host_name[0])
		gethostname(config->host_name, sizeof(config->host_name) - 1);
	return 0;
}

static void fill_ppp(const struct kpptp_config *config, struct kpptp_monitor_ppp *ppp)
{
	memcpy(ppp->pppd, config->pppd, sizeof(ppp->pppd));
	memcpy(ppp->plugin, config->plugin, sizeof(ppp->plugin));
	memcpy(ppp->options, config->options, sizeof(ppp->options));
	ppp->local = config->local_address;
	ppp->remote_first = config->remote_addresses.first;
	ppp->remote_last = config->remote_addresses.last;
}

static void report_shortage(void *ctx, bool serious, const char *text)
{
	(void)ctx;
	kpptp_log(serious ? LOG_WARNING : LOG_INFO, "%s", text);
}

static void print_shortage(void *ctx, bool serious, const char *text)
{
	const struct options *options = ctx;

	printf("%s: %s: %s\n", options->path, serious ? "warning" : "note", text);
}

/* Fill in the limits that the configuration sets for the monitor. */
static void fill_limits(const struct kpptp_config *config, struct kpptp_monitor_conf *conf)
{
	conf->max_calls = config->calls;
	conf->ppp_grace = config->pppd_stop_timeout * 1000;
	conf->worker_files = kpptp_resources_files(config);
}

static ssize_t reload(void *ctx, struct kpptp_monitor_conf *conf, void *blob, size_t size)
{
	struct kpptp_config fresh;

	if (size < sizeof(fresh) || read_config(ctx, &fresh) < 0)
		return -1;
	fill_ppp(&fresh, &conf->ppp);
	fill_limits(&fresh, conf);
	kpptp_resources_check(&fresh, 0, report_shortage, NULL);
	memcpy(blob, &fresh, sizeof(fresh));
	return sizeof(fresh);
}

static int find_group(const char *name, gid_t *gid)
{
	const struct group *group;

	*gid = KPPTP_LOCAL_NO_GROUP;
	if (!*name)
		return 0;
	group = getgrnam(name);
	if (!group) {
		kpptp_log(LOG_ERR,
			  "[control] group: no such group \"%s\": create it with 'groupadd --system %s'",
			  name, name);
		return -1;
	}
	*gid = group->gr_gid;
	return 0;
}

static int run_monitor(struct options *options, const struct kpptp_config *config,
		       const struct kpptp_worker_child *worker)
{
	struct kpptp_monitor_conf conf = {
		.stop_grace = STOP_GRACE,
		.log = worker->log,
		.reload = reload,
		.ctx = options,
	};

	fill_ppp(config, &conf.ppp);
	fill_limits(config, &conf);
	return kpptp_monitor_run(&conf, worker->sock, worker->pid);
}

/* There are two processes from here on. Returns the exit status. */
static int run(struct options *options, const struct kpptp_config *config,
	       struct kpptp_sockets *sockets, gid_t gid)
{
	const struct kpptp_worker_conf conf = {
		.config = config,
		.listen_fd = sockets->tcp,
		.local_fd = sockets->local,
		.group = gid,
	};
	struct kpptp_worker_child worker;
	int status = EXIT_FAILURE;

	if (kpptp_worker_start(&worker, &conf) == 0) {
		kpptp_sockets_close(sockets);
		status = run_monitor(options, config, &worker);
	}
	if (sockets->own_path[0])
		unlink(sockets->own_path);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = {
		.path = KPPTP_CONFIG_PATH,
		.target = KPPTP_LOG_STDERR,
		.priority = LOG_INFO,
	};
	struct kpptp_config config;
	struct kpptp_sockets sockets;
	gid_t gid;
	int status;

	if (argc == 2 && strcmp(argv[1], KPPTP_WORKER_ARG) == 0)
		return kpptp_worker_main();
	status = parse_options(argc, argv, &options);
	if (status >= 0)
		return status;
	kpptp_log_open(options.target, options.priority);
	if (read_config(&options, &config) < 0 || find_group(config.group, &gid) < 0)
		return EXIT_FAILURE;
	if (options.check) {
		printf("%s: %s\n", options.path,
		       access(options.path, F_OK) == 0 ? "no errors"
						       : "does not exist: the defaults apply");
		kpptp_resources_check(&config, 0, print_shortage, &options);
		return EXIT_SUCCESS;
	}
	if (geteuid() != 0) {
		kpptp_log(LOG_ERR,
			  "must be started as root, to start pppd and create kernel calls");
		return EXIT_FAILURE;
	}
	if (kpptp_sockets_open(&sockets, &config, gid) < 0)
		return EXIT_FAILURE;
	kpptp_resources_check(&config, 0, report_shortage, NULL);
	return run(&options, &config, &sockets, gid);
}
