// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl doctor: checks for common problems, with a remedy for each. This file
 * has the table of checks and the output.
 */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <json-c/json.h>

#include "config.h"
#include "ctl.h"
#include "format.h"
#include "text.h"

static const struct {
	const char *name;
	doctor_check_fn *run;
} checks[] = {
	{ "module", doctor_module },	  { "gre-slot", doctor_gre_slot },
	{ "mppe", doctor_mppe },	  { "user", doctor_user },
	{ "plugin", doctor_plugin },	  { "port", doctor_port },
	{ "daemon", doctor_daemon },	  { "sockets", doctor_sockets },
	{ "limits", doctor_limits },	  { "firewall", doctor_firewall },
	{ "tunnel-route", doctor_route },
};

static const char *const verdicts[] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_PROBLEM] = "problem",
	[DOCTOR_SKIPPED] = "skipped",
};

/* Result of all checks; @list is NULL unless JSON is wanted. */
struct report {
	struct json_object *list;
	int problems;
};

static void print_finding(const char *name, const struct doctor_finding *finding)
{
	bool problem = finding->verdict == DOCTOR_PROBLEM;

	printf("%s%-8s%s %s: %s\n", format_bold(stdout, problem),
	       problem ? "PROBLEM" : verdicts[finding->verdict],
	       problem ? format_bold(stdout, false) : "", name, finding->text);
	if (problem)
		printf("         remedy: %s\n", finding->remedy);
}

static struct json_object *finding_json(const char *name, const struct doctor_finding *finding)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "name", json_object_new_string(name));
	json_object_object_add(object, "verdict",
			       json_object_new_string(verdicts[finding->verdict]));
	json_object_object_add(object, "text", json_object_new_string(finding->text));
	if (finding->verdict == DOCTOR_PROBLEM)
		json_object_object_add(object, "remedy", json_object_new_string(finding->remedy));
	return object;
}

/* The text may contain untrusted names of processes, chains or files. */
static void add_finding(struct report *report, const char *name, struct doctor_finding *finding)
{
	kpptp_text_clean(finding->text);
	kpptp_text_clean(finding->remedy);
	report->problems += finding->verdict == DOCTOR_PROBLEM;
	if (report->list)
		json_object_array_add(report->list, finding_json(name, finding));
	else
		print_finding(name, finding);
}

/* Report only the first error of the configuration. */
static void on_config_error(void *ctx, const char *text)
{
	struct doctor_finding *finding = ctx;

	if (finding->verdict != DOCTOR_PROBLEM)
		doctor_problem(finding, "%s", text);
	doctor_remedy(finding,
		      "correct it, see kpptpd.conf(5); 'kpptpd --check' reports every error");
}

static void read_config(const char *given, struct kpptp_config *config,
			struct doctor_finding *finding)
{
	const char *path = given ? given : KPPTP_CONFIG_PATH;

	doctor_ok(finding, "%s %s", path,
		  access(path, F_OK) ? "does not exist: the defaults apply" : "has no errors");
	if (kpptp_config_read(config, path, !given, on_config_error, finding))
		kpptp_config_defaults(config);
	/* The command line overrides the file. */
	if (ctl_options.socket)
		snprintf(config->socket, sizeof(config->socket), "%s", ctl_options.socket);
}

static void examine(const char *path, struct report *report)
{
	struct doctor_finding finding = { 0 };
	struct kpptp_config config;
	size_t i;

	read_config(path, &config, &finding);
	add_finding(report, "config", &finding);
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		memset(&finding, 0, sizeof(finding));
		checks[i].run(&config, &finding);
		add_finding(report, checks[i].name, &finding);
	}
}

/* Run other programs with root's PATH, and in the C locale. */
static void set_environment(void)
{
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("LC_ALL", "C", 1);
}

int ctl_doctor(const struct ctl_command *command, int argc, char **argv)
{
	struct report report = { 0 };
	struct json_object *document;
	struct kpptp_error error;

	if (argc && (argc != 2 || strcmp(argv[0], "-c"))) {
		kpptp_fail(&error, -EINVAL, "unknown argument '%s'", argv[0]);
		return ctl_usage(command, &error);
	}
	set_environment();
	if (ctl_options.json)
		report.list = json_object_new_array();
	examine(argc ? argv[1] : NULL, &report);
	if (report.list) {
		document = json_object_new_object();
		json_object_object_add(document, "problems", json_object_new_int(report.problems));
		json_object_object_add(document, "checks", report.list);
		format_json(stdout, document);
	}
	return report.problems ? CTL_FAILED : CTL_OK;
}
